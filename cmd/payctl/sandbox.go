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
	"strconv"
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
	a.showDebits(l.Debits, "")
	var calls []string
	for _, op := range slices.Sorted(maps.Keys(l.Calls)) {
		calls = append(calls, fmt.Sprintf("%s %d", op, l.Calls[op]))
	}
	show(a.out, "\n%d debits, %d transactions; calls: %s\n",
		len(l.Debits), l.Transactions, strings.Join(calls, ", "))
	return nil
}

// showDebits prints debits as a table.
func (a *app) showDebits(debits []sandbox.Debit, indent string) {
	t := table{
		head:  []string{"#", "TIME", "PROVIDER", "TRANSACTION", "ACCOUNT", "AMOUNT", "REVERSED", "CARD"},
		right: "rllllrr",
	}
	for _, d := range debits {
		reversed := ""
		if d.ReversedAmount != 0 {
			reversed = sums(d.ReversedAmount)
		}
		t.add(
			cell{strconv.Itoa(d.N), dim}, cell{d.At.Local().Format("15:04:05.000"), dim}, cell{d.Provider, plain},
			cell{d.Transaction, plain}, cell{d.Account, plain}, cell{sums(d.Amount), bold}, cell{reversed, yellow},
			cell{d.Card, plain},
		)
	}
	if len(debits) > 0 {
		t.write(a.out, a.paint, indent)
	}
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
	Debits       []sandbox.Debit `json:"debits"`
	Transactions int             `json:"transactions"`
	Calls        map[string]int  `json:"calls"`
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
