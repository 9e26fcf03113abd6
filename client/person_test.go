package client_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"tolov/client"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// dilnoza owes something; in the sandbox the end of her PINFL tells how the withdrawal goes.
func dilnoza(pinflEnd string) client.Person {
	return client.Person{
		FirstName: "Dilnoza", LastName: "Karimova", MiddleName: "Rustamovna", PINFL: "4150895023" + client.Secret(pinflEnd),
		PassportSeries: "AB", PassportNumber: "7654321",
	}
}

// owed is a withdrawal of 5 000 tiyin under a contract of the ext_id's own.
func owed(extID, pinflEnd string) client.Withdraw {
	return client.Withdraw{
		ExtID: extID, Provider: "atmos-pinfl", Amount: 5000, Person: dilnoza(pinflEnd), ContractNumber: "loan-" + extID,
	}
}

// remitted is a payout of 4 000.00 sums.
func remitted(extID string) client.Payout {
	return client.Payout{
		ExtID: extID, Provider: "paysys", Amount: 400_000, Card: client.Card{Number: "8600530410609500"},
		Sender: client.Sender{LastName: "Karimova", FirstName: "Dilnoza"},
	}
}

// Of a withdrawal the items are what came from each card, and their sum is what was charged.
func TestWithdrawalTellsWhatCameFromWhichCard(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	part := owed(extID, "0106") // whose cards hold less
	part.Partial = true
	part.OFD = &client.OFD{OFDCode: "10999001001000000", PackageCode: "1", TIN: "123456789"}
	part.EPOS = &client.EPOS{BranchID: "7", TerminalGroupID: "8"}
	e := do(t, c, part, client.EventCompleted)
	items := e.Payment.Items
	if e.Payment.AmountCharged != 3000 || len(items) != 2 || items[0].Card.Masked != "860066******5544" ||
		items[0].AmountCharged != 2000 || items[1].Card.Masked != "860049******3347" || items[1].AmountCharged != 1000 {
		t.Errorf("charged %d, items %+v", e.Payment.AmountCharged, items)
	}
	if again := do(t, c, part, client.EventCompleted); again.ID != e.ID {
		t.Errorf("the same again led to %s, the first to %s", again.ID, e.ID)
	}
	other := part
	other.Amount++
	if e := do(t, c, other, client.EventRejected); e.Rejection.Code != "conflict" {
		t.Errorf("refused by %s", e.Rejection.Code)
	}
	if n := debits(t, "loan-"+extID); n != 2 {
		t.Errorf("%d debits", n)
	}
}

func TestWithdrawalOfAllOrNothingFails(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	nobody := owed(extID, "0107")
	nobody.Person.PINFL = ""
	if e := do(t, c, nobody, client.EventRejected); e.Rejection.Field != "person.pinfl" {
		t.Errorf("refused for %q", e.Rejection.Field)
	}
	e := do(t, c, owed(extID, "0107"), client.EventFailed) // not enough in full
	if f := e.Payment.Failure; f == nil || f.ProviderCode != "-107" || e.Payment.AmountCharged != 0 {
		t.Errorf("failed as %+v, charged %d", f, e.Payment.AmountCharged)
	}
	if n := debits(t, "loan-"+extID); n != 0 {
		t.Errorf("%d debits", n)
	}
}

// Cards that the provider does not know are looked for, for a branch: three seconds in the sandbox.
func TestWithdrawalFindsThePersonsCardsFirst(t *testing.T) {
	t.Parallel()
	c := dial(t)
	branch, none := owed(fresh(), "0109"), owed(fresh(), "0109")
	branch.Person.PINFL = client.Secret(fmt.Sprintf("%010d0109", time.Now().UnixNano()%1e10)) // nobody looked for it yet
	none.Person.PINFL = branch.Person.PINFL
	e := do(t, c, none, client.EventFailed)
	if f := e.Payment.Failure; f == nil || f.ProviderCode != "-307" {
		t.Errorf("without a branch it failed as %+v", f)
	}
	branch.EPOS = &client.EPOS{BranchID: "7", TerminalGroupID: "8"}
	do(t, c, branch, client.EventCompleted)
	if n, m := debits(t, branch.ContractNumber), debits(t, none.ContractNumber); n != 1 || m != 0 {
		t.Errorf("%d and %d debits", n, m)
	}
}

// While the provider takes no order nothing has moved.
func TestWithdrawalIsCancelledBeforeItMoves(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	owed := owed(extID, "1111")
	script(t, `{"op":"atmos-pinfl.create","kind":"unavailable","times":0,"account":"`+owed.ContractNumber+`"}`)
	if err := c.Publish(patient(t), owed); err != nil {
		t.Fatal(err)
	}
	e := do(t, c, client.Cancel{ExtID: extID}, client.EventCancelled)
	if e.Payment.CancelReason != "by_command" || debits(t, owed.ContractNumber) != 0 {
		t.Errorf("cancelled %s, %d debits", e.Payment.CancelReason, debits(t, owed.ContractNumber))
	}
}

// I2: a withdrawal that was never answered is asked about, and debited once.
func TestWithdrawalInDoubtIsWaitedFor(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	script(t, `{"op":"atmos-pinfl.confirm","kind":"silent_after","times":1,"account":"loan-`+extID+`"}`)
	doubted := false
	e, err := c.Do(patient(t), owed(extID, "1111"), func(e client.Event) {
		doubted = doubted || e.Type == client.EventInDoubt
	})
	if err != nil || !doubted || e.Type != client.EventCompleted || e.Payment.AmountCharged != 5000 {
		t.Errorf("in doubt: %v, led to %s, %v", doubted, e.Type, err)
	}
	if n := debits(t, "loan-"+extID); n != 1 {
		t.Errorf("%d debits", n)
	}
}

