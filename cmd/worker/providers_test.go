package main

import (
	"strings"
	"testing"
)

// Every provider that a caller can name works without a setting: the sandbox plays it.
func TestViaAndPaysysWorkOutOfTheBox(t *testing.T) {
	p := start(t, embeddedIn(t.TempDir())...)
	nc := p.client()
	events, err := nc.SubscribeSync("payments.events.>")
	if err != nil {
		t.Fatal(err)
	}
	publish := func(verb, body string) {
		if err := nc.Publish("payments.commands."+verb, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	publish("pay", `{"ext_id":"via-1","provider":"via","amount":5000000,"account":"12345",`+
		`"card":{"number":"9860090101014364","expiry":"9912"}}`)
	await(t, events, "tolov.payment.action_required.v1")
	publish("confirm", `{"ext_id":"via-1","otp":"111111"}`)
	done := await(t, events, "tolov.payment.completed.v1").Data.Payment
	if want := (paymentView{"via-1", "completed", 5_000_000}); done != want {
		t.Errorf("completed as %+v", done)
	}
	publish("payout", `{"ext_id":"out-1","provider":"paysys","amount":400000,"card":{"number":"8600530410609500"},`+
		`"sender":{"last_name":"Karimova","first_name":"Dilnoza"}}`)
	done = await(t, events, "tolov.payment.completed.v1").Data.Payment
	if want := (paymentView{"out-1", "completed", 400_000}); done != want {
		t.Errorf("completed as %+v", done)
	}
	publish("payout", `{"ext_id":"out-2","provider":"paysys","amount":2060000000,"card":{"number":"8600530410609500"},`+
		`"sender":{"last_name":"Karimova","first_name":"Dilnoza"}}`)
	if refused := await(t, events, "tolov.payment.rejected.v1"); refused.Data.Payment.ExtID != "" {
		t.Errorf("without a document %+v was opened", refused.Data.Payment)
	}
	ledger := p.page("/sandbox/ledger")
	for _, want := range []string{`"provider":"via"`, `"amount":5000000`, `"provider":"paysys"`, `"amount":400000`} {
		if strings.Count(ledger, want) != 1 {
			t.Errorf("%s is not once in the ledger %s", want, ledger)
		}
	}
	if err := p.end(); err != nil {
		t.Errorf("ended with %v", err)
	}
}
