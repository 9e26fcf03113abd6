package worker

import (
	"context"
	"encoding/base64"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/micro"
	"golang.org/x/mod/semver"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

const queryTimeout = 5 * time.Second

// serve answers the questions of the contract as NATS services (listed by `nats micro ls`).
func (w *Worker) serve() (micro.Service, error) {
	version := w.parts.Version
	service, err := micro.AddService(w.parts.NATS, micro.Config{
		Name: "payments-query", Version: serviceVersion(version), Description: "what is recorded of a payment",
	})
	if err != nil {
		return nil, err
	}
	for subject, answer := range map[string]func(context.Context, string) (any, error){
		events.SubjectQueryGet:     w.queryGet,
		events.SubjectQueryHistory: w.queryHistory,
	} {
		if err := w.endpoint(service, subject, w.aboutPayment(answer)); err != nil {
			return nil, err
		}
	}
	if err := w.serveOperators(service); err != nil {
		return nil, err
	}
	if err := w.endpoint(service, events.SubjectReconcile, w.askReconcile); err != nil {
		return nil, err
	}
	return service, w.endpoint(service, events.SubjectQueryCardKey, w.queryCardKey)
}

func (w *Worker) endpoint(
	service micro.Service, subject string, h micro.HandlerFunc, options ...micro.EndpointOpt,
) error {
	name := subject[strings.LastIndexByte(subject, '.')+1:]
	return service.AddEndpoint(name, h, append(options, micro.WithEndpointSubject(subject))...)
}

// serviceVersion is the version in the form that NATS services want. A build that no tag names has none of that form.
func serviceVersion(version string) string {
	if canonical := semver.Canonical("v" + strings.TrimPrefix(version, "v")); canonical != "" {
		return canonical[1:]
	}
	return "0.0.0"
}

// aboutPayment reads which payment is meant. The answer is given in its own goroutine: one slow read must not hold up
// the others.
func (w *Worker) aboutPayment(answer func(context.Context, string) (any, error)) micro.HandlerFunc {
	return func(req micro.Request) {
		var q struct {
			Merchant  string `json:"merchant"`
			ExtID     string `json:"ext_id"`
			PaymentID string `json:"payment_id"`
		}
		if err := json.Unmarshal(req.Data(), &q, json.RejectUnknownMembers(true)); err != nil {
			w.sent(req.Error("400", "want {merchant, ext_id} or {payment_id}", nil))
			return
		}
		if q.Merchant == "" {
			q.Merchant = payment.DefaultMerchant
		}
		id := q.PaymentID
		switch {
		case id == "" && q.ExtID == "":
			w.sent(req.Error("400", "want {merchant, ext_id} or {payment_id}", nil))
			return
		case id == "" && payment.IsMerchant(q.Merchant) && payment.IsExtID(q.ExtID):
			id = payment.ID(q.Merchant, q.ExtID)
		}
		if !payment.IsID(id) { // no payment can have such a name
			w.sent(req.Error("404", "unknown payment", nil))
			return
		}
		go w.respond(w.aside(req), id, answer)
	}
}

func (w *Worker) respond(req answerer, id string, answer func(context.Context, string) (any, error)) {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	found, err := answer(ctx, id)
	switch {
	case err != nil:
		w.parts.Log.WarnContext(ctx, "question not answered", "payment_id", id, "err", err)
		w.sent(req.Error("500", "the journal cannot be read now", nil))
	case found == nil:
		w.sent(req.Error("404", "unknown payment", nil))
	default:
		w.reply(req, found)
	}
}

func (w *Worker) reply(req answerer, found any) {
	data, err := json.Marshal(found, json.Deterministic(true))
	if err != nil {
		w.sent(req.Error("500", "the answer cannot be written", nil))
		return
	}
	w.sent(req.Respond(data))
}

func (w *Worker) sent(err error) {
	if err != nil {
		w.parts.Log.Warn("answer not sent", "err", err)
	}
}

func (w *Worker) queryGet(ctx context.Context, id string) (any, error) {
	r, err := w.journal.Load(ctx, id)
	if err != nil || r.Payment == nil {
		return nil, err
	}
	if r.Payment.Card != nil {
		r.Payment.Card.Token = "" // told once, in the event of the link
	}
	return r.Payment, nil
}

// queryHistory gives the payment's records without the engine's own state.
func (w *Worker) queryHistory(ctx context.Context, id string) (any, error) {
	records, err := w.journal.History(ctx, id)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	type entry struct {
		At       payment.Time      `json:"at"`
		Status   payment.Status    `json:"status,omitzero"`
		Cause    saga.Cause        `json:"cause"`
		Evidence *payment.Evidence `json:"evidence,omitzero"`
		Events   []saga.Event      `json:"events"`
		Intent   *saga.Intent      `json:"intent,omitzero"`
		Due      payment.Time      `json:"due,omitzero"`
	}
	history := make([]entry, len(records))
	for i, r := range records {
		history[i] = entry{
			At: r.At, Cause: r.Cause, Evidence: r.Evidence, Events: r.Events, Intent: r.State.Intent, Due: r.State.Due,
		}
		if r.Payment != nil {
			history[i].Status = r.Payment.Status
		}
	}
	return struct {
		PaymentID string  `json:"payment_id"`
		Records   []entry `json:"records"`
	}{id, history}, nil
}

// queryCardKey gives the key that callers seal cards to.
func (w *Worker) queryCardKey(req micro.Request) {
	for _, key := range w.parts.Config.Keys.Ring() {
		if public := key.Public(); public != nil {
			data, err := json.Marshal(map[string]string{
				"key_id": key.ID, "public_key": base64.RawURLEncoding.EncodeToString(public),
			}, json.Deterministic(true))
			w.sent(err)
			w.sent(req.Respond(data))
			return
		}
	}
	w.sent(req.Error("404", "this worker has no card keys", nil))
}
