package campaign_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"tolov/internal/ingress"
	"tolov/internal/providers/sandbox"
)

// The merchant's account at Uzum Bank.
const (
	uzumLogin    = "uzum-bank"
	uzumPassword = "correct-horse-battery"
	uzumService  = 101202
)

func uzumSettings() []string {
	return []string{
		"UZUM_LOGIN=" + uzumLogin, "UZUM_PASSWORD=" + uzumPassword, fmt.Sprint("UZUM_SERVICE_ID=", uzumService),
		"BILLING=accept",
	}
}

// door is one life of an ingress. Its address outlives it.
type door struct {
	*ingress.Ingress
	number int
	wires  *wires
	nc     *nats.Conn
	street *exchange
	end    context.CancelFunc
	ended  chan error
}

// entrance gives an ingress the connections of its callers, which are cut when it dies.
type entrance struct {
	*exchange
	wires *wires
}

func (e entrance) Accept() (net.Conn, error) {
	for {
		c, err := e.exchange.Accept()
		if err != nil {
			return nil, err
		}
		if c, err = e.wires.add(c, nil); err == nil {
			return c, nil
		}
	}
}

// openDoor brings an ingress to life at an address, as soon as the streams are there.
func (h *house) openDoor(number int) *door {
	d := &door{number: number, wires: newWires(), street: newExchange(), ended: make(chan error, 1)}
	d.nc = h.connect(d.wires)
	made, err := ingress.New(ingress.Parts{
		Config: h.config(), NATS: d.nc, Log: h.log, Telemetry: h.telemetry, Version: "test", Now: time.Now,
		InMemory: true,
	})
	h.must(err)
	ctx, end := context.WithCancel(context.Background())
	d.Ingress, d.end = made, end
	go func() { d.ended <- made.Serve(ctx, entrance{d.street, d.wires}) }()
	h.mu.Lock()
	h.doors[number] = d
	h.mu.Unlock()
	return d
}

// stop ends an ingress as SIGTERM does.
func (d *door) stop() {
	d.end()
	<-d.ended
	d.wires.kill()
	_ = d.street.Close()
	d.nc.Close()
}

// close kills an ingress as SIGKILL does.
func (h *house) closeDoor(d *door) {
	h.mu.Lock()
	delete(h.doors, d.number)
	h.mu.Unlock()
	d.wires.kill()
	_ = d.street.Close()
	d.nc.Close()
	d.end()
	<-d.ended
}

// enter connects a caller with the ingress at an address like door1:80.
func (h *house) enter(ctx context.Context, _, address string) (net.Conn, error) {
	h.mu.Lock()
	d := h.doors[int(strings.TrimPrefix(address, "door")[0]-'0')]
	h.mu.Unlock()
	if d == nil {
		return nil, errCut
	}
	return d.street.dial(ctx)
}

// callers is how everybody reaches an ingress: by a connection for each call.
func (h *house) callers() *http.Client {
	return &http.Client{
		Timeout: 3 * time.Second, Transport: &http.Transport{DialContext: h.enter, DisableKeepAlives: true},
	}
}

// openBank has two ingresses, and Uzum Bank before them.
func (h *house) openBank(seed uint64, faults map[string]int) {
	h.uzum = sandbox.NewUzum(sandbox.UzumOptions{
		URLs: []string{"http://door0/uzum", "http://door1/uzum"}, Login: uzumLogin, Password: uzumPassword,
		ServiceID: uzumService, Client: h.callers(), Pause: 5 * time.Second, Seed: seed, Faults: faults,
	})
	for number := range doors {
		h.openDoor(number)
	}
}

// doors is how many ingresses there are.
const doors = 2
