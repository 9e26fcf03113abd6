package atmos_test

import (
	"testing"
	"time"

	"tolov/internal/payment"
)

// H5, H10, H11: what the state of a hold proves depends on what is asked.
func TestStateOfAHoldIsReadByTheStepItIsAskedAbout(t *testing.T) {
	took := store("12345", "5000000", "true")
	held := []string{store("12345", "5000000", "false"), `"hold_till":` + till}
	type proof struct {
		outcome payment.Outcome
		reason  string
	}
	nothing := proof{payment.Unknown, ""}
	done, absent := proof{payment.Done, ""}, proof{payment.Absent, ""}
	expired, cancelled := proof{payment.Declined, "hold_expired"}, proof{payment.Declined, "hold_cancelled"}
	for name, row := range map[string]struct {
		reply                  said
		apply, charge, release proof
	}{
		"held":                     {says("OK", held...), done, absent, absent},
		"held, no time":            {says("OK", held[0]), done, absent, absent},
		"charged":                  {says("OK", took), nothing, done, nothing},
		"charged, 092":             {says("STPIMS-ERR-092", took), nothing, done, nothing},
		"charged, no amount":       {says("OK", store("12345", "", "true")), nothing, nothing, nothing},
		"charged, no transaction":  {says("OK", store("", "5000000", "true")), nothing, nothing, nothing},
		"not confirmed":            {says("STPIMS-ERR-142", held[0]), absent, nothing, nothing},
		"not found":                {says("STPIMS-ERR-061"), absent, nothing, nothing},
		"expired":                  {says("STPIMS-ERR-144", held[0]), expired, expired, done},
		"cancelled":                {says("STPIMS-ERR-145", held[0]), cancelled, cancelled, done},
		"nothing on confirmed":     {says("OK", store("12345", "5000000", "")), nothing, nothing, nothing},
		"OK alone":                 {says("OK"), nothing, nothing, nothing},
		"closed, not confirmed":    {says("STPIMS-ERR-092", held[0]), nothing, nothing, nothing},
		"in process":               {says("INFO-202", held[0]), nothing, nothing, nothing},
		"refused question":         {says("STPIMS-ERR-037"), nothing, nothing, nothing},
		"no money":                 {says("STPIMS-ERR-057"), nothing, nothing, nothing},
		"internal error":           {says("STPIMS-ERR-001"), nothing, nothing, nothing},
		"unknown code":             {says("STPIMS-ERR-999", held...), nothing, nothing, nothing},
		"unknown code, charged":    {says("STPIMS-ERR-999", took), nothing, nothing, nothing},
		"server error":             {said{status: 502, body: says("OK", took).body}, nothing, nothing, nothing},
		"HTML":                     {said{kind: "text/html", body: "<html>"}, nothing, nothing, nothing},
		"held, drifted types":      {says("OK", store(`"12345"`, `"5000000"`, "false")), done, absent, absent},
		"held, time is unreadable": {says("OK", held[0], `"hold_till":"soon"`), done, absent, absent},
	} {
		for step, want := range map[string]proof{
			"hold-apply": row.apply, "hold-charge": row.charge, "hold-cancel": row.release,
		} {
			a := reads(t, about(holdCall("hold-get"), step), row.reply)
			rowOf(row.reply, want.outcome, want.reason).check(t, "26 hold-get about "+step+", "+name, a)
		}
	}
	a := reads(t, about(holdCall("hold-get"), "hold-apply"), says("OK", held...))
	until := time.Date(2022, 6, 30, 14, 55, 19, 597e6, time.UTC)
	if !a.HeldUntil.Equal(until) || a.Amount != amount || !a.Amounted {
		t.Errorf("26 hold-get: %+v", a)
	}
}

// rowOf is a row where that name is taken by another.
func rowOf(reply said, outcome payment.Outcome, reason string) row {
	return row{reply, outcome, reason}
}

