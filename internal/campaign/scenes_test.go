package campaign_test

import (
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// scene is one way a payment can go, and how it must end however often the worker dies on the way.
type scene struct {
	name     string
	opens    payment.Verb // empty: pay
	provider string       // empty: atmos
	with     string       // the opening command's fields beside ext_id and provider; $ is the ext_id, ###### the run
	op       string       // the provider's call that the fault strikes, once
	fault    string
	codes    []string // what the customer answers when asked for a code; the last one again and again
	cancel   bool     // the customer cancels instead of answering
	page     bool     // the customer does what is asked at the provider's page
	person   bool     // somebody looks at the ledger when a review is needed
	anew     bool     // it may also fail and want the card again, when the call with the card was never made
	then     []follow // what the caller does next
	ends     payment.Status
	debits   int
	moved    int64 // tiyin that left the card for good
	cards    int   // that are linked in the end
}

// follow is a command that is given when the payment comes to rest in a status.
type follow struct {
	at   payment.Status
	verb payment.Verb
	with string
}

const (
	one       = `"amount":5000,"account":"$",`
	two       = `"amount":5000,"items":[{"account":"$-a","amount":2000},{"account":"$-b","amount":3000}],`
	aToken    = `"card":{"token":"t"}`
	aNumber   = `"card":{"number":"860049######3347","expiry":"9912"}`
	anHour    = `,"duration_min":600`
	rightCode = "111111"
)

func scenes() []scene {
	right := []string{rightCode}
	return []scene{
		{name: "token", with: one + aToken, ends: payment.Completed, debits: 1, moved: 5000},
		{name: "token, never answered", with: one + aToken, op: "apply", fault: sandbox.SilentAfter,
			ends: payment.Completed, debits: 1, moved: 5000},
		{name: "token, never arrived", with: one + aToken, op: "apply", fault: sandbox.SilentBefore,
			ends: payment.Completed, debits: 1, moved: 5000},
		{name: "token, declined", with: one + `"card":{"token":"insufficient"}`, ends: payment.Failed},
		{name: "code", with: one + aNumber, codes: right, ends: payment.Completed, debits: 1, moved: 5000},
		{name: "code, wrong first", with: one + aNumber, codes: []string{"1", rightCode},
			ends: payment.Completed, debits: 1, moved: 5000},
		{name: "code, never answered", with: one + aNumber, op: "apply", fault: sandbox.SilentAfter, codes: right,
			ends: payment.Completed, debits: 1, moved: 5000},
		{name: "code, nobody answers", with: one + aNumber, ends: payment.Cancelled},
		{name: "code, cancelled", with: one + aNumber, cancel: true, ends: payment.Cancelled},
	}
}

func bulkScenes() []scene {
	return []scene{
		{name: "bulk", with: two + aToken, ends: payment.Completed, debits: 2, moved: 5000},
		{name: "bulk, never answered", with: two + aToken, op: "bulk-apply", fault: sandbox.SilentAfter,
			ends: payment.Completed, debits: 2, moved: 5000},
		{name: "bulk, refunded", with: two + aToken,
			then: []follow{{payment.Completed, payment.VerbRefund, `"refund_id":"r"`}}, ends: payment.Refunded, debits: 2},
		{name: "page", with: one + `"hosted":{}`, page: true, ends: payment.Completed, debits: 1, moved: 5000},
	}
}

func holdScenes() []scene {
	held := func(verb payment.Verb, with string) []follow { return []follow{{payment.Held, verb, with}} }
	return []scene{
		{name: "hold, partly charged", opens: payment.VerbHold, with: one + aToken + anHour,
			then: held(payment.VerbCharge, `"amount":3000`), ends: payment.Completed, debits: 1, moved: 3000},
		{name: "hold, never answered", opens: payment.VerbHold, with: one + aToken + anHour,
			op: "hold-apply", fault: sandbox.SilentAfter,
			then: held(payment.VerbCharge, ""), ends: payment.Completed, debits: 1, moved: 5000},
		{name: "hold, charge never answered", opens: payment.VerbHold, with: one + aToken + anHour,
			op: "hold-charge", fault: sandbox.SilentAfter,
			then: held(payment.VerbCharge, ""), ends: payment.Completed, debits: 1, moved: 5000},
		{name: "hold, released", opens: payment.VerbHold, with: one + aNumber + anHour, codes: []string{rightCode},
			then: held(payment.VerbCancel, ""), ends: payment.Cancelled},
		{name: "hold, release never answered", opens: payment.VerbHold, with: one + aToken + anHour,
			op: "hold-cancel", fault: sandbox.SilentAfter, then: held(payment.VerbCancel, ""), ends: payment.Cancelled},
		{name: "hold, runs out", opens: payment.VerbHold, with: one + aToken + `,"duration_min":30`,
			ends: payment.Cancelled},
		{name: "items, one charged", opens: payment.VerbHold, with: two + aToken + anHour,
			then: held(payment.VerbCharge, `"items":[{"index":1,"amount":1000}]`),
			ends: payment.Completed, debits: 1, moved: 1000},
	}
}

func refundScenes() []scene {
	whole := []follow{{payment.Completed, payment.VerbRefund, `"refund_id":"r"`}}
	parts := []follow{
		{payment.Completed, payment.VerbRefund, `"refund_id":"r1","amount":2000`},
		{payment.PartiallyRefunded, payment.VerbRefund, `"refund_id":"r2"`},
	}
	return []scene{
		{name: "refund", with: one + aToken, then: whole, ends: payment.Refunded, debits: 1},
		{name: "refund, never answered", with: one + aToken, op: "reverse", fault: sandbox.SilentAfter,
			then: whole, ends: payment.Refunded, debits: 1},
		{name: "refund in parts", with: one + aToken, then: parts, ends: payment.Refunded, debits: 1},
		{name: "refund in parts, never answered", with: one + aToken,
			op: "confirm-reverse-partial", fault: sandbox.SilentAfter,
			then: parts[:1], ends: payment.PartiallyRefunded, debits: 1, moved: 3000},
	}
}

func cardScenes() []scene {
	removed := []follow{{payment.Linked, payment.VerbRemoveCard, ""}}
	return []scene{
		{name: "link", opens: payment.VerbLinkCard, with: aNumber, codes: []string{rightCode},
			ends: payment.Linked, cards: 1},
		{name: "link, never answered", opens: payment.VerbLinkCard, with: aNumber, codes: []string{rightCode},
			op: "bind-confirm", fault: sandbox.SilentAfter, ends: payment.Linked, cards: 1},
		{name: "link, removed", opens: payment.VerbLinkCard, with: aNumber, codes: []string{rightCode},
			then: removed, ends: payment.Removed},
	}
}
