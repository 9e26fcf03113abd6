package client_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tolov/client"
)

// do is Do with an event that must be of a type.
func do(t *testing.T, c *client.Client, cmd client.Command, want client.EventType) client.Event {
	t.Helper()
	e, err := c.Do(patient(t), cmd)
	if err != nil {
		t.Fatal(err)
	}
	if e.Type != want {
		t.Fatalf("%s led to %s, want %s: %+v", cmd.Verb(), e.Type, want, e.Rejection)
	}
	return e
}

func TestWaitSeesWhatWasPublishedBefore(t *testing.T) {
	extID := fresh()
	c := dial(t)
	id := do(t, c, byToken(extID), client.EventCompleted).PaymentID
	first, err := c.Wait(patient(t), id, func(client.Event) bool { return true })
	if err != nil || first.Type != client.EventAccepted || first.N != 1 || first.Merchant != "default" {
		t.Errorf("the first event is %d %s of %s, %v", first.N, first.Type, first.Merchant, err)
	}
	last, err := c.Outcome(patient(t), id)
	if err != nil || last.Type != client.EventCompleted || last.Payment.AmountCharged != 5_000_000 {
		t.Errorf("the outcome is %s, %v", last.Type, err)
	}
}

func TestWaitThatEndsEarlyTellsHowFarThePaymentIs(t *testing.T) {
	extID := fresh()
	c := dial(t)
	id := do(t, c, byNumber(extID), client.EventActionRequired).PaymentID
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	last, err := c.Outcome(ctx, id)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "action_required") {
		t.Errorf("the error is %v", err)
	}
	if last.Type != client.EventActionRequired {
		t.Errorf("the last event is %q", last.Type)
	}
}

// I1, seen from a caller: the same command again debits nothing and tells what came of the first.
func TestSamePayAgainTellsWhatCameOfTheFirst(t *testing.T) {
	one, two := fresh(), fresh()
	c := dial(t)
	first := do(t, c, byToken(one), client.EventCompleted)
	again := do(t, c, byToken(one), client.EventCompleted)
	if n := debits(t, "flat-"+one); again.ID != first.ID || n != 1 {
		t.Errorf("events %s and %s, debits: %d", first.ID, again.ID, n)
	}
	confirmed := client.Confirm{ExtID: two, CommandID: "c-1", Code: "111111"}
	waiting := do(t, c, byNumber(two), client.EventActionRequired)
	if again := do(t, c, byNumber(two), client.EventActionRequired); again.ID != waiting.ID {
		t.Errorf("events %s and %s", waiting.ID, again.ID)
	}
	first = do(t, c, confirmed, client.EventCompleted)
	if again := do(t, c, confirmed, client.EventCompleted); again.ID != first.ID {
		t.Errorf("events %s and %s", first.ID, again.ID)
	}
}

func TestOtherPayUnderATakenExtIDIsToldAsConflict(t *testing.T) {
	extID := fresh()
	c := dial(t)
	do(t, c, byToken(extID), client.EventCompleted)
	other := byToken(extID)
	other.Amount++
	if e := do(t, c, other, client.EventRejected); e.Rejection.Code != "conflict" {
		t.Errorf("refused by %s", e.Rejection.Code)
	}
}

// A refused opening command does not use up its ext_id (contract, fine print).
func TestCorrectedPayIsNotTakenForTheRefusedOne(t *testing.T) {
	extID := fresh()
	c := dial(t)
	wrong := byToken(extID)
	wrong.Amount = 0
	e := do(t, c, wrong, client.EventRejected)
	if e.Rejection.Field != "amount" || e.Payment != nil {
		t.Errorf("refused for %q, with the payment %v", e.Rejection.Field, e.Payment)
	}
	if alone, err := c.Outcome(patient(t), e.PaymentID); err != nil || alone.Type != client.EventRejected {
		t.Errorf("the outcome is %s, %v", alone.Type, err)
	}
	do(t, c, byToken(extID), client.EventCompleted)
	if e, err := c.Outcome(patient(t), e.PaymentID); err != nil || e.Type != client.EventCompleted {
		t.Errorf("the outcome is %s, %v", e.Type, err)
	}
}

