package worker

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/micro"

	"tolov/internal/payment"
	"tolov/internal/reconcile"
)

const (
	askWithin = 30 * time.Minute // for a comparison that was asked for
	longest   = 32               // days that it may cover
	shown     = 1000             // findings of a kind in the answer; the events have all of them
	dateForm  = "2006-01-02"
)

// question is what is asked of payments.reconcile. From and To are days in the merchant's zone, the last one included,
// or moments (RFC 3339), the last one excluded. Both empty: yesterday.
type question struct {
	Merchant string `json:"merchant"`
	Provider string `json:"provider"`
	From     string `json:"from"`
	To       string `json:"to"`
}

// askReconcile compares an account's books when somebody asks for it. It can take minutes, so it is done aside.
func (w *Worker) askReconcile(req micro.Request) {
	var q question
	if err := json.Unmarshal(req.Data(), &q, json.RejectUnknownMembers(true)); err != nil {
		w.sent(req.Error("400", "want {merchant, provider, from, to}", nil))
		return
	}
	q.Merchant = cmp.Or(q.Merchant, payment.DefaultMerchant)
	accounts := w.accounts(q.Merchant, q.Provider)
	if q.Provider == "" || len(accounts) != 1 {
		w.sent(req.Error("400", "this merchant has no provider of that name whose books can be read", nil))
		return
	}
	period, err := q.period(time.Now().In(w.zone(q.Merchant)))
	if err != nil {
		w.sent(req.Error("400", err.Error(), nil))
		return
	}
	go w.answerReconcile(w.aside(req), accounts[0], period)
}

func (w *Worker) answerReconcile(req answerer, account reconcile.Account, period reconcile.Period) {
	ctx, cancel := context.WithTimeout(w.pulling, askWithin)
	defer cancel()
	report, err := w.reconcile(ctx, account, period)
	if err != nil {
		w.sent(req.Error("500", "not finished, and what was found is recorded: "+err.Error(), nil))
		return
	}
	data, err := json.Marshal(report.Cut(shown), json.Deterministic(true))
	w.sent(err)
	w.sent(req.Respond(data))
}

var errPeriod = errors.New("from and to must be days (2026-11-20) or moments (RFC 3339), from before to")

// period reads from and to. now is in the zone where days begin.
func (q question) period(now time.Time) (reconcile.Period, error) {
	today := startOfDay(now)
	if q.From == "" && q.To == "" {
		return reconcile.Period{From: today.AddDate(0, 0, -1), To: today}, nil
	}
	from, _, err := moment(q.From, now.Location())
	if err != nil {
		return reconcile.Period{}, errPeriod
	}
	to, isDay, err := moment(q.To, now.Location())
	if isDay {
		to = to.AddDate(0, 0, 1)
	}
	switch {
	case err != nil, !from.Before(to):
		return reconcile.Period{}, errPeriod
	case to.After(from.AddDate(0, 0, longest)):
		return reconcile.Period{}, errors.New("from and to are too far apart: at most a month is compared at once")
	default:
		return reconcile.Period{From: from, To: to}, nil
	}
}

func moment(text string, zone *time.Location) (at time.Time, isDay bool, err error) {
	if at, err = time.ParseInLocation(dateForm, text, zone); err == nil {
		return at, true, nil
	}
	at, err = time.Parse(time.RFC3339, text)
	return at, false, err
}
