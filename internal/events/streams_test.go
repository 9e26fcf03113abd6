package events_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
)

func sorted(words []string) []string {
	slices.Sort(words)
	return words
}

func TestEnsureMakesEveryStreamAndIsContentWithThem(t *testing.T) {
	benches := map[string]func(testing.TB) *eventstest.Bench{
		"one server": eventstest.Server, "three servers": eventstest.Cluster,
	}
	for name, start := range benches {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			js, l := jetStream(t, b), events.Layout{Shards: 2, Replicas: b.Replicas}
			for range 2 {
				if err := l.Ensure(t.Context(), js); err != nil {
					t.Fatal(err)
				}
			}
			if err := l.Audit(t.Context(), js); err != nil {
				t.Error(err)
			}
			var have, want []string
			for name := range js.StreamNames(t.Context()).Name() {
				have = append(have, name)
			}
			for _, s := range l.Streams() {
				want = append(want, s.Name)
			}
			if !slices.Equal(sorted(have), sorted(want)) {
				t.Errorf("%v, want %v", have, want)
			}
		})
	}
}

func TestManyWorkersMayStartAtOnce(t *testing.T) {
	b := eventstest.Server(t)
	var group errgroup.Group
	for range 8 {
		group.Go(func() error {
			js, err := jetstream.New(b.Conn)
			return errors.Join(err, layout().Ensure(t.Context(), js))
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

// H32: a stream that exists with a setting that would lose messages is refused by name and rule.
func TestEnsureRefusesEveryUnsafeSetting(t *testing.T) {
	js := jetStream(t, eventstest.Server(t))
	for _, u := range unsafeSettings() {
		t.Run(u.stream+"/"+u.rule, func(t *testing.T) {
			want := streamOf(u.stream)
			u.spoil(&want)
			if _, err := js.CreateStream(t.Context(), want); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = js.DeleteStream(t.Context(), u.stream) }()
			err := layout().Ensure(t.Context(), js)
			if err == nil || err.Error() != "stream "+u.stream+": "+u.rule {
				t.Errorf("%v, want %s", err, u.rule)
			}
		})
	}
	if names := js.StreamNames(t.Context()).Name(); len(names) > 0 {
		t.Error("a stream was created although another was refused")
	}
}

func streamOf(name string) jetstream.StreamConfig {
	all := layout().Streams()
	return all[slices.IndexFunc(all, func(s jetstream.StreamConfig) bool { return s.Name == name })]
}

// unsafe is a setting that Ensure must refuse.
type unsafe struct {
	stream string
	rule   string
	spoil  func(*jetstream.StreamConfig)
}

func unsafeSettings() []unsafe {
	const commands, journal, out, timers = "PAYMENTS_COMMANDS", "PAYMENTS_JOURNAL_0", "PAYMENTS_EVENTS", "PAYMENTS_TIMERS"
	const index = "PAYMENTS_INDEX"
	type config = jetstream.StreamConfig
	return []unsafe{
		{commands, "discard must be new", func(c *config) { c.Discard = jetstream.DiscardOld }},
		{commands, "max age must be 0s, is 1h0m0s", func(c *config) { c.MaxAge = time.Hour }},
		{commands, "retention must be WorkQueue, is Limits", func(c *config) { c.Retention = jetstream.LimitsPolicy }},
		{commands, "must not limit messages per subject", func(c *config) { c.MaxMsgsPerSubject = 1 }},
		{commands, "must not limit the size of a message", func(c *config) { c.MaxMsgSize = 1000 }},
		{commands, "must acknowledge what it stores", func(c *config) { c.NoAck = true }},
		{commands, "must allow direct reads", func(c *config) { c.AllowDirect = false }},
		{commands, "must not let a message replace others", func(c *config) { c.AllowRollup = true }},
		{commands, "must not let a message name its own age", func(c *config) { c.AllowMsgTTL = true }},
		{commands, "must store payments.commands.>", func(c *config) { c.Subjects = []string{"payments.commands.pay"} }},
		{commands, "must not be sourced or mirrored from another stream", func(c *config) {
			c.Sources = []*jetstream.StreamSource{{Name: "OTHER"}}
		}},
		{journal, "must not change subjects", func(c *config) {
			c.SubjectTransform = &jetstream.SubjectTransformConfig{
				Source: "payments.journal.0.*", Destination: "payments.journal.0.x.{{wildcard(1)}}",
			}
		}},
		{journal, "discard must be new", func(c *config) { c.Discard = jetstream.DiscardOld }},
		{journal, "max age must be 0s, is 2400h0m0s", func(c *config) { c.MaxAge = 2400 * time.Hour }},
		{journal, "retention must be Limits, is Interest", func(c *config) { c.Retention = jetstream.InterestPolicy }},
		{journal, "must deny deletes", func(c *config) { c.DenyDelete = false }},
		{journal, "must deny purges", func(c *config) { c.DenyPurge = false }},
		{journal, "was created for 4 journal shards, JOURNAL_SHARDS is 2", func(c *config) {
			c.Metadata = map[string]string{"tolov.journal_shards": "4"}
		}},
		{journal, "was created for an unknown number of journal shards, JOURNAL_SHARDS is 2", func(c *config) {
			c.Metadata = nil
		}},
		{out, "max age must be 2160h0m0s, is 1h0m0s", func(c *config) { c.MaxAge = time.Hour }},
		{out, "must not drop old messages by count or size", func(c *config) { c.MaxMsgs = 1000 }},
		{out, "must not drop old messages by count or size", func(c *config) { c.MaxBytes = 1 << 20 }},
		{out, "must not limit messages per subject", func(c *config) { c.MaxMsgsPerSubject = 1 }},
		{index, "discard must be new", func(c *config) { c.Discard = jetstream.DiscardOld }},
		{index, "max age must be 0s, is 1h0m0s", func(c *config) { c.MaxAge = time.Hour }},
		{index, "must deny deletes", func(c *config) { c.DenyDelete = false }},
		{index, "must deny purges", func(c *config) { c.DenyPurge = false }},
		{index, "must not refuse a message because of another of its subject", func(c *config) {
			c.DiscardNewPerSubject = true
		}},
		{timers, "must allow message schedules", func(c *config) { c.AllowMsgSchedules = false }},
		{timers, "must store payments.timers.due.>", func(c *config) { c.Subjects = c.Subjects[:1] }},
		{timers, "max age must be 0s, is 1h0m0s", func(c *config) { c.MaxAge = time.Hour }},
	}
}

// H31, H32: what keeps more than we need, or refuses instead of dropping, is not refused.
func TestEnsureTakesSettingsThatOnlyKeepMore(t *testing.T) {
	js := jetStream(t, eventstest.Server(t))
	commands, out, dead := streamOf("PAYMENTS_COMMANDS"), streamOf("PAYMENTS_EVENTS"), streamOf("PAYMENTS_DEAD")
	commands.MaxMsgs, commands.MaxBytes = 1_000_000, 1<<30 // full means refused, not lost
	out.MaxAge, dead.MaxAge = 0, 365*24*time.Hour
	commands.Description = "owned by operations"
	for _, s := range []jetstream.StreamConfig{commands, out, dead} {
		if _, err := js.CreateStream(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := layout().Ensure(t.Context(), js); err != nil {
		t.Error(err)
	}
}

func TestEnsureListsAllFaultsAtOnce(t *testing.T) {
	js := jetStream(t, eventstest.Server(t))
	for _, name := range []string{"PAYMENTS_COMMANDS", "PAYMENTS_JOURNAL_1"} {
		s := streamOf(name)
		s.Discard, s.AllowDirect, s.MaxAge = jetstream.DiscardOld, false, time.Hour
		if _, err := js.CreateStream(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	err := layout().Ensure(t.Context(), js)
	if err == nil || strings.Count(err.Error(), "\n") != 5 || strings.Count(err.Error(), "PAYMENTS_JOURNAL_1") != 3 {
		t.Errorf("want six faults, one a line: %v", err)
	}
}
