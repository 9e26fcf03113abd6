package rest_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"tolov/internal/providers/rest"
)

// replies gives what a client makes of one reply.
func replies(t *testing.T, kind, body string) rest.Reply {
	t.Helper()
	client, url := provider(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{kind}
		if kind == "" {
			w.Header()["Content-Type"] = nil
		}
		_, _ = io.WriteString(w, body)
	})
	return post(t, client, url)
}

// H9: only whole, well-formed JSON is read; everything else is no reply, though it was sent.
func TestOnlyWholeJSONIsRead(t *testing.T) {
	const form = "application/json;charset=UTF-8"
	for name, try := range map[string]struct {
		kind, body string
		want       bool
	}{
		"whole":                {form, `{"answer":"ok"}`, true},
		"no content type":      {"", `{"answer":"ok"}`, true},
		"problem json":         {"application/problem+json", `{"answer":"ok"}`, true},
		"unknown field":        {form, `{"answer":"ok","more":[{"x":null}]}`, true},
		"blanks around it":     {form, " \r\n\t{\"answer\":\"ok\"}\n", true},
		"HTML":                 {"text/html; charset=utf-8", `<html>`, false},
		"JSON said to be HTML": {"text/html", `{"answer":"ok"}`, false},
		"HTML said to be JSON": {form, `<html><body>`, false},
		"empty":                {form, ``, false},
		"blank":                {form, `   `, false},
		"truncated":            {form, `{"answer":"o`, false},
		"a key twice":          {form, `{"answer":"no","answer":"ok"}`, false},
		"an unread key twice":  {form, `{"answer":"ok","x":1,"x":2}`, false},
		"a nested key twice":   {form, `{"answer":"ok","x":{"y":1,"y":2}}`, false},
		"trailing garbage":     {form, `{"answer":"ok"}x`, false},
		"two values":           {form, `{"answer":"ok"}{"answer":"ok"}`, false},
		"not UTF-8":            {form, "{\"answer\":\"\xff\"}", false},
		"another type":         {form, `{"answer":{}}`, false},
		"not an object":        {form, `["answer","ok"]`, false},
		"byte order mark":      {form, "\ufeff{\"answer\":\"ok\"}", false},
	} {
		t.Run(name, func(t *testing.T) {
			reply := replies(t, try.kind, try.body)
			var into struct {
				Answer string `json:"answer"`
			}
			err := reply.Decode(&into)
			if !reply.Sent || reply.Status != http.StatusOK || (err == nil && into.Answer == "ok") != try.want {
				t.Errorf("%v, %+v", err, reply)
			}
		})
	}
}

// H9: a reply takes at most 1 MiB of memory.
func TestReplyOfMoreThanOneMiBIsRefused(t *testing.T) {
	for _, size := range []int{1 << 20, 1<<20 + 1, 8 << 20} {
		body := `"` + strings.Repeat("x", size-2) + `"`
		reply := replies(t, "application/json", body)
		if fits := size <= 1<<20; (reply.Err == nil) != fits || len(reply.Body) > 1<<20 || !reply.Sent {
			t.Errorf("%d bytes: %v, body of %d", size, reply.Err, len(reply.Body))
		}
	}
	client, url := provider(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
		ok(w)
	})
	if reply := post(t, client, url); reply.Err == nil || !reply.Sent {
		t.Errorf("a head of 1 MiB: %+v", reply)
	}
}

// H16: the provider's wish, in whole seconds and within reason.
func TestRetryAfterIsReadInSeconds(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"": 0, "0": 0, "1": time.Second, "120": 2 * time.Minute, "3600": time.Hour, "86400": time.Hour,
		"10000000000": time.Hour, "99999999999999999999": time.Hour,
		"-1": 0, "+1": 0, "1.5": 0, "soon": 0, "Fri, 31 Dec 2027 23:59:59 GMT": 0,
	} {
		client, url := provider(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		if reply := post(t, client, url); reply.RetryAfter != want || reply.Status != http.StatusTooManyRequests {
			t.Errorf("%q: %s with status %d", header, reply.RetryAfter, reply.Status)
		}
	}
}

// H73: an error goes into histories and traces; a URL may hold what nobody should read there.
func TestErrorHoldsNoURL(t *testing.T) {
	const secret = "s3cr3t"
	path := "/pay/" + secret + "?token=" + secret
	hang, url := provider(t, func(w http.ResponseWriter, r *http.Request) { hangUp(t, w, r) })
	errs := map[string]error{
		"closed":   post(t, hang, url+path).Err,
		"refused":  post(t, rest.New(1, nil), "http://127.0.0.1:1"+path).Err,
		"no host":  post(t, rest.New(1, nil), "http://"+path).Err,
		"bad host": post(t, rest.New(1, nil), "http://x\x00"+path).Err,
		"scheme":   post(t, rest.New(1, nil), "ftp://provider.example"+path).Err,
		"type":     replies(t, "text/"+strings.Repeat("x", 1000), "").Err,
	}
	for name, err := range errs {
		switch {
		case err == nil:
			t.Errorf("%s: no error", name)
		case strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "/pay"):
			t.Errorf("%s: %v", name, err)
		case len(err.Error()) > 300:
			t.Errorf("%s: an error of %s bytes", name, strconv.Itoa(len(err.Error())))
		}
	}
}
