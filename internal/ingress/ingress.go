package ingress

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/config"
	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/telemetry"
)

// Parts are what an ingress is made of and does not own. All are required but InMemory.
type Parts struct {
	Config    *config.Config
	NATS      *nats.Conn
	Log       *slog.Logger
	Telemetry *telemetry.Telemetry
	Version   string
	Now       func() time.Time
	InMemory  bool // the streams are in memory, as only tests have them
}

// Ingress answers the calls of providers.
type Ingress struct {
	parts  Parts
	layout events.Layout
	js     jetstream.JetStream
	shell  *shell

	metrics *metrics

	state   sync.Mutex
	journal *journal.Journal // nil until the streams were found
	fault   error            // why it is not ready, nil when it is
}

// askWait is how long one answer of JetStream is waited for: short, so that a lost one can be looked for in time.
const askWait = 2 * time.Second

// New makes an ingress. It is ready once Run has found the streams.
func New(parts Parts) (*Ingress, error) {
	js, err := jetstream.New(parts.NATS, jetstream.WithDefaultTimeout(askWait))
	if err != nil {
		return nil, err
	}
	i := &Ingress{
		parts: parts, js: js, fault: errors.New("starting"),
		layout: events.Layout{
			Shards: parts.Config.Shards, Replicas: parts.Config.NATSReplicas, InMemory: parts.InMemory,
		},
	}
	if i.metrics, err = newMetrics(parts.Telemetry); err != nil {
		return nil, err
	}
	i.shell, err = newShell(parts, i.routes(), i.Ready)
	return i, err
}

// routes are all that is served.
func (i *Ingress) routes() []Route {
	var routes []Route
	routes = append(routes, i.uzumRoutes()...)
	routes = append(routes, i.atmosRoutes()...)
	return routes
}

// Ready tells why the ingress is not ready, nil when it is.
func (i *Ingress) Ready() error {
	i.state.Lock()
	defer i.state.Unlock()
	if i.fault == nil && !i.parts.NATS.IsConnected() {
		return errors.New("NATS is not connected")
	}
	return i.fault
}

func (i *Ingress) setFault(err error) {
	i.state.Lock()
	defer i.state.Unlock()
	i.fault = err
}

// records is the journal. The shell lets nobody in before there is one.
func (i *Ingress) records() *journal.Journal {
	i.state.Lock()
	defer i.state.Unlock()
	return i.journal
}

const (
	auditEvery = 5 * time.Second
	auditAgain = time.Second     // while something is missing or wrong
	auditWait  = 3 * time.Second // a server that is frozen or has no quorum does not answer at all (H34)
)

// watchStreams finds the streams, and then looks now and then whether they are still as they must be (H33).
func (i *Ingress) watchStreams(ctx context.Context) {
	for said := ""; ; {
		err := i.lookFor(ctx)
		if ctx.Err() != nil {
			return
		}
		pause := auditEvery
		if err != nil {
			pause = auditAgain
		}
		i.setFault(err)
		if text := faultText(err); text != said {
			said = text
			i.tell(ctx, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

func (i *Ingress) lookFor(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, auditWait)
	defer cancel()
	return i.findStreams(ctx)
}

func faultText(err error) string {
	if err == nil {
		return "ready"
	}
	return err.Error()
}

func (i *Ingress) tell(ctx context.Context, err error) {
	if err != nil {
		i.parts.Log.WarnContext(ctx, "waiting for the streams", "err", err)
		return
	}
	i.parts.Log.InfoContext(ctx, "ingress is ready", "version", i.parts.Version)
}

func (i *Ingress) findStreams(ctx context.Context) error {
	if err := i.layout.Audit(ctx, i.js); err != nil || i.records() != nil {
		return err
	}
	opened, err := journal.Open(ctx, i.js, i.layout.Shards, i.parts.Log)
	if err != nil {
		return err
	}
	i.state.Lock()
	defer i.state.Unlock()
	i.journal = opened
	return nil
}
