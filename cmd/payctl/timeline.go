package main

import (
	"fmt"
	"strings"
	"time"

	"tolov/client"
)

// showHistory prints a payment's records as a timeline.
func (a *app) showHistory(h client.History) {
	if len(h.Records) == 0 {
		return
	}
	start, last := h.Records[0].At, h.Records[len(h.Records)-1]
	show(a.out, "%s  %s  from %s\n\n", h.PaymentID,
		a.paint.in(statusStyle(last.Status), string(last.Status)), clock(start))
	t := table{head: []string{"TIME", "STATUS", "CAUSE", "EVIDENCE", "EVENTS", "DUE"}, right: "r"}
	for _, r := range h.Records {
		t.add(
			cell{apart(r.At.Sub(start)), dim}, cell{string(r.Status), statusStyle(r.Status)}, cell{cause(r.Cause), plain},
			cell{evidence(r.Evidence), plain}, cell{told(r.Events), bold}, cell{due(r), dim},
		)
		t.note(reasons(r.Cause))
		for _, e := range r.Events {
			t.note(detail(e))
		}
	}
	t.write(a.out, a.paint, "  ")
}

// cause tells who or what led to a record.
func cause(c client.Cause) string {
	switch {
	case c.Kind == "command" && c.CommandID != "":
		return c.Verb + " command " + c.CommandID
	case c.Kind == "command":
		return c.Verb + " command"
	case c.Kind == "provider":
		return c.Verb + " by the provider"
	case c.Kind == "notice":
		return "notice of " + c.Step
	case c.Kind == "books":
		return "books, by " + c.Step
	case c.Kind == "answer":
		return "answer to " + c.Step
	default:
		return c.Kind
	}
}

// reasons is what people gave as their reasons in a command.
func reasons(c client.Cause) string {
	if c.Actor != "" {
		return fmt.Sprintf("%s, approved by %s: %s", c.Actor, c.ApprovedBy, c.Evidence)
	}
	return c.Reason
}

// evidence tells what the provider answered.
func evidence(e *client.Evidence) string {
	if e == nil {
		return ""
	}
	parts := []string{e.Step + " " + strings.ReplaceAll(e.Outcome, "_", " ")}
	if e.HTTPStatus != 0 {
		parts = append(parts, fmt.Sprintf("HTTP %d", e.HTTPStatus))
	}
	if e.Code != "" {
		parts = append(parts, e.Code)
	}
	if e.Transaction != "" {
		parts = append(parts, "transaction "+e.Transaction)
	}
	if e.Note != "" {
		parts = append(parts, e.Note)
	}
	return strings.Join(parts, ", ")
}

// told lists a record's events with their numbers.
func told(events []client.Told) string {
	texts := make([]string, len(events))
	for i, e := range events {
		texts[i] = fmt.Sprintf("%d %s", e.N, e.Type)
	}
	return strings.Join(texts, ", ")
}

// detail tells why there is an event of trouble, and which refund an event is about.
func detail(e client.Told) string {
	switch {
	case e.Refund != nil:
		return strings.TrimSuffix(fmt.Sprintf("refund %s of %s: %s", e.Refund.RefundID, sums(e.Refund.Amount),
			e.Refund.Reason), ": ")
	case e.Rejection != nil:
		return refusal(*e.Rejection)
	case e.Discrepancy != nil:
		return differs(*e.Discrepancy)
	case e.Review != "":
		return "a person must look, because of " + e.Review
	default:
		return ""
	}
}

func differs(d client.Discrepancy) string {
	return fmt.Sprintf("%s: ours %s, theirs %s", d.Why, side(d.Ours), side(d.Theirs))
}

func side(s client.Side) string {
	text := s.Status
	if s.Code != "" {
		text += " (" + s.Code + ")"
	}
	if s.Amount != 0 {
		text += " " + sums(s.Amount)
	}
	if s.Transaction != "" {
		text += " transaction " + s.Transaction
	}
	return text
}

// due tells what happens next by itself, and when after the record.
func due(r client.Record) string {
	if i := r.Intent; i != nil && i.At.Equal(r.At) {
		step := i.Step
		if i.Part > 0 {
			step += fmt.Sprintf(", part %d,", i.Part+1)
		}
		return fmt.Sprintf("%s no. %d leaves by %s", step, i.Attempt, apart(i.SendBy.Sub(r.At)))
	}
	if r.Due == nil {
		return ""
	}
	return "looked at again " + apart(r.Due.Sub(r.At).Round(time.Millisecond))
}
