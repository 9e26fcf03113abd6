package gateway

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"tolov/internal/providers/rest"
)

// tokens keeps the access token that all calls of a merchant share.
type tokens struct {
	settings Settings
	http     *rest.Client
	flight   singleflight.Group // one refresh at a time (H14)

	mu      sync.Mutex
	value   string
	renewAt time.Time
}

const (
	// renewAfter is the part of a token's life, in percent, after which a new one is asked for, so that no call meets
	// its end.
	renewAfter = 90

	// longestLife bounds what is believed of a token's life, in seconds: gateways write 2^63 milliseconds for "for ever".
	longestLife = 24 * 60 * 60
)

func newTokens(settings Settings, http *rest.Client) *tokens {
	return &tokens{settings: settings, http: http}
}

// get gives a live token, asking for one when there is none.
func (t *tokens) get(ctx context.Context) (string, error) {
	value, fresh := t.current()
	if fresh {
		return value, nil
	}
	// The refresh serves everybody who waits, so it must not end with the first one's deadline.
	done := t.flight.DoChan("token", func() (any, error) { return t.renew(context.WithoutCancel(ctx), value) })
	select {
	case r := <-done:
		if r.Err != nil {
			return "", r.Err
		}
		return r.Val.(string), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// current gives the token that there is, and whether calls may use it.
func (t *tokens) current() (value string, fresh bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.value, t.value != "" && t.settings.Now().Before(t.renewAt)
}

const tokenTimeout = 10 * time.Second

// renew extends the old token or, failing that, asks for a new one (documentation, "Token update", "Obtaining a
// token"). A call that saw the old token just before another's refresh ended takes what that one brought.
func (t *tokens) renew(ctx context.Context, old string) (string, error) {
	if value, fresh := t.current(); fresh && value != old {
		return value, nil
	}
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	form := url.Values{"grant_type": {"client_credentials"}}
	if old != "" {
		form.Set("refresh_token", old)
		if value, err := t.ask(ctx, form); err == nil {
			return value, nil
		}
		form.Del("refresh_token")
	}
	return t.ask(ctx, form)
}

func (t *tokens) ask(ctx context.Context, form url.Values) (string, error) {
	raw := t.post(ctx, "/token", form)
	var reply struct {
		AccessToken string   `json:"access_token"`
		ExpiresIn   rest.Int `json:"expires_in"` // seconds; trusted over the documentation's 3600
	}
	if err := Failed(raw); err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	if err := raw.Decode(&reply); err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	if reply.AccessToken == "" || reply.ExpiresIn.Value <= 0 {
		return "", errors.New("token: the reply holds none")
	}
	lasts := time.Duration(min(reply.ExpiresIn.Value, longestLife)) * time.Second / 100 * renewAfter
	t.mu.Lock()
	defer t.mu.Unlock()
	t.value, t.renewAt = reply.AccessToken, t.settings.Now().Add(lasts)
	return t.value, nil
}

// drop forgets a token that was refused, unless it was replaced already.
func (t *tokens) drop(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == value {
		t.value = ""
	}
}

// revoke gives the token up at shutdown (documentation, "Revoke a token").
func (t *tokens) revoke(ctx context.Context) error {
	t.mu.Lock()
	value := t.value
	t.value = ""
	t.mu.Unlock()
	if value == "" {
		return nil
	}
	raw := t.post(ctx, "/revoke", url.Values{"token": {value}})
	if err := Failed(raw); err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	return nil
}

func (t *tokens) post(ctx context.Context, path string, form url.Values) rest.Reply {
	basic := t.settings.ConsumerKey.Reveal() + ":" + t.settings.ConsumerSecret.Reveal()
	return t.http.Exchange(ctx, rest.Request{
		Method: http.MethodPost, URL: t.settings.BaseURL + path, Body: []byte(form.Encode()),
		Header: http.Header{
			"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(basic))},
			"Content-Type":  {"application/x-www-form-urlencoded"},
		},
	})
}
