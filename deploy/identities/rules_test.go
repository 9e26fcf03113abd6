package identities_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
)

// rule says who at most may do what matches.
type rule struct {
	name, subjects string // a pattern
	only           []string
}

// forbidden are the rules that the matrix must keep, told apart from the configuration.
func forbidden() []rule {
	const api = `^\$JS\.API\.`
	return []rule{
		{"26: nobody changes, empties or removes a stream, or a message", api + `(STREAM\.(UPDATE|DELETE|SNAPSHOT|RESTORE|` +
			`MSG\.DELETE|LEADER|PEER)|STREAM\.PURGE\.(?:PAYMENTS_(?:[^T].*)|OTHER)|ACCOUNT|META|SERVER)`, nil},
		{"26: timers are hints, and the worker forgets them", api + `STREAM\.PURGE\.PAYMENTS_TIMERS`, []string{"worker"}},
		{"26: the worker alone creates streams", api + `STREAM\.CREATE\.PAYMENTS_`, []string{"worker"}},
		{"26: nobody touches another's streams", `\bOTHER\b`, nil},
		{"26: nobody pauses, resets or moves a consumer", api + `CONSUMER\.(PAUSE|RESET|UNPIN|LEADER)`, nil},
		{"26: nobody removes the worker's place", api + `CONSUMER\.DELETE\.PAYMENTS_(COMMANDS|NOTICES|TIMERS)`, nil},
		{"26: the worker's places are its own",
			api + `CONSUMER\.(CREATE|MSG\.NEXT|DURABLE\.CREATE)\.PAYMENTS_(COMMANDS|NOTICES|TIMERS)`, []string{"worker"}},
		{"26: and have one name", api + `CONSUMER\..*PAYMENTS_(COMMANDS|NOTICES|TIMERS)\.other`, []string{"operator"}},
		{"26: nobody looks at one on the way",
			api + `((DIRECT|STREAM\.MSG)\.GET\.PAYMENTS_(COMMANDS|NOTICES)|STREAM\.MSG\.GET\.PAYMENTS_TIMERS)`, nil},
		{"26: the worker looks whether a timer is set", api + `DIRECT\.GET\.PAYMENTS_TIMERS`, []string{"worker"}},
		{"26: books are compared when operators ask", `^payments\.reconcile$`, []string{"operator"}},
		{"26: nobody acknowledges for the worker", `^\$JS\.ACK\.PAYMENTS_(COMMANDS|NOTICES|TIMERS)`, []string{"worker"}},
		{"26: the journal is written by two", `^payments\.(journal|index)\.`, []string{"worker", "ingress"}},
		{"26: the journal is read by two", api + `(DIRECT\.GET|STREAM\.MSG\.GET|CONSUMER\.(CREATE|MSG)).*_(JOURNAL_.|INDEX)`,
			[]string{"worker", "ingress"}},
		{"26: events, timers and dead letters are the worker's", `^payments\.(events|timers|dead)\.`, []string{"worker"}},
		{"26: nobody plays a timer", `^payments\.timers\.due\.`, nil},
		{"26: notices are the ingress's", `^payments\.notices\.`, []string{"ingress"}},
		{"26: a review is ended by operators", `^payments\.commands\.resolve`, []string{"operator"}},
		{"26: operators alone pause providers and replay dead letters", `^payments\.operations\.`, []string{"operator"}},
		{"26: commands come from publishers and operators", `^payments\.commands\.`, []string{"operator", "publisher"}},
		{"26: the ingress asks billing", `^billing\.`, []string{"ingress"}},
		{"29: nothing is allowed that is not named",
			`^(anything|.*unknown|payments\.(query|operations)\.other|\$KV.*|\$O\..*|\$SYS.*|\$JS\.FC.*)$`, nil},
	}
}

// deaf are the rules of what may be heard.
func deaf() []rule {
	return []rule{
		{"26: no message is read past its stream",
			`^(>|\*\.>|payments\.(>|commands|events|journal|timers|index|notices|dead).*)$`, nil},
		{"26: questions are answered by the worker", `^payments\.query\.`, []string{"worker"}},
		{"26: the worker hears of a pause", `^payments\.(operations\.|reconcile$)`, []string{"worker"}},
		{"26: billing is answered by billing", `^billing\.check$`, []string{"billing"}},
		{"27: nobody reads everybody's answers", `^(_INBOX\.(>|\*\.>|x)|_R_.*|\$JS.*|\$SYS.*)$`, nil},
		{"27: worker", `^_INBOX\.worker\.`, []string{"worker"}}, {"27: ingress", `^_INBOX\.ingress\.`, []string{"ingress"}},
		{"27: operator", `^_INBOX\.operator\.`, []string{"operator"}},
		{"27: publisher", `^_INBOX\.publisher\.`, []string{"publisher"}},
		{"27: subscriber", `^_INBOX\.subscriber\.`, []string{"subscriber"}},
		{"27: billing", `^_INBOX\.billing\.`, []string{"billing"}},
	}
}

// rules holds what was tried against the rules. A rule that meets nothing proves nothing.
func rules(t *testing.T, publish, subscribe tried) {
	t.Helper()
	hold := func(verb string, r rule, subjects []string, may tried) {
		pattern, met := regexp.MustCompile(r.subjects), 0
		for _, subject := range subjects {
			if !pattern.MatchString(subject) {
				continue
			}
			met++
			for _, name := range may[subject] {
				if !slices.Contains(r.only, name) {
					t.Errorf("item %s: %s may %s %s", r.name, name, verb, subject)
				}
			}
		}
		if met == 0 {
			t.Errorf("item %s: no subject was tried", r.name)
		}
	}
	for _, r := range forbidden() {
		hold("publish to", r, said(), publish)
	}
	for _, r := range deaf() {
		hold("hear", r, heard(), subscribe)
	}
}