func TestEveryVerbReachesTheWorker(t *testing.T) {
	extID := fresh()
	c := dial(t)
	do(t, c, byNumber(extID), client.EventActionRequired)
	e := do(t, c, client.Confirm{ExtID: extID, Code: "000000"}, client.EventActionRequired)
	if left := e.Payment.Action.AttemptsLeft; left != 2 {
		t.Errorf("%d attempts left", left)
	}
	do(t, c, client.ResendCode{ExtID: extID}, client.EventActionRequired)
	e = do(t, c, client.Cancel{ExtID: extID, Reason: "changed my mind"}, client.EventCancelled)
	if e.Payment.Status != client.StatusCancelled {
		t.Errorf("the payment is %s", e.Payment.Status)
	}
	for _, cmd := range []client.Command{
		client.Recheck{ExtID: extID},
		client.Resolve{
			ExtID: extID, Outcome: client.StatusCompleted, Evidence: "statement", Actor: "a", ApprovedBy: "b",
		},
		client.Confirm{ExtID: extID, CommandID: "c1", Code: "111111"},
	} {
		if e := do(t, c, cmd, client.EventRejected); e.Rejection.Code != "not_allowed" {
			t.Errorf("%s is refused by %s", cmd.Verb(), e.Rejection.Code)
		}
	}
}

func TestGetAndHistoryAnswer(t *testing.T) {
	one, two := fresh(), fresh()
	c := dial(t)
	e := do(t, c, byToken(one), client.EventCompleted)
	p, err := c.Get(patient(t), e.PaymentID)
	if err != nil || p.Status != client.StatusCompleted || !p.Status.Final() || p.CreatedAt.IsZero() {
		t.Errorf("the payment is %+v, %v", p, err)
	}
	h, err := c.History(patient(t), e.PaymentID)
	if err != nil || len(h.Records) != 3 {
		t.Fatalf("%d records, %v", len(h.Records), err)
	}
	end := h.Records[2]
	if end.Cause.Step != "apply" || end.Evidence.Outcome != "done" || end.Events[0].Type != client.EventCompleted {
		t.Errorf("the last record is %+v", end)
	}
	if h.Records[1].Intent == nil || h.Records[1].Intent.Amount != 5_000_000 {
		t.Errorf("the intent is %+v", h.Records[1].Intent)
	}
	if _, err := c.Get(patient(t), client.PaymentID("", two)); !errors.Is(err, client.ErrUnknown) {
		t.Errorf("%v", err)
	}
}

// sealedOnly gives a client in a town of its own, where card numbers in clear are refused.
func sealedOnly(t *testing.T, settings ...string) *client.Client {
	t.Helper()
	t.Parallel()
	town, err := found(t.TempDir(), append(settings, "CARD_DATA=sealed")...)
	t.Cleanup(func() {
		if err := town.close(); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.Connect(town.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestSealedCardOpensForItsPaymentOnly(t *testing.T) {
	one, two := fresh(), fresh()
	c := sealedOnly(t)
	clear := byNumber(one)
	if e := do(t, c, clear, client.EventRejected); e.Rejection.Field != "card.number" {
		t.Errorf("refused for %q", e.Rejection.Field)
	}
	sealed, err := c.Seal(patient(t), clear.PaymentID(), clear.Card)
	if err != nil {
		t.Fatal(err)
	}
	if sealed.Number != "" || strings.Contains(string(sealed.Sealed), string(clear.Card.Number)) {
		t.Fatal("the number is still there")
	}
	pay, other := byToken(one), byToken(two)
	pay.Card, other.Card = sealed, sealed
	if e := do(t, c, pay, client.EventActionRequired); e.Payment.Card.Masked != "860049******3347" {
		t.Errorf("the card is %s", e.Payment.Card.Masked)
	}
	if e := do(t, c, other, client.EventRejected); e.Rejection.Field != "card.sealed" {
		t.Errorf("refused for %q", e.Rejection.Field)
	}
}

func TestWatchFollowsOneTypeAndEndsWithItsContext(t *testing.T) {
	one, two := fresh(), fresh()
	c := dial(t)
	ctx, cancel := context.WithCancel(patient(t))
	defer cancel()
	var seen []string
	done := make(chan struct{})
	go func() {
		defer close(done)
		for e, err := range c.Watch(ctx, client.Filter{Type: client.EventCompleted, FromStart: true}) {
			if err != nil {
				t.Error(err)
			}
			if e.Payment.ExtID != one && e.Payment.ExtID != two {
				continue
			}
			if seen = append(seen, e.Payment.ExtID); len(seen) == 2 {
				cancel()
			}
		}
	}()
	do(t, c, byToken(one), client.EventCompleted)
	do(t, c, byToken(two), client.EventCompleted)
	<-done
	if !slices.Equal(seen, []string{one, two}) {
		t.Errorf("seen: %v", seen)
	}
	for _, err := range c.Watch(patient(t), client.Filter{Type: "a.>"}) {
		if err == nil {
			t.Error("a type with wildcards was taken")
		}
	}
}
