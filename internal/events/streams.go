package events

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// AckWait is how long a worker may be silent about a message before another gets it (DESIGN §5).
const AckWait = 15 * time.Second

const (
	keepEvents    = 90 * 24 * time.Hour
	dedupeWindow  = 2 * time.Minute
	shardsKey     = "tolov.journal_shards"
	maxAckPending = 100_000 // messages given back with a delay count too: an outage must not stop new commands
)

// Layout is what the operator chooses about the streams.
type Layout struct {
	Shards   int // of the journal; fixed when the streams are first created
	Replicas int
	InMemory bool // for tests
}

// Streams lists every stream with its settings.
func (l Layout) Streams() []jetstream.StreamConfig {
	streams := []jetstream.StreamConfig{
		l.queue(StreamCommands, subjectCommands+">"),
		l.queue(StreamNotices, subjectNotices+">"),
		l.timers(),
		l.log(StreamEvents, subjectEvents+">"),
		l.log(StreamDead, subjectDead+">"),
	}
	for k := range l.Shards {
		streams = append(streams, l.journal(k))
	}
	return streams
}

func (l Layout) base(name, subject string) jetstream.StreamConfig {
	c := jetstream.StreamConfig{
		Name: name, Subjects: []string{subject}, Replicas: max(l.Replicas, 1), Storage: jetstream.FileStorage,
		Discard: jetstream.DiscardNew, Duplicates: dedupeWindow, AllowDirect: true,
	}
	if l.InMemory {
		c.Storage = jetstream.MemoryStorage
	}
	return c
}

// queue holds messages until they were acknowledged, whatever their age (H31, H32).
func (l Layout) queue(name, subject string) jetstream.StreamConfig {
	c := l.base(name, subject)
	c.Retention = jetstream.WorkQueuePolicy
	return c
}

// timers schedules messages. AllowMsgSchedules implies rollup, clears DenyPurge, and is not had together with discard
// new: without limits there is nothing to discard.
func (l Layout) timers() jetstream.StreamConfig {
	c := l.queue(StreamTimers, subjectTimerSet+">")
	c.Subjects = append(c.Subjects, subjectTimerDue+">")
	c.AllowMsgSchedules, c.AllowRollup, c.Discard = true, true, jetstream.DiscardOld
	return c
}

// log keeps messages for a time. Events can be rebuilt from the journal, so with one replica they need not wait for
// the disk.
func (l Layout) log(name, subject string) jetstream.StreamConfig {
	c := l.base(name, subject)
	c.MaxAge, c.Discard = keepEvents, jetstream.DiscardOld
	if name == StreamEvents && c.Replicas == 1 && c.Storage == jetstream.FileStorage {
		c.PersistMode = jetstream.AsyncPersistMode
	}
	return c
}

// journal is the truth: nothing in it is ever deleted.
func (l Layout) journal(shard int) jetstream.StreamConfig {
	c := l.base(JournalStream(shard), subjectJournal+strconv.Itoa(shard)+".>")
	c.DenyDelete, c.DenyPurge = true, true
	c.Metadata = map[string]string{shardsKey: strconv.Itoa(l.Shards)}
	return c
}

// Ensure creates the streams that are missing and refuses to go on when one that exists would lose messages (H32).
// It lists all faults.
func (l Layout) Ensure(ctx context.Context, js jetstream.JetStream) error {
	var faults []error
	for _, want := range l.Streams() {
		have, err := ensureStream(ctx, js, want)
		if err != nil {
			return fmt.Errorf("stream %s: %w", want.Name, err)
		}
		faults = append(faults, audit(want, have)...)
	}
	return errors.Join(faults...)
}

// Audit compares the streams that exist with what they must be, without creating any (H33).
func (l Layout) Audit(ctx context.Context, js jetstream.JetStream) error {
	var faults []error
	for _, want := range l.Streams() {
		stream, err := js.Stream(ctx, want.Name)
		if err != nil {
			faults = append(faults, fmt.Errorf("stream %s: %w", want.Name, err))
			continue
		}
		faults = append(faults, audit(want, stream.CachedInfo().Config)...)
	}
	return errors.Join(faults...)
}

func ensureStream(
	ctx context.Context, js jetstream.JetStream, want jetstream.StreamConfig,
) (jetstream.StreamConfig, error) {
	stream, err := js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = js.CreateStream(ctx, want)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another worker was faster
			stream, err = js.Stream(ctx, want.Name)
		}
	}
	if err != nil {
		return jetstream.StreamConfig{}, err
	}
	return stream.CachedInfo().Config, nil
}

// audit lists the settings of a stream that would lose messages or break the engine.
func audit(want, have jetstream.StreamConfig) []error {
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf("stream "+want.Name+": "+format, args...))
		}
	}
	check(have.Retention == want.Retention, "retention must be %s, is %s", want.Retention, have.Retention)
	check(want.Discard != jetstream.DiscardNew || have.Discard == jetstream.DiscardNew, "discard must be new")
	check(have.MaxAge == want.MaxAge || (want.MaxAge > 0 && (have.MaxAge == 0 || have.MaxAge > want.MaxAge)),
		"max age must be %s, is %s", want.MaxAge, have.MaxAge)
	check(have.MaxMsgsPerSubject <= 0, "must not limit messages per subject")
	check(want.Discard == jetstream.DiscardNew || (have.MaxMsgs <= 0 && have.MaxBytes <= 0),
		"must not drop old messages by count or size")
	check(have.Storage == want.Storage, "storage must be %s, is %s", want.Storage, have.Storage)
	check(have.Replicas >= want.Replicas, "must have %d replicas, has %d", want.Replicas, have.Replicas)
	check(!have.NoAck, "must acknowledge what it stores")
	check(!have.Sealed, "must not be sealed")
	check(have.AllowDirect, "must allow direct reads")
	check(!want.DenyDelete || have.DenyDelete, "must deny deletes")
	check(!want.DenyPurge || have.DenyPurge, "must deny purges")
	check(!want.AllowMsgSchedules || have.AllowMsgSchedules, "must allow message schedules")
	check(len(have.Sources) == 0 && have.Mirror == nil, "must not be sourced or mirrored from another stream")
	check(want.Metadata[shardsKey] == have.Metadata[shardsKey], "was created for %s journal shards, JOURNAL_SHARDS is %s",
		have.Metadata[shardsKey], want.Metadata[shardsKey])
	return faults
}

// ConsumerConfig is the worker's durable consumer for a topic.
func ConsumerConfig(durable, topic string) jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable: durable, FilterSubject: topic, AckPolicy: jetstream.AckExplicitPolicy, AckWait: AckWait,
		MaxDeliver: -1, MaxAckPending: maxAckPending, DeliverPolicy: jetstream.DeliverAllPolicy,
	}
}
