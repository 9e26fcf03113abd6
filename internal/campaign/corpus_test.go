package campaign_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

var corpus = flag.String("corpus", "", "write the records of every scene, as this version writes them, to a new file")

// corpusDir holds the records of every version that wrote other ones than the version before. None of its files is
// ever written again (H69).
const corpusDir = "../journal/testdata/records"

// TestCorpusIsAdded plays every scene and keeps its records in a file that must not be there yet. It runs only when the
// form of a record has changed: go test ./internal/campaign -run TestCorpusIsAdded -corpus 2
func TestCorpusIsAdded(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus")
	}
	path := filepath.Join(corpusDir, filepath.Base(*corpus)+".jsonl")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	kept := map[string]bool{}
	for _, sc := range corpusScenes() {
		synctest.Test(t, func(t *testing.T) {
			m := newMatrix(t, sc)
			defer m.close()
			if m.inbound() {
				m.tells()
			} else {
				m.run("clean", 0, 0)
				m.run("dies in the middle", 8, 0)
				m.compare()
			}
			for _, line := range m.lines(kept) {
				if _, err := file.Write(append(line, '\n')); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// corpusScenes are all scenes, and one of a bank that drives its payments itself, in which no crash is played.
func corpusScenes() []scene {
	return slices.Concat(scenes(), bulkScenes(), holdScenes(), refundScenes(), cardScenes(), withdrawScenes(),
		ipsPayScenes(), ipsHoldScenes(), ipsCardScenes(), viaScenes(), paysysScenes(),
		[]scene{{name: "told", provider: "uzum"}})
}

func (m *matrix) inbound() bool { return m.scene.provider == "uzum" }

// tells gives the bank's word, from the payment's opening to its refund.
func (m *matrix) tells() {
	runner, amount := m.runner(&life{}), payment.Money(5000)
	for _, c := range []payment.Command{
		{Verb: payment.VerbPay, Provider: "uzum", Amount: &amount, Account: "a"},
		{Verb: payment.VerbConfirm},
		{Verb: payment.VerbRefund, RefundID: "reverse"},
	} {
		c.Merchant, c.ExtID, c.Message = "default", "told", "uzum/"+string(c.Verb)
		_, err := runner.Handle(m.t.Context(), c.PaymentID(), saga.Input{
			Command: &c, Print: payment.Fingerprint{Content: string(c.Verb)},
			Word: &saga.Word{Refs: map[string]string{"service_id": "7"}, Shown: map[string]string{"fio": "A B"}},
		}, false)
		m.must(err)
	}
}

// compare finds that the provider's books do not have the payment.
func (m *matrix) compare() {
	pass(time.Hour)
	id := payment.ID("default", "x1")
	_, err := m.runner(&life{}).Handle(m.t.Context(), id, saga.Input{Stated: &saga.Stated{
		PaymentID: id, Merchant: "default", Provider: "atmos", By: "statement", AskedAt: time.Now(),
	}}, false)
	m.must(err)
}

// lines are the journal's records, of those that are alike the first.
func (m *matrix) lines(kept map[string]bool) (lines [][]byte) {
	for k := range 2 {
		stream, err := m.js.Stream(context.Background(), events.JournalStream(k))
		m.must(err)
		for seq := uint64(1); ; seq++ {
			msg, err := stream.GetMsg(context.Background(), seq)
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				break
			}
			m.must(err)
			var r saga.Record
			m.must(json.Unmarshal(msg.Data, &r))
			if key := kindOf(r); !kept[key] {
				kept[key] = true
				lines = append(lines, msg.Data)
			}
		}
	}
	return lines
}

// kindOf is the same for records that are alike.
func kindOf(r saga.Record) string {
	s, status := r.State, payment.Status("")
	if r.Payment != nil {
		status = r.Payment.Status
	}
	return fmt.Sprint(s.Flow, status, r.Cause.Kind, r.Cause.Verb, r.Cause.Step, s.Path, s.Intent != nil, s.Doubt != nil,
		s.Doubt != nil && s.Doubt.Taken, s.Watch != nil, s.Ending, s.Review, s.Differs != nil, len(r.Events) > 0)
}
