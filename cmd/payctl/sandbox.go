package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"tolov/internal/providers/sandbox"
)

// sandboxVerbs speak to the sandbox that plays the provider.
type sandboxVerbs struct {
	URL string `name:"url" default:"http://127.0.0.1:8081" help:"Where it is; a worker's admin address: ${default}."`

	Ledger ledgerVerb `cmd:"" help:"Show what really left the cards."`
	Fault  faultVerb  `cmd:"" help:"Have something go wrong."`
	Clear  clearVerb  `cmd:"" help:"Forget the faults that were asked for."`
}

// ledgerVerb shows the ledger.
type ledgerVerb struct{}

// Run asks for it.
func (ledgerVerb) Run(ctx context.Context, a *app) error {
	b := newBench(a.flags.Sandbox.URL)
	if a.flags.JSON {
		text, err := b.request(ctx, http.MethodGet, "ledger", nil)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.out, "%s\n", text)
		return err
	}
	l, err := b.ledger(ctx)
	if err != nil {
		return err
	}
	a.showBooks(l, "")
	var calls []string
	for _, op := range slices.Sorted(maps.Keys(l.Calls)) {
		calls = append(calls, fmt.Sprintf("%s %d", op, l.Calls[op]))
	}
	show(a.out, "\n%d debits, %d refunds, %d holds, %d cards, %d transactions; calls: %s\n", len(l.Debits),
		len(l.Refunds), len(l.Holds), len(l.Cards), l.Transactions, strings.Join(calls, ", "))
	return nil
}

// faultVerb scripts a fault.
type faultVerb struct {
	Op      string        `required:"" help:"The call: create, pre-apply, apply, get, …, or * for every one."`
	Kind    string        `required:"" help:"What happens: silent_after, late, … (internal/providers/sandbox lists them)."`
	Account string        `help:"Only for this account."`
	Times   int           `default:"1" help:"How many calls: ${default}; 0: every one."`
	Delay   time.Duration `help:"For the kinds that take their time; a second when not given."`
}

// Run asks for it.
func (v faultVerb) Run(ctx context.Context, a *app) error {
	err := newBench(a.flags.Sandbox.URL).script(ctx, sandbox.Fault{
		Op: v.Op, Kind: v.Kind, Account: v.Account, Times: v.Times, DelayMS: int(v.Delay.Milliseconds()),
	})
	if err != nil || a.flags.JSON {
		return err
	}
	often := fmt.Sprintf("the next %d calls", v.Times)
	switch v.Times {
	case 0:
		often = "every call"
	case 1:
		often = "the next call"
	}
	_, err = fmt.Fprintf(a.out, "%s of %s: %s\n", often, v.Op, v.Kind)
	return err
}

// clearVerb forgets the scripted faults.
type clearVerb struct{}

// Run asks for it.
func (clearVerb) Run(ctx context.Context, a *app) error {
	_, err := newBench(a.flags.Sandbox.URL).request(ctx, http.MethodDelete, "faults", nil)
	return err
}

const benchTimeout = 5 * time.Second

// bench is a sandbox's control.
type bench struct {
	url  string
	http *http.Client
}

// books is what the sandbox shows of its ledger.
type books struct {
	Debits       []sandbox.Debit  `json:"debits"`
	Payouts      []sandbox.Payout `json:"payouts"`
	Refunds      []sandbox.Refund `json:"refunds"`
	Holds        []sandbox.Hold   `json:"holds"`
	Cards        []sandbox.Card   `json:"cards"`
	Transactions int              `json:"transactions"`
	Calls        map[string]int   `json:"calls"`
}

func newBench(url string) *bench {
	return &bench{url: strings.TrimSuffix(url, "/"), http: &http.Client{Timeout: benchTimeout}}
}

func (b *bench) ledger(ctx context.Context) (books, error) {
	var l books
	text, err := b.request(ctx, http.MethodGet, "ledger", nil)
	if err == nil {
		err = json.Unmarshal(text, &l)
	}
	return l, err
}

func (b *bench) script(ctx context.Context, f sandbox.Fault) error {
	text, err := json.Marshal(f)
	if err == nil {
		_, err = b.request(ctx, http.MethodPost, "faults", text)
	}
	return err
}

func (b *bench) request(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, b.url+"/sandbox/"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: --url: %w", errUsage, err)
	}
	answer, err := b.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("no sandbox at %s: a worker with everything embedded has one on its ADMIN_ADDR, and "+
			"bin/sandbox is one: give --url: %w", b.url, err)
	}
	text, err := io.ReadAll(answer.Body)
	err = errors.Join(err, answer.Body.Close())
	switch {
	case err != nil:
		return nil, err
	case answer.StatusCode == http.StatusNotFound:
		return nil, fmt.Errorf("%s answers, but it is no sandbox: give --url", b.url)
	case answer.StatusCode >= http.StatusMultipleChoices:
		return nil, fmt.Errorf("the sandbox refuses: %s", strings.TrimSpace(string(text)))
	default:
		return text, nil
	}
}
