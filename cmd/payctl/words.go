package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tolov/client"
)

// sums writes tiyin as sums, the thousands apart: 5000050 is "50 000.50".
func sums(tiyin int64) string {
	sign := ""
	if tiyin < 0 {
		sign, tiyin = "-", -tiyin
	}
	whole := strconv.FormatInt(tiyin/100, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + " " + whole[i:]
	}
	return fmt.Sprintf("%s%s.%02d", sign, whole, tiyin%100)
}

// apart writes the time from one moment to another, as precisely as a person reads it.
func apart(d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	switch {
	case d < time.Second:
		return fmt.Sprintf("%s%d ms", sign, d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%s%.1f s", sign, d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%s%dm%02ds", sign, int(d.Minutes()), int(d.Seconds())%60)
	default:
		return fmt.Sprintf("%s%dh%02dm", sign, int(d.Hours()), int(d.Minutes())%60)
	}
}

// mark is an event in one sign.
func mark(t client.EventType) cell {
	switch t {
	case client.EventCompleted, client.EventCardLinked, client.EventReceiptIssued, client.EventRefunded:
		return cell{"✓", green}
	case client.EventFailed, client.EventRejected, client.EventRefundFailed:
		return cell{"✗", red}
	case client.EventInDoubt:
		return cell{"?", yellow}
	case client.EventActionRequired, client.EventNeedsReview, client.EventDiscrepancy:
		return cell{"!", yellow}
	case client.EventCancelled, client.EventCardRemoved:
		return cell{"–", dim}
	default:
		return cell{"·", cyan}
	}
}

// statusStyle colours a status.
func statusStyle(s client.Status) style {
	switch s {
	case client.StatusCompleted, client.StatusLinked, client.StatusPartiallyRefunded, client.StatusRefunded:
		return green
	case client.StatusFailed:
		return red
	case client.StatusInDoubt, client.StatusNeedsReview, client.StatusActionRequired:
		return yellow
	case client.StatusCancelled, client.StatusRemoved:
		return dim
	default:
		return cyan
	}
}

// tell says in one line what an event is about. now is for times that run out.
func tell(e client.Event, now time.Time) string { return printable(joined(about(e, now))) }

func joined(texts []string) string {
	var parts []string
	for _, text := range texts {
		if text != "" {
			parts = append(parts, strings.TrimSuffix(text, "."))
		}
	}
	return strings.Join(parts, ", ")
}

// about says what an event is about, the most important thing first.
func about(e client.Event, now time.Time) []string {
	p := e.Payment
	switch {
	case e.Type == client.EventRejected && e.Rejection != nil:
		return []string{refusal(*e.Rejection)}
	case e.Type == client.EventDiscrepancy && e.Discrepancy != nil:
		return []string{differs(*e.Discrepancy)}
	case p == nil:
		return nil
	}
	switch e.Type {
	case client.EventAccepted:
		return ordered(p)
	case client.EventActionRequired:
		return []string{wanted(p.Action, now)}
	case client.EventHeld:
		return []string{fmt.Sprintf("%s %s held until %s%s", sums(p.AmountHeld), p.Currency, minute(p.HeldUntil),
			left(p.HeldUntil, now))}
	case client.EventInDoubt:
		return []string{"no clear answer to the call that moves the money: asking what became of it"}
	case client.EventCompleted:
		return charged(p)
	case client.EventFailed:
		return failure(p.Failure)
	case client.EventCancelled:
		return []string{strings.ReplaceAll(p.CancelReason, "_", " ")}
	case client.EventRefunded, client.EventRefundFailed:
		return refunded(e)
	case client.EventReceiptIssued:
		return receipts(p)
	case client.EventNeedsReview:
		return []string{"a person must look: " + e.Review}
	case client.EventCardLinked, client.EventCardRemoved:
		return []string{"card " + cardShown(p.Card)}
	default:
		return nil
	}
}

func refusal(r client.Rejection) string {
	text := r.Message
	if r.Field != "" {
		text = r.Field + " " + text
	}
	return fmt.Sprintf("%s: %s (%s)", r.Verb, text, r.Code)
}

func wanted(a *client.Action, now time.Time) string {
	if a == nil {
		return ""
	}
	within := ""
	if left := a.ExpiresAt.Sub(now); !a.ExpiresAt.IsZero() && left > 0 {
		within = " within " + strings.TrimPrefix(apart(left.Round(time.Second)), "+")
	}
	if a.URL != "" {
		return "the customer must visit " + a.URL + within
	}
	text := "the customer must enter the code"
	if a.Phone != "" {
		text += " sent to " + a.Phone
	}
	text += within
	return fmt.Sprintf("%s, %d attempts left", text, a.AttemptsLeft)
}

func failure(f *client.Failure) []string {
	if f == nil {
		return nil
	}
	code := f.Code
	if f.ProviderCode != "" {
		code += " (" + f.ProviderCode + ")"
	}
	return []string{code, f.Message.EN, "advice: " + strings.ReplaceAll(f.Advice, "_", " ")}
}
