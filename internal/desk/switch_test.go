package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tolov/internal/desk"
	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/payment"
)

func open(t *testing.T) *desk.Desk {
	t.Helper()
	b := eventstest.Server(t)
	d, err := desk.New(b.Conn)
	if err == nil {
		err = events.Layout{Shards: 1, Replicas: 1, InMemory: true}.Ensure(t.Context(), d.JS)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func pause(provider, merchant string, yes bool) desk.Switch {
	return desk.Switch{
		Provider: provider, Merchant: merchant, Paused: yes, Actor: "aziza", Reason: "incident 7",
		At: payment.At(time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)),
	}
}

func (s thrown) throw(t *testing.T, d *desk.Desk) {
	t.Helper()
	for _, one := range s {
		if err := desk.Throw(t.Context(), d.JS, one); err != nil {
			t.Fatal(err)
		}
	}
}

type thrown []desk.Switch

// The last switch of a provider and merchant counts, and one for everyone covers each.
func TestTheLastSwitchCounts(t *testing.T) {
	d := open(t)
	thrown{
		pause("via", "shop", true), pause("via", "shop", false), pause("atmos", desk.Everyone, true),
		pause("paysys", "shop", true),
	}.throw(t, d)
	all, err := desk.Standing(t.Context(), d.JS)
	if err != nil {
		t.Fatal(err)
	}
	for account, want := range map[[2]string]bool{
		{"shop", "via"}: false, {"shop", "atmos"}: true, {"other", "atmos"}: true, {"shop", "paysys"}: true,
		{"other", "paysys"}: false,
	} {
		if got := all.Paused(account[0], account[1]); got != want {
			t.Errorf("%v is paused: %t", account, got)
		}
	}
	stream, err := d.JS.Stream(t.Context(), events.StreamOperations)
	if err != nil || stream.CachedInfo().State.Msgs != 4 {
		t.Error("not all that was done is kept: ", err)
	}
}

// A switch that cannot be read pauses: to wait costs no money.
func TestUnreadableSwitchPauses(t *testing.T) {
	d := open(t)
	for subject, body := range map[string]string{
		events.SwitchSubject("via", "shop"):   "{",
		events.SwitchSubject("atmos", "shop"): `{"provider":"via","merchant":"shop"}`,
	} {
		if _, err := d.JS.Publish(t.Context(), subject, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := desk.Standing(t.Context(), d.JS)
	if err != nil || !all.Paused("shop", "via") || !all.Paused("shop", "atmos") || all.Paused("shop", "paysys") {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestSwitchNamesWhoAndWhy(t *testing.T) {
	for name, spoil := range map[string]func(*desk.Switch){
		"provider": func(s *desk.Switch) { s.Provider = "a.b" }, "merchant": func(s *desk.Switch) { s.Merchant = "*" },
		"who": func(s *desk.Switch) { s.Actor = " " }, "why": func(s *desk.Switch) { s.Reason = "" },
		"long": func(s *desk.Switch) { s.Reason = strings.Repeat("a", 256) },
	} {
		s := pause("via", "shop", true)
		spoil(&s)
		if err := desk.Throw(t.Context(), nil, s); err == nil {
			t.Error("taken without its ", name)
		}
	}
}

// A worker's clock is compared with ours as far as question and answer allow.
func TestSkewIsWhatTheAnswersTimeDoesNotExplain(t *testing.T) {
	asked := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	for now, want := range map[time.Duration]time.Duration{
		-3 * time.Second: 3 * time.Second, 0: 0, time.Second: 0, 3 * time.Second: time.Second,
	} {
		h := desk.Heard{
			Settings: desk.Settings{Now: payment.At(asked.Add(now))}, Asked: asked, Came: asked.Add(2 * time.Second),
		}
		if got := h.Skew(); got != want {
			t.Errorf("at %s the skew is %s, want %s", now, got, want)
		}
	}
}

func Example() {
	switches := desk.Switches{
		{Provider: "via", Merchant: desk.Everyone, Paused: true, Actor: "aziza", Reason: "declines everything"},
	}
	fmt.Println(switches.Paused("default", "via"), switches.Paused("default", "atmos"))
	// Output: true false
}
