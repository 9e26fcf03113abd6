package events_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"

	"tolov/internal/events"
)

// desk handles messages one by one with a settler, as the router does.
type desk struct {
	*bench
	out    <-chan *message.Message
	buried []string
}

func newDesk(t *testing.T) *desk {
	b := newBench(t)
	return &desk{bench: b, out: subscribe(t, b.subscriber(1))}
}

// handle settles the next message by what the handler returns, and gives the delivery's number.
func (d *desk) handle(t *testing.T, handler func() error) int {
	t.Helper()
	settler := &events.Settler{
		Dead: &events.Publisher{JS: d.js}, Log: slog.New(slog.DiscardHandler),
		Buried: func(_ context.Context, reason string) { d.buried = append(d.buried, reason) },
	}
	settled := settler.Middleware(middleware.Recoverer(func(*message.Message) ([]*message.Message, error) {
		return nil, handler()
	}))
	m := next(t, d.out)
	if _, err := settled(m); err != nil {
		t.Errorf("the router gets %v", err)
	}
	if left := strings.Trim(string(m.Payload), "\x00"); left != "" {
		t.Errorf("%q is left in memory (I8)", left)
	}
	return events.DeliveryOf(m.Context()).Deliveries
}

func returning(err error) func() error { return func() error { return err } }

// The one switch: what a handler returns decides what becomes of its message.
func TestWhatAHandlerReturnsDecides(t *testing.T) {
	dead := events.Dead{Reason: events.DeadNotJSON}
	for _, v := range []struct {
		name    string
		handler func() error
		after   time.Duration // when the message comes again; 0: never
		dead    bool
	}{
		{"nil is acknowledged", returning(nil), 0, false},
		{"Again comes again", returning(events.Again{After: 7 * time.Second}), 7 * time.Second, false},
		{"Again inside", returning(fmt.Errorf("busy: %w", events.Again{After: time.Second})), time.Second, false},
		{"Dead is buried", returning(dead), 0, true},
		{"Dead inside", returning(fmt.Errorf("bad: %w", dead)), 0, true},
		{"another error comes again", returning(errors.New("disk full")), 500 * time.Millisecond, false},
		{"a timeout comes again", returning(context.DeadlineExceeded), 500 * time.Millisecond, false},
		{"a panic comes again", func() error { panic("bug") }, 500 * time.Millisecond, false},
	} {
		t.Run(v.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				d.publish(t, payTopic, "x")
				d.handle(t, v.handler)
				start := time.Now()
				if v.after > 0 {
					if n := d.handle(t, returning(nil)); n != 2 || time.Since(start) < v.after {
						t.Errorf("delivery %d after %s, want the second after %s", n, time.Since(start), v.after)
					}
				}
				none(t, d.out, patient)
				if n := d.stored(t, events.StreamCommands); n != 0 {
					t.Errorf("%d messages are left", n)
				}
				if n := d.stored(t, events.StreamDead); (n == 1) != v.dead || (len(d.buried) == 1) != v.dead {
					t.Errorf("%d dead letters, told of %q", n, d.buried)
				}
			})
		})
	}
}

// H27: a fault of the infrastructure loops neither hot nor for ever late.
func TestAMessageThatFailsComesBackAfterAGrowingPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.publish(t, payTopic, "x")
		const half = 500 * time.Millisecond
		want := []time.Duration{half, 2 * half, 4 * half, 8 * half, 16 * half, 32 * half, 60 * half, 60 * half}
		for i, pause := range want {
			if n := d.handle(t, returning(errors.New("down"))); n != i+1 {
				t.Fatalf("delivery %d, want %d", n, i+1)
			}
			none(t, d.out, pause-half/2)
		}
		d.handle(t, returning(nil))
	})
}

// H27: a message that nobody can use goes to PAYMENTS_DEAD without its secrets, and is not in the way of others.
func TestADeadLetterTellsWhatItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		seq := d.publish(t, "payments.commands.pays", payBody().String())
		d.handle(t, returning(events.Dead{Reason: events.DeadUnknownVerb}))
		letter := d.last(t, events.StreamDead, "payments.dead.unknown_verb")
		want := `{"account":"***","amount":5000000,"card":"***","ext_id":"order-1","provider":"atmos"}`
		if letter == nil || string(letter.Data) != want {
			t.Fatalf("%+v", letter)
		}
		for name, value := range map[string]string{
			events.HeaderReason: "unknown_verb", events.HeaderSubject: "payments.commands.pays",
			events.HeaderSequence: fmt.Sprint(seq),
		} {
			if got := letter.Header.Get(name); got != value {
				t.Errorf("%s: %q, want %q", name, got, value)
			}
		}
		if !slices.Equal(d.buried, []string{"unknown_verb"}) {
			t.Error(d.buried)
		}
	})
}

func TestADeadLetterIsStoredOnceHoweverOftenItIsBuried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.publish(t, payTopic, "x")
		letters := &events.Publisher{JS: d.js}
		m := next(t, d.out)
		for range 2 { // as if the acknowledgement of the first were lost
			settler := &events.Settler{
				Dead: letters, Log: slog.New(slog.DiscardHandler), Buried: func(context.Context, string) {},
			}
			_, _ = settler.Middleware(func(*message.Message) ([]*message.Message, error) {
				return nil, events.Dead{Reason: events.DeadNotJSON}
			})(m)
		}
		if n := d.stored(t, events.StreamDead); n != 1 {
			t.Errorf("%d dead letters", n)
		}
	})
}

// A dead letter that cannot be stored is not forgotten: its message comes again.
func TestADeadLetterThatCannotBeStoredComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		if err := d.js.DeleteStream(t.Context(), events.StreamDead); err != nil {
			t.Fatal(err)
		}
		d.publish(t, payTopic, "x")
		for want := range 3 {
			if n := d.handle(t, returning(events.Dead{Reason: events.DeadNotJSON})); n != want+1 {
				t.Errorf("delivery %d", n)
			}
		}
		if len(d.buried) > 0 || d.stored(t, events.StreamCommands) != 1 {
			t.Error("the message is gone and no letter is stored")
		}
		if err := layout().Ensure(t.Context(), d.js); err != nil {
			t.Fatal(err)
		}
		d.handle(t, returning(events.Dead{Reason: events.DeadNotJSON}))
		none(t, d.out, patient)
		if d.stored(t, events.StreamCommands) != 0 || d.stored(t, events.StreamDead) != 1 || len(d.buried) != 1 {
			t.Error("the letter is not stored, or the message not acknowledged")
		}
	})
}

func TestSettlersErrorsReadWell(t *testing.T) {
	if s := (events.Again{After: time.Second}).Error(); s != "comes again in 1s" {
		t.Error(s)
	}
	if s := (events.Dead{Reason: "not_json"}).Error(); !strings.Contains(s, "not_json") {
		t.Error(s)
	}
}
