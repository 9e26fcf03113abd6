package ingress_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// said is an answer.
type said struct {
	status int
	header http.Header
	body   string
}

func (s said) String() string { return fmt.Sprint(s.status, " ", s.body) }

// field is one of its fields, as text.
func (s said) field(name string) string {
	var all map[string]any
	dec := json.NewDecoder(strings.NewReader(s.body))
	dec.UseNumber()
	if dec.Decode(&all) != nil || all[name] == nil {
		return ""
	}
	return fmt.Sprint(all[name])
}

func basic(login, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(login+":"+password))
}

// post calls an operation as the bank does.
func (d *door) post(op, body string) said {
	d.hall.t.Helper()
	return d.send(op, body, http.Header{
		"Authorization": {basic(login, password)}, "Content-Type": {"application/json"},
	})
}

func (d *door) send(op, body string, header http.Header) said {
	d.hall.t.Helper()
	return d.request(http.MethodPost, "/uzum/"+op, body, header)
}

func (d *door) request(method, path, body string, header http.Header) said {
	d.hall.t.Helper()
	r, err := http.NewRequest(method, d.url+path, strings.NewReader(body))
	if err != nil {
		d.hall.t.Fatal(err)
	}
	r.Header = header
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		d.hall.t.Error(err)
		return said{}
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		d.hall.t.Error(err)
	}
	return said{answer.StatusCode, answer.Header, string(text)}
}

func sample(t testing.TB, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("../providers/uzum/testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// trans is the n-th transaction's id.
func trans(n int) string { return fmt.Sprintf("5c398d7e-76b6-11ee-96da-%012d", n) }

func createBody(id string, amount int64) string {
	return fmt.Sprintf(`{"serviceId":%d,"timestamp":1,"transId":%q,"params":{"account":"77"},"amount":%d}`,
		service, id, amount)
}

func confirmBody(id string) string {
	return fmt.Sprintf(`{"serviceId":%d,"timestamp":1,"transId":%q,"paymentSource":"UZCARD","phone":"998901234567"}`,
		service, id)
}

func aboutBody(id string) string {
	return fmt.Sprintf(`{"serviceId":%d,"timestamp":1,"transId":%q}`, service, id)
}
