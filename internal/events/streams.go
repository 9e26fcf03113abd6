package events

import (
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// AckWait is how long a worker may be silent about a message before another gets it (DESIGN §5).
const AckWait = 15 * time.Second

const (
	keepEvents    = 90 * 24 * time.Hour
	dedupeWindow  = 2 * time.Minute
	forgetIDs     = time.Second
	maxAckPending = 100_000 // messages given back with a delay count too: an outage must not stop new commands
)

// ShardsKey is where a journal stream's metadata say how many shards there are.
const ShardsKey = "tolov.journal_shards"

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
		l.index(),
		l.log(StreamEvents, subjectEvents+">"),
		l.log(StreamDead, subjectDead+">"),
		l.operations(),
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
	if name == StreamEvents { // the projector's ids are never repeated, so the server need not remember them
		c.Duplicates = forgetIDs
	}
	if name == StreamEvents && c.Replicas == 1 && c.Storage == jetstream.FileStorage {
		c.PersistMode = jetstream.AsyncPersistMode
	}
	return c
}

// journal is the truth: nothing in it is ever deleted.
func (l Layout) journal(shard int) jetstream.StreamConfig {
	c := l.base(JournalStream(shard), subjectJournal+strconv.Itoa(shard)+".>")
	c.DenyDelete, c.DenyPurge = true, true
	c.Metadata = map[string]string{ShardsKey: strconv.Itoa(l.Shards)}
	return c
}

// operations is what operators did, for ever: the last message of a switch's subject counts, those before it tell who
// did what and why.
func (l Layout) operations() jetstream.StreamConfig {
	c := l.base(StreamOperations, subjectSwitch+">")
	c.Subjects = append(c.Subjects, subjectReplay+">")
	c.DenyDelete, c.DenyPurge = true, true
	return c
}

// index is written again and again with the same content, so of each subject one message is kept. A message of another
// subject is never dropped for it, nor for its age: a provider may ask about a payment whenever it likes.
func (l Layout) index() jetstream.StreamConfig {
	c := l.base(StreamIndex, subjectIndex+">")
	c.DenyDelete, c.DenyPurge, c.MaxMsgsPerSubject = true, true, 1
	return c
}

// ConsumerConfig is the worker's durable consumer for a topic.
func ConsumerConfig(durable, topic string) jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable: durable, FilterSubject: topic, AckPolicy: jetstream.AckExplicitPolicy, AckWait: AckWait,
		MaxDeliver: -1, MaxAckPending: maxAckPending, DeliverPolicy: jetstream.DeliverAllPolicy,
	}
}
