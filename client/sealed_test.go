package client_test

import (
	"path/filepath"
	"testing"
	"time"

	"tolov/client"
	"tolov/internal/keyfile"
	"tolov/internal/payment"
)

// closed is a card that was sealed to a key, for a payment.
func closed(t *testing.T, key payment.Key, extID string) client.Card {
	t.Helper()
	text, err := payment.Seal(key.ID, key.Public(), client.PaymentID("", extID),
		[]byte(`{"number":"8600490744313347","expiry":"4912"}`))
	if err != nil {
		t.Fatal(err)
	}
	return client.Card{Sealed: client.Secret(text)}
}

// Whoever seals wrongly is told which field is wrong, and can try again under the same ext_id.
func TestSealThatDoesNotOpenIsRejectedByName(t *testing.T) {
	t.Parallel()
	extID, other := fresh(), fresh()
	c := dial(t)
	pay := byToken(extID)
	clear := client.Card{Number: "8600490744313347", Expiry: "4912"}
	good, err := c.Seal(patient(t), pay.PaymentID(), clear)
	if err != nil {
		t.Fatal(err)
	}
	replayed, err := c.Seal(patient(t), client.PaymentID("", other), clear)
	if err != nil {
		t.Fatal(err)
	}
	for name, blob := range map[string]client.Secret{
		"replayed": replayed.Sealed, "cut short": good.Sealed[:len(good.Sealed)-4], "unknown key": "k9" + good.Sealed[2:],
	} {
		pay.Card = client.Card{Sealed: blob}
		if e := do(t, c, pay, client.EventRejected); e.Rejection.Field != "card.sealed" {
			t.Errorf("%s: refused for %q", name, e.Rejection.Field)
		}
	}
	pay.Card = good
	e := do(t, c, pay, client.EventActionRequired)
	pay.Card = clear // the same card in clear is the same content
	if again := do(t, c, pay, client.EventActionRequired); again.ID != e.ID {
		t.Errorf("in clear it is %s, sealed it was %s", again.ID, e.ID)
	}
}

// A rotation needs no restart: a card that is sealed to a key which has just come into the file opens.
func TestNewKeyOpensCardsWithoutARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	old, err := keyfile.Add(path, time.Now(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	c := sealedOnly(t, "KEYS_FILE="+path)
	pay := byToken(fresh())
	pay.Card = closed(t, old, pay.ExtID)
	do(t, c, pay, client.EventActionRequired)
	young, err := keyfile.Add(path, time.Now(), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for { // it looks no more than once a second
		pay.ExtID = fresh()
		pay.Card = closed(t, young, pay.ExtID)
		e, err := c.Do(patient(t), pay)
		if err != nil {
			t.Fatal(err)
		}
		if e.Type == client.EventActionRequired {
			break
		}
		if e.Type != client.EventRejected || e.Rejection.Field != "card.sealed" {
			t.Fatalf("led to %s, %+v", e.Type, e.Rejection)
		}
	}
	offered, err := c.Seal(patient(t), pay.PaymentID(), client.Card{Token: "t"})
	if err != nil || string(offered.Sealed[:len(old.ID)+1]) != old.ID+"." {
		t.Errorf("before its time the new key is offered: %s, %v", offered.Sealed[:3], err)
	}
	pay.ExtID = fresh()
	pay.Card = closed(t, old, pay.ExtID)
	do(t, c, pay, client.EventActionRequired) // and the old one goes on opening
}
