package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"tolov/internal/events"
	"tolov/internal/payment"
)

const (
	askWait = 10 * time.Second
	askers  = 8
)

// verdict is what was found in the end.
type verdict struct {
	debits    int
	events    int
	completed int
	doubts    int // payments that were in doubt meanwhile
	codes     int // codes asked for
	left      leftOver
	statuses  map[payment.Status]int
	against   map[int][]string // what is wrong with a payment, by its number
}

// judge compares what the ledger, the events, the streams and the worker itself say with what must be.
func (c *chaos) judge(ctx context.Context) (*verdict, error) {
	v := &verdict{statuses: map[payment.Status]int{}, against: map[int][]string{}}
	for _, check := range []func(context.Context, *verdict) error{
		c.judgeLedger, c.judgeEvents, c.judgeStreams, c.judgeStatuses, c.judgeBank,
	} {
		if err := check(ctx, v); err != nil {
			return nil, err
		}
	}
	for _, i := range v.faulty() {
		c.fault("%s (%s): %s", extID(i), paymentID(i), strings.Join(v.against[i], "; "))
	}
	return v, nil
}

// faulty are the payments with a fault, in order.
func (v *verdict) faulty() []int { return slices.Sorted(maps.Keys(v.against)) }

func (v *verdict) charge(i int, format string, args ...any) {
	v.against[i] = append(v.against[i], fmt.Sprintf(format, args...))
}

// judgeLedger wants one debit per payment, of its amount, and no other.
func (c *chaos) judgeLedger(ctx context.Context, v *verdict) error {
	ledger, err := c.servers.Ledger(ctx)
	if err != nil {
		return err
	}
	v.debits = len(ledger.Debits)
	debits := map[string]int{}
	for _, d := range ledger.Debits {
		debits[d.Account]++
		if d.Amount != amount {
			c.fault("%s: debited with %d tiyin instead of %d", d.Account, d.Amount, amount)
		}
	}
	for i := range c.n {
		if n := debits[extID(i)]; n != 1 {
			v.charge(i, "%d debits", n)
		}
		delete(debits, extID(i))
	}
	for account := range debits {
		c.fault("%s: debited without a command", account)
	}
	return nil
}

// judgeEvents reads what is stored, from the beginning: what was heard live may have been told again.
func (c *chaos) judgeEvents(ctx context.Context, v *verdict) error {
	ctx, cancel := context.WithTimeout(ctx, drainWait)
	defer cancel()
	stream, err := c.js.Stream(ctx, events.StreamEvents)
	if err != nil {
		return err
	}
	stored := newBook()
	if v.events = int(stream.CachedInfo().State.Msgs); v.events > 0 {
		err := read(ctx, c.js, func(e event, behind uint64) bool {
			stored.note(e)
			return behind > 0
		})
		if err != nil {
			return err
		}
	}
	v.completed = stored.completed()
	for i := range c.n {
		id := paymentID(i)
		s := stored.stories[id]
		if s == nil {
			s = &story{}
		}
		for _, fault := range s.faults() {
			v.charge(i, "%s", fault)
		}
		v.doubts += min(s.kinds[payment.EventInDoubt], 1)
		v.codes += s.kinds[payment.EventActionRequired]
		delete(stored.stories, id)
	}
	for i := range c.uzum { // the bank's own book judges these
		delete(stored.stories, payment.ID(payment.DefaultMerchant, transID(i)))
	}
	for id := range stored.stories {
		c.fault("%s: events of a payment that nobody asked for", id)
	}
	return nil
}

// judgeStreams wants nothing left over.
func (c *chaos) judgeStreams(ctx context.Context, v *verdict) (err error) {
	if v.left, err = c.leftOver(ctx); err != nil {
		return err
	}
	owners := map[string]int{}
	for i := range c.n {
		owners[paymentID(i)] = i
	}
	for name, n := range v.left {
		if n == 0 {
			continue
		}
		c.fault("%d messages left over in %s", n, name)
		stream, err := c.js.Stream(ctx, name)
		if err != nil {
			return err
		}
		info, err := stream.Info(ctx, jetstream.WithSubjectFilter(">"))
		if err != nil {
			return err
		}
		for subject := range info.State.Subjects {
			if i, found := owners[owner(subject)]; found {
				v.charge(i, "left over: %s", c.describe(ctx, stream, subject))
			}
		}
	}
	return nil
}

// owner is the payment id in a subject, or empty.
func owner(subject string) string {
	words := strings.Split(subject, ".")
	if at := slices.IndexFunc(words, payment.IsID); at >= 0 {
		return words[at]
	}
	return ""
}

// describe tells of a message that is left over when it came and what time it waits for.
func (c *chaos) describe(ctx context.Context, stream jetstream.Stream, subject string) string {
	m, err := stream.GetLastMsgForSubject(ctx, subject)
	if err != nil {
		return subject + ": " + err.Error()
	}
	return strings.TrimSpace(subject + ", stored " + m.Time.UTC().Format(time.RFC3339Nano) + " " +
		m.Header.Get(jetstream.ScheduleHeader))
}

// judgeStatuses asks the workers for every payment.
func (c *chaos) judgeStatuses(ctx context.Context, v *verdict) error {
	statuses := make([]payment.Status, c.n)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(askers)
	for i := range c.n {
		group.Go(func() error {
			answer, err := c.ask(ctx, events.SubjectQueryGet, paymentID(i))
			if err != nil {
				statuses[i] = payment.Status(err.Error())
				return ctx.Err()
			}
			var p struct {
				Status payment.Status `json:"status"`
			}
			err = json.Unmarshal(answer, &p)
			statuses[i] = p.Status
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, status := range statuses {
		v.statuses[status]++
		if status != payment.Completed {
			v.charge(i, "payments.query.get says %q", status)
		}
	}
	return nil
}

// ask puts a question of the contract.
func (c *chaos) ask(ctx context.Context, subject, paymentID string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	answer, err := c.nc.RequestWithContext(ctx, subject, fmt.Appendf(nil, `{"payment_id":%q}`, paymentID))
	if err != nil {
		return nil, err
	}
	if fault := answer.Header.Get("Nats-Service-Error"); fault != "" {
		return nil, errors.New(fault)
	}
	return answer.Data, nil
}
