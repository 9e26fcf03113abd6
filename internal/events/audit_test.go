package events_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/payment"
)

// Contract: JOURNAL_SHARDS is fixed when the streams are first created.
func TestOtherJournalShardsAreRefusedAndLeaveNothingBehind(t *testing.T) {
	b := newBench(t)
	for _, shards := range []int{1, 3} {
		l := layout()
		l.Shards = shards
		err := l.Ensure(t.Context(), b.js)
		if err == nil || !strings.Contains(err.Error(), "PAYMENTS_JOURNAL_0: was created for 2 journal shards") {
			t.Errorf("%d shards: %v", shards, err)
		}
	}
	if _, err := b.js.Stream(t.Context(), events.JournalStream(2)); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Errorf("a third shard: %v", err)
	}
	if err := layout().Ensure(t.Context(), b.js); err != nil {
		t.Error(err)
	}
}

func TestMoreReplicasThanThereAreAreAskedFor(t *testing.T) {
	b := newBench(t)
	l := layout()
	l.Replicas = 3
	if err := l.Ensure(t.Context(), b.js); err == nil || !strings.Contains(err.Error(), "must have 3 replicas, has 1") {
		t.Error(err)
	}
}

func TestAStreamThatIsStoredElsewhereIsRefused(t *testing.T) {
	b := newBench(t)
	l := layout()
	l.InMemory = false
	err := l.Ensure(t.Context(), b.js)
	if err == nil || !strings.Contains(err.Error(), "storage must be File, is Memory") {
		t.Error(err)
	}
}

func TestASealedStreamIsRefused(t *testing.T) {
	b := newBench(t)
	s := streamOf("PAYMENTS_DEAD")
	s.Sealed = true
	if _, err := b.js.UpdateStream(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := layout().Ensure(t.Context(), b.js); err == nil || !strings.Contains(err.Error(), "must not be sealed") {
		t.Error(err)
	}
}

// H29: only events may be acknowledged before they are on disk, because they can be made again.
func TestAJournalThatAcknowledgesBeforeItStoresIsRefused(t *testing.T) {
	js := jetStream(t, eventstest.Server(t))
	l := events.Layout{Shards: 1}
	for _, s := range l.Streams() {
		s.PersistMode = jetstream.AsyncPersistMode
		if _, err := js.CreateStream(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	err := l.Ensure(t.Context(), js)
	if err == nil || strings.Count(err.Error(), "must store a message before it acknowledges it") != len(l.Streams())-1 ||
		strings.Contains(err.Error(), "PAYMENTS_EVENTS") {
		t.Error(err)
	}
}

// H33, H37: a part of the journal that is gone is not replaced by an empty one, which would forget payments.
func TestALostPartOfTheJournalIsNotReplaced(t *testing.T) {
	b := newBench(t)
	id := payment.ID("default", "order-1")
	b.publish(t, events.EventSubject(payment.EventAccepted, id), "{}")
	if err := b.js.DeleteStream(t.Context(), events.JournalStream(1)); err != nil {
		t.Fatal(err)
	}
	err := layout().Ensure(t.Context(), b.js)
	if err == nil || !strings.Contains(err.Error(), "PAYMENTS_JOURNAL_1: is gone while payments were recorded") {
		t.Error(err)
	}
	if _, err := b.js.Stream(t.Context(), events.JournalStream(1)); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Error("an empty journal was made")
	}
}

func TestAFirstStartThatWasCutShortIsFinished(t *testing.T) {
	b := newBench(t)
	for _, name := range []string{"PAYMENTS_EVENTS", "PAYMENTS_JOURNAL_1"} {
		if err := b.js.DeleteStream(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if err := layout().Ensure(t.Context(), b.js); err != nil {
		t.Error(err)
	}
}

// H33: a stream that was deleted or changed under a running worker is seen, and not made anew behind its back.
func TestAuditSeesWhatBecameOfTheStreams(t *testing.T) {
	b := newBench(t)
	if err := b.js.DeleteStream(t.Context(), "PAYMENTS_NOTICES"); err != nil {
		t.Fatal(err)
	}
	s := streamOf("PAYMENTS_COMMANDS")
	s.AllowDirect = false
	if _, err := b.js.UpdateStream(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	err := layout().Audit(t.Context(), b.js)
	for _, fault := range []string{
		"stream PAYMENTS_NOTICES: is missing", "stream PAYMENTS_COMMANDS: must allow direct reads",
	} {
		if err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%v, want %s", err, fault)
		}
	}
	if _, err := b.js.Stream(t.Context(), "PAYMENTS_NOTICES"); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Error("Audit made a stream")
	}
}

func TestAServerThatIsAwayIsOneFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.Stop(0)
		for _, look := range []error{layout().Audit(t.Context(), b.js), layout().Ensure(t.Context(), b.js)} {
			if look == nil || strings.Count(look.Error(), "\n") > 0 {
				t.Errorf("%v", look)
			}
		}
	})
}
