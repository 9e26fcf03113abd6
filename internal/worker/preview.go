package worker

import (
	"context"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/micro"

	"tolov/internal/desk"
	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// queryPreview tells what would become of a command, by the very decision that would be taken. Nothing is recorded and
// nobody is called (H74).
func (w *Worker) queryPreview(req micro.Request) {
	var q desk.Preview
	if err := json.Unmarshal(req.Data(), &q, json.RejectUnknownMembers(true)); err != nil {
		w.sent(req.Error("400", "want {verb, body}, the body a text that holds the command's JSON", nil))
		return
	}
	later := w.aside(req)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
		defer cancel()
		seen, err := w.foresee(ctx, q)
		if err != nil {
			w.parts.Log.WarnContext(ctx, "question not answered", "question", "preview", "err", err)
			w.sent(later.Error("500", "the journal cannot be read now", nil))
			return
		}
		w.reply(later, seen)
	}()
}

func (w *Worker) foresee(ctx context.Context, q desk.Preview) (desk.Foreseen, error) {
	in, dead := w.decoder.Decode(events.CommandSubject(q.Verb), []byte(q.Body), "preview")
	if dead != "" {
		return desk.Foreseen{Dead: dead}, nil
	}
	defer in.Command.Forget()
	id := in.Command.PaymentID()
	last, err := w.journal.Load(ctx, id)
	if err != nil {
		return desk.Foreseen{}, err
	}
	d := saga.Next(w.runner.Flow(last, in), last, in, time.Now(), w.runner.Policy)
	seen := desk.Foreseen{PaymentID: id, Repeats: !d.Save && d.Call == nil && d.Back == 0}
	if last.Payment != nil {
		seen.Status = last.Payment.Status
	}
	for _, e := range d.Record.Events {
		seen.Events = append(seen.Events, e.Type)
		if e.Type == payment.EventRejected {
			seen.Rejection = e.Rejection
		}
	}
	if d.Call != nil {
		seen.Call, seen.Moves = d.Call.Step, d.Call.Attempt > 0
		seen.Paused = w.runner.Halts(in, d)
	}
	return seen, nil
}
