package payment

import (
	"net/url"
	"strconv"
	"unicode/utf8"
)

const (
	maxURL         = 2000
	maxDurationMin = 30 * 24 * 60
)

// checkItems wants the parts of an opening command to be whole and to add up, and those of a charge to be named once.
func (c *Command) checkItems() *Rejection {
	switch {
	case c.Items != nil && len(c.Items) == 0:
		return c.refuse(InvalidValue, "items", "must not be empty")
	case len(c.Items) > maxItems:
		return c.refuse(InvalidValue, "items", "has more than 100 items")
	}
	var sum Money
	named := map[int]bool{}
	for i, item := range c.Items {
		path := "items." + strconv.Itoa(i)
		if r := c.checkItem(path, item, named); r != nil {
			return r
		}
		if item.Amount != nil {
			sum += *item.Amount
		}
	}
	if c.Verb.Opens() && len(c.Items) > 0 && c.Amount != nil && sum != *c.Amount {
		return c.refuse(InvalidValue, "amount", "must be the sum of the items")
	}
	if c.Verb == VerbCharge && len(c.Items) > 0 && c.Amount != nil {
		return c.refuse(UnknownField, "amount", "is told by the items")
	}
	return nil
}

func (c *Command) checkItem(path string, item ItemInput, named map[int]bool) *Rejection {
	if item.Amount != nil {
		if r := c.amountRule(path+".amount", *item.Amount); r != nil {
			return r
		}
	}
	if c.Verb == VerbCharge {
		return c.checkChosen(path, item, named)
	}
	switch {
	case item.Account == "":
		return c.refuse(MissingField, path+".account", "is required")
	case item.Amount == nil:
		return c.refuse(MissingField, path+".amount", "is required")
	case item.Index != nil:
		return c.refuse(UnknownField, path+".index", "is given by the order of the items")
	}
	for _, text := range []struct{ field, value string }{
		{".account", item.Account}, {".details", item.Details}, {".terminal_id", item.TerminalID},
	} {
		if utf8.RuneCountInString(text.value) > maxText {
			return c.refuse(InvalidValue, path+text.field, "is longer than 255 characters")
		}
	}
	return nil
}

func (c *Command) checkChosen(path string, item ItemInput, named map[int]bool) *Rejection {
	switch {
	case item.Index == nil:
		return c.refuse(MissingField, path+".index", "is required")
	case *item.Index < 0 || *item.Index >= maxItems:
		return c.refuse(InvalidValue, path+".index", "must be the place of an item of the hold, from 0")
	case named[*item.Index]:
		return c.refuse(InvalidValue, path+".index", "names an item twice")
	case item.Account != "" || item.Details != "" || item.TerminalID != "":
		return c.refuse(UnknownField, path, "takes index and amount only")
	}
	named[*item.Index] = true
	return nil
}

func (c *Command) checkHosted() *Rejection {
	if c.Hosted == nil || c.Hosted.SuccessURL == "" {
		return nil
	}
	u, err := url.Parse(c.Hosted.SuccessURL)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || len(c.Hosted.SuccessURL) > maxURL {
		return c.refuse(InvalidValue, "hosted.success_url", "must be an http or https address of at most 2000 characters")
	}
	return nil
}

func (c *Command) checkHold() *Rejection {
	if c.DurationMin == nil || (*c.DurationMin > 0 && *c.DurationMin <= maxDurationMin) {
		return nil
	}
	return c.refuse(InvalidValue, "duration_min", "must be from 1 to "+strconv.Itoa(maxDurationMin)+" minutes")
}

func (c *Command) checkRefund() *Rejection {
	if c.RefundID == "" || IsExtID(c.RefundID) {
		return nil
	}
	return c.refuse(InvalidValue, "refund_id", "must match [A-Za-z0-9._:-]{1,64}")
}