// paidOut gives what reached a card by a payment, says the shared town's provider.
func paidOut(t *testing.T, p *client.Payment) []sandbox.Payout {
	t.Helper()
	id := p.ProviderRefs["transaction_id"]
	return slices.DeleteFunc(ledger(t).Payouts, func(out sandbox.Payout) bool { return out.Transaction != id })
}

func TestPayoutReachesTheCardOnce(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	nobody := remitted(extID)
	nobody.Sender.LastName = ""
	if e := do(t, c, nobody, client.EventRejected); e.Rejection.Field != "sender.last_name" {
		t.Errorf("refused for %q", e.Rejection.Field)
	}
	e := do(t, c, remitted(extID), client.EventCompleted)
	if again := do(t, c, remitted(extID), client.EventCompleted); again.ID != e.ID {
		t.Errorf("the same again led to %s, the first to %s", again.ID, e.ID)
	}
	out := paidOut(t, e.Payment)
	if len(out) != 1 || out[0].Amount != 400_000 || out[0].Card != e.Payment.Card.Masked ||
		e.Payment.AmountCharged != 400_000 {
		t.Errorf("the ledger has %+v, the payment %+v", out, e.Payment)
	}
	poor := remitted(fresh())
	poor.Card.Number = "8600312998546358"
	if e := do(t, c, poor, client.EventFailed); len(paidOut(t, e.Payment)) != 0 {
		t.Error("failed, and paid out")
	}
}

// The document is wanted from 50 base calculation values on (PaySys, "Payouts preparation", doc).
func TestLargePayoutWantsADocument(t *testing.T) {
	t.Parallel()
	c := dial(t)
	large := remitted(fresh())
	large.Amount = 2_060_000_000
	if e := do(t, c, large, client.EventRejected); e.Rejection.Field != "document" {
		t.Errorf("refused for %q", e.Rejection.Field)
	}
	large.Document = client.Document{
		Nationality: "860", Type: "passport", SeriesNumber: "AB7654321", BirthDate: "15.08.1995", ValidTo: "01.01.2035",
		PINFL: "41508950231111",
	}
	e := do(t, c, large, client.EventCompleted)
	if out := paidOut(t, e.Payment); len(out) != 1 || out[0].Amount != large.Amount {
		t.Errorf("the ledger has %+v", out)
	}
}

func TestViaPaymentIsConfirmedByACode(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	pay := byNumber(extID)
	pay.Provider = "via"
	do(t, c, pay, client.EventActionRequired)
	e := do(t, c, client.Confirm{ExtID: extID, Code: "000000"}, client.EventActionRequired)
	if left := e.Payment.Action.AttemptsLeft; left != 2 {
		t.Errorf("%d attempts left", left)
	}
	e = do(t, c, client.Confirm{ExtID: extID, Code: "111111"}, client.EventCompleted)
	if n := debits(t, pay.Account); n != 1 || e.Payment.AmountCharged != pay.Amount {
		t.Errorf("%d debits, charged %d", n, e.Payment.AmountCharged)
	}
	other := byNumber(fresh())
	other.Provider = "via"
	do(t, c, other, client.EventActionRequired)
	do(t, c, client.Cancel{ExtID: other.ExtID}, client.EventCancelled)
	if n := debits(t, other.Account); n != 0 {
		t.Errorf("cancelled, and %d debits", n)
	}
}

// A field that the worker takes and the client did not write would be lost without a word.
func TestPersonalDataTravelsWhole(t *testing.T) {
	t.Parallel()
	c := dial(t)
	withdraw, payout := owed(fresh(), "1111"), remitted(fresh())
	withdraw.OFD = &client.OFD{OFDCode: "1", PackageCode: "2", TIN: "123456789"}
	withdraw.EPOS = &client.EPOS{BranchID: "1", TerminalGroupID: "2"}
	payout.Sender.MiddleName = "Rustamovna"
	payout.Document = client.Document{
		Nationality: "860", Type: "passport", SeriesNumber: "AB1", BirthDate: "15.08.1995", ValidTo: "01.01.2035",
		PINFL: "41508950231111",
	}
	for field, want := range map[string]any{"person": payment.Person{}, "ofd": payment.OFD{}, "epos": payment.Epos{}} {
		sameNames(t, field, sent(t, c, withdraw)[field], want)
	}
	for field, want := range map[string]any{"sender": payment.Sender{}, "document": payment.Document{}} {
		sameNames(t, field, sent(t, c, payout)[field], want)
	}
}

func sameNames(t *testing.T, field string, raw json.RawMessage, want any) {
	t.Helper()
	var got map[string]string
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(field, err)
	}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, fields(want)) {
		t.Errorf("%s travels with %v, the worker takes %v", field, names, fields(want))
	}
}

// sent publishes a command and gives it as it travelled.
func sent(t *testing.T, c *client.Client, cmd client.Command) map[string]json.RawMessage {
	t.Helper()
	nc, err := nats.Connect(os.Getenv(envNATS))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	sub, err := nc.SubscribeSync("payments.commands." + cmd.Verb())
	if err == nil {
		err = nc.Flush()
	}
	if err == nil {
		err = c.Publish(patient(t), cmd)
	}
	if err != nil {
		t.Fatal(err)
	}
	for {
		m, err := sub.NextMsgWithContext(patient(t))
		var wire map[string]json.RawMessage
		var extID string
		if err == nil {
			err = json.Unmarshal(m.Data, &wire)
		}
		if err == nil {
			err = json.Unmarshal(wire["ext_id"], &extID)
		}
		switch {
		case err != nil:
			t.Fatal(err)
		case client.PaymentID("", extID) == cmd.PaymentID():
			return wire
		}
	}
}
