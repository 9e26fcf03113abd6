package identities_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"tolov/deploy/identities"
)

var update = flag.Bool("update", false, "write the files that are generated")

// streams are those of the contract, and one of somebody else.
func streams() []string {
	return []string{
		"PAYMENTS_COMMANDS", "PAYMENTS_NOTICES", "PAYMENTS_TIMERS", "PAYMENTS_INDEX", "PAYMENTS_EVENTS", "PAYMENTS_DEAD",
		"PAYMENTS_OPERATIONS",
		"PAYMENTS_JOURNAL_0", "PAYMENTS_JOURNAL_1", "PAYMENTS_JOURNAL_2", "PAYMENTS_JOURNAL_3", "OTHER",
	}
}

// questions are what JetStream can be asked, or told, about a stream (%s).
func questions() []string {
	return []string{
		"STREAM.INFO.%s", "STREAM.CREATE.%s", "STREAM.UPDATE.%s", "STREAM.DELETE.%s", "STREAM.PURGE.%s",
		"STREAM.SNAPSHOT.%s", "STREAM.RESTORE.%s", "STREAM.MSG.GET.%s", "STREAM.MSG.DELETE.%s",
		"STREAM.LEADER.STEPDOWN.%s", "STREAM.PEER.REMOVE.%s", "DIRECT.GET.%s", "DIRECT.GET.%s.payments.x",
		"DIRECT.GET.%s.payments.timers.set.x.wake",
		"CONSUMER.CREATE.%s", "CONSUMER.CREATE.%s.worker", "CONSUMER.CREATE.%s.worker.payments.commands.>",
		"CONSUMER.CREATE.%s.worker.payments.notices.>", "CONSUMER.CREATE.%s.worker.payments.timers.due.>",
		"CONSUMER.CREATE.%s.other", "CONSUMER.CREATE.%s.other.payments.x", "CONSUMER.DURABLE.CREATE.%s.other",
		"CONSUMER.INFO.%s.worker", "CONSUMER.INFO.%s.other", "CONSUMER.DELETE.%s.worker", "CONSUMER.DELETE.%s.other",
		"CONSUMER.MSG.NEXT.%s.worker", "CONSUMER.MSG.NEXT.%s.other", "CONSUMER.PAUSE.%s.worker",
		"CONSUMER.RESET.%s.worker", "CONSUMER.UNPIN.%s.worker", "CONSUMER.LEADER.STEPDOWN.%s.worker",
		"CONSUMER.NAMES.%s", "CONSUMER.LIST.%s",
	}
}

// ours are subjects that messages have, and what stands around them.
func ours() []string {
	all := []string{
		"anything", "payments.commands.unknown", "payments.events.completed.pay_x", "payments.journal.0.pay_x",
		"payments.journal.3.pay_x", "payments.timers.set.pay_x.wake", "payments.timers.due.pay_x.wake",
		"payments.index.atmos.default.k", "payments.notices.atmos", "payments.dead.not_json", "payments.query.get",
		"payments.query.history", "payments.query.card_key", "payments.query.open", "payments.query.settings",
		"payments.query.preview", "payments.query.other", "payments.operations.provider.atmos._all",
		"payments.operations.replay.7", "payments.operations.other", "payments.reconcile", "billing.check", "billing.other",
		"_R_.x", "$SRV.PING", "$SRV.PING.payments-query", "$SRV.INFO", "$SRV.STATS", "$SYS.REQ.SERVER.PING",
		"$SYS.REQ.ACCOUNT.PING.CONNZ", "$KV.bucket.key", "$O.bucket.C.key", "_INBOX.x",
	}
	for _, verb := range []string{
		"pay", "hold", "payout", "withdraw", "link_card", "confirm", "resend_code", "charge", "cancel", "refund",
		"remove_card", "recheck", "resolve",
	} {
		all = append(all, "payments.commands."+verb)
	}
	for _, name := range identities.Names() {
		all = append(all, "_INBOX."+name+".x")
	}
	return all
}

