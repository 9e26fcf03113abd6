package saga_test

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

var update = flag.Bool("update", false, "rewrite the plays' outcomes")

func policy() saga.Policy {
	return saga.Policy{
		Timeout: 15 * time.Second, ReviewAfter: 15 * time.Minute,
		Schedule: []time.Duration{2 * time.Second, 5 * time.Second, 20 * time.Second, time.Minute, 10 * time.Minute},
	}
}

// TestPlays runs the text plays in testdata: each line that begins with > is an input, the lines behind it are what
// the engine decided. Run with -update to write the decisions anew, then read the diff.
func TestPlays(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no plays", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := newStage(t).play(string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := gocmp.Diff(string(want), got); diff != "" {
				t.Errorf("the play went another way (-want +got):\n%s", diff)
			}
		})
	}
}

// stage holds one payment's world: what the journal has, what the worker has in memory, and the message in hand.
type stage struct {
	t     *testing.T
	flow  *saga.Flow
	start time.Time
	now   time.Time
	saved saga.Record // last in the journal
	mind  saga.Record // what the worker goes on with
	hand  saga.Input  // the message in hand
	sent  map[string]saga.Input
	call  *saga.Call
	asked time.Time
	out   strings.Builder
}

func newStage(t *testing.T) *stage {
	t.Helper()
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	return &stage{t: t, flow: bank(), start: start, now: start, sent: map[string]saga.Input{}}
}

// play repeats the script with the outcomes of this run.
func (s *stage) play(script string) string {
	lines := bufio.NewScanner(strings.NewReader(script))
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "> "):
			fmt.Fprintln(&s.out, line)
			s.input(strings.Fields(line[2:]))
		case strings.HasPrefix(line, "flow "):
			fmt.Fprintln(&s.out, line)
			s.flow = map[string]func() *saga.Flow{
				"hold": bankHold, "page": bankPage, "link": bankLink, "told": bankTold,
				"debt": bankDebt, "verify": bankVerify,
			}[line[5:]]()
		case strings.HasPrefix(line, "#") || line == "":
			fmt.Fprintln(&s.out, line)
		}
	}
	return s.out.String()
}

func (s *stage) say(format string, args ...any) { fmt.Fprintf(&s.out, "  "+format+"\n", args...) }

// options reads key=value words.
func options(words []string) map[string]string {
	o := map[string]string{}
	for _, word := range words {
		key, value, _ := strings.Cut(word, "=")
		o[key] = value
	}
	return o
}

func (s *stage) input(words []string) {
	o := options(words[1:])
	switch word := words[0]; {
	case word[0] == '+':
		d, err := time.ParseDuration(word[1:])
		if err != nil {
			s.t.Fatal(err)
		}
		s.now = s.now.Add(d)
	case word == "crash": // what was in memory is gone
		s.mind, s.call = s.saved, nil
	case word == "again": // a message is delivered again, by default the one in hand
		s.mind = s.saved
		if earlier, ok := s.sent[o["msg"]]; ok {
			s.hand = earlier
		}
		s.decide(s.hand)
	case word == "timer" || word == "sweep":
		s.hand = saga.Input{Wake: saga.CauseKind(word)}
		s.mind = s.saved
		s.decide(s.hand)
	case word == "notice":
		s.hand = saga.Input{
			Notice:   &payment.Evidence{Step: "callback", Outcome: payment.Unknown, AskedAt: payment.At(s.now)},
			Disputed: o["disputed"],
		}
		if id := o["named"]; id != "" {
			s.hand.Named = map[string]string{"id": id}
		}
		s.mind = s.saved
		s.decide(s.hand)
	case word == "books":
		s.hand = saga.Input{Stated: s.stated(o)}
		s.mind = s.saved
		s.decide(s.hand)
	case word == "answer":
		s.answer(words[1], options(words[2:]))
	default:
		s.command(payment.Verb(word), o)
	}
}

// open fills in an opening command.
func (s *stage) open(c *payment.Command, o map[string]string) {
	amount := payment.Money(5000)
	c.Provider, c.Amount, c.Account = "bank", &amount, "a1"
	_, c.Partial = o["partial"]
	if s.flow.Kind == payment.Hold {
		minutes := int64(60)
		c.DurationMin = &minutes
	}
	c.Card = &payment.CardInput{Token: payment.NewSecret("t")}
	if _, number := o["number"]; number {
		c.Card = &payment.CardInput{Number: payment.NewSecret("8600490744313347"), Expiry: payment.NewSecret("3012")}
	}
	if expires, ok := o["expires"]; ok {
		n := int64(number(s.t, expires))
		c.ExpiresInS = &n
	}
}

