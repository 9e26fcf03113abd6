package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"tolov/internal/events"
	"tolov/internal/lab"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

const (
	doors      = 2
	bankWait   = 3 * time.Second // for an answer
	bankPause  = time.Second
	bankSlots  = 16   // payments that the bank has in hand at once
	bankRepeat = 4000 // of ten thousand calls that are made three times at once
	bankLoses  = 1500 // of whose answers the bank hears nothing, and as many that it does not wait for
)

// bank is Uzum Bank before two ingresses: it calls them in turn, again and at once, and each payment must come to the
// end that its own book tells.
type bank struct {
	*sandbox.Uzum
	mu   sync.Mutex
	ends map[int]sandbox.UzumEnd
}

// openBank starts the ingresses. It needs a worker to have made the streams.
func (c *chaos) openBank(ctx context.Context, crew *sync.WaitGroup) error {
	c.bank = &bank{ends: map[int]sandbox.UzumEnd{}}
	var urls []string
	for i := range doors {
		program, err := c.servers.Ingress(fmt.Sprint("ingress-", i+1), "BILLING=accept")
		if err != nil {
			return err
		}
		urls = append(urls, program.URL+"/uzum")
		c.doors = append(c.doors, c.keeper(ctx, program.Program, crew))
	}
	c.bank.Uzum = sandbox.NewUzum(sandbox.UzumOptions{
		URLs: urls, Login: lab.UzumLogin, Password: lab.UzumPassword, ServiceID: lab.UzumService,
		Client: &http.Client{Timeout: bankWait, Transport: &http.Transport{DisableKeepAlives: true}}, Pause: bankPause,
		Faults: map[string]int{
			sandbox.UzumRepeat: bankRepeat, sandbox.UzumForget: bankLoses, sandbox.UzumCutOff: bankLoses,
		},
	})
	return c.await(ctx, c.doors)
}

func transID(i int) string { return fmt.Sprintf("5c398d7e-76b6-11ee-96da-%012d", i) }

// order is the bank's ith payment: of five one is taken back before it is confirmed, one after.
func order(i int) sandbox.UzumOrder {
	return sandbox.UzumOrder{
		TransID: transID(i), Account: extID(i), Amount: amount + int64(i),
		Reverse: map[int]string{3: sandbox.UzumBefore, 4: sandbox.UzumAfter}[i%5],
	}
}

// bring makes the bank's payments.
func (c *customers) bring(ctx context.Context) error {
	var payers sync.WaitGroup
	defer payers.Wait()
	slots := make(chan bool, bankSlots)
	for i := range c.uzum {
		select {
		case slots <- true:
		case <-ctx.Done():
			return ctx.Err()
		}
		payers.Go(func() {
			defer func() { <-slots }()
			end := c.bank.Pay(ctx, order(i))
			c.bank.mu.Lock()
			defer c.bank.mu.Unlock()
			c.bank.ends[i] = end
		})
	}
	return nil
}

// brought is how many payments the bank has brought to an end.
func (b *bank) brought() int {
	if b == nil {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.ends)
}

// judgeBank wants every answer about a transaction to have been the same, and every payment to stand as the bank's own
// book says: what it debited and did not give back is completed here, all the rest is not.
func (c *chaos) judgeBank(ctx context.Context, _ *verdict) error {
	if c.bank == nil {
		return nil
	}
	for _, text := range c.bank.Contradictions() {
		c.fault("Uzum Bank was answered differently: %s", text)
	}
	kept := map[string]int64{}
	for _, d := range c.bank.Debits() {
		kept[d.Transaction] += d.Amount - d.ReversedAmount
	}
	for i := range c.uzum {
		if err := c.judgeOrder(ctx, i, kept[transID(i)]); err != nil {
			return err
		}
	}
	return nil
}

func (c *chaos) judgeOrder(ctx context.Context, i int, kept int64) error {
	end := c.bank.ends[i]
	if end == sandbox.UzumUnsettled || end == "" {
		c.fault("%s: Uzum Bank could not settle it", transID(i))
		return nil
	}
	p := payment.Payment{}
	answer, err := c.ask(ctx, events.SubjectQueryGet, payment.ID(payment.DefaultMerchant, transID(i)))
	switch {
	case err == nil:
		if err := json.Unmarshal(answer, &p); err != nil {
			return err
		}
	case ctx.Err() != nil:
		return ctx.Err()
	case end != sandbox.UzumRefused && end != sandbox.UzumCancelled: // refused and cancelled are also who is unknown
		c.fault("%s: %s at the bank, and payments.query.get says %v", transID(i), end, err)
		return nil
	}
	if here := int64(p.AmountCharged - p.AmountRefunded); here != kept {
		c.fault("%s: %s at the bank, which keeps %d; here it is %s, %d", transID(i), end, kept, p.Status, here)
	}
	return nil
}
