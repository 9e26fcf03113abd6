package payment

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The contract's limits.
const (
	maxText          = 255 // characters of account, description, reason and the like
	maxMetadata      = 20
	maxMetadataKey   = 64
	maxMetadataValue = 500
	maxItems         = 100
	maxExpiresInS    = 90 * 24 * 3600
	minCardDigits    = 13
	maxCardDigits    = 19
	maxToken         = 512
	maxOTP           = 12
	maxEvidence      = 2000
	minCVC           = 3
	maxCVC           = 4
)

// cardZone is where the issuers live: a card is good until its month ends in Tashkent.
func cardZone() *time.Location { return time.FixedZone("UTC+5", 5*60*60) }

// Check applies the contract's rules to a decoded command: the first one broken is the rejection, nil means valid.
// The card must have been opened before, if it came sealed.
func (c *Command) Check(s Shape, now time.Time) *Rejection {
	if r := s.check(c); r != nil {
		return r
	}
	for _, rule := range []func() *Rejection{
		c.checkTexts, c.checkAmount, c.checkMetadata, c.checkLang, c.checkExpiresIn, c.checkOFDItems,
		c.checkOTP, c.checkResolution, c.checkItems, c.checkHosted, c.checkHold, c.checkRefund, c.checkPayout,
		c.checkPerson, c.checkWithdrawal, c.checkCustomerIP,
	} {
		if r := rule(); r != nil {
			return r
		}
	}
	if r := s.checkBounds(c); r != nil {
		return r
	}
	if r := s.checkHosted(c, now); r != nil {
		return r
	}
	if c.Card != nil {
		return c.checkCard(s.Cards, now)
	}
	return nil
}

func (c *Command) checkTexts() *Rejection {
	texts := []struct {
		field, value string
		most         int
	}{
		{"account", c.Account, maxText},
		{"description", c.Description, maxText},
		{"reason", c.Reason, maxText},
		{"terminal_id", c.TerminalID, maxText},
		{"invoice_id", c.InvoiceID, maxText},
		{"actor", c.Actor, maxText},
		{"approved_by", c.ApprovedBy, maxText},
		{"evidence", c.Evidence, maxEvidence},
	}
	for _, t := range texts {
		if utf8.RuneCountInString(t.value) > t.most {
			return c.refuse(InvalidValue, t.field, "is longer than "+strconv.Itoa(t.most)+" characters")
		}
	}
	if c.CommandID != "" && !IsExtID(c.CommandID) {
		return c.refuse(InvalidValue, "command_id", "must match [A-Za-z0-9._:-]{1,64}")
	}
	return nil
}

func (c *Command) checkAmount() *Rejection {
	if c.Amount == nil {
		return nil
	}
	return c.amountRule("amount", *c.Amount)
}

func (c *Command) amountRule(field string, amount Money) *Rejection {
	switch {
	case amount <= 0:
		return c.refuse(InvalidValue, field, "must be more than 0 tiyin")
	case amount > MaxMoney:
		return c.refuse(InvalidValue, field, "must be at most 10^15 tiyin")
	default:
		return nil
	}
}

func (c *Command) checkMetadata() *Rejection {
	if len(c.Metadata) > maxMetadata {
		return c.refuse(InvalidValue, "metadata", "has more than 20 keys")
	}
	for _, key := range slices.Sorted(maps.Keys(c.Metadata)) { // in order, so that the same fault is named every time
		value := c.Metadata[key]
		switch {
		case key == "" || utf8.RuneCountInString(key) > maxMetadataKey:
			return c.refuse(InvalidValue, "metadata", "has a key that is empty or longer than 64 characters")
		case utf8.RuneCountInString(value) > maxMetadataValue:
			return c.refuse(InvalidValue, "metadata."+key, "is longer than 500 characters")
		}
	}
	return nil
}

func (c *Command) checkLang() *Rejection {
	switch c.Lang {
	case "", "uz", "ru", "en":
		return nil
	default:
		return c.refuse(InvalidValue, "lang", "must be uz, ru or en")
	}
}

func (c *Command) checkExpiresIn() *Rejection {
	if c.ExpiresInS == nil || (*c.ExpiresInS > 0 && *c.ExpiresInS <= maxExpiresInS) {
		return nil
	}
	return c.refuse(InvalidValue, "expires_in_s", "must be from 1 to "+strconv.Itoa(maxExpiresInS)+" seconds")
}

func (c *Command) checkOFDItems() *Rejection {
	if len(c.OFDItems) > maxItems {
		return c.refuse(InvalidValue, "ofd_items", "has more than 100 items")
	}
	for i, item := range c.OFDItems {
		path := "ofd_items." + strconv.Itoa(i)
		switch {
		case item.Name == "":
			return c.refuse(MissingField, path+".name", "is required")
		case item.OFDCode == "":
			return c.refuse(MissingField, path+".ofd_code", "is required")
		case item.Amount == nil:
			return c.refuse(MissingField, path+".amount", "is required")
		case item.Quantity != nil && *item.Quantity <= 0:
			return c.refuse(InvalidValue, path+".quantity", "must be more than 0")
		}
		if r := c.amountRule(path+".amount", *item.Amount); r != nil {
			return r
		}
	}
	return nil
}

func (c *Command) checkOTP() *Rejection {
	if c.OTP.IsZero() || (c.OTP.Digits() && c.OTP.Len() <= maxOTP) {
		return nil
	}
	return c.refuse(InvalidValue, "otp", "must be 1 to 12 digits")
}

func (c *Command) checkResolution() *Rejection {
	if c.Verb != VerbResolve {
		return nil
	}
	switch c.Outcome {
	case Completed, Failed, Cancelled:
	default:
		return c.refuse(InvalidValue, "outcome", "must be completed, failed or cancelled")
	}
	actor, approver := strings.TrimSpace(c.Actor), strings.TrimSpace(c.ApprovedBy)
	switch {
	case strings.TrimSpace(c.Evidence) == "":
		return c.refuse(InvalidValue, "evidence", "must not be blank")
	case actor == "":
		return c.refuse(InvalidValue, "actor", "must not be blank")
	case approver == "":
		return c.refuse(InvalidValue, "approved_by", "must not be blank")
	case strings.EqualFold(actor, approver):
		return c.refuse(InvalidValue, "approved_by", "must be another person than actor")
	default:
		return nil
	}
}
