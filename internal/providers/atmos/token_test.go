package atmos_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/atmos"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
)

// bench is a sandbox and a client of it, in one bubble.
type bench struct {
	*atmos.Client
	t   *testing.T
	box *sandbox.Sandbox
}

func inBubble(t *testing.T, o sandbox.Options, f func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		box := sandbox.New(o)
		http := rest.New(64, providertest.Serve(t, box.Handler()))
		t.Cleanup(box.Close)
		t.Cleanup(http.Close)
		f(&bench{Client: merchant("http://sandbox/atmos", http), t: t, box: box})
	})
}

func (b *bench) do(step string) payment.Answer {
	ctx, cancel := context.WithTimeout(b.t.Context(), 15*time.Second)
	defer cancel()
	c := call(step)
	c.Transaction = "1"
	return b.Do(ctx, c)
}

// done insists on a call that works.
func (b *bench) done(step string) {
	b.t.Helper()
	if a := b.do(step); a.Outcome != payment.Done {
		b.t.Errorf("%s: %+v", step, a)
	}
}

// calls insists on how often an operation was asked for so far.
func (b *bench) calls(operation string, want int) {
	b.t.Helper()
	if got := b.box.Calls()["atmos."+operation]; got != want {
		b.t.Errorf("%d calls of %s, want %d", got, operation, want)
	}
}

func TestTokenIsSharedAndAskedForOnce(t *testing.T) {
	inBubble(t, sandbox.Options{Latency: 100 * time.Millisecond}, func(b *bench) {
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { b.done("create") })
		}
		all.Wait()
		b.calls("token", 1)
		b.calls("create", 50)
	})
}

// H14: a storm of calls at the end of a token's life is one refresh.
func TestTokenIsRefreshedOnceBeforeItEnds(t *testing.T) {
	const (
		lasts  = 2525 * time.Second // the field of the sample, not the 3600 s of its text
		lives  = 3
		storms = lives*int(lasts/time.Minute) + 1
	)
	inBubble(t, sandbox.Options{TokenTTL: lasts}, func(b *bench) {
		for range storms {
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() { b.done("create") })
			}
			all.Wait()
			<-time.After(time.Minute)
		}
		b.calls("create", 10*storms) // none met a dead token and was repeated
		b.calls("token", lives+1)
	})
}

// Gateways write 2^63 ms for a token that lives for ever; that is no reason to ask for one before each call.
func TestTokenThatLivesForEverIsKept(t *testing.T) {
	g, client, now := documented(t, "otp-resend")
	g.replies["/token"] = `{"access_token":"t","expires_in":9223372036854775}`
	for range 5 {
		client.Do(t.Context(), call("otp-resend"))
		*now = now.Add(time.Hour)
	}
	if n := len(g.asked); n != 6 {
		t.Errorf("%d requests for five calls", n)
	}
}

func TestTokenThatCannotBeRefreshedIsReplaced(t *testing.T) {
	inBubble(t, sandbox.Options{TokenTTL: time.Minute}, func(b *bench) {
		b.do("create")
		<-time.After(time.Hour)
		b.box.Script(sandbox.Fault{Op: "token", Kind: sandbox.FailBefore, Times: 1})
		b.done("create")
		b.calls("token", 3)
	})
}

// H14: a call that is safe to repeat is repeated with a new token, once.
func TestRefusedTokenIsReplacedOnceForSafeCalls(t *testing.T) {
	for times, want := range map[int]payment.Outcome{1: payment.Done, 2: payment.Unknown} {
		inBubble(t, sandbox.Options{}, func(b *bench) {
			b.box.Script(sandbox.Fault{Op: "create", Kind: sandbox.Unauthorized, Times: times})
			if a := b.do("create"); a.Outcome != want {
				t.Errorf("4 create after %d refusals: %+v", times, a)
			}
			b.calls("create", 2)
			b.calls("token", 2)
		})
	}
}

// H14: nobody documents that a 401 comes before the work, so apply is asked about and never repeated.
func TestApplyIsNeverRepeatedAfter401(t *testing.T) {
	inBubble(t, sandbox.Options{}, func(b *bench) {
		b.do("create")
		b.box.Script(sandbox.Fault{Op: "apply", Kind: sandbox.Unauthorized})
		if a := b.do("apply"); a.Outcome != payment.Unknown || a.HTTPStatus != 401 {
			t.Errorf("6 apply: %+v", a)
		}
		b.calls("apply", 1)
		b.calls("token", 1)
		b.do("get")
		b.calls("token", 2) // the refused token is not used again
	})
}

// H8: without a token nothing of the payment leaves us.
func TestApplyWithoutATokenIsNotSent(t *testing.T) {
	for _, kind := range []string{
		sandbox.FailBefore, sandbox.FailAfter, sandbox.SilentBefore, sandbox.TooMany, sandbox.Unavailable, sandbox.HTML,
		sandbox.TruncatedAfter, sandbox.EmptyAfter, sandbox.HugeAfter, sandbox.ResetBefore, sandbox.ResetAfter,
	} {
		inBubble(t, sandbox.Options{}, func(b *bench) {
			b.box.Script(sandbox.Fault{Op: "token", Kind: kind})
			if a := b.do("apply"); a.Outcome != payment.NotSent || !strings.Contains(a.Note, "token") {
				t.Errorf("6 apply, token %s: %+v", kind, a)
			}
			if a := b.do("get"); a.Outcome != payment.Unknown {
				t.Errorf("12 get, token %s: %+v", kind, a)
			}
			b.calls("apply", 0)
		})
	}
}

func TestApplyWithWrongCredentialsIsNotSent(t *testing.T) {
	inBubble(t, sandbox.Options{ConsumerKey: "another"}, func(b *bench) {
		if a := b.do("apply"); a.Outcome != payment.NotSent || strings.Contains(a.Note, "consumer") {
			t.Errorf("6 apply: %+v", a)
		}
	})
}

func TestTokenIsGivenUpAtTheEnd(t *testing.T) {
	inBubble(t, sandbox.Options{}, func(b *bench) {
		if err := b.Close(b.t.Context()); err != nil {
			t.Error(err)
		}
		b.calls("revoke", 0) // there was none
		b.do("create")
		b.box.Script(sandbox.Fault{Op: "revoke", Kind: sandbox.Unavailable})
		if err := b.Close(b.t.Context()); err == nil || !strings.Contains(err.Error(), "503") {
			t.Errorf("3 revoke: %v", err)
		}
		b.calls("revoke", 1)
	})
}
