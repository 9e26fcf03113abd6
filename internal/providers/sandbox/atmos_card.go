package sandbox

import (
	"strings"
)

// atmosCard is what a payment is charged to: a card that a code is sent to, or a linked one.
type atmosCard struct {
	masked string // first six and last four digits, or "token"
	id     string // card_id
	token  string // empty for a number

	atPrepare string // result code of pre-apply
	atApply   string // result code of apply
}

const magicLateMS = 3000

// tokenCard knows the magic tokens.
func tokenCard(token string) atmosCard {
	c := atmosCard{masked: "token", id: token, token: token, atPrepare: codeOK, atApply: codeOK}
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

// card reads the request's card, or tells what is wrong with it.
func (c *atmosCall) card() (atmosCard, string) {
	in := &c.in
	switch {
	case in.CardToken != "" && in.CardNumber != "":
		return atmosCard{}, codeInvalidParameters
	case in.CardToken != "":
		return tokenCard(string(in.CardToken)), codeOK
	case in.CardNumber == "" || in.Expiry == "":
		return atmosCard{}, codeParameterMissing
	case !digits(string(in.CardNumber), 16):
		return atmosCard{}, codeCardNumber
	case !isExpiry(string(in.Expiry)):
		return atmosCard{}, codeBadFormat
	}
	return numberCard(string(in.CardNumber)), codeOK
}

func digits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}

// isExpiry tells whether s is a YYmm.
func isExpiry(s string) bool {
	return digits(s, 4) && s[2:] >= "01" && s[2:] <= "12"
}

// magic is what the payment's token brings about at apply. Asking for it uses up a loss.
func (a *atmos) magic(c *atmosCall) Fault {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.payments[c.transaction]
	if p == nil || p.state != atmosPrepared {
		return Fault{}
	}
	switch {
	case strings.Contains(p.card.token, "silent"):
		return Fault{Kind: SilentAfter}
	case strings.Contains(p.card.token, "late"):
		return Fault{Kind: Late, DelayMS: magicLateMS}
	case strings.Contains(p.card.token, "lost") && !p.lost:
		p.lost = true
		return Fault{Kind: SilentBefore}
	}
	return Fault{}
}
