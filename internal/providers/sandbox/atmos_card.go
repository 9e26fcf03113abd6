package sandbox

import (
	"strings"
	"time"
)

// atmosCard is what a payment is charged to: a card that a code is sent to, or a linked one.
type atmosCard struct {
	masked string // first six and last four digits, or "token"
	id     string // card_id
	token  string // empty for a number

	atPrepare string // result code of pre-apply
	atApply   string // result code of apply
}

const (
	magicLateMS = 3000
	maskedToken = "token" // instead of digits, for a token that was never linked here
)

// tokenCard knows the cards that were linked, and the magic tokens. With the lock held.
func (a *atmos) tokenCard(token string) atmosCard {
	known, found := a.linked[token]
	switch {
	case !found:
		return magicCard(token)
	case known.removed:
		return atmosCard{masked: known.card.masked, id: token, token: token, atPrepare: codeCardNotFound}
	}
	c := known.card
	c.id, c.token = token, token
	return c
}

// magicCard knows the magic tokens.
func magicCard(token string) atmosCard {
	c := atmosCard{masked: maskedToken, id: token, token: token, atPrepare: codeOK, atApply: codeOK}
	switch {
	case strings.Contains(token, "blocked"):
		c.atPrepare = codeBlocked
	case strings.Contains(token, "missing"):
		c.atPrepare = codeCardNotFound
	case strings.Contains(token, "insufficient"):
		c.atApply = codeInsufficient
	}
	return c
}

// numberCard knows the published test cards. The number has sixteen digits.
func numberCard(number string) atmosCard {
	c := atmosCard{
		masked: number[:6] + "******" + number[12:], id: "card" + number[12:], atPrepare: codeOK, atApply: codeOK,
	}
	switch number {
	case "8600492986215602":
		c.atPrepare = codeExpired
	case "8600493214116133":
		c.atPrepare = codeNoSMS
	case "8600312998546358":
		c.atApply = codeInsufficient
	case "8600312987000557":
		c.atApply = codeInternal
	}
	return c
}

// card reads a request's card, or tells what refuses it. With the lock held.
func (a *atmos) card(token, number, expiry loose) (atmosCard, string) {
	c := atmosCard{}
	switch {
	case token != "" && number != "":
		return c, codeInvalidParameters
	case token != "":
		c = a.tokenCard(string(token))
	case number == "" || expiry == "":
		return c, codeParameterMissing
	case !digits(string(number), 16):
		return c, codeCardNumber
	case !isExpiry(string(expiry)):
		return c, codeBadFormat
	default:
		c = numberCard(string(number))
	}
	return c, c.atPrepare
}

func digits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}

// isExpiry tells whether s is a YYmm.
func isExpiry(s string) bool {
	return digits(s, 4) && s[2:] >= "01" && s[2:] <= "12"
}

// magic is what a payment's token brings about at apply. Asking for it uses up a loss. With the lock held.
func (p *atmosPayment) magic() Fault {
	if p == nil || p.state != atmosPrepared {
		return Fault{}
	}
	switch {
	case strings.Contains(p.card.token, "silent"):
		return Fault{Kind: SilentAfter}
	case strings.Contains(p.card.token, "late"):
		return Fault{Kind: Late, DelayMS: magicLateMS}
	case strings.Contains(p.card.token, "mixed"):
		return Fault{Kind: Mixed}
	case strings.Contains(p.card.token, "lost") && !p.lost:
		p.lost = true
		return Fault{Kind: SilentBefore}
	}
	return Fault{}
}

// atmosCode is a code that confirms something: how long it holds, and how often it was given wrong.
type atmosCode struct {
	till  time.Time
	wrong int
}

// judge tells what is wrong with a code. One that nobody was sent, for a linked card, never runs out.
func (k *atmosCode) judge(otp loose, sent bool, now time.Time) string {
	switch {
	case otp == "":
		return codeParameterMissing
	case otp != sentCode:
		k.wrong++
		return codeWrongOTP
	case sent && now.After(k.till):
		return codeWrongOTP
	}
	return codeOK
}

// spent tells whether no attempt is left.
func (k *atmosCode) spent() bool { return k.wrong >= wrongCodes }
