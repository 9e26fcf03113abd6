package worker

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/micro"
	"golang.org/x/sync/errgroup"

	"tolov/internal/desk"
	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

const (
	openTimeout = 30 * time.Second // a sweep of every payment there is
	openAtOnce  = 16               // records that are read side by side
	openWeighed = 5_000            // of which the exposure is added up; more than that are an outage
)

// serveOperators answers what operators ask.
func (w *Worker) serveOperators(service micro.Service) error {
	if err := w.endpoint(service, events.SubjectQueryOpen, w.queryOpen); err != nil {
		return err
	}
	if err := w.endpoint(service, events.SubjectQueryPreview, w.queryPreview); err != nil {
		return err
	}
	return w.endpoint(service, events.SubjectQuerySettings, w.querySettings, micro.WithEndpointQueueGroupDisabled())
}

// queryOpen lists the payments that are not final. It reads the last record of every payment, so one question is
// answered at a time.
func (w *Worker) queryOpen(req micro.Request) {
	var q desk.OpenQuestion
	if data := req.Data(); len(data) > 0 {
		if err := json.Unmarshal(data, &q, json.RejectUnknownMembers(true)); err != nil {
			w.sent(req.Error("400", "want {merchant, provider, status, by, limit}, each of them optional", nil))
			return
		}
	}
	if !w.sweeping.TryLock() {
		w.sent(req.Error("503", "this worker is looking for someone else already: ask again in a moment", nil))
		return
	}
	later := w.aside(req)
	go func() {
		defer w.sweeping.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), openTimeout)
		defer cancel()
		answer, err := w.open(ctx, q)
		if err != nil {
			w.parts.Log.WarnContext(ctx, "question not answered", "question", "open", "err", err)
			w.sent(later.Error("500", "the journal cannot be read now", nil))
			return
		}
		w.reply(later, answer)
	}()
}

// open finds the payments that are asked for. Those in doubt are weighed first: they are what money hangs on.
func (w *Worker) open(ctx context.Context, q desk.OpenQuestion) (desk.OpenAnswer, error) {
	var found []journal.Standing
	err := w.journal.Sweep(ctx, func(s journal.Standing) {
		if s.Status != "" && !s.Status.Final() && (q.Status == "" || q.Status == s.Status) {
			found = append(found, s)
		}
	})
	if err != nil {
		return desk.OpenAnswer{}, err
	}
	slices.SortFunc(found, func(a, b journal.Standing) int {
		if doubtful := cmp.Compare(weight(b), weight(a)); doubtful != 0 {
			return doubtful
		}
		return a.At.Compare(b.At)
	})
	loaded, err := w.load(ctx, found[:min(len(found), openWeighed)])
	if err != nil {
		return desk.OpenAnswer{}, err
	}
	answer := desk.OpenAnswer{At: payment.At(time.Now()), Count: len(found) - len(loaded), Payments: []desk.OpenPayment{}}
	for _, p := range loaded {
		if p.PaymentID == "" || q.Merchant != "" && q.Merchant != p.Merchant ||
			q.Provider != "" && q.Provider != p.Provider {
			continue
		}
		answer.Count++
		answer.Exposure += p.Exposure
		answer.Payments = append(answer.Payments, p)
	}
	slices.SortFunc(answer.Payments, func(a, b desk.OpenPayment) int {
		if q.By == desk.ByExposure && a.Exposure != b.Exposure {
			return cmp.Compare(b.Exposure, a.Exposure)
		}
		return a.Since.Compare(b.Since.Time)
	})
	limit := desk.MaxOpen
	if q.Limit > 0 {
		limit = min(limit, q.Limit)
	}
	answer.Payments = answer.Payments[:min(len(answer.Payments), limit)]
	return answer, nil
}

func weight(s journal.Standing) int {
	if !s.Doubt.IsZero() || s.Status == payment.NeedsReview || s.Status == payment.InDoubt {
		return 1
	}
	return 0
}

// load reads the records behind what a sweep found. A payment that has become final meanwhile is left empty.
func (w *Worker) load(ctx context.Context, found []journal.Standing) ([]desk.OpenPayment, error) {
	loaded := make([]desk.OpenPayment, len(found))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(openAtOnce)
	for i, s := range found {
		group.Go(func() error {
			r, err := w.journal.Load(ctx, s.PaymentID)
			if err == nil && r.Payment != nil && !r.Payment.Status.Final() {
				loaded[i] = openPayment(r)
			}
			return err
		})
	}
	return loaded, group.Wait()
}

func openPayment(r saga.Record) desk.OpenPayment {
	p, s := r.Payment, r.State
	o := desk.OpenPayment{
		PaymentID: p.ID, ExtID: p.ExtID, Merchant: p.Merchant, Provider: p.Provider, Kind: p.Kind, Status: p.Status,
		Amount: p.Amount, Review: string(s.Review), Since: p.UpdatedAt, Due: s.Due,
	}
	o.Exposure, o.Step = r.Exposure()
	if s.Doubt != nil {
		o.Since = s.Doubt.Since
	}
	return o
}
