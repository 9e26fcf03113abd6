package client

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Reconciled is what came of comparing our records of a period with a provider's books.
type Reconciled struct {
	Merchant string    `json:"merchant"`
	Provider string    `json:"provider"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`       // the first moment behind the period
	Payments int       `json:"payments"` // ours
	Lines    int       `json:"lines"`    // theirs
	Agreed   int       `json:"agreed"`
	Open     int       `json:"open"` // not at rest, or too young: not compared this time
	Differ   []Finding `json:"differ"`
	Closed   []Finding `json:"closed"`             // that differed before and agree now
	LeftOut  int       `json:"left_out,omitempty"` // findings that the answer had no room for; the events have them
}

// Finding is a discrepancy that is open, or that was closed.
type Finding struct {
	PaymentID string `json:"payment_id"`
	ExtID     string `json:"ext_id,omitempty"` // empty of a line that no payment of ours is found for
	New       bool   `json:"new,omitempty"`    // found this time
	Discrepancy
}

// Reconcile has a worker compare our records with a provider's books, now. from and to are days (2026-11-20) in the
// merchant's zone, the last one included, or moments (RFC 3339), the last one excluded; both empty: yesterday. It takes
// as long as the provider's rate limit wants, so give ctx minutes. What is found is told by discrepancy events too.
func (c *Client) Reconcile(ctx context.Context, merchant, provider, from, to string) (Reconciled, error) {
	var r Reconciled
	data, err := c.ReconcileRaw(ctx, merchant, provider, from, to)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("reconcile: the worker's answer cannot be read, it may be of a newer version than this "+
			"client: %w", err)
	}
	return r, nil
}

// ReconcileRaw is Reconcile, and gives the answer's JSON as it came.
func (c *Client) ReconcileRaw(ctx context.Context, merchant, provider, from, to string) ([]byte, error) {
	question, err := json.Marshal(map[string]string{
		"merchant": merchant, "provider": provider, "from": from, "to": to,
	})
	if err != nil {
		return nil, err
	}
	return c.requestOf(ctx, subjectReconcile, "reconcile", string(question))
}
