package payment

import (
	"slices"
	"time"
)

// checkCard wants exactly one form of card, and one that the flow takes.
func (c *Command) checkCard(forms []CardForm, now time.Time) *Rejection {
	card := c.Card
	switch {
	case !card.Sealed.IsZero():
		return c.refuse(InvalidValue, "card", "must be sealed or clear, not both")
	case !card.ID.IsZero():
		return c.checkCardID(forms)
	case card.Token.IsZero() && card.Number.IsZero() && *card != CardInput{}:
		return c.refuse(MissingField, "card.number", "is required with the rest of a card")
	case card.Token.IsZero() && card.Number.IsZero():
		return c.refuse(MissingField, "card", "needs a token, or a number and its expiry")
	case !card.Token.IsZero() && (!card.Number.IsZero() || !card.Expiry.IsZero()):
		return c.refuse(InvalidValue, "card", "must be a token or a number, not both")
	case !card.Token.IsZero():
		return c.checkToken(forms)
	}
	if r := c.checkNumber(forms, now); r != nil {
		return r
	}
	return c.checkHolder(forms)
}

func (c *Command) checkCardID(forms []CardForm) *Rejection {
	card := c.Card
	switch {
	case !slices.Contains(forms, CardID):
		return c.refuse(UnknownField, "card.id", "is not taken here")
	case *card != CardInput{ID: card.ID}:
		return c.refuse(InvalidValue, "card", "must be an id or a number, not both")
	case !card.ID.Digits() || card.ID.Len() > maxCardDigits:
		return c.refuse(InvalidValue, "card.id", "must be a whole number")
	default:
		return nil
	}
}

// checkHolder wants the holder's name and the CVC beside a number where the flow takes them, and nowhere else.
func (c *Command) checkHolder(forms []CardForm) *Rejection {
	card, full := c.Card, slices.Contains(forms, CardFull)
	switch {
	case !full && !card.Holder.IsZero():
		return c.refuse(UnknownField, "card.holder", "is not taken here")
	case !full && !card.CVC.IsZero():
		return c.refuse(UnknownField, "card.cvc", "is not taken here")
	case !full:
		return nil
	case card.Holder.IsZero():
		return c.refuse(MissingField, "card.holder", "is required with card.number")
	case !isName(card.Holder.Reveal()):
		return c.refuse(InvalidValue, "card.holder", "must be a name of at most 100 characters")
	case card.CVC.IsZero():
		return c.refuse(MissingField, "card.cvc", "is required with card.number")
	case !card.CVC.Digits() || card.CVC.Len() < minCVC || card.CVC.Len() > maxCVC:
		return c.refuse(InvalidValue, "card.cvc", "must be 3 or 4 digits")
	default:
		return nil
	}
}

func (c *Command) checkToken(forms []CardForm) *Rejection {
	switch {
	case !slices.Contains(forms, CardToken):
		return c.refuse(UnknownField, "card.token", "is not taken here")
	case !c.Card.Holder.IsZero():
		return c.refuse(UnknownField, "card.holder", "is not taken with a token")
	case !c.Card.CVC.IsZero():
		return c.refuse(UnknownField, "card.cvc", "is not taken with a token")
	case c.Card.Token.Len() > maxToken:
		return c.refuse(InvalidValue, "card.token", "is longer than 512 bytes")
	default:
		return nil
	}
}

func (c *Command) checkNumber(forms []CardForm, now time.Time) *Rejection {
	card := c.Card
	switch {
	case !slices.ContainsFunc(forms, CardForm.numbered):
		return c.refuse(UnknownField, "card.number", "is not taken here")
	case !card.Number.Digits() || card.Number.Len() < minCardDigits || card.Number.Len() > maxCardDigits:
		return c.refuse(InvalidValue, "card.number", "must be 13 to 19 digits")
	case slices.Contains(forms, CardBare) && !card.Expiry.IsZero():
		return c.refuse(UnknownField, "card.expiry", "is not taken here")
	case slices.Contains(forms, CardBare):
		return nil
	case card.Expiry.IsZero():
		return c.refuse(MissingField, "card.expiry", "is required with card.number")
	}
	end, ok := monthEnd(card.Expiry.Reveal())
	switch {
	case !ok:
		return c.refuse(InvalidValue, "card.expiry", "must be YYmm")
	case !now.Before(end):
		return c.refuse(InvalidValue, "card.expiry", "is past")
	default:
		return nil
	}
}

func (f CardForm) numbered() bool { return f == CardNumber || f == CardBare || f == CardFull }

// monthEnd is the instant at which a card with the expiry YYmm stops being good.
func monthEnd(expiry string) (time.Time, bool) {
	month, err := time.ParseInLocation("0601", expiry, cardZone())
	if err != nil || len(expiry) != len("0601") {
		return time.Time{}, false
	}
	// Two digits of year mean 2000 to 2099 here; the parser's pivot would read 69 to 99 as the last century.
	if month.Year() < 2000 {
		month = month.AddDate(100, 0, 0)
	}
	return month.AddDate(0, 1, 0), true
}
