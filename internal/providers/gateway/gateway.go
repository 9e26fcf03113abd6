package gateway

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
)

// Settings are what the gateway knows a merchant by.
type Settings struct {
	BaseURL        string // every API hangs under it
	ConsumerKey    payment.Secret
	ConsumerSecret payment.Secret
	Now            func() time.Time
}

// Account makes the calls of one merchant. It is safe for concurrent use.
type Account struct {
	settings Settings
	http     *rest.Client
	tokens   *tokens
	header   http.Header // beside those that every call has
}

// New makes an account's calls possible. It asks for no token before one is needed.
func New(settings Settings, http *rest.Client) *Account {
	settings.BaseURL = strings.TrimRight(settings.BaseURL, "/")
	return &Account{settings: settings, http: http, tokens: newTokens(settings, http)}
}

// With is the same account, of whose calls each carries one header more. The access token stays shared.
func (a *Account) With(name, value string) *Account {
	with := *a
	with.header = a.header.Clone()
	if with.header == nil {
		with.header = http.Header{}
	}
	with.header.Set(name, value)
	return &with
}

// Close revokes the access token, if there is one. It may be called more than once: the APIs that share an account do
// not know of each other.
func (a *Account) Close(ctx context.Context) error { return a.tokens.revoke(ctx) }

// Read makes a call that is safe to repeat: when the token was refused, once more with a new one.
func (a *Account) Read(ctx context.Context, method, path string, body any) rest.Reply {
	raw := a.Send(ctx, method, path, body, time.Time{})
	if raw.Status == http.StatusUnauthorized {
		raw = a.Send(ctx, method, path, body, time.Time{})
	}
	return raw
}

// Send makes one call; body may be nil. A refused token is dropped, but the call is not repeated here: it may move
// money (H14).
func (a *Account) Send(ctx context.Context, method, path string, body any, sendBy time.Time) rest.Reply {
	token, err := a.tokens.get(ctx)
	if err != nil {
		return rest.Reply{Err: err}
	}
	var data []byte
	if body != nil {
		if data, err = json.Marshal(body); err != nil {
			return rest.Reply{Err: err}
		}
	}
	header := http.Header{
		"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}, "Accept": {"application/json"},
	}
	maps.Copy(header, a.header)
	raw := a.http.Exchange(ctx, rest.Request{
		Method: method, URL: a.settings.BaseURL + path, Body: data, SendBy: sendBy, Header: header,
	})
	if raw.Status == http.StatusUnauthorized {
		a.tokens.drop(token)
	}
	return raw
}