// HAZARDS §4, item 30: whoever asks JetStream or the worker names where the answer goes, and no permission is asked
// about that. In the clients' account such a place is no subject of ours, so nothing is stored.
func TestAnswersAreStoredNowhere(t *testing.T) {
	s := open(t)
	worker, _ := s.as(t, "worker")
	js, err := jetstream.New(worker)
	if err != nil {
		t.Fatal(err)
	}
	for name, subject := range map[string]string{
		"PAYMENTS_COMMANDS": "payments.commands.>", "PAYMENTS_EVENTS": "payments.events.>",
		"PAYMENTS_JOURNAL_0": "payments.journal.0.>",
	} {
		config := jetstream.StreamConfig{Name: name, Subjects: []string{subject}}
		if _, err := js.CreateStream(t.Context(), config); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := js.Publish(t.Context(), "payments.events.completed.pay_x", []byte("event")); err != nil {
		t.Fatal(err)
	}
	const victim = "payments.journal.0.pay_x"
	pull := `{"stream_name":"PAYMENTS_EVENTS","config":{"name":"y","ack_policy":"none"}}`
	push := strings.Replace(pull, `"name":"y"`, `"name":"x","deliver_subject":"`+victim+`"`, 1)
	for _, name := range []string{"publisher", "operator"} {
		nc, _ := s.as(t, name)
		for _, ask := range []struct{ subject, body string }{
			{"payments.commands.pay", "{}"}, {"payments.query.get", "{}"}, {"$JS.API.STREAM.INFO.PAYMENTS_EVENTS", ""},
			{"$JS.API.CONSUMER.CREATE.PAYMENTS_EVENTS.x", push}, {"$JS.API.CONSUMER.CREATE.PAYMENTS_EVENTS.y", pull},
			{"$JS.API.CONSUMER.MSG.NEXT.PAYMENTS_EVENTS.y", `{"batch":1,"expires":1000000000}`},
		} {
			if err := nc.PublishRequest(ask.subject, victim, []byte(ask.body)); err != nil {
				t.Fatal(err)
			}
		}
		asked, err := nc.Request("$JS.API.STREAM.INFO.PAYMENTS_EVENTS", nil, patience) // all before it was dealt with
		if err != nil || !strings.Contains(string(asked.Data), `"consumer_count":`) {
			t.Fatalf("%v, %v", asked, err)
		}
	}
	for _, have := range []struct {
		stream string
		want   uint64
	}{{"PAYMENTS_COMMANDS", 2}, {"PAYMENTS_JOURNAL_0", 0}} {
		stream, err := js.Stream(t.Context(), have.stream)
		if err != nil || stream.CachedInfo().State.Msgs != have.want {
			t.Errorf("%s has %d messages, %v", have.stream, stream.CachedInfo().State.Msgs, err)
		}
	}
}

// Items 25, 28, 29, 31, 33 and 34, and the law of durability, as the server itself read them.
func TestServerIsConfiguredAsTheChecklistSays(t *testing.T) {
	dir, ports := made(t), free(t, 3)
	o := configured(t, dir, "nats-0", ports)
	for item, kept := range map[string]bool{
		"25 TLS for clients":          o.TLSConfig != nil && o.TLSConfig.MinVersion == 0x0304,
		"25 TLS for routes, both":     o.Cluster.TLSConfig != nil && o.Cluster.TLSConfig.ClientAuth != 0,
		"25 no passwords or tokens":   len(o.Users) == 0 && o.Username == "" && o.Authorization == "" && o.NoAuthUser == "",
		"31 small messages":           o.MaxPayload == 256<<10,
		"31 bounded connections":      o.MaxConn == 512 && o.MaxSubs == 1000,
		"33 storage is encrypted":     o.JetStreamCipher == server.ChaCha && len(o.JetStreamKey) > 20,
		"H29 on the disk before acks": o.SyncAlways,
		"three servers":               len(o.Routes) == 3 && o.Cluster.NoAdvertise && o.ServerName == "nats-0",
	} {
		if !kept {
			t.Errorf("item %s", item)
		}
	}
	for _, account := range o.Accounts {
		if account.Name != "TOLOV" && account.Name != "CLIENTS" && account.Name != "$SYS" {
			t.Errorf("item 30: account %s", account.Name)
		}
	}
	for _, name := range []string{"nats.conf", "accounts.conf", "cluster.conf"} {
		text, err := os.ReadFile(filepath.Join(dir, "nats-0", name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "allow_responses") || strings.Contains(string(text), "password") {
			t.Errorf("items 25 and 28: %s", name)
		}
	}
	deny := regexp.MustCompile(`default_permissions: \{publish: \{deny: ">"\}, subscribe: \{deny: ">"\}\}`)
	text, err := os.ReadFile(filepath.Join(configs, "accounts.conf"))
	if err != nil || len(deny.FindAll(text, -1)) != 2 {
		t.Errorf("item 29: %v", err)
	}
}

// A key can be changed while the other is in use.
func TestIdentityHasASecondKeyForItsRotation(t *testing.T) {
	o := configured(t, made(t), "nats-0", nil)
	keys := map[string]int{}
	for _, user := range o.Nkeys {
		keys[user.Account.Name]++
	}
	if keys["TOLOV"] != 4 || keys["CLIENTS"] != 8 {
		t.Errorf("%v", keys)
	}
}