// H5, H11: all items are held, none is, or a person must look.
func TestMultipleHoldGetSumsUpWhatBecameOfTheItems(t *testing.T) {
	one := says("OK", store("1", "50000", "false"), `"hold_till":"2022-06-30T15:00:00.5"`)
	two := says("OK", store("2", "100000", "false"), `"hold_till":"2022-06-30T14:00:00"`)
	none, expired, unknown := says("STPIMS-ERR-142"), says("STPIMS-ERR-144"), said{status: 502}
	for name, row := range map[string]struct {
		replies []said
		outcome payment.Outcome
		mixed   bool
		reason  string
	}{
		"all held":              {[]said{one, two}, payment.Done, false, ""},
		"none":                  {[]said{none, none}, payment.Absent, false, ""},
		"all expired":           {[]said{expired, expired}, payment.Declined, false, "hold_expired"},
		"one expired, one not":  {[]said{expired, none}, payment.Absent, false, ""},
		"the first held":        {[]said{one, none}, payment.Unknown, true, ""},
		"the second held":       {[]said{none, two}, payment.Unknown, true, ""},
		"one held, one expired": {[]said{one, expired}, payment.Unknown, true, ""},
		"the first unknown":     {[]said{unknown, two}, payment.Unknown, false, ""},
		"the second unknown":    {[]said{one, unknown}, payment.Unknown, false, ""},
		"one charged":           {[]said{one, says("OK", store("2", "100000", "true"))}, payment.Unknown, false, ""},
		"an unknown code":       {[]said{one, says("STPIMS-ERR-999")}, payment.Unknown, false, ""},
	} {
		a := reads(t, about(holdsCall("hold-multiple-get"), "hold-multiple-apply"), row.replies...)
		rowOf(said{}, row.outcome, row.reason).check(t, "23 hold-multiple-get, "+name, a)
		soonest := time.Date(2022, 6, 30, 14, 0, 0, 0, time.UTC)
		if held := a.Outcome == payment.Done; a.Mixed != row.mixed || held != agrees(a, bulkAmount, "260") ||
			held && !a.HeldUntil.Equal(soonest) {
			t.Errorf("23 hold-multiple-get, %s: %+v", name, a)
		}
	}
}

// H12: an item that holds another amount is for the engine to see.
func TestMultipleHoldGetPassesOnAContradiction(t *testing.T) {
	one := says("OK", store("1", "50000", "false"))
	for name, replies := range map[string][]said{
		"the first, another amount":  {says("OK", store("1", "50001", "false"))},
		"the second, another amount": {one, says("OK", store("2", "1", "false"))},
		"the first, the total":       {says("OK", store("1", "150000", "false"))},
	} {
		a := reads(t, about(holdsCall("hold-multiple-get"), "hold-multiple-apply"), replies...)
		if a.Outcome != payment.Done || agrees(a, bulkAmount, "260") {
			t.Errorf("23 hold-multiple-get, %s: %+v", name, a)
		}
	}
}

// A draft that does not name one hold for each item is none, nor is one without an id.
func TestHoldCreateWantsAHoldForEachItem(t *testing.T) {
	one, several := holdCall("hold-create"), holdsCall("hold-multiple-create")
	one.Card, several.Card = byToken(), byToken()
	for body, want := range map[string]payment.Outcome{
		`"hold_id":1173`: payment.Done, `"hold_id":"1173"`: payment.Done, `"hold_id":null`: payment.Unknown,
		`"hold_id":""`: payment.Unknown, `"account":null`: payment.Unknown,
	} {
		if a := reads(t, one, says("OK", body)); a.Outcome != want {
			t.Errorf("20 hold-create, %s: %+v", body, a)
		}
	}
	for body, want := range map[string]payment.Outcome{
		`"parent_id":260,"items":[{"hold_id":1541},{"hold_id":"1542"}]`: payment.Done,
		`"parent_id":260,"items":[{"hold_id":1541}]`:                    payment.Unknown,
		`"parent_id":260,"items":[{"hold_id":1541},{}]`:                 payment.Unknown,
		`"items":[{"hold_id":1541},{"hold_id":1542}]`:                   payment.Unknown,
		`"parent_id":260`: payment.Unknown,
	} {
		if a := reads(t, several, says("OK", body)); a.Outcome != want {
			t.Errorf("22 hold-multiple-create, %s: %+v", body, a)
		}
	}
}
