package main

import (
	"fmt"
	"strings"
	"time"

	"tolov/client"
)

// ordered tells what a payment was opened for.
func ordered(p *client.Payment) []string {
	switch {
	case p.Amount == 0:
		return []string{"card " + cardShown(p.Card)}
	case len(p.Items) > 0:
		return append([]string{fmt.Sprintf("%s %s for %d items", sums(p.Amount), p.Currency, len(p.Items))},
			each(p, func(i client.ItemShown) int64 { return i.Amount })...)
	case p.Kind == withdrawal:
		return []string{fmt.Sprintf("%s %s from the person's cards", sums(p.Amount), p.Currency)}
	case p.Kind == payout:
		return []string{fmt.Sprintf("%s %s to card %s", sums(p.Amount), p.Currency, cardShown(p.Card))}
	default:
		return []string{fmt.Sprintf("%s %s for account %s", sums(p.Amount), p.Currency, p.Account)}
	}
}

// The kinds of payment that are not for an account.
const (
	withdrawal = "withdraw"
	payout     = "payout"
)

// charged tells what was taken or paid out, and what was not: of a hold, or of what a person owes.
func charged(p *client.Payment) []string {
	text := fmt.Sprintf("%s %s charged", sums(p.AmountCharged), p.Currency)
	switch {
	case p.Kind == payout:
		text = fmt.Sprintf("%s %s paid out to %s", sums(p.AmountCharged), p.Currency, cardShown(p.Card))
	case p.Kind == withdrawal && p.AmountCharged < p.Amount:
		text += " of " + sums(p.Amount)
	}
	if released := p.AmountHeld - p.AmountCharged; released > 0 {
		text += fmt.Sprintf(", %s released", sums(released))
	}
	return append([]string{text}, each(p, func(i client.ItemShown) int64 { return i.AmountCharged })...)
}

// each lists a payment's items by their accounts, with an amount in tiyin.
func each(p *client.Payment, amount func(client.ItemShown) int64) []string {
	var texts []string
	for _, item := range p.Items {
		texts = append(texts, named(item)+" "+sums(amount(item)))
	}
	return texts
}

// named is whom an item is for, or which card it was taken from.
func named(item client.ItemShown) string {
	if item.Account == "" {
		return cardShown(item.Card)
	}
	return item.Account
}

// itemised is all there is to know of an item.
func itemised(item client.ItemShown, currency string) string {
	text := fmt.Sprintf("%s  %s %s, %s charged", named(item), sums(item.Amount), currency, sums(item.AmountCharged))
	if item.Details != "" {
		text += ", " + item.Details
	}
	text += pairs(item.ProviderRefs)
	for _, url := range urls(item.Receipts) {
		text += "  " + url
	}
	return text
}

// refunded tells of one refund.
func refunded(e client.Event) []string {
	r, p := e.Refund, e.Payment
	switch {
	case r == nil:
		return nil
	case e.Type == client.EventRefundFailed:
		return []string{fmt.Sprintf("%s %s not given back: refund %s", sums(r.Amount), p.Currency, r.RefundID)}
	default:
		return []string{fmt.Sprintf("%s %s given back, %s in all: refund %s", sums(r.Amount), p.Currency,
			sums(p.AmountRefunded), r.RefundID)}
	}
}

func refundStyle(r client.RefundShown) style {
	if r.Status == "failed" {
		return red
	}
	return plain
}

// cardShown is a card as people may see it. Its token is hidden: it pays.
func cardShown(card *client.CardShown) string {
	if card == nil {
		return ""
	}
	text := card.Masked
	if card.ID != "" {
		text += ", id " + card.ID
	}
	if card.Holder != "" {
		text += ", " + card.Holder
	}
	if card.Token != "" {
		text += ", token ***"
	}
	return text
}

// left is the time until a moment, in brackets, or nothing when it is past.
func left(t, now time.Time) string {
	if !t.After(now) {
		return ""
	}
	return " (in " + strings.TrimPrefix(apart(t.Sub(now).Round(time.Second)), "+") + ")"
}

// minute is a moment to the minute, in the reader's own zone.
func minute(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// receipts lists the receipts of a payment, and those of its items.
func receipts(p *client.Payment) []string {
	texts := urls(p.Receipts)
	for _, item := range p.Items {
		texts = append(texts, urls(item.Receipts)...)
	}
	return texts
}

func urls(receipts []client.Receipt) []string {
	var texts []string
	for _, r := range receipts {
		texts = append(texts, r.Kind+" "+r.URL)
	}
	return texts
}
