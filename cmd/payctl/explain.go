package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tolov/client"
)

// explainVerb tells in words what happened to a payment, and what may be done now.
type explainVerb struct{ asked }

// Help tells how to read it.
func (explainVerb) Help() string {
	return "Each paragraph is one record: what led to it, what the provider answered, and → what was decided. The last " +
		"one says what the payment waits for, and what a person can do."
}

// Run asks for it.
func (v explainVerb) Run(ctx context.Context, a *app) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	if a.flags.JSON {
		return a.relay(ctx, c, "history", v.Payment)
	}
	h, err := c.History(ctx, a.id(v.Payment))
	if err != nil {
		return err
	}
	p, err := c.Get(ctx, a.id(v.Payment))
	if err != nil && !errors.Is(err, client.ErrUnknown) { // while only refusals are recorded there is no payment
		return err
	}
	a.explain(h, p, time.Now())
	return nil
}

// explain prints the story of a payment; p is empty while it was not opened.
func (a *app) explain(h client.History, p client.Payment, now time.Time) {
	if len(h.Records) == 0 {
		return
	}
	start, last := h.Records[0].At, h.Records[len(h.Records)-1]
	show(a.out, "%s%s\n%s for %s\n", h.PaymentID, printable(subjectOf(p)),
		a.paint.in(statusStyle(last.Status), standingOf(last)), lasting(now.Sub(last.At)))
	before := client.Record{}
	for i, r := range h.Records {
		when := clock(r.At) + ", " + apart(r.At.Sub(start))
		show(a.out, "\n%3d. %s  %s\n", i+1, a.paint.in(dim, when), a.paint.in(bold, led(r)))
		for _, text := range answered(before, r) {
			show(a.out, "     %s\n", printable(text))
		}
		for _, text := range decided(before, r) {
			show(a.out, "     → %s\n", printable(text))
		}
		before = r
	}
	show(a.out, "\nNow: %s\n", nowWaits(last, now))
	for _, text := range advice(last, commandLine(p)) {
		show(a.out, "     %s\n", printable(text))
	}
}

// subjectOf tells which payment it is, and what for.
func subjectOf(p client.Payment) string {
	if p.ID == "" {
		return ""
	}
	text := fmt.Sprintf("  %s of %s, %s at %s", p.ExtID, p.Merchant, p.Kind, p.Provider)
	if p.Amount != 0 {
		text += fmt.Sprintf(", %s %s", sums(p.Amount), p.Currency)
	}
	return text
}

// commandLine is how a payment is named on payctl's command line.
func commandLine(p client.Payment) string {
	if p.Merchant == client.DefaultMerchant || p.Merchant == "" {
		return p.ExtID
	}
	return p.ExtID + " --merchant " + p.Merchant
}

func standingOf(r client.Record) string {
	if r.Status == "" {
		return "not opened"
	}
	return string(r.Status)
}

// led tells who or what led to a record.
func led(r client.Record) string {
	c := r.Cause
	switch c.Kind {
	case "command":
		text := "The command " + c.Verb + " came"
		if c.CommandID != "" {
			text += " (" + c.CommandID + ")"
		}
		return text + "."
	case "provider":
		return "The provider called us: " + c.Verb + "."
	case "notice":
		return "The provider told us something by itself: " + c.Step + ". That proves nothing; it is asked."
	case "books":
		return "Our record was held against the provider's books: " + c.Step + "."
	case "answer":
		return "The provider's answer to " + c.Step + "."
	case "timer":
		return "The time had come to look at it again."
	case "sweep":
		return "The sweep found that its time had come; nobody had looked."
	default:
		return c.Kind
	}
}

// answered tells what the provider said, and what people gave as their reasons.
func answered(before, r client.Record) []string {
	var texts []string
	if words := reasons(r.Cause); words != "" {
		texts = append(texts, words)
	}
	e := r.Evidence
	if e == nil {
		return texts
	}
	if i := before.Intent; i != nil && i.Step != e.Step {
		texts = append(texts, fmt.Sprintf("%s, which asks about %s: %s", e.Step, i.Step, learned(e.Outcome)))
	} else {
		texts = append(texts, fmt.Sprintf("%s: %s", e.Step, meaning(e.Outcome)))
	}
	var said []string
	if e.HTTPStatus != 0 {
		said = append(said, fmt.Sprintf("HTTP %d", e.HTTPStatus))
	}
	if e.Code != "" {
		said = append(said, "code "+e.Code)
	}
	if e.Transaction != "" {
		said = append(said, "transaction "+e.Transaction)
	}
	if e.Amount != 0 {
		said = append(said, sums(e.Amount)+" UZS")
	}
	if e.Note != "" {
		said = append(said, e.Note)
	}
	if len(said) > 0 {
		texts = append(texts, "The evidence: "+strings.Join(said, ", ")+".")
	}
	return texts
}

