package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/providers/rest"
)

const boundStreams = "LAB_JOURNAL_"

// work does the i-th piece of work and tells how much that counts.
type work func(ctx context.Context, i int64) (int, error)

// perSecond lets so many goroutines work for a time.
func perSecond(ctx context.Context, goroutines int, d time.Duration, do work) (float64, error) {
	var count, turns atomic.Int64
	start := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for range goroutines {
		group.Go(func() error {
			for time.Since(start) < d {
				n, err := do(ctx, turns.Add(1))
				if err != nil {
					return err
				}
				count.Add(int64(n))
			}
			return nil
		})
	}
	err := group.Wait()
	return float64(count.Load()) / time.Since(start).Seconds(), err
}

// caller makes the calls of a payment and nothing else, with the client that the worker uses.
type caller struct {
	client *rest.Client
	url    string
	header http.Header
}

// callsPerSecond is how many calls of a payment's three kinds the sandbox answers.
func (r *rig) callsPerSecond(ctx context.Context, d time.Duration) (float64, error) {
	c := &caller{client: rest.New(r.InFlight, nil), url: r.servers.Sandbox.URL + "/atmos"}
	defer c.client.Close()
	if err := c.authorize(ctx); err != nil {
		return 0, err
	}
	return perSecond(ctx, r.InFlight, d, c.pay)
}

func (c *caller) authorize(ctx context.Context) error {
	c.header = http.Header{
		"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("lab:lab"))},
		"Content-Type":  {"application/x-www-form-urlencoded"},
	}
	body, err := c.post(ctx, "/token", "grant_type=client_credentials")
	token, err2 := between(body, `"access_token":"`, `"`)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	c.header = http.Header{
		"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}, "Accept": {"application/json"},
	}
	return nil
}

func (c *caller) pay(ctx context.Context, i int64) (calls int, err error) {
	body, err := c.post(ctx, "/merchant/pay/create",
		fmt.Sprintf(`{"amount":%d,"account":"bound-%d","store_id":1}`, amount, i))
	id, err2 := between(body, `"transaction_id":`, `,`)
	if err := errors.Join(err, err2); err != nil {
		return 0, err
	}
	_, err1 := c.post(ctx, "/merchant/pay/pre-apply", `{"card_token":"lab","store_id":1,"transaction_id":`+id+`}`)
	_, err2 = c.post(ctx, "/merchant/pay/apply", `{"transaction_id":`+id+`,"otp":"111111","store_id":1}`)
	return 3, errors.Join(err1, err2)
}

func (c *caller) post(ctx context.Context, path, body string) ([]byte, error) {
	reply := c.client.Exchange(ctx, rest.Request{
		Method: http.MethodPost, URL: c.url + path, Header: c.header, Body: []byte(body),
	})
	if reply.Err == nil && reply.Status != http.StatusOK {
		return nil, fmt.Errorf("%s: HTTP status %d", path, reply.Status)
	}
	return reply.Body, reply.Err
}

func between(text []byte, before, after string) (string, error) {
	_, rest, found := bytes.Cut(text, []byte(before))
	value, _, ended := bytes.Cut(rest, []byte(after))
	if !found || !ended {
		return "", fmt.Errorf("no %s in %q", before, text)
	}
	return string(value), nil
}

// appendsPerSecond is how many records the journal takes: those of one payment, as they stand there, each written
// behind the one before by compare-and-swap, on streams of their own with the journal's settings.
func (r *rig) appendsPerSecond(ctx context.Context, d time.Duration) (float64, error) {
	records, err := r.recordsOf(ctx, payment.ID(payment.DefaultMerchant, "b1-0"))
	if err != nil {
		return 0, err
	}
	shards := len(r.shards)
	for k, shard := range r.shards {
		config := shard.CachedInfo().Config
		config.Name, config.Subjects, config.Metadata = boundStreams+strconv.Itoa(k), []string{boundSubject(k, ">")}, nil
		if _, err := r.js.CreateStream(ctx, config); err != nil {
			return 0, err
		}
	}
	return perSecond(ctx, r.InFlight, d, func(ctx context.Context, i int64) (int, error) {
		subject, seq := boundSubject(int(i)%shards, strconv.FormatInt(i, 10)), uint64(0)
		for _, record := range records {
			m := &nats.Msg{Subject: subject, Header: maps.Clone(record.Header), Data: record.Data} // it gets more headers
			ack, err := r.js.PublishMsg(ctx, m, jetstream.WithExpectLastSequencePerSubject(seq))
			if err != nil {
				return 0, err
			}
			seq = ack.Sequence
		}
		return len(records), nil
	})
}

func boundSubject(k int, last string) string { return "lab.journal." + strconv.Itoa(k) + "." + last }

// recordsOf reads a payment's records, without the headers that are the server's.
func (r *rig) recordsOf(ctx context.Context, paymentID string) ([]*nats.Msg, error) {
	k := events.Shard(paymentID, len(r.shards))
	var records []*nats.Msg
	for seq := uint64(1); ; {
		m, err := r.shards[k].GetMsg(ctx, seq, jetstream.WithGetMsgSubject(events.JournalSubject(k, paymentID)))
		if errors.Is(err, jetstream.ErrMsgNotFound) && len(records) > 0 {
			return records, nil
		}
		if err != nil {
			return nil, fmt.Errorf("records of %s: %w", paymentID, err)
		}
		record := &nats.Msg{Header: nats.Header{}, Data: m.Data}
		for name, values := range m.Header {
			if !strings.HasPrefix(name, "Nats-") {
				record.Header[name] = values
			}
		}
		records, seq = append(records, record), m.Sequence+1
	}
}