// said is everything that an identity may try to publish to.
func said() []string {
	all := append(ours(), "$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.LIST", "$JS.API.ACCOUNT.PURGE.TOLOV",
		"$JS.API.META.LEADER.STEPDOWN", "$JS.API.SERVER.REMOVE", "$JS.API.CONSUMER.CREATE")
	for _, stream := range streams() {
		for _, q := range questions() {
			all = append(all, "$JS.API."+fmt.Sprintf(q, stream))
		}
		const delivery = ".1.1.1.1.1"
		all = append(all, "$JS.ACK."+stream+".worker"+delivery, "$JS.ACK."+stream+".other"+delivery, "$JS.FC."+stream+".x.y")
	}
	return all
}

// heard is everything that an identity may try to subscribe to.
func heard() []string {
	all := append(ours(), ">", "*.>", "payments.>", "payments.commands.>", "payments.events.>", "payments.journal.>",
		"payments.dead.>", "payments.query.>", "_INBOX.>", "_INBOX.*.>", "_R_.>", "$SRV.>", "$SYS.>", "$JS.>", "$JS.API.>",
		"$JS.ACK.>", "$JS.EVENT.ADVISORY.>", "$JS.EVENT.METRIC.>")
	for _, name := range identities.Names() {
		all = append(all, "_INBOX."+name+".>")
	}
	return all
}

// lastOne is refused to everybody: its fault comes behind all others.
const lastOne = "the.last.one"

// refused tries every subject and gives those that the server refuses.
func refused(
	t *testing.T, nc *nats.Conn, faults chan error, subjects []string, try func(subject string) error,
) []string {
	t.Helper()
	quoted := regexp.MustCompile(`"([^"]+)"`)
	var all []string
	for batch := range slices.Chunk(slices.Clone(subjects), 200) {
		for _, subject := range append(batch, lastOne) {
			if err := try(subject); err != nil {
				t.Fatalf("%s: %v", subject, err)
			}
		}
		if err := nc.Flush(); err != nil {
			t.Fatal(err)
		}
		for last := false; !last; {
			err := <-faults
			match := quoted.FindStringSubmatch(err.Error())
			if match == nil {
				t.Fatalf("not understood: %v", err)
			}
			all, last = append(all, match[1]), match[1] == lastOne
		}
	}
	return all
}

// tried is what came of trying: subject, and who may.
type tried map[string][]string

// matrix tries every subject as every identity.
func matrix(t *testing.T) (publish, subscribe tried) {
	t.Helper()
	s := open(t)
	publish, subscribe = tried{}, tried{}
	for _, name := range identities.Names() {
		nc, faults := s.as(t, name)
		publish.note(name, said(), refused(t, nc, faults, said(), func(subject string) error {
			return nc.Publish(subject, nil)
		}))
		subscribe.note(name, heard(), refused(t, nc, faults, heard(), func(subject string) error {
			_, err := nc.SubscribeSync(subject)
			return err
		}))
	}
	return publish, subscribe
}

func (m tried) note(name string, subjects, refused []string) {
	for _, subject := range subjects {
		if !slices.Contains(refused, subject) {
			m[subject] = append(m[subject], name)
		}
	}
}

// mark is an identity's letter: small for our own programs and people, capital for the others.
func mark(name string) string {
	if slices.Contains([]string{"publisher", "subscriber", "billing"}, name) {
		return strings.ToUpper(name[:1])
	}
	return name[:1]
}

// page writes the matrix for people: one line a subject, one column an identity.
func page(verb string, subjects []string, may tried) string {
	var text strings.Builder
	for _, subject := range subjects {
		for _, name := range identities.Names() {
			if slices.Contains(may[subject], name) {
				text.WriteString(mark(name))
				continue
			}
			text.WriteString(".")
		}
		fmt.Fprintf(&text, " %s %s\n", verb, subject)
	}
	return text.String()
}

// HAZARDS §4, item 26: every identity tries every subject on a real server with the shipped configuration. The golden
// file is the answer, for people to read: w worker, i ingress, o operator, P publisher, S subscriber, B billing.
func TestPermissionsAreThoseOfTheMatrix(t *testing.T) {
	const path = "testdata/matrix.txt"
	publish, subscribe := matrix(t)
	got := page("publish", said(), publish) + page("subscribe", heard(), subscribe)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("the matrix is another (%v): run the test with -update and read the diff", err)
	}
	rules(t, publish, subscribe)
}
