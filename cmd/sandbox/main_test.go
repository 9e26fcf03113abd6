package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestServesUntilItsContextEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"-listen", "127.0.0.1:0"}, func(string) string { return "" }, in) }()

	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, address, found := strings.Cut(strings.TrimSpace(line), " on ")
	if !found {
		t.Fatalf("printed %q", line)
	}
	answer, err := (&http.Client{}).Get(address + "/sandbox/ledger")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if want := `{"debits":[],"transactions":0,"calls":{}}`; string(text) != want {
		t.Errorf("ledger %s, want %s", text, want)
	}
	fault := strings.NewReader(`{"op":"token","kind":"silent_before"}`)
	if scripted, err := (&http.Client{}).Post(address+"/sandbox/faults", "application/json", fault); err != nil {
		t.Fatal(err)
	} else {
		_ = scripted.Body.Close()
	}
	hung := make(chan error, 1)
	go func() { hung <- hang(address) }()
	waitForCall(t, address)

	stop()
	if err := <-hung; !errors.Is(err, io.EOF) {
		t.Errorf("the hanging call ended with %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("run ended with %v", err)
	}
}

// hang asks for a token that never comes.
func hang(address string) error {
	r, err := http.NewRequest(http.MethodPost, address+"/atmos/token?grant_type=client_credentials", nil)
	if err != nil {
		return err
	}
	r.SetBasicAuth("key", "secret")
	answer, err := (&http.Client{}).Do(r)
	if err == nil {
		_ = answer.Body.Close()
	}
	return err
}

// waitForCall looks until the hanging call has arrived.
func waitForCall(t *testing.T, address string) {
	t.Helper()
	for {
		answer, err := (&http.Client{}).Get(address + "/sandbox/ledger")
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if strings.Contains(string(text), `"atmos.token":1`) {
			return
		}
	}
}

func TestRefusesWhatItDoesNotKnow(t *testing.T) {
	none := func(string) string { return "" }
	for _, args := range [][]string{{"-lag"}, {"extra"}, {"-listen", "nowhere"}, {"-latency", "long"}} {
		if err := run(t.Context(), args, none, io.Discard); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
	var help strings.Builder
	if err := run(t.Context(), []string{"-h"}, none, &help); err != nil || !strings.Contains(help.String(), "-latency") {
		t.Errorf("-h ended with %v and %q", err, help.String())
	}
}
