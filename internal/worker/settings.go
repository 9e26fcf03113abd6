package worker

import (
	"encoding/base64"
	"slices"
	"time"

	"github.com/nats-io/nats.go/micro"

	"tolov/internal/desk"
	"tolov/internal/payment"
)

// querySettings tells how this worker is set. Every worker answers, so that an operator sees where they differ.
func (w *Worker) querySettings(req micro.Request) { w.reply(req, w.settings()) }

func (w *Worker) settings() desk.Settings {
	c := w.parts.Config
	s := desk.Settings{
		Worker: w.name, Version: w.parts.Version, Now: payment.At(time.Now()), Embedded: c.Embedded(),
		Replicas: c.NATSReplicas, Shards: c.Shards, Concurrency: c.Worker.Concurrency,
		ProviderTimeout: time.Duration(c.Worker.ProviderTimeout).Milliseconds(),
		ReviewAfter:     time.Duration(c.Worker.ReviewAfter).Milliseconds(),
		Longest:         slices.Max(c.Worker.PollSchedule).Milliseconds(),
		CardData:        c.CardData, Keys: []desk.Key{}, Accounts: []desk.Account{},
	}
	if c.Embedded() {
		s.Sync = c.Sync
	}
	for _, key := range c.Keys.Ring() {
		if public := key.Public(); public != nil {
			s.Keys = append(s.Keys, desk.Key{
				ID: key.ID, PublicKey: base64.RawURLEncoding.EncodeToString(public), From: payment.At(key.From),
			})
		}
	}
	if err := c.Keys.Fault(); err != nil {
		s.KeysFault = err.Error()
	}
	for merchant, provider := range w.registry.Accounts() {
		s.Accounts = append(s.Accounts, desk.Account{Merchant: merchant, Provider: provider})
	}
	if err := w.Ready(); err != nil {
		s.Fault = err.Error()
	}
	return s
}
