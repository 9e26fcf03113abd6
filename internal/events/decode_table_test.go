package events_test

import (
	"strings"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// deadMessages have no payment id: nobody can be told of them.
func deadMessages() []bad {
	pay := payBody()
	dead := func(name, verb, body, reason string) bad {
		return bad{name: name, verb: verb, body: body, dead: reason}
	}
	notJSON, badID, noVerb := events.DeadNotJSON, events.DeadBadExtID, events.DeadUnknownVerb
	all := []bad{
		dead("nothing", "pay", "", notJSON),
		dead("words", "pay", "pay me", notJSON),
		dead("an array", "pay", "["+pay.String()+"]", notJSON),
		dead("a string", "pay", `"order-1"`, notJSON),
		dead("null", "pay", "null", notJSON),
		dead("cut off", "pay", strings.TrimSuffix(pay.String(), "}"), notJSON),
		dead("two objects", "pay", pay.String()+pay.String(), notJSON),
		dead("a number with leading zeros", "pay", pay.with("amount", "007").String(), notJSON),
		dead("single quotes", "pay", `{'ext_id':'order-1'}`, notJSON),
		dead("a comment", "pay", `{/* */"ext_id":"order-1"}`, notJSON),
		dead("a trailing comma", "pay", `{"ext_id":"order-1",}`, notJSON),
		dead("nested without end", "pay", `{"ext_id":"order-1","metadata":`+strings.Repeat("[", 20_000), notJSON),
		dead("nested too deep", "pay", `{"ext_id":"order-1","metadata":`+deep(12_000)+`}`, notJSON),
		dead("too large", "pay", pay.with("description", `"`+strings.Repeat("x", events.MaxBody)+`"`).String(),
			events.DeadTooLarge),
		dead("unknown verb", "pays", pay.String(), noVerb),
		dead("verb in upper case", "PAY", pay.String(), noVerb),
		dead("verb with dots", "pay.now", pay.String(), noVerb),
		dead("no ext_id", "pay", pay.with("ext_id", "").String(), badID),
		dead("ext_id twice", "pay", pay.and("ext_id", `"order-1"`).String(), badID),
		dead("ext_id twice, once escaped", "pay", pay.and(`ext\u005fid`, `"order-1"`).String(), badID),
		dead("merchant twice", "pay", pay.and("merchant", `"default"`).and("merchant", `"default"`).String(), badID),
	}
	for _, id := range []string{
		`7`, `null`, `""`, `true`, `["order-1"]`, `"a*"`, `"a>"`, `"a b"`, `"a\n"`, `"a\u0000"`, `"тўлов"`, "\"a\xff\"",
		`"` + strings.Repeat("a", 65) + `"`,
	} {
		all = append(all, dead("ext_id is "+id, "pay", pay.with("ext_id", id).String(), badID))
	}
	for _, merchant := range []string{
		`7`, `null`, `""`, `"Shop"`, `"a.b"`, `"a*"`, `"a>"`, `"a b"`, `"` + strings.Repeat("a", 33) + `"`,
	} {
		all = append(all, dead("merchant is "+merchant, "pay", pay.with("merchant", merchant).String(), badID))
	}
	return all
}

// unreadable messages have a payment id and break the form.
func unreadable() []bad {
	pay := payBody()
	refused := func(name, body string, code payment.RefusedBy, field string) bad {
		return bad{name: name, verb: "pay", body: body, code: code, field: field}
	}
	unknown, twice, wrong := payment.UnknownField, payment.DuplicateField, payment.WrongType
	return []bad{
		refused("unknown field", pay.with("amuont", "1").String(), unknown, "amuont"),
		refused("field in upper case", pay.with("Amount", "1").String(), unknown, "Amount"),
		refused("unknown field of the card", pay.with("card", `{"token":"t","pin":"1"}`).String(), unknown, "card.pin"),
		refused("unknown field of an item", pay.with("ofd_items", `[{"name":"a"},{"nome":"b"}]`).String(),
			unknown, "ofd_items.1.nome"),
		refused("a field of another provider", pay.with("person", `{}`).String(), unknown, "person"),
		refused("field twice", pay.and("amount", "1").String(), twice, "amount"),
		refused("field twice, once escaped", pay.and(`\u0061mount`, "1").String(), twice, "amount"),
		refused("field of the card twice", pay.with("card", `{"token":"t","token":"t"}`).String(), twice, "card.token"),
		refused("metadata key twice", pay.with("metadata", `{"k":"a","k":"b"}`).String(), twice, "metadata.k"),
		refused("account is a number", pay.with("account", "998901234567").String(), wrong, "account"),
		refused("card is a string", pay.with("card", `"8600490000003347"`).String(), wrong, "card"),
		refused("card is an array", pay.with("card", `[]`).String(), wrong, "card"),
		refused("number is a number", pay.with("card", `{"number":8600490000003347}`).String(), wrong, "card.number"),
		refused("metadata is an array", pay.with("metadata", `["k"]`).String(), wrong, "metadata"),
		refused("metadata value is a number", pay.with("metadata", `{"k":1}`).String(), wrong, "metadata.k"),
		refused("items are an object", pay.with("ofd_items", `{}`).String(), wrong, "ofd_items"),
		refused("an item's amount is text", pay.with("ofd_items", `[{"amount":"1"}]`).String(), wrong, "ofd_items.0.amount"),
		refused("expires_in_s has a fraction", pay.with("expires_in_s", "1.5").String(), wrong, "expires_in_s"),
		refused("null", pay.with("description", "null").String(), wrong, "description"),
		refused("null card", pay.with("card", "null").String(), wrong, "card"),
		refused("null deep inside", pay.with("ofd_items", `[{"name":"a","amount":null}]`).String(),
			wrong, "ofd_items.0.amount"),
		refused("not UTF-8", pay.with("description", "\"\xff\"").String(), wrong, "description"),
		refused("half a surrogate", pay.with("description", `"\ud800"`).String(), wrong, "description"),
		refused("nested deep", pay.with("metadata", `{"k":`+deep(9_000)+`}`).String(), wrong, "metadata.k"),
		refused("a long unknown name", pay.with(strings.Repeat("n", 3000), "1").String(),
			unknown, strings.Repeat("n", 128)+"…"),
		refused("a card number as a name", pay.with("8600490000003347", "1").String(), unknown, strings.Repeat("*", 16)),
	}
}

// wrongAmounts: plain JSON integers, more than 0, at most 10^15.
func wrongAmounts() []bad {
	var all []bad
	for value, code := range map[string]payment.RefusedBy{
		"0":                               payment.InvalidValue,
		"-0":                              payment.InvalidValue,
		"-1":                              payment.InvalidValue,
		"1000000000000001":                payment.InvalidValue,
		"9223372036854775807":             payment.InvalidValue,
		"9223372036854775808":             payment.WrongType,
		"1000000000000000000000000000000": payment.WrongType,
		"100.5":                           payment.WrongType,
		"100.0":                           payment.WrongType,
		"1e3":                             payment.WrongType,
		"1E3":                             payment.WrongType,
		`"100"`:                           payment.WrongType,
		`true`:                            payment.WrongType,
		`{}`:                              payment.WrongType,
		`null`:                            payment.WrongType,
		"":                                payment.MissingField,
	} {
		all = append(all, bad{
			name: "amount is " + value, verb: "pay", body: payBody().with("amount", value).String(), code: code, field: "amount",
		})
	}
	return all
}

func deep(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }
