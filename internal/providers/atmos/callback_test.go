package atmos_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"tolov/internal/payment"
	"tolov/internal/providers/atmos"
)

// signed is the formula as it was published: lower-case hex MD5 of the values and the key, one behind the other.
func signed(store, transaction, invoice, amount, key string) string {
	sum := md5.Sum([]byte(store + transaction + invoice + amount + key))
	return hex.EncodeToString(sum[:])
}

func TestASignIsThatOfTheValuesAsTheyWereWritten(t *testing.T) {
	key := payment.NewSecret("k-1")
	sign := signed("7", "222222", "12345", "50000", "k-1")
	for body, want := range map[string]bool{
		`{"store_id":7,"transaction_id":222222,"invoice":12345,"amount":50000,"sign":"S"}`:           true,
		`{"store_id":"7","transaction_id":"222222","invoice":"12345","amount":"50000","sign":"S"}`:   true,
		`{"store_id":7,"transaction_id":"222222","invoice":12345,"amount":"50000","sign":"UPPER"}`:   true,
		`{"store_id":7,"transaction_id":222222,"invoice":12345,"amount":50001,"sign":"S"}`:           false,
		`{"store_id":8,"transaction_id":222222,"invoice":12345,"amount":50000,"sign":"S"}`:           false,
		`{"store_id":7,"transaction_id":222223,"invoice":12345,"amount":50000,"sign":"S"}`:           false,
		`{"store_id":7,"transaction_id":222222,"invoice":"12346","amount":50000,"sign":"S"}`:         false,
		`{"store_id":7,"transaction_id":222222,"invoice":12345,"amount":50000.0,"sign":"S"}`:         false,
		`{"store_id":7,"transaction_id":222222,"invoice":12345,"amount":50000,"sign":"no hex"}`:      false,
		`{"store_id":7,"transaction_id":222222,"invoice":12345,"amount":50000,"sign":""}`:            false,
		`{"store_id":7,"transaction_id":222222,"invoice":12345,"amount":50000}`:                      false,
		`{"store_id":72,"transaction_id":22222,"invoice":12345,"amount":50000,"sign":"S"}`:           true, // see below
		`{"store_id":7,"transaction_id":222222,"invoice":12345,"amount":50000,"sign":"S","more":{}}`: true,
	} {
		var c atmos.Callback
		written := strings.ReplaceAll(strings.ReplaceAll(body, `"S"`, `"`+sign+`"`), "UPPER", strings.ToUpper(sign))
		if err := json.Unmarshal([]byte(written), &c); err != nil {
			t.Fatal(body, err)
		}
		if c.SignedBy(key) != want {
			t.Errorf("%s: want %t", body, want)
		}
		if c.SignedBy(payment.Secret{}) {
			t.Error("signed by no key")
		}
	}
}

func TestAnAmountIsAWholeNumberOfTiyin(t *testing.T) {
	for written, want := range map[string]payment.Money{
		`50000`: 50000, `"50000"`: 50000, `50000.00`: 50000, `""`: -1, `null`: -1, `0.5`: -1, `"5e4"`: -1, `"x\"y"`: -1,
	} {
		var c atmos.Callback
		if err := json.Unmarshal([]byte(`{"amount":`+written+`}`), &c); err != nil {
			t.Fatal(written, err)
		}
		if got, ok := c.Tiyin(); ok != (want >= 0) || ok && got != want {
			t.Errorf("%s: %d %t", written, got, ok)
		}
	}
}

func TestACardBindShowsTheKey(t *testing.T) {
	for body, want := range map[string]bool{
		`{"api_key":"k-1","card_id":1231}`: true, `{"api_key":"k-1","card_id":"1231"}`: true,
		`{"api_key":"k-12","card_id":1231}`: false, `{"card_id":1231}`: false, `{"api_key":"","card_id":1231}`: false,
	} {
		var b atmos.CardBind
		if err := json.Unmarshal([]byte(body), &b); err != nil {
			t.Fatal(body, err)
		}
		if b.KnowsKey(payment.NewSecret("k-1")) != want || b.KnowsKey(payment.Secret{}) {
			t.Errorf("%s: want %t", body, want)
		}
		if b.CardID != "1231" {
			t.Errorf("%s: card %s", body, b.CardID)
		}
	}
}
