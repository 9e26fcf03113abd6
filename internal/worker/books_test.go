package worker

import (
	"testing"
	"time"

	"tolov/internal/reconcile"
)

func tashkent(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Tashkent")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// show tells a period as days or hours.
func show(p reconcile.Period) string {
	return p.From.Format("01-02 15:04") + " to " + p.To.Format("01-02 15:04")
}

// A planned comparison covers the last days, and the days on which something still differs, each once.
func TestPlannedComparisonLooksAtOpenDiscrepanciesAgain(t *testing.T) {
	zone := tashkent(t)
	today := time.Date(2026, 11, 20, 0, 0, 0, 0, zone)
	open := []time.Time{
		time.Date(2026, 11, 1, 20, 0, 0, 0, time.UTC), // the 2nd in Tashkent
		time.Date(2026, 11, 2, 3, 0, 0, 0, zone), time.Date(2026, 11, 18, 3, 0, 0, 0, zone), today.Add(time.Hour),
		time.Date(2026, 3, 1, 3, 0, 0, 0, zone), time.Date(2026, 10, 30, 3, 0, 0, 0, zone),
	}
	var got []string
	for _, p := range periodsOf(today, open) {
		got = append(got, show(p))
	}
	want := []string{
		"11-17 00:00 to 11-20 00:00", "10-30 00:00 to 10-31 00:00", "11-02 00:00 to 11-03 00:00",
	}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestPeriodIsOfDaysOrOfMoments(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 30, 0, 0, tashkent(t))
	for _, r := range []struct{ from, to, want string }{
		{"", "", "11-19 00:00 to 11-20 00:00"},
		{"2026-11-18", "2026-11-18", "11-18 00:00 to 11-19 00:00"},
		{"2026-11-18", "2026-11-19", "11-18 00:00 to 11-20 00:00"},
		{"2026-11-18T10:00:00+05:00", "2026-11-18T11:00:00+05:00", "11-18 10:00 to 11-18 11:00"},
		{"2026-11-18T10:00:00+05:00", "2026-11-18", "11-18 10:00 to 11-19 00:00"},
		{"2026-11-19", "2026-11-18", ""},
		{"2026-11-19", "", ""},
		{"", "2026-11-19", ""},
		{"yesterday", "today", ""},
		{"2026-11-31", "2026-12-01", ""},
		{"2026-01-01", "2026-11-01", ""},
	} {
		period, err := question{From: r.from, To: r.to}.period(now)
		if err != nil && r.want == "" {
			continue
		}
		if got := show(period); err != nil || got != r.want {
			t.Errorf("from %s to %s: %s %v, want %s", r.from, r.to, got, err, r.want)
		}
	}
}
