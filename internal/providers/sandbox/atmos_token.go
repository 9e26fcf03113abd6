package sandbox

import (
	"crypto/subtle"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// tokens are ATMOS's access tokens.
type tokens struct {
	key, secret string
	ttl         time.Duration
	now         func() time.Time

	mu     sync.RWMutex
	live   map[string]time.Time // until when
	issued uint64
}

func newTokens(o Options) *tokens {
	if o.TokenTTL == 0 {
		o.TokenTTL = time.Hour
	}
	return &tokens{
		key: o.ConsumerKey, secret: o.ConsumerSecret, ttl: o.TokenTTL, now: o.Now, live: map[string]time.Time{},
	}
}

// good tells whether the request carries a live token.
func (t *tokens) good(r *http.Request) bool {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		return false
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	till, known := t.live[token]
	return known && t.now().Before(till)
}

// readIssue reads POST /token, for a new token or a longer life of an old one.
func (t *tokens) readIssue(r *http.Request, body []byte) (task, *answer) {
	form, refusal := t.form(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	if form.Get("grant_type") != "client_credentials" {
		return task{}, &answer{http.StatusBadRequest, fixed(`{"error":"unsupported_grant_type"}`)}
	}
	return t.task(func() answer { return t.issue(form.Get("refresh_token")) }), nil
}

// readRevoke reads POST /revoke.
func (t *tokens) readRevoke(r *http.Request, body []byte) (task, *answer) {
	form, refusal := t.form(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	return t.task(func() answer { return t.revoke(form.Get("token")) }), nil
}

func (t *tokens) task(do func() answer) task {
	return task{do: do, idle: answer{words: fixed(`{"error":"server_error"}`)}}
}

// form gives the parameters, from the address or the body, of a caller that knows the credentials.
func (t *tokens) form(r *http.Request, body []byte) (url.Values, *answer) {
	key, secret, found := r.BasicAuth()
	if !found || key == "" || secret == "" || !same(key, t.key) || !same(secret, t.secret) {
		return nil, &answer{http.StatusUnauthorized, fixed(`{"error":"invalid_client"}`)}
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &answer{http.StatusBadRequest, fixed(`{"error":"invalid_request"}`)}
	}
	maps.Copy(form, r.URL.Query())
	return form, nil
}

// same is true for every value when none is asked for.
func same(given, asked string) bool {
	return asked == "" || subtle.ConstantTimeCompare([]byte(given), []byte(asked)) == 1
}

func (t *tokens) issue(old string) answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	maps.DeleteFunc(t.live, func(_ string, till time.Time) bool { return !now.Before(till) })
	token := old
	if _, alive := t.live[old]; !alive {
		t.issued++
		token = fmt.Sprintf("5a9d0b0c-0000-3000-8000-%012x", t.issued)
	}
	t.live[token] = now.Add(t.ttl)
	return tokenAnswer(token, t.ttl)
}

// revoke answers alike for a token that it never knew.
func (t *tokens) revoke(token string) answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.live, token)
	return tokenAnswer(token, 0)
}

func tokenAnswer(token string, ttl time.Duration) answer {
	return answer{words: fixed(fmt.Sprintf(
		`{"access_token":%q,"scope":"am_application_scope default","token_type":"Bearer","expires_in":%d}`,
		token, int(ttl.Seconds())))}
}