// meaning is what an answer's outcome proves.
func meaning(outcome string) string {
	switch outcome {
	case "done":
		return "done, and the provider says so clearly."
	case "declined":
		return "refused, and certainly not done."
	case "not_sent":
		return "not sent: no byte left us, so it is certainly not done."
	case "pending":
		return "the provider is still at it."
	case "absent":
		return "the provider knows of no effect. That counts only when it was asked late enough."
	default:
		return "no clear answer: it may have happened or not."
	}
}

// learned is what the answer to a question proves of the call that it asks about.
func learned(outcome string) string {
	switch outcome {
	case "done":
		return "the provider says clearly that it happened."
	case "declined":
		return "the provider says clearly that it did not happen and will not."
	case "pending":
		return "the provider is still at it."
	case "absent":
		return "the provider knows of no effect. That counts only when it was asked late enough."
	default:
		return "no answer to build on: that says nothing about the money, and it is asked again."
	}
}

// decided tells what follows from a record: the call that is about to go out, the events, the change of status.
func decided(before, r client.Record) []string {
	var texts []string
	if i := r.Intent; i != nil && i.At.Equal(r.At) {
		texts = append(texts, fmt.Sprintf("The intent of %s over %s UZS, call no. %d, is recorded before it is made. It "+
			"goes out by %s or not at all.", i.Step, sums(i.Amount), i.Attempt, apart(i.SendBy.Sub(r.At))))
	}
	for _, e := range r.Events {
		name := strings.ReplaceAll(string(e.Type), "_", " ")
		texts = append(texts, fmt.Sprintf("Event %d, %s%s.", e.N, name, colon(detail(e))))
	}
	if r.Status != before.Status && len(r.Events) == 0 {
		texts = append(texts, "The payment is "+standingOf(r)+".")
	}
	doubtful := r.Status == client.StatusInDoubt || r.Status == client.StatusNeedsReview
	if before.Intent != nil && r.Intent == nil && !doubtful {
		texts = append(texts, "The outcome of "+before.Intent.Step+" is known: nothing is in doubt any more.")
	}
	return texts
}

func colon(text string) string {
	if text == "" {
		return ""
	}
	return ": " + strings.TrimSuffix(text, ".")
}

// nowWaits tells what a payment waits for.
func nowWaits(r client.Record, now time.Time) string {
	next := "it is not looked at again by itself."
	if r.Due != nil {
		next = "it is looked at again at " + clock(*r.Due) + "."
		if r.Due.Before(now) {
			next = "it should have been looked at at " + clock(*r.Due) + ": does a worker run?"
		}
	}
	switch {
	case r.Status == "" && r.Cause.Kind == "books":
		return "it is no payment of ours; the discrepancy closes when the books do not have it any more, or we do."
	case r.Status == "":
		return "only refused commands are recorded; a corrected one opens the payment."
	case r.Status == client.StatusNeedsReview:
		return "a person must look; " + next
	case r.Status == client.StatusInDoubt, r.Intent != nil && !r.Status.Final():
		return "the provider is being asked what became of " + stepOf(r) + "; " + next
	case r.Status == client.StatusActionRequired:
		return "it waits for the customer; " + next
	case r.Status == client.StatusHeld:
		return "it waits for a charge or a cancel; " + next
	case r.Status.Final():
		return "it is final."
	default:
		return "it is on its way; " + next
	}
}

func stepOf(r client.Record) string {
	if r.Intent == nil {
		return "the money"
	}
	return r.Intent.Step + " over " + sums(r.Intent.Amount) + " UZS"
}

// advice tells what a person can do, and must not do.
func advice(r client.Record, name string) []string {
	switch r.Status {
	case client.StatusInDoubt:
		return []string{
			"Nothing has to be done. To ask at once: payctl recheck " + name + " --wait.",
			"Never pay again under another ext_id: that could debit a second time.",
		}
	case client.StatusNeedsReview:
		return []string{
			"Ask once more: payctl recheck " + name + " --wait.",
			"If that does not end it, look for the transaction in the provider's own books. Then, by the word of two persons:",
			"payctl resolve " + name + " --outcome completed|failed|cancelled --evidence … --actor … --approved-by …",
			"Never resolve by what seems likely, and never pay again under another ext_id.",
		}
	case client.StatusHeld:
		return []string{"payctl charge " + name + ", or payctl cancel " + name}
	default:
		return nil
	}
}
