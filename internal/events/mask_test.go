package events_test

import (
	"testing"

	"tolov/internal/events"
)

// I8: the guard behind the guards finds a card number wherever it stands, and takes nothing else for one.
func TestACardNumberIsFoundInWhatIsStored(t *testing.T) {
	for text, want := range map[string]bool{
		`{"account":"8600490744313347"}`:           true,
		`{"note":"card 9860090101014364 refused"}`: true,
		`{"n":4111111111111111}`:                   true,
		`5555555555554444`:                         true,
		`{"masked":"860049******3347"}`:            false,
		`{"account":"8600490744313348"}`:           false, // the check digit is wrong
		`{"amount":1000000000000000}`:              false,
		`{"at":1764392400000}`:                     false,
		`{"digits":"86004907443133478600490744"}`:  false, // longer than any card number
		`{"transaction":"1234567812345670"}`:       false, // of no issuer

		`{"partner_transaction_id":"4111111111111111"}`: false, // made by us, of a hash
		`{"transaction_id":"4111111111111111"}`:         true,
		``:                                              false,
	} {
		if got := events.HoldsCardNumber([]byte(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
