package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// event is what a subscriber reads of a CloudEvent.
type event struct {
	paymentID string
	extID     string
	n         int
	kind      payment.EventType
}

func parseEvent(body []byte) (event, error) {
	var e struct {
		ID   string `json:"id"`
		Type string `json:"type"`
		Data struct {
			Payment struct {
				ExtID string `json:"ext_id"`
			} `json:"payment"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return event{}, err
	}
	id, number, _ := strings.Cut(e.ID, ".")
	n, err := strconv.Atoi(number)
	kind, found := strings.CutPrefix(e.Type, "tolov.payment.")
	kind, versioned := strings.CutSuffix(kind, ".v1")
	if err != nil || !found || !versioned {
		return event{}, fmt.Errorf("event %q of type %q is not of the contract's form", e.ID, e.Type)
	}
	return event{paymentID: id, extID: e.Data.Payment.ExtID, n: n, kind: payment.EventType(kind)}, nil
}

// read reads the stream of events from its beginning. take is told how many come after this one, and whether to go on.
func read(ctx context.Context, js jetstream.JetStream, take func(e event, behind uint64) bool) error {
	consumer, err := js.OrderedConsumer(ctx, events.StreamEvents, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return err
	}
	defer messages.Stop()
	for {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		e, err := parseEvent(msg.Data())
		if err != nil {
			return err
		}
		if !take(e, meta.NumPending) {
			return nil
		}
	}
}

// book is what events told, by payment id. It is safe for concurrent use.
type book struct {
	mu       sync.Mutex
	stories  map[string]*story
	finished int
}

// story is what was told of one payment.
type story struct {
	told  map[int]int // how often each number was
	kinds map[payment.EventType]int
}

func newBook() *book { return &book{stories: map[string]*story{}} }

// note writes an event down. It tells whether it is news.
func (b *book) note(e event) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.stories[e.paymentID]
	if s == nil {
		s = &story{told: map[int]int{}, kinds: map[payment.EventType]int{}}
		b.stories[e.paymentID] = s
	}
	s.told[e.n]++
	if s.told[e.n] > 1 {
		return false
	}
	s.kinds[e.kind]++
	if e.kind == payment.EventCompleted && s.kinds[e.kind] == 1 && strings.HasPrefix(e.extID, ours) {
		b.finished++
	}
	return true
}

// completed is how many payments told that they are.
func (b *book) completed() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.finished
}

// faults are the ways in which the story is not that of a payment that went well.
func (s *story) faults() []string {
	var faults []string
	for n := 1; n <= len(s.told); n++ {
		switch times := s.told[n]; {
		case times == 0:
			faults = append(faults, fmt.Sprintf("event %d is missing", n))
		case times > 1:
			faults = append(faults, fmt.Sprintf("event %d is stored %d times", n, times))
		}
	}
	for kind, times := range s.kinds {
		switch kind {
		case payment.EventAccepted, payment.EventCompleted, payment.EventReceiptIssued:
			if times > 1 {
				faults = append(faults, fmt.Sprintf("%d events %s", times, kind))
			}
		case payment.EventActionRequired, payment.EventInDoubt: // as often as it takes
		default:
			faults = append(faults, fmt.Sprintf("told %s", kind))
		}
	}
	if s.kinds[payment.EventCompleted] == 0 {
		faults = append(faults, "never told completed")
	}
	return faults
}
