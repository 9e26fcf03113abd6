package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/desk"
	"tolov/internal/events"
	"tolov/internal/payment"
)

func TestDoctorFindsAWorkerThatRunsHealthy(t *testing.T) {
	s := payctl(t, "", "doctor")
	s.expect(t, exitDone)
	for _, want := range []string{"✓  streams", "✓  NATS", "✓  consumer of PAYMENTS_COMMANDS", "✓  storage", "0 errors"} {
		if !strings.Contains(s.out, want) {
			t.Errorf("no %q in %s", want, s.out)
		}
	}
	var found struct {
		OK       bool
		Findings []finding
	}
	j := payctl(t, "", "--json", "doctor")
	if err := json.Unmarshal([]byte(j.out), &found); err != nil || !found.OK || len(found.Findings) < 8 {
		t.Errorf("as JSON %s, %v", j.out, err)
	}
}

// heard is a worker that is set as it must be.
func heard(name string) desk.Heard {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	return desk.Heard{Asked: now, Came: now, Settings: desk.Settings{
		Worker: name, Version: "1.0.0", Now: payment.At(now), Replicas: 3, Shards: 4, Concurrency: 256,
		ProviderTimeout: 15_000, ReviewAfter: 900_000, Longest: 3_600_000, CardData: "sealed",
		Keys:     []desk.Key{{ID: "k2", PublicKey: "bbbbbbbbbb"}, {ID: "k1", PublicKey: "aaaaaaaaaa"}},
		Accounts: []desk.Account{{Merchant: "default", Provider: "atmos"}},
	}}
}

// Every setting by which money or messages get lost is found, alone or in comparison.
func TestDoctorGolden(t *testing.T) {
	var out bytes.Buffer
	a := &app{out: &out}
	for _, v := range []struct {
		what    string
		workers func() []desk.Heard
	}{
		{"nobody", func() []desk.Heard { return nil }},
		{"two alike", func() []desk.Heard { return []desk.Heard{heard("a"), heard("b")} }},
		{"one that is set badly", func() []desk.Heard {
			w := heard("a")
			w.Keys, w.KeysFault, w.Fault, w.ReviewAfter = nil, "key k3: the id stands twice", "NATS is not connected", 20_000
			w.Now = payment.At(w.Asked.Add(-time.Minute))
			return []desk.Heard{w}
		}},
		{"cards in clear", func() []desk.Heard {
			w := heard("a")
			w.CardData, w.Now = "clear", payment.At(w.Came.Add(2*time.Second))
			return []desk.Heard{w}
		}},
		{"embedded, without sync", func() []desk.Heard {
			w := heard("a")
			w.Embedded, w.Sync = true, "default"
			return []desk.Heard{w}
		}},
		{"two that differ", func() []desk.Heard {
			w := heard("b")
			w.ProviderTimeout, w.ReviewAfter, w.CardData, w.Version = 60_000, 901_000, "clear", "1.1.0"
			w.Embedded, w.Sync, w.Accounts, w.Keys = true, "always", nil, w.Keys[1:]
			return []desk.Heard{heard("a"), w}
		}},
		{"two in the middle of a rotation", func() []desk.Heard {
			w := heard("b")
			next := desk.Key{ID: "k3", PublicKey: "cccccccccc", From: payment.At(w.Came.Add(time.Minute))}
			w.Keys = append([]desk.Key{next}, w.Keys...)
			return []desk.Heard{heard("a"), w}
		}},
	} {
		c := &chart{}
		c.workers(v.workers())
		out.WriteString("# " + v.what + "\n")
		a.showFindings(c.findings)
	}
	golden(t, "testdata/doctor.txt", out.String())
}

// H31, H33: what a consumer or a stream is set to, and how full it is.
func TestDoctorSeesAConsumerThatLosesMessages(t *testing.T) {
	want := events.ConsumerConfig(events.DurableWorker, events.TopicCommands)
	for what, spoil := range map[string]func(*jetstream.ConsumerInfo){
		"acknowledged": func(i *jetstream.ConsumerInfo) { i.Config.AckPolicy = jetstream.AckNonePolicy },
		"given up":     func(i *jetstream.ConsumerInfo) { i.Config.MaxDeliver = 5 },
		"passes over":  func(i *jetstream.ConsumerInfo) { i.Config.FilterSubject = "payments.commands.pay" },
		"two hands":    func(i *jetstream.ConsumerInfo) { i.Config.AckWait = time.Second },
		"stops all":    func(i *jetstream.ConsumerInfo) { i.Config.MaxAckPending = 1000 },
		"it is paused": func(i *jetstream.ConsumerInfo) { i.Paused = true },
		"are taken":    func(i *jetstream.ConsumerInfo) { i.NumAckPending = want.MaxAckPending * 9 / 10 },
		"no worker":    func(i *jetstream.ConsumerInfo) { i.NumPending = 1 },
	} {
		info := &jetstream.ConsumerInfo{Config: want}
		c := &chart{}
		if c.consumer("x", info, want, nil); len(c.findings) != 0 {
			t.Fatalf("a good one: %+v", c.findings)
		}
		spoil(info)
		c.consumer("x", info, want, nil)
		if len(c.findings) != 1 || c.findings[0].Level != fails || !strings.Contains(c.findings[0].What, what) {
			t.Errorf("%s: %+v", what, c.findings)
		}
	}
	for percent, worst := range map[uint64]level{69: "", 70: warns, 84: warns, 85: fails} {
		c := &chart{}
		c.fill("storage", "x", percent, 100)
		if len(c.findings) > 0 != (worst != "") || worst != "" && c.findings[0].Level != worst {
			t.Errorf("full to %d: %+v", percent, c.findings)
		}
	}
}

func TestDoctorsExitCodeTellsErrorsFromWarnings(t *testing.T) {
	for _, v := range []struct {
		strict bool
		levels []level
		code   int
	}{
		{false, []level{fine}, exitDone}, {false, []level{warns, fine}, exitDone}, {true, []level{warns}, exitFailed},
		{false, []level{fine, fails}, exitFailed},
	} {
		var out bytes.Buffer
		c := &chart{}
		for _, l := range v.levels {
			c.add(l, "x", "y", "z")
		}
		err := doctorVerb{Strict: v.strict}.tell(&app{out: &out, flags: &grammar{}}, c)
		if exitCode(err) != v.code {
			t.Errorf("%v, strict %t: %v", v.levels, v.strict, err)
		}
	}
}

// Late payments are errors, reviews and exposure are warnings.
func TestDoctorLooksAtWhatIsOpen(t *testing.T) {
	at := payment.At(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	c := &chart{}
	c.payments(desk.OpenAnswer{At: at, Count: 2, Exposure: 5_000_000, Payments: []desk.OpenPayment{
		{Status: payment.NeedsReview, Since: at}, {Status: payment.InDoubt, Due: payment.At(at.Add(-time.Hour))},
	}})
	if c.count(warns) != 2 || c.count(fails) != 1 {
		t.Errorf("%+v", c.findings)
	}
	c = &chart{}
	if c.payments(desk.OpenAnswer{At: at, Count: 1}); c.count(fine) != 1 {
		t.Errorf("%+v", c.findings)
	}
}
