package worker

import (
	"context"
	"strconv"
	"time"

	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/providers/atmosips"
	"tolov/internal/saga"
)

// disputedCard is why a person must tell whose card it is.
const disputedCard = "a card was linked at a page, and more than one page waits for a card"

// cardBound handles a notice that a card was linked by its owner at a page. It names the card and no payment (facts,
// "Where the documents are silent"). Every page that waits is asked about. When one waits alone, the card is its; when
// several still wait after that, a person must tell whose it is.
//
// To find them it looks at every payment, as a sweep does: such a notice is rare.
func (w *Worker) cardBound(ctx context.Context, n events.Notice) error {
	start := time.Now()
	waiting, err := w.waitingPages(ctx, n)
	if err != nil {
		return err
	}
	notice := saga.Input{
		Notice: &payment.Evidence{
			Step: n.Kind, Outcome: payment.Unknown, Transaction: n.CardID, Note: "was told " + n.Answer, AskedAt: n.At,
		},
		Named: map[string]string{
			atmosips.KeptCard: n.CardID, atmosips.KeptWaiting: strconv.Itoa(len(waiting)),
		},
	}
	var open []string
	for _, id := range waiting {
		r, err := w.inLane(ctx, id, notice)
		switch p := r.Record.Payment; {
		case err != nil:
			return err
		case p != nil && p.Status == payment.Linked && p.Card != nil && p.Card.ID == n.CardID:
			open = nil
			w.told(ctx, "notice", r, start, "kind", n.Kind)
			return nil
		case waits(r.Record, n):
			open = append(open, id)
		}
	}
	if len(open) < 2 {
		w.parts.Log.InfoContext(ctx, "notice", "kind", n.Kind, "merchant", n.Merchant, "pages_waiting", len(open))
		return nil
	}
	notice.Disputed = disputedCard
	for _, id := range open {
		if _, err := w.inLane(ctx, id, notice); err != nil {
			return err
		}
	}
	return nil
}

// waitingPages are the merchant's payments whose customer is at a page where a card is linked.
func (w *Worker) waitingPages(ctx context.Context, n events.Notice) ([]string, error) {
	var asked, found []string
	err := w.journal.Sweep(ctx, func(s journal.Standing) {
		if s.Status == payment.ActionRequired {
			asked = append(asked, s.PaymentID)
		}
	})
	if err != nil {
		return nil, err
	}
	for _, id := range asked {
		r, err := w.journal.Load(ctx, id)
		if err != nil {
			return nil, err
		}
		if waits(r, n) {
			found = append(found, id)
		}
	}
	return found, nil
}

// waits tells whether the payment's customer is at a page where a card is linked: of one that is linked by its number
// the card is known.
func waits(r saga.Record, n events.Notice) bool {
	p := r.Payment
	return p != nil && p.Merchant == n.Merchant && p.Provider == n.Provider && p.Kind == payment.LinkCard &&
		p.Status == payment.ActionRequired && p.Card == nil && p.Action.Type == payment.ActionRedirect
}

// inLane gives an input to a payment in its turn, as every message about it.
func (w *Worker) inLane(ctx context.Context, id string, in saga.Input) (saga.Result, error) {
	turn, leave := w.lanes.Enter(id)
	defer leave()
	if turn != nil {
		<-turn
	}
	return w.runner.Handle(ctx, id, in, false)
}