func (s *stage) command(verb payment.Verb, o map[string]string) {
	c := &payment.Command{
		Verb: verb, ExtID: "order", Merchant: "shop", Message: o["msg"], CommandID: o["id"],
		OTP: payment.NewSecret(o["otp"]), Outcome: payment.Status(o["outcome"]), Actor: o["actor"], ApprovedBy: o["by"],
	}
	print := payment.Fingerprint{Content: string(verb) + o["content"] + o["otp"]}
	c.RefundID = o["refund"]
	c.Items = items(s.t, verb, o["items"])
	if amount, ok := o["amount"]; ok {
		n := number(s.t, amount)
		c.Amount = &n
	}
	if verb.Opens() {
		s.open(c, o)
	}
	s.hand = saga.Input{Command: c, Print: print}
	if _, ok := o["word"]; ok {
		s.hand.Word = &saga.Word{}
	}
	if field, ok := o["refused"]; ok {
		s.hand.Refused = &payment.Rejection{Verb: verb, Code: payment.InvalidValue, Field: field, Message: "is wrong"}
	}
	s.mind = s.saved
	s.sent[c.Message] = s.hand
	s.decide(s.hand)
}

func number(t *testing.T, text string) (n payment.Money) {
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatal(text, err)
	}
	return n
}

// items reads 3000+2000 for an opening command, 0:1000+1 for a charge.
func items(t *testing.T, verb payment.Verb, text string) (all []payment.ItemInput) {
	if text == "" {
		return nil
	}
	for i, part := range strings.Split(text, "+") {
		if verb.Opens() {
			amount := number(t, part)
			all = append(all, payment.ItemInput{Account: fmt.Sprint("a", i), Amount: &amount})
			continue
		}
		place, amountText, named := strings.Cut(part, ":")
		index := int(number(t, place))
		item := payment.ItemInput{Index: &index}
		if named {
			amount := number(t, amountText)
			item.Amount = &amount
		}
		all = append(all, item)
	}
	return all
}

func (s *stage) answer(outcome string, o map[string]string) {
	if s.call == nil {
		s.t.Fatalf("no call waits for an answer\n%s", s.out.String())
	}
	a := payment.Answer{Outcome: payment.Outcome(outcome), Code: o["code"], Transaction: o["tx"]}
	if amount, ok := o["amount"]; ok {
		a.Amounted = true
		if _, err := fmt.Sscan(amount, &a.Amount); err != nil {
			s.t.Fatal(err)
		}
	}
	if outcome == "wrong" {
		a.Outcome, a.Wrong = payment.Declined, true
	}
	if a.Outcome == payment.Declined {
		a.Failure = &payment.Failure{Code: cmp.Or(o["why"], "refused")}
	}
	for _, id := range strings.Split(o["parts"], ",") {
		if id != "" {
			a.Parts = append(a.Parts, payment.Part{Transaction: id})
		}
	}
	_, a.Mixed = o["mixed"]
	owed(s.t, &a, o)
	if _, ok := o["url"]; ok {
		a.Action = &payment.Action{Type: payment.ActionRedirect, URL: "https://page"}
	}
	if token, ok := o["token"]; ok {
		a.Card = &payment.Card{ID: "9", Token: token, Masked: "860049******3347"}
	}
	if _, ok := o["otp"]; ok {
		a.Action = &payment.Action{Type: payment.ActionCode}
	}
	if _, ok := o["receipt"]; ok {
		a.Receipts = []payment.Receipt{{Kind: "sale", URL: "https://r"}}
	}
	in := s.hand
	in.Answer = &saga.Answered{Call: *s.call, Answer: a, AskedAt: s.asked}
	s.call = nil
	if _, ok := o["overtaken"]; ok { // another worker's record came first
		s.mind = s.saved
	}
	s.decide(in)
}

func (s *stage) decide(in saga.Input) {
	d := saga.Next(s.flow, s.mind, in, s.now, policy())
	s.mind = d.Record
	if d.Save {
		d.Record.Seq++
		s.saved, s.mind = d.Record, d.Record
		s.say("save #%d %s", d.Record.State.Records, describe(d.Record, s.start))
	}
	switch {
	case d.Call != nil:
		s.call, s.asked = d.Call, s.now
		s.say("call %s", describeCall(d.Call, s.start))
	case d.Back > 0:
		s.say("back in %s", d.Back.Round(time.Second))
	case d.Arm:
		s.say("rest, timer at %s", d.Record.State.Due.Sub(s.start).Round(time.Second))
	case d.Disarm:
		s.say("rest, timer off")
	default:
		s.say("rest")
	}
}
