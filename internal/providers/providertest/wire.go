package providertest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Request is what goes over the wire, as testdata/<operation>.request.json tells it.
type Request struct {
	Method string            `json:"method"`
	Path   string            `json:"path"` // with the query
	Header map[string]string `json:"header"`
	Form   map[string]string `json:"form,omitempty"`
	Body   any               `json:"body,omitempty"`
}

// ReadRequest takes down what was sent: the headers that a provider looks at, and the body as form or JSON.
func ReadRequest(t *testing.T, r *http.Request) Request {
	got := Request{Method: r.Method, Path: r.URL.RequestURI(), Header: map[string]string{}}
	for _, name := range []string{"Authorization", "Content-Type", "Accept", "Apikey"} {
		if value := r.Header.Get(name); value != "" {
			got.Header[name] = value
		}
	}
	text, err := io.ReadAll(r.Body)
	switch {
	case err != nil || len(text) == 0 && r.Method == http.MethodGet:
	case strings.Contains(got.Header["Content-Type"], "form"):
		var form url.Values
		form, err = url.ParseQuery(string(text))
		got.Form = map[string]string{}
		for name := range form {
			got.Form[name] = form.Get(name)
		}
	case len(text) > 0:
		err = json.Unmarshal(text, &got.Body)
	}
	if err != nil {
		t.Errorf("sent %q: %v", text, err)
	}
	return got
}
