package campaign_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// visits is a sequence of calls by which Uzum Bank drives a payment, and what is recorded of it in the end.
type visits struct {
	name     string
	ops      []string
	story    string // its events
	charged  payment.Money
	refunded payment.Money
	settings []string // of the ingresses
}

func allVisits() []visits {
	refusing := []string{"BILLING=nats"}
	return []visits{
		{name: "paid", ops: []string{"create", "confirm"}, story: "accepted completed", charged: 5000},
		{name: "returned", ops: []string{"create", "confirm", "reverse"}, story: "accepted completed refunded",
			charged: 5000, refunded: 5000},
		{name: "cancelled", ops: []string{"create", "reverse"}, story: "accepted cancelled"},
		{name: "confirmed after it was cancelled", ops: []string{"create", "reverse", "confirm"},
			story: "accepted cancelled rejected"},
		{name: "refused by billing", ops: []string{"create", "confirm"}, story: "rejected", settings: refusing},
	}
}

// TestCrashOfAnIngressAnywhereChangesNoAnswer kills the ingress before and after everything that it writes, to NATS or
// to the bank, and lets the bank go on at another one, which dies too. Whatever was answered once is answered for ever,
// word by word, and each payment is recorded once (H2, H3, H30, H62; I2, I4, I6, law 4).
func TestCrashOfAnIngressAnywhereChangesNoAnswer(t *testing.T) {
	for _, v := range allVisits() {
		t.Run(v.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t, 1)
				defer h.close()
				h.settings = v.settings
				h.must(events.Layout{Shards: 2, InMemory: true}.Ensure(t.Context(), h.js))
				h.refuseBills()
				h.open(witness)
				points := h.visit(v, 0, "clean", 0, 0)
				run, stride := 0, 1
				if testing.Short() {
					stride = 5
				}
				for first := 1; first <= points; first += stride {
					for _, second := range []int{0, 2, 5} {
						run++
						h.visit(v, run, fmt.Sprint("dies at ", first, " and ", second), first, second)
					}
				}
				t.Logf("%d points", points)
			})
		})
	}
}

// witness is the number of an ingress that never dies.
const witness = 9

// refuseBills lets the merchant's billing refuse whatever it is asked.
func (h *house) refuseBills() {
	_, err := h.nc.Subscribe(events.SubjectBillingCheck, func(m *nats.Msg) {
		_ = m.Respond([]byte(`{"ok":false,"code":"already_paid","message":"no"}`))
	})
	h.must(err)
	h.must(h.nc.Flush())
}

// open opens an ingress and waits until it is ready.
func (h *house) open(number int) *door {
	d := h.openDoor(number)
	for d.Ready() != nil {
		pass(10 * time.Millisecond)
	}
	return d
}

// caller is the bank while it drives one payment.
type caller struct {
	*house
	name   string
	id     string
	number int // of the ingress that is called
	heard  map[string]string
}

// visit plays one payment while ingresses die at the points given, and tells how many points the first one passed.
func (h *house) visit(v visits, run int, name string, first, second int) int {
	c := &caller{
		house: h, name: name, id: fmt.Sprintf("5c398d7e-76b6-11ee-96da-%012d", run), heard: map[string]string{},
	}
	fuse := h.open(0).wires.arm(first)
	h.open(1).wires.arm(second)
	for _, op := range v.ops {
		c.call(op)
	}
	points := fuse.passed()
	for number := range 3 {
		if d := h.doors[number]; d != nil {
			h.closeDoor(d)
		}
	}
	c.judge(v)
	return points
}

// call makes a call until it is answered, twice, and once more at the witness's.
func (c *caller) call(op string) {
	c.t.Helper()
	for range 2 {
		for {
			answer, ok := c.ask(c.number, op)
			if ok {
				c.hear(op, answer)
				break
			}
			if c.number++; c.number == 2 {
				c.open(c.number)
			}
			if _, ok := c.ask(witness, "status"); !ok {
				c.t.Errorf("%s: no status after %s", c.name, op)
			}
		}
	}
	answer, _ := c.ask(witness, op)
	c.hear(op, answer)
}

// hear wants an answer to be that which was heard before.
func (c *caller) hear(op, answer string) {
	c.t.Helper()
	if before, known := c.heard[op]; known && before != answer {
		c.t.Errorf("%s: %s is answered %s, and before %s", c.name, op, answer, before)
	}
	c.heard[op] = answer
}

// ask makes one call. ok is false when it was not answered, or with HTTP 5xx.
func (c *caller) ask(number int, op string) (answer string, ok bool) {
	c.t.Helper()
	body := fmt.Sprintf(`{"serviceId":%d,"timestamp":1,"transId":%q,"params":{"account":"77"},"amount":5000,`+
		`"paymentSource":"UZCARD","phone":"998901234567"}`, uzumService, c.id)
	r, err := http.NewRequest(http.MethodPost, fmt.Sprintf("http://door%d/uzum/%s", number, op), strings.NewReader(body))
	c.must(err)
	r.SetBasicAuth(uzumLogin, uzumPassword)
	r.Header.Set("Content-Type", "application/json")
	got, err := c.callers().Do(r)
	if err != nil {
		return "", false
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode >= http.StatusInternalServerError {
		return "", false
	}
	return fmt.Sprint(got.StatusCode, " ", string(text)), true
}

// judge holds the records against what must have been recorded.
func (c *caller) judge(v visits) {
	c.t.Helper()
	id := payment.ID(payment.DefaultMerchant, c.id)
	var story []string
	for _, r := range c.records(id) {
		for _, e := range r.Events {
			story = append(story, string(e.Type))
			if e.N != len(story) {
				c.t.Errorf("%s: event %d where %d was due", c.name, e.N, len(story))
			}
		}
	}
	if got := strings.Join(story, " "); got != v.story {
		c.t.Errorf("%s: recorded is %s, want %s", c.name, got, v.story)
	}
	p := c.last(id).Payment
	if p == nil && v.charged > 0 || p != nil && (p.AmountCharged != v.charged || p.AmountRefunded != v.refunded) {
		c.t.Errorf("%s: %+v", c.name, p)
	}
}

// fuse kills a program at a point: before or after one of its writes.
type fuse struct {
	mu     sync.Mutex
	points int
	at     int // 0: never
	blow   func()
}

// arm counts the program's points from now on, and kills it at one.
func (w *wires) arm(at int) *fuse {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fuse = &fuse{at: at, blow: w.kill}
	return w.fuse
}

func (f *fuse) passed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.points
}

// point tells whether the program dies here.
func (f *fuse) point() bool {
	f.mu.Lock()
	f.points++
	dies := f.points == f.at
	f.mu.Unlock()
	if dies {
		f.blow()
	}
	return dies
}
