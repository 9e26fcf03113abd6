package lab

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// Ledger is what the sandbox says really happened.
type Ledger struct {
	Debits       []Debit        `json:"debits"`
	Transactions int            `json:"transactions"`
	Calls        map[string]int `json:"calls"` // by operation
}

// Debit is money that left a card.
type Debit struct {
	Account string `json:"account"`
	Amount  int64  `json:"amount"` // tiyin
}

// Ledger asks the sandbox.
func (s *Servers) Ledger(ctx context.Context) (Ledger, error) {
	var ledger Ledger
	err := s.get(ctx, s.Sandbox.URL+"/sandbox/ledger", &ledger)
	return ledger, err
}

// get reads a page; into may be nil.
func (s *Servers) get(ctx context.Context, url string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := s.http.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return err
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("%s: %s: %s", url, answer.Status, strings.TrimSpace(string(body)))
	case into == nil:
		return nil
	}
	return json.Unmarshal(body, into)
}

// FlushRedis empties Redis.
func (s *Servers) FlushRedis(ctx context.Context) error { return s.redis.FlushAll(ctx).Err() }

// RedisCommands counts the commands that Redis has executed, by name, our own questions aside.
func (s *Servers) RedisCommands(ctx context.Context) (map[string]int, error) {
	info, err := s.redis.Info(ctx, "commandstats").Result()
	if err != nil {
		return nil, err
	}
	counts := parseCommands(info)
	delete(counts, "info")
	return counts, nil
}

// parseCommands reads lines such as cmdstat_set:calls=12,usec=34,usec_per_call=2.83.
func parseCommands(info string) map[string]int {
	counts := map[string]int{}
	for line := range strings.Lines(info) {
		name, found := strings.CutPrefix(line, "cmdstat_")
		if !found {
			continue
		}
		name, rest, _ := strings.Cut(name, ":calls=")
		calls, _, _ := strings.Cut(rest, ",")
		if n, err := strconv.Atoi(calls); err == nil {
			counts[name] = n
		}
	}
	return counts
}
