package payment_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
)

// Contract: a card appears only masked, first 6 and last 4.
func TestMaskedShowsSixAndFour(t *testing.T) {
	for digits, want := range map[string]string{
		"8600490000003347":    "860049******3347",
		"8600490000003":       "860049******0003",
		"8600490000003347123": "860049******7123",
		"860049000000":        "",
		"":                    "",
	} {
		if got := number(digits, "2712").Masked(); got != want {
			t.Errorf("%s: %q, want %q", digits, got, want)
		}
	}
	var none *payment.CardInput
	if token("tok").Masked() != "" || none.Masked() != "" {
		t.Error("a token, or no card, has a mask")
	}
}

// H25: command_id makes a repeat a repeat, and without one the message does. What is kept with the payment is bounded.
func TestIdentityIsTheCommandIDOrTheMessage(t *testing.T) {
	for commandID, want := range map[string]string{
		"":                       "m:1",
		"c-1":                    "c-1",
		"a b":                    "m:1",
		strings.Repeat("c", 64):  strings.Repeat("c", 64),
		strings.Repeat("c", 65):  "m:1",
		strings.Repeat("c", 6e4): "m:1",
	} {
		c := payment.Command{Message: "m:1", CommandID: commandID}
		if got := c.Identity(); got != want {
			t.Errorf("%.70q: %q", commandID, got)
		}
	}
}

// What is kept of a command after it was acknowledged holds no secret (I8).
func TestTheOrderKeepsNoSecret(t *testing.T) {
	c := valid(payment.VerbPay)
	c.Card, c.OTP = number(canary, "2712"), payment.NewSecret(canary)
	c.Description, c.Lang, c.TerminalID = "tea", "uz", "7"
	c.OFDItems = []payment.OFDItem{item("tea", "1", money(5))}
	text, err := json.Marshal(c.Order())
	want := `{"description":"tea","lang":"uz","terminal_id":"7","ofd_items":[{"name":"tea","ofd_code":"1","amount":5}]}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

// A decision never changes what it decides on.
func TestACloneSharesNothing(t *testing.T) {
	p := &payment.Payment{
		Card: &payment.Card{Masked: "m"}, Action: &payment.Action{Phone: "p"}, Failure: &payment.Failure{Code: "c"},
		Receipts: []payment.Receipt{{Kind: "sale"}}, ProviderRefs: map[string]string{"a": "1"},
		Metadata: map[string]string{"k": "v"},
	}
	before, _ := json.Marshal(p, json.Deterministic(true))
	c := p.Clone()
	c.Card.Masked, c.Action.Phone, c.Failure.Code, c.Receipts[0].Kind = "x", "x", "x", "x"
	c.ProviderRefs["a"], c.Metadata["k"], c.Status = "x", "x", "x"
	if after, _ := json.Marshal(p, json.Deterministic(true)); string(after) != string(before) {
		t.Errorf("%s became %s", before, after)
	}
	if (*payment.Payment)(nil).Clone() != nil {
		t.Error("a clone of nothing is something")
	}
}

func TestARejectionReadsAsFieldAndRule(t *testing.T) {
	r := payment.Rejection{Verb: payment.VerbPay, Code: payment.InvalidValue, Field: "amount"}
	r.Message = "must be more than 0 tiyin"
	if r.Error() != "amount: must be more than 0 tiyin" {
		t.Error(r.Error())
	}
	if r.Field = ""; r.Error() != r.Message {
		t.Error(r.Error())
	}
}
