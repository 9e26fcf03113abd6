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

const (
	bindLooks = 3 // before a person is called: a page may not be asked about just now
	bindPause = 2 * time.Second
)

// cardBound handles a notice that a card was linked by its owner at a page. It names the card and no payment (facts,
// "Where the documents are silent"). A card that a payment of ours has linked is news to nobody: it is no other page's,
// however late or often it is told. Every page that waits is asked about. When one waits alone, the card is its; when
// several still wait after that, a person must tell whose it is. A page that was given up and may still be open is one
// of them.
//
// To find them it looks at every payment, as a sweep does: such a notice is rare.
func (w *Worker) cardBound(ctx context.Context, n events.Notice, deliveries int) error {
	start := time.Now()
	waiting, watched, err := w.waitingPages(ctx, n)
	if err != nil {
		return err
	}
	// Only now, for a page that is not among them may just have taken the card.
	owner, err := w.index.Find(ctx, n.Provider, n.Merchant, cardKey(n.CardID))
	if err != nil {
		return err
	}
	if owner != "" {
		w.parts.Log.InfoContext(ctx, "notice dropped", "kind", n.Kind, "merchant", n.Merchant, "payment_id", owner)
		return nil
	}
	notice := saga.Input{
		Notice: &payment.Evidence{
			Step: n.Kind, Outcome: payment.Unknown, Transaction: n.CardID, Note: "was told " + n.Answer, AskedAt: n.At,
		},
		Named: map[string]string{
			atmosips.KeptCard: n.CardID, atmosips.KeptWaiting: strconv.Itoa(len(waiting) + watched),
		},
	}
	var open []string
	for _, id := range waiting {
		r, err := w.inLane(ctx, id, notice)
		switch p := r.Record.Payment; {
		case err != nil:
			return err
		case p != nil && p.Status == payment.Linked && p.Card != nil && p.Card.ID == n.CardID:
			w.told(ctx, "notice", r, start, "kind", n.Kind)
			return nil
		case waits(r.Record, n):
			open = append(open, id)
		}
	}
	switch {
	case len(open) == 0 || len(open)+watched < 2:
		w.parts.Log.InfoContext(ctx, "notice", "kind", n.Kind, "merchant", n.Merchant, "pages_waiting", len(open))
		return nil
	case deliveries < bindLooks:
		return events.Again{After: bindPause}
	}
	return w.dispute(ctx, open, notice)
}

// dispute calls a person to every page that may be the one where the card was linked.
func (w *Worker) dispute(ctx context.Context, open []string, notice saga.Input) error {
	notice.Disputed = disputedCard
	for _, id := range open {
		if _, err := w.inLane(ctx, id, notice); err != nil {
			return err
		}
	}
	return nil
}

// waitingPages are the merchant's payments whose customer is at a page where a card is linked, and how many were given
// up whose page may still be open.
func (w *Worker) waitingPages(ctx context.Context, n events.Notice) (waiting []string, watched int, err error) {
	var asked []string
	err = w.journal.Sweep(ctx, func(s journal.Standing) {
		if s.Status == payment.ActionRequired || s.Status == payment.Cancelled && !s.Due.IsZero() {
			asked = append(asked, s.PaymentID)
		}
	})
	if err != nil {
		return nil, 0, err
	}
	for _, id := range asked {
		r, err := w.journal.Load(ctx, id)
		switch {
		case err != nil:
			return nil, 0, err
		case waits(r, n):
			waiting = append(waiting, id)
		case linksAtPage(r, n) && r.State.Watch != nil:
			watched++
		}
	}
	return waiting, watched, nil
}

// waits tells whether the payment's customer is at a page where a card is linked.
func waits(r saga.Record, n events.Notice) bool {
	p := r.Payment
	return linksAtPage(r, n) && p.Status == payment.ActionRequired && p.Action.Type == payment.ActionRedirect
}

// linksAtPage tells whether the payment is the merchant's and links a card that is not known yet: of one that is linked
// by its number it is.
func linksAtPage(r saga.Record, n events.Notice) bool {
	p := r.Payment
	return p != nil && p.Merchant == n.Merchant && p.Provider == n.Provider && p.Kind == payment.LinkCard && p.Card == nil
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
