package events_test

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/nats-io/nats.go/jetstream"
	"pgregory.net/rapid"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// Every name on the wire, and every setting of the streams, as operators and other services rely on them.
func TestNamesAndTablesOfTheWireAreWrittenDown(t *testing.T) {
	var out strings.Builder
	out.WriteString("# names.go\n" + table(names(t)))
	out.WriteString("\n# streams, one server\n" + table(streams(events.Layout{Shards: 2, Replicas: 1})))
	out.WriteString("\n# streams, three servers\n" + table(streams(events.Layout{Shards: 2, Replicas: 3})))
	out.WriteString("\n# consumers\n" + table(consumers()))
	out.WriteString("\n# examples\n" + table(examples()))
	golden(t, "wire.golden", out.String())
}

func table(rows [][]string) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	_ = w.Flush()
	return out.String()
}

// names lists the constants of names.go as they stand there, so that none is forgotten here.
func names(t *testing.T) [][]string {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "names.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	ignore := types.Config{Error: func(error) {}} // what is imported is not looked at
	_, _ = ignore.Check("events", files, []*ast.File{file}, info)
	var rows [][]string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, name := range spec.Names {
			if c, ok := info.Defs[name].(*types.Const); ok {
				rows = append(rows, []string{name.Name, constant.StringVal(c.Val())})
			}
		}
		return true
	})
	return rows
}

func streams(l events.Layout) [][]string {
	rows := [][]string{{"stream", "subjects", "retention", "discard", "max age", "replicas", "dedupe", "also"}}
	for _, s := range l.Streams() {
		rows = append(rows, []string{
			s.Name, strings.Join(s.Subjects, " "), s.Retention.String(), s.Discard.String(), s.MaxAge.String(),
			fmt.Sprint(s.Replicas), s.Duplicates.String(), also(s),
		})
	}
	return rows
}

func also(s jetstream.StreamConfig) string {
	var words []string
	for word, on := range map[string]bool{
		"direct": s.AllowDirect, "no-delete": s.DenyDelete, "no-purge": s.DenyPurge, "schedules": s.AllowMsgSchedules,
		"rollup": s.AllowRollup, "async": s.PersistMode == jetstream.AsyncPersistMode,
		"memory": s.Storage == jetstream.MemoryStorage, "one-per-subject": s.MaxMsgsPerSubject == 1,
	} {
		if on {
			words = append(words, word)
		}
	}
	for key, value := range s.Metadata {
		words = append(words, key+"="+value)
	}
	return strings.Join(sorted(words), " ")
}

func consumers() [][]string {
	rows := [][]string{{"durable", "filter", "ack", "ack wait", "max deliver", "max ack pending", "from"}}
	for _, topic := range []string{events.TopicCommands, events.TopicTimers, events.TopicNotices} {
		c := events.ConsumerConfig(events.DurableWorker, topic)
		rows = append(rows, []string{
			c.Durable, c.FilterSubject, c.AckPolicy.String(), c.AckWait.String(), fmt.Sprint(c.MaxDeliver),
			fmt.Sprint(c.MaxAckPending), c.DeliverPolicy.String(),
		})
	}
	return rows
}

func examples() [][]string {
	id := payment.ID("default", "order-1")
	rows := [][]string{
		{"command", events.CommandSubject(payment.VerbResendCode)},
		{"event", events.EventSubject(payment.EventCompleted, id)},
		{"events of a payment", events.PaymentEvents(id)},
		{"event id", events.EventID(id, 3)},
		{"journal", events.JournalStream(1) + " " + events.JournalSubject(1, id)},
		{"timer", events.TimerSubject(id)},
		{"notice", events.NoticeSubject("atmos")},
		{"index", events.IndexSubject("atmos", "shop", "222222")},
		{"index", events.IndexSubject("atmos", "shop", "a.b >*")},
	}
	for _, reason := range []string{
		events.DeadNotJSON, events.DeadTooLarge, events.DeadUnknownVerb, events.DeadBadExtID,
	} {
		rows = append(rows, []string{"dead letter", events.DeadSubject(reason)})
	}
	for _, shards := range []int{1, 4, 64} {
		rows = append(rows, []string{fmt.Sprintf("shard of %d", shards), fmt.Sprint(events.Shard(id, shards))})
	}
	return rows
}

// A payment's shard never changes and is one that exists.
func TestAShardIsOneOfThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shards := rapid.IntRange(1, 64).Draw(t, "shards")
		id := payment.ID("default", rapid.StringMatching(`[a-z0-9]{1,9}`).Draw(t, "ext_id"))
		if k := events.Shard(id, shards); k < 0 || k >= shards || k != events.Shard(id, shards) {
			t.Fatalf("shard %d of %d", k, shards)
		}
	})
}

// Span names have few values, whatever is published.
func TestTemplatesLeaveThePaymentOut(t *testing.T) {
	for subject, want := range map[string]string{
		"payments.commands.pay":                         "payments.commands.pay",
		"payments.commands.8600490000003347":            "payments.commands.{unknown}",
		"payments.commands.pay.x":                       "payments.commands.{unknown}",
		"payments.timers.due.pay_abc.wake":              "payments.timers.due.{payment_id}",
		"payments.timers.due.":                          "payments.timers.due.{payment_id}",
		"payments.notices.8600490000003347":             "payments.notices.{provider}",
		"payments.timers.due.8600490000003347.wake.now": "payments.timers.due.{payment_id}",
	} {
		if got := events.Template(subject); got != want {
			t.Errorf("%s: %s, want %s", subject, got, want)
		}
	}
}

func TestATimerNamesItsPayment(t *testing.T) {
	id := payment.ID("default", "order-1")
	for subject, want := range map[string]string{
		"payments.timers.due." + id + ".wake": id,
		"payments.timers.due." + id:           id,
		"payments.timers.due.":                "",
	} {
		if got := events.TimerPayment(subject); got != want {
			t.Errorf("%s: %q", subject, got)
		}
	}
}
