package payment_test

import (
	"strings"

	"tolov/internal/payment"
)

// otherVerbRules: confirm, resend_code, cancel, recheck and resolve.
func otherVerbRules() []rule {
	rules := resolveRules()
	otp := func(s string) func(*payment.Command) {
		return func(c *payment.Command) { c.OTP = payment.NewSecret(s) }
	}
	confirm, bad := payment.VerbConfirm, payment.InvalidValue
	rules = append(rules,
		rule{"otp is required", confirm, otp(""), payment.MissingField, "otp"},
		rule{"otp of 1 digit", confirm, otp("1"), "", ""},
		rule{"otp of 12 digits", confirm, otp("123456789012"), "", ""},
		rule{"otp of 13 digits", confirm, otp("1234567890123"), bad, "otp"},
		rule{"otp with letters", confirm, otp("12a456"), bad, "otp"},
		rule{"otp with a blank", confirm, otp("12 456"), bad, "otp"},
		rule{"a reason to cancel", payment.VerbCancel, func(c *payment.Command) { c.Reason = "changed" }, "", ""},
	)
	for _, verb := range []payment.Verb{
		payment.VerbConfirm, payment.VerbResendCode, payment.VerbCancel, payment.VerbRecheck, payment.VerbResolve,
	} {
		rules = append(rules, continuingRules(verb)...)
	}
	return rules
}

// continuingRules: a verb that continues a payment takes ext_id, merchant, command_id and its own fields.
func continuingRules(verb payment.Verb) []rule {
	commandID := func(s string) func(*payment.Command) { return func(c *payment.Command) { c.CommandID = s } }
	unknown, bad := payment.UnknownField, payment.InvalidValue
	rules := []rule{
		{"command_id", verb, commandID(strings.Repeat("c", 64)), "", ""},
		{"command_id is too long", verb, commandID(strings.Repeat("c", 65)), bad, "command_id"},
		{"command_id with a blank", verb, commandID("a b"), bad, "command_id"},
		{"provider belongs to opening", verb, func(c *payment.Command) { c.Provider = "atmos" }, unknown, "provider"},
		{"amount belongs to opening", verb, func(c *payment.Command) { c.Amount = money(1) }, unknown, "amount"},
		{"card belongs to opening", verb, func(c *payment.Command) { c.Card = token("t") }, unknown, "card"},
		{"account belongs to opening", verb, func(c *payment.Command) { c.Account = "a" }, unknown, "account"},
		{"lang belongs to opening", verb, func(c *payment.Command) { c.Lang = "uz" }, unknown, "lang"},
		{"metadata belongs to opening", verb, func(c *payment.Command) { c.Metadata = map[string]string{"k": "v"} },
			unknown, "metadata"},
		{"description belongs to opening", verb, func(c *payment.Command) { c.Description = "d" }, unknown, "description"},
		{"expiry belongs to opening", verb, func(c *payment.Command) { c.ExpiresInS = seconds(1) }, unknown, "expires_in_s"},
	}
	if verb != payment.VerbConfirm {
		rules = append(rules, rule{"otp belongs to confirm", verb,
			func(c *payment.Command) { c.OTP = payment.NewSecret("1") }, unknown, "otp"})
	}
	if verb != payment.VerbCancel {
		rules = append(rules, rule{"reason belongs to cancel", verb,
			func(c *payment.Command) { c.Reason = "r" }, unknown, "reason"})
	}
	if verb != payment.VerbResolve {
		rules = append(rules, rule{"outcome belongs to resolve", verb,
			func(c *payment.Command) { c.Outcome = payment.Failed }, unknown, "outcome"})
	}
	return rules
}

// resolveRules: two persons and their evidence (H74).
func resolveRules() []rule {
	outcome := func(s payment.Status) func(*payment.Command) { return func(c *payment.Command) { c.Outcome = s } }
	people := func(actor, approver string) func(*payment.Command) {
		return func(c *payment.Command) { c.Actor, c.ApprovedBy = actor, approver }
	}
	evidence := func(s string) func(*payment.Command) { return func(c *payment.Command) { c.Evidence = s } }
	resolve, missing, bad := payment.VerbResolve, payment.MissingField, payment.InvalidValue
	return []rule{
		{"completed", resolve, outcome(payment.Completed), "", ""},
		{"failed", resolve, outcome(payment.Failed), "", ""},
		{"cancelled", resolve, outcome(payment.Cancelled), "", ""},
		{"outcome is required", resolve, outcome(""), missing, "outcome"},
		{"outcome is another status", resolve, outcome(payment.Refunded), bad, "outcome"},
		{"evidence is required", resolve, evidence(""), missing, "evidence"},
		{"evidence is blank", resolve, evidence(" \t"), bad, "evidence"},
		{"actor is required", resolve, people("", "malika"), missing, "actor"},
		{"actor is blank", resolve, people(" ", "malika"), bad, "actor"},
		{"approver is required", resolve, people("alisher", ""), missing, "approved_by"},
		{"approver is blank", resolve, people("alisher", "  "), bad, "approved_by"},
		{"one person twice", resolve, people("alisher", "alisher"), bad, "approved_by"},
		{"one person in two spellings", resolve, people("alisher", " Alisher "), bad, "approved_by"},
	}
}
