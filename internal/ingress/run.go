package ingress

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// The limits of the server (HAZARDS §4, item 9; H63).
const (
	headerWait = 5 * time.Second
	readWait   = 10 * time.Second // header and body
	writeWait  = 15 * time.Second // body and answer: who sends slowly may miss his answer, which status tells again
	idleWait   = time.Minute
	maxHeader  = 16 << 10

	drainWait = 15 * time.Second // of the 20 s that the contract gives after SIGTERM
)

// Serve answers on the listener until ctx ends, then finishes what is in hand: requests that have arrived are answered,
// and those that do not come to their end in time are cut off. A caller who was told nothing asks again.
func (i *Ingress) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: i.shell, ReadHeaderTimeout: headerWait, ReadTimeout: readWait, WriteTimeout: writeWait,
		IdleTimeout: idleWait, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(i.parts.Log.Handler(), slog.LevelWarn),
	}
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		i.watchStreams(watching)
	}()
	defer func() { stop(); <-watched }()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	stop()
	<-watched
	i.setFault(errStopping)
	i.parts.Log.Info("ingress is stopping: finishing what is in hand")
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainWait)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		i.parts.Log.Warn("not every caller could be answered", "err", err)
		return server.Close()
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

var errStopping = errors.New("stopping")
