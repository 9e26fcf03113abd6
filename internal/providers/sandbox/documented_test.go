package sandbox_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"tolov/internal/providers/sandbox"
)

// TestAnswersHaveTheDocumentedShape compares names and types with the samples of the provider's text, in testdata.
func TestAnswersHaveTheDocumentedShape(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	asked := []struct {
		call string
		make func() reply
	}{
		{"token", func() reply { return b.send("POST", "/atmos/token?grant_type=client_credentials", "", basic) }},
		{"create", func() reply {
			return b.pay("create", `{"amount":5000000,"account":"12345","terminal_id":"1","store_id":"7","lang":"ru"}`)
		}},
		{"pre-apply", func() reply { return b.preApply(1, number) }},
		{"otp-resend", func() reply { return b.pay("otp-resend", `{"transaction_id":1}`) }},
		{"apply", func() reply { return b.pay("apply", `{"transaction_id":1,"otp":111111,"store_id":7}`) }},
		{"get", func() reply { return b.pay("get", `{"store_id":"7","transaction_id":"1"}`) }},
		{"revoke", func() reply { return b.send("POST", "/atmos/revoke", "token="+b.bearer, basic) }},
	}
	for _, ask := range asked {
		ask.make().like(t, ask.call)
	}
}

// TestLaterAnswersHaveTheDocumentedShape is the same for operations 7 to 26.
func TestLaterAnswersHaveTheDocumentedShape(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	details := strings.Replace(twoParts, `"terminal_id":"9"`, `"terminal_id":"9","details":"two"`, 1)
	b.post("merchant/bulk/pay/create", "%s", details).like(t, "bulk-create")
	b.bulkPreApply(token, 1, 2).like(t, "bulk-pre-apply")
	b.bulkApply("111111", 1, 2).like(t, "bulk-apply")
	b.reverse(1).like(t, "reverse")
	b.pay("create-reverse-partial", `{"store_id":7,"transaction_id":2,"amount":1,"request_id":"r"}`).
		like(t, "create-reverse-partial")
	b.confirm(2, 3).like(t, "confirm-reverse-partial")
	b.getPartial(2, 3).like(t, "get-reverse-partial")
	b.post("partner/bind-card/init", `{"card_number":"9860090101014364","expiry":"2802"}`).like(t, "bind-init")
	bound := b.bindConfirm(4, "111111")
	bound.like(t, "bind-confirm")
	b.post("partner/list-cards", `{}`).like(t, "list-cards")
	b.remove(5, bound.at(t, "data/card_token")).like(t, "remove-card")
	b.post("hold/create", `{%s,"store_id":7,"account":"a","amount":5,"duration":1}`, token).like(t, "hold-create")
	b.freeze(6, "111111").like(t, "hold-apply")
	b.charge(6, 5).like(t, "hold-charge")
	b.getHold(6).like(t, "hold-get")
	b.cancel(b.held(5)).like(t, "hold-cancel")
	b.post("hold/multiple/create", `{%s,"duration":1,"items":[`+
		`{"store_id":7,"account":"a","amount":1},{"store_id":7,"account":"b","amount":1}]}`, token).
		like(t, "hold-multiple-create")
	b.freezeTwice(10, "111111").like(t, "hold-multiple-apply")
}

// like insists that an answer has the shape of its sample.
func (r reply) like(t *testing.T, call string) {
	t.Helper()
	sample, err := os.ReadFile(filepath.Join("testdata", call+".json"))
	if err != nil {
		t.Fatal(err)
	}
	got, want := shape(t, r.body), shape(t, string(sample))
	if !slices.Equal(got, want) {
		t.Errorf("%s answers\n%s\nwant\n%s", call, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// shape lists a text's members with their types.
func shape(t *testing.T, text string) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	members := map[string]string{}
	walk("", v, members)
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		lines = append(lines, name+" "+members[name])
	}
	return lines
}

func walk(path string, v any, members map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			walk(path+"/"+name, member, members)
		}
	case []any:
		for i, member := range v {
			walk(fmt.Sprint(path, "/", i), member, members)
		}
	default:
		members[path] = fmt.Sprintf("%T", v)
	}
}

func TestUnconfirmedReadsOKAndConfirmedReadsClosed(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id := b.prepared(account, number)
	if s := b.get(id).read(t); s.Result.Code != "OK" || s.Transaction.Confirmed || s.Transaction.Success != 0 {
		t.Errorf("unconfirmed: %+v", s)
	}
	b.code("OK", b.apply(id, "111111"))
	s := b.get(id).read(t)
	if s.Result.Code != "STPIMS-ERR-092" || !s.Transaction.Confirmed || s.Transaction.Success == 0 {
		t.Errorf("confirmed: %+v", s)
	}
	b.code("STPIMS-ERR-061", b.get(id+1))
	b.code("STPIMS-ERR-061", b.pay("get", `{"store_id":8,"transaction_id":%d}`, id))
}

func TestNumbersDriftIntoStrings(t *testing.T) {
	b := newBench(t, sandbox.Options{Seed: 1})
	drifting := newBench(t, sandbox.Options{Seed: 1, Drift: true})
	again := newBench(t, sandbox.Options{Seed: 1, Drift: true})
	const create = `{"store_id":7,"amount":100500,"account":"order-1"}`
	plain := b.pay("create", create).body
	seen := map[string]bool{}
	for range 64 {
		body := drifting.pay("create", create).body
		if same := again.pay("create", create).body; same != body {
			t.Fatalf("one seed, two answers:\n%s\n%s", body, same)
		}
		for _, form := range []string{`"amount":"100500"`, `"amount":100500`, `"id":"7"`, `"id":7`} {
			seen[form] = seen[form] || strings.Contains(body, form)
		}
	}
	if strings.Contains(plain, `"amount":"`) || slices.Contains(slices.Collect(maps.Values(seen)), false) {
		t.Errorf("without drift %s; with drift seen %v", plain, seen)
	}
}

func TestDescriptionsComeInThreeLanguages(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	want := map[string]string{
		"":   "Запрашиваемая транзакция не найдена",
		"ru": "Запрашиваемая транзакция не найдена",
		"UZ": "So'ralgan tranzaksiya topilmadi", "en": "Requested transaction not found",
	}
	for lang, text := range want {
		got := b.pay("get", `{"store_id":7,"transaction_id":1,"lang":%q}`, lang).read(t)
		if got.Result.Description != text {
			t.Errorf("%q: %q, want %q", lang, got.Result.Description, text)
		}
	}
}
