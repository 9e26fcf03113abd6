package worker

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"tolov/internal/desk"
	"tolov/internal/events"
	"tolov/internal/telemetry"
)

// switches are the providers that operators have paused, as this worker knows them.
type switches struct {
	js  jetstream.JetStream
	now atomic.Pointer[desk.Switches]
}

// paused tells whether a merchant's account at a provider is paused.
func (s *switches) paused(merchant, provider string) bool {
	known := s.now.Load()
	return known != nil && known.Paused(merchant, provider)
}

// look reads how the switches stand, and tells whether that is new.
func (s *switches) look(ctx context.Context) (news bool, err error) {
	found, err := desk.Standing(ctx, s.js)
	if err != nil {
		return false, err
	}
	before := s.now.Swap(&found)
	return before == nil || !slices.Equal(*before, found), nil
}

// report tells the metric which providers are paused.
func (s *switches) report(r telemetry.Report) {
	known := s.now.Load()
	if known == nil {
		return
	}
	for _, one := range *known {
		value := int64(0)
		if one.Paused {
			value = 1
		}
		r(value, metric.WithAttributes(attribute.String(telemetry.AttrProvider, one.Provider),
			attribute.String(telemetry.AttrMerchant, one.Merchant)))
	}
}

const lookEvery = 30 * time.Second // when nothing is heard: what is told may get lost, what is stored does not

// watchSwitches heeds what operators tell. A switch that is thrown is heard of at once, by a message that may get lost.
func (w *Worker) watchSwitches(ctx context.Context) error {
	thrown := make(chan *nats.Msg, 64)
	hear, err := w.parts.NATS.ChanSubscribe(events.AllSwitches, thrown)
	if err != nil {
		return err
	}
	defer func() { _ = hear.Unsubscribe() }() // the connection is about to end
	for {
		news, err := w.switches.look(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			w.parts.Log.WarnContext(ctx, "switches not read, those known before still count", "err", err)
		case news:
			w.parts.Log.InfoContext(ctx, "switches", "paused", w.switches.words())
		}
		select {
		case <-thrown:
		case <-time.After(lookEvery):
		case <-ctx.Done():
			return nil
		}
	}
}

// words lists what is paused, by whom and why.
func (s *switches) words() []string {
	words := []string{}
	for _, one := range *s.now.Load() {
		if one.Paused {
			words = append(words, one.Provider+" of "+one.Merchant+" by "+one.Actor+": "+one.Reason)
		}
	}
	return words
}
