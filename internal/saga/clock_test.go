package saga_test

import (
	"strings"
	"testing"
	"time"

	"tolov/internal/payment"
)

// H67: a clock that is set back between an intent and its call does not make the call's time longer: the deadline that
// goes with the call carries the reading that no such step changes.
func TestSendDeadlineKeepsTheMonotonicClock(t *testing.T) {
	s := newShared(t, bank())
	s.now = time.Now()
	m := s.done(s.done(s.command(payment.Command{Verb: payment.VerbPay, Message: "m1"}), "create"), "bind")
	if by := m.call.SendBy; !strings.Contains(by.String(), "m=") || by.Sub(s.now) != policy().SendDeadline() {
		t.Errorf("the deadline is %s", by)
	}
}
