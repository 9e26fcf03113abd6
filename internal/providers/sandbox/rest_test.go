package sandbox_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// call makes any call of the provider with a live token.
func (b *bench) call(method, path, body string, args ...any) reply {
	b.t.Helper()
	return b.send(method, "/atmos/"+path, fmt.Sprintf(body, args...), func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+b.bearer)
	})
}

func (b *bench) post(path, body string, args ...any) reply {
	b.t.Helper()
	return b.call("POST", path, body, args...)
}

// result insists on an answer's result code, whatever else the answer holds.
func (b *bench) result(want string, got reply) reply {
	b.t.Helper()
	if code := got.at(b.t, "result/code"); code != want {
		b.t.Errorf("answered %q, want %q", got.body, want)
	}
	return got
}

// says insists on members of an answer: a path, then its value, and so on.
func (b *bench) says(got reply, want ...string) {
	b.t.Helper()
	for i := 0; i < len(want); i += 2 {
		if value := got.at(b.t, want[i]); value != want[i+1] {
			b.t.Errorf("%s is %q, want %q in %s", want[i], value, want[i+1], got.body)
		}
	}
}

// at gives one member of an answer as text: "null" for null, and nothing where there is none.
func (r reply) at(t testing.TB, path string) string {
	t.Helper()
	if r.err != nil {
		t.Fatal(r.err)
	}
	var v any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("HTTP %d %q: %v", r.status, r.body, err)
	}
	for _, name := range strings.Split(path, "/") {
		switch in := v.(type) {
		case map[string]any:
			member, found := in[name]
			if !found {
				return ""
			}
			v = member
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				return ""
			}
			v = in[i]
		default:
			return ""
		}
	}
	switch v := v.(type) {
	case nil:
		return "null"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// id gives a number of an answer.
func (b *bench) id(got reply, path string) int64 {
	b.t.Helper()
	n, err := strconv.ParseInt(got.at(b.t, path), 10, 64)
	if err != nil {
		b.t.Fatalf("%s of %s: %v", path, got.body, err)
	}
	return n
}

// paid opens a payment and charges it.
func (b *bench) paid() int64 {
	b.t.Helper()
	id := b.prepared(account, token)
	b.code("OK", b.apply(id, "111111"))
	return id
}

// refusals are bodies that a path refuses, each with its code.
func (b *bench) refusals(method, path string, rows map[string]string) {
	b.t.Helper()
	for body, want := range rows {
		if code := b.call(method, path, "%s", body).at(b.t, "result/code"); code != want {
			b.t.Errorf("%s %s %s: %s, want %s", method, path, body, code, want)
		}
	}
}
