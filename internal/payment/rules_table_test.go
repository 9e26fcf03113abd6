package payment_test

import (
	"strconv"
	"strings"

	"tolov/internal/payment"
)

// fieldRules: missing fields and fields that the verb does not take are refused by name.
func fieldRules() []rule {
	pay := payment.VerbPay
	return []rule{
		{"amount is required", pay, func(c *payment.Command) { c.Amount = nil }, payment.MissingField, "amount"},
		{"account is required", pay, func(c *payment.Command) { c.Account = "" }, payment.MissingField, "account"},
		{"card is required", pay, func(c *payment.Command) { c.Card = nil }, payment.MissingField, "card"},
		{"all options together", pay, func(c *payment.Command) {
			c.Description, c.Lang, c.TerminalID, c.ExpiresInS = "tea", "uz", "7", seconds(60)
			c.Metadata = map[string]string{"k": "v"}
			c.OFDItems = []payment.OFDItem{item("tea", "1", money(5_000_000))}
		}, "", ""},
		{"otp is not pay's", pay, func(c *payment.Command) { c.OTP = payment.NewSecret("1") }, payment.UnknownField, "otp"},
		{"reason is not pay's", pay, func(c *payment.Command) { c.Reason = "r" }, payment.UnknownField, "reason"},
		{"command_id is not pay's", pay, func(c *payment.Command) { c.CommandID = "c" }, payment.UnknownField, "command_id"},
		{"outcome is not pay's", pay, func(c *payment.Command) { c.Outcome = "failed" }, payment.UnknownField, "outcome"},
		{"evidence is not pay's", pay, func(c *payment.Command) { c.Evidence = "e" }, payment.UnknownField, "evidence"},
		{"actor is not pay's", pay, func(c *payment.Command) { c.Actor = "a" }, payment.UnknownField, "actor"},
		{"approver is not pay's", pay, func(c *payment.Command) { c.ApprovedBy = "b" }, payment.UnknownField, "approved_by"},
	}
}

// textRules: account and description have 255 characters, not bytes.
func textRules() []rule {
	texts := []struct {
		verb  payment.Verb
		field string
		most  int
		set   func(c *payment.Command, s string)
	}{
		{payment.VerbPay, "account", 255, func(c *payment.Command, s string) { c.Account = s }},
		{payment.VerbPay, "description", 255, func(c *payment.Command, s string) { c.Description = s }},
		{payment.VerbPay, "terminal_id", 255, func(c *payment.Command, s string) { c.TerminalID = s }},
		{payment.VerbCancel, "reason", 255, func(c *payment.Command, s string) { c.Reason = s }},
		{payment.VerbResolve, "actor", 255, func(c *payment.Command, s string) { c.Actor = s }},
		{payment.VerbResolve, "approved_by", 255, func(c *payment.Command, s string) { c.ApprovedBy = s }},
		{payment.VerbResolve, "evidence", 2000, func(c *payment.Command, s string) { c.Evidence = s }},
	}
	var rules []rule
	for _, text := range texts {
		fill := func(n int) func(c *payment.Command) {
			return func(c *payment.Command) { text.set(c, strings.Repeat("ў", n)) }
		}
		most := strconv.Itoa(text.most)
		rules = append(rules,
			rule{text.field + " of " + most + " characters", text.verb, fill(text.most), "", ""},
			rule{text.field + " is longer", text.verb, fill(text.most + 1), payment.InvalidValue, text.field})
	}
	return rules
}

// valueRules: amounts, metadata, lang and expires_in_s.
func valueRules() []rule {
	amount := func(m payment.Money) func(*payment.Command) {
		return func(c *payment.Command) { c.Amount = money(m) }
	}
	expires := func(n int64) func(*payment.Command) { return func(c *payment.Command) { c.ExpiresInS = seconds(n) } }
	lang := func(s string) func(*payment.Command) { return func(c *payment.Command) { c.Lang = s } }
	meta := func(keys int, key, value string) func(*payment.Command) {
		return func(c *payment.Command) {
			c.Metadata = map[string]string{key: value}
			for i := len(c.Metadata); i < keys; i++ {
				c.Metadata["more"+strconv.Itoa(i)] = ""
			}
		}
	}
	long := strings.Repeat
	pay, bad := payment.VerbPay, payment.InvalidValue
	return []rule{
		{"1 tiyin", pay, amount(1), "", ""},
		{"10^15 tiyin", pay, amount(payment.MaxMoney), "", ""},
		{"0 tiyin", pay, amount(0), bad, "amount"},
		{"less than 0", pay, amount(-1), bad, "amount"},
		{"more than 10^15", pay, amount(payment.MaxMoney + 1), bad, "amount"},
		{"20 metadata keys", pay, meta(20, "k", "v"), "", ""},
		{"21 metadata keys", pay, meta(21, "k", "v"), bad, "metadata"},
		{"metadata key of 64", pay, meta(1, long("ў", 64), "v"), "", ""},
		{"metadata key of 65", pay, meta(1, long("ў", 65), "v"), bad, "metadata"},
		{"metadata key is empty", pay, meta(1, "", "v"), bad, "metadata"},
		{"metadata value of 500", pay, meta(1, "k", long("ў", 500)), "", ""},
		{"metadata value of 501", pay, meta(1, "k", long("ў", 501)), bad, "metadata.k"},
		{"lang uz", pay, lang("uz"), "", ""},
		{"lang ru", pay, lang("ru"), "", ""},
		{"lang en", pay, lang("en"), "", ""},
		{"lang of another form", pay, lang("UZ"), bad, "lang"},
		{"expires in 1 s", pay, expires(1), "", ""},
		{"expires in 90 days", pay, expires(90 * 24 * 3600), "", ""},
		{"expires at once", pay, expires(0), bad, "expires_in_s"},
		{"expired before", pay, expires(-1), bad, "expires_in_s"},
		{"expires after 90 days", pay, expires(90*24*3600 + 1), bad, "expires_in_s"},
	}
}

// itemRules: the lines of a fiscal receipt, named by their place.
func itemRules() []rule {
	items := func(all ...payment.OFDItem) func(*payment.Command) {
		return func(c *payment.Command) { c.OFDItems = all }
	}
	many := func(n int) []payment.OFDItem {
		all := make([]payment.OFDItem, n)
		for i := range all {
			all[i] = item("tea", "1", money(1))
		}
		return all
	}
	good := item("tea", "1", money(1))
	pay, missing, bad := payment.VerbPay, payment.MissingField, payment.InvalidValue
	return []rule{
		{"100 items", pay, items(many(100)...), "", ""},
		{"101 items", pay, items(many(101)...), bad, "ofd_items"},
		{"an item without a name", pay, items(good, item("", "1", money(1))), missing, "ofd_items.1.name"},
		{"an item without a code", pay, items(item("tea", "", money(1))), missing, "ofd_items.0.ofd_code"},
		{"an item without an amount", pay, items(item("tea", "1", nil)), missing, "ofd_items.0.amount"},
		{"an item of 0 tiyin", pay, items(item("tea", "1", money(0))), bad, "ofd_items.0.amount"},
		{"an item of too much", pay, items(item("tea", "1", money(payment.MaxMoney+1))), bad, "ofd_items.0.amount"},
	}
}
