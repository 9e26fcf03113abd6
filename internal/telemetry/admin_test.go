package telemetry_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tolov/internal/build"
	"tolov/internal/telemetry"
)

// page gets one path of an address.
func page(t *testing.T, addr, path string) (int, string) {
	t.Helper()
	reply, err := (&http.Client{}).Get("http://" + addr + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, string(text)
}

func start(t *testing.T, env map[string]string) *telemetry.Telemetry {
	t.Helper()
	about := build.Info{Version: "v1.2.3", Commit: "abc", Go: "go1"}
	tel, err := telemetry.Start(t.Context(), "tolov-test", about, func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	return tel
}

// serve opens an admin address and closes it with the test.
func serve(t *testing.T, ready func() error, extra map[string]http.Handler) string {
	t.Helper()
	admin, err := telemetry.NewAdmin(t.Context(), "127.0.0.1:0", start(t, nil), ready, extra)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- admin.Serve() }()
	t.Cleanup(func() {
		if err := admin.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return admin.Addr()
}

// Liveness never depends on others; readiness does, and says why.
func TestReadinessTellsWhyAndLivenessStays(t *testing.T) {
	var fault atomic.Pointer[string]
	addr := serve(t, func() error {
		if why := fault.Load(); why != nil {
			return errors.New(*why)
		}
		return nil
	}, nil)
	if status, text := page(t, addr, "/readyz"); status != 200 || text != "ready\n" {
		t.Errorf("ready: %d %q", status, text)
	}
	why := "NATS is not connected"
	fault.Store(&why)
	if status, text := page(t, addr, "/readyz"); status != 503 || text != why+"\n" {
		t.Errorf("not ready: %d %q", status, text)
	}
	if status, text := page(t, addr, "/healthz"); status != 200 || text != "ok\n" {
		t.Errorf("alive: %d %q", status, text)
	}
}

func TestMetricsAndExtraPathsAreServed(t *testing.T) {
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) })
	addr := serve(t, func() error { return nil }, map[string]http.Handler{"/sandbox/": hello})
	if status, text := page(t, addr, "/metrics"); status != 200 || !strings.Contains(text, "go_goroutines ") ||
		!strings.Contains(text, `service_name="tolov-test"`) {
		t.Errorf("metrics: %d %.200q", status, text)
	}
	if status, text := page(t, addr, "/sandbox/ledger"); status != 200 || text != "/sandbox/ledger" {
		t.Errorf("extra: %d %q", status, text)
	}
	for _, path := range []string{"/", "/debug/pprof/", "/elsewhere"} {
		if status, _ := page(t, addr, path); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestTakenAddressIsAnError(t *testing.T) {
	addr := serve(t, func() error { return nil }, nil)
	_, err := telemetry.NewAdmin(t.Context(), addr, telemetry.Off(), nil, nil)
	if err == nil || !strings.Contains(err.Error(), addr) {
		t.Errorf("%v", err)
	}
}

// H71: a visitor who never leaves does not keep the program up, nor make its end a failure.
func TestStopCutsVisitorsWhoStay(t *testing.T) {
	arrived := make(chan struct{})
	staying := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	extra := map[string]http.Handler{"/stay": staying}
	admin, err := telemetry.NewAdmin(t.Context(), "127.0.0.1:0", telemetry.Off(), nil, extra)
	if err != nil {
		t.Fatal(err)
	}
	served, visited := make(chan error, 1), make(chan error, 1)
	go func() { served <- admin.Serve() }()
	go func() {
		_, err := (&http.Client{}).Get("http://" + admin.Addr() + "/stay")
		visited <- err
	}()
	<-arrived
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := admin.Stop(ctx); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if err := <-visited; err == nil {
		t.Error("the visitor was answered")
	}
}
