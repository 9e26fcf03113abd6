package telemetry

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Admin is the address that operators and Kubernetes use: health, readiness, metrics. It is never exposed to callers.
type Admin struct {
	server   *http.Server
	listener net.Listener
}

// NewAdmin listens on addr; ctx bounds the look-up of its host only. ready tells why the program is not ready; extra
// may add paths.
func NewAdmin(
	ctx context.Context, addr string, t *Telemetry, ready func() error, extra map[string]http.Handler,
) (*Admin, error) {
	named := Maker{Meter: t.Meter}
	named.Gauge(MetricReady, "1 when the program is ready", func(report Report) { report(one(ready() == nil)) })
	if err := named.Err(); err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := ready(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ready\n"))
	})
	mux.Handle("GET /metrics", t.Metrics)
	for path, handler := range extra {
		mux.Handle(path, handler)
	}
	return &Admin{listener: listener, server: &http.Server{
		Handler: mux, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute,
	}}, nil
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// Addr is where it listens.
func (a *Admin) Addr() string { return a.listener.Addr().String() }

// Serve answers until Stop.
func (a *Admin) Serve() error {
	if err := a.server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Stop ends the server. Visitors who stay until ctx ends are cut off: there is nothing to lose.
func (a *Admin) Stop(ctx context.Context) error {
	if err := a.server.Shutdown(ctx); ctx.Err() == nil {
		return err
	}
	return a.server.Close()
}
