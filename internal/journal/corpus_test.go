package journal

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
	"tolov/internal/providers"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// H69: payments outlive versions. Every record that a version has ever written is read whole, written back without
// losing a field, and decided on. testdata/records grows by a file when the form of a record changes (see
// TestCorpusIsAdded of the campaign), and no file of it is ever changed.
func TestRecordsOfEveryVersionAreReadWholeAndDecidedOn(t *testing.T) {
	flows, err := providers.NewRegistry(nil, rest.New(1, nil), time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/records/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range bytes.Split(bytes.TrimSpace(text), []byte{'\n'}) {
			t.Run(fmt.Sprint(filepath.Base(file), ":", i+1), func(t *testing.T) {
				r := readWhole(t, line)
				seen[r.State.Flow] = true
				decideOn(t, flows, r)
			})
		}
	}
	var page bytes.Buffer
	if err := providers.WriteFlows(&page); err != nil {
		t.Fatal(err)
	}
	for _, flow := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(page.String(), -1) {
		if !seen[flow[1]] {
			t.Errorf("the corpus has no record of %s", flow[1])
		}
	}
}

// readWhole reads a record as the journal does, and writes it back.
func readWhole(t *testing.T, line []byte) saga.Record {
	t.Helper()
	r, err := decode(line, 1)
	if err != nil {
		t.Fatal(err)
	}
	back, err := message("x", r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(canonical(t, line), canonical(t, back.Data)); diff != "" {
		t.Errorf("it is not written back as it was (-was +is):\n%s", diff)
	}
	return r
}

func canonical(t *testing.T, text []byte) string {
	t.Helper()
	value := jsontext.Value(slices.Clone(text))
	if err := value.Canonicalize(); err != nil {
		t.Fatal(err)
	}
	return string(value)
}

// decideOn puts to a record what may come next, soon and late, with its own flow.
func decideOn(t *testing.T, flows *providers.Registry, r saga.Record) {
	t.Helper()
	flow := flows.Named(r.State.Flow)
	if flow == nil {
		t.Fatalf("the flow %s is gone", r.State.Flow)
	}
	policy := saga.Policy{Timeout: 15 * time.Second, Schedule: []time.Duration{time.Second}, ReviewAfter: 15 * time.Minute}
	was := encoded(t, r)
	for _, in := range inputs(r) {
		for _, after := range []time.Duration{0, time.Minute, time.Hour, 60 * 24 * time.Hour} {
			d := saga.Next(flow, r, in, r.At.Add(after), policy)
			if encoded(t, r) != was {
				t.Fatalf("deciding on %+v changed the record", in)
			}
			if !d.Save && d.Call == nil { // nothing came of it, so nothing may be lost
				kept(t, r, d.Record)
			}
			readWhole(t, []byte(encoded(t, d.Record)))
		}
	}
}

// inputs are a wake-up, a notice, a look into the books, and every verb.
func inputs(r saga.Record) []saga.Input {
	all := []saga.Input{
		{Wake: saga.ByTimer},
		{Notice: &payment.Evidence{Step: "callback"}},
		{Stated: &saga.Stated{Merchant: r.Merchant, AskedAt: r.At.Add(time.Hour)}},
	}
	for _, verb := range payment.Verbs() {
		c := &payment.Command{
			Verb: verb, Merchant: r.Merchant, ExtID: r.Payment.ExtID, Message: "corpus", RefundID: "corpus",
			Outcome: payment.Failed,
		}
		all = append(all, saga.Input{Command: c, Print: payment.Fingerprint{Content: "corpus"}})
	}
	return all
}

// kept holds a record against one that follows from it without anything having happened. What a record tells once is
// not in the next: its events, its evidence, a linked card's token.
func kept(t *testing.T, was, is saga.Record) {
	t.Helper()
	is.Events, is.Evidence = was.Events, was.Evidence
	if was.Payment.Card != nil && is.Payment.Card != nil {
		is.Payment.Card.Token = was.Payment.Card.Token
	}
	if diff := cmp.Diff(canonical(t, []byte(encoded(t, was))), canonical(t, []byte(encoded(t, is)))); diff != "" {
		t.Errorf("something is lost (-was +is):\n%s", diff)
	}
}

func encoded(t *testing.T, r saga.Record) string {
	t.Helper()
	text, err := json.Marshal(r, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
