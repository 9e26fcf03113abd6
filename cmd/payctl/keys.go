package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"tolov/internal/desk"
	"tolov/internal/keyfile"
	"tolov/internal/payment"
)

// keysVerbs look after the keys that open sealed cards.
type keysVerbs struct {
	New  keysNewVerb  `cmd:"" help:"Put a new key at the head of the key file; the others stay."`
	List keysListVerb `cmd:"" help:"List the keys of the file, or those that the workers have."`
}

// keysNewVerb makes a key.
type keysNewVerb struct {
	File  string        `default:"${keys}" placeholder:"FILE" help:"The key file; KEYS_FILE when not given."`
	After time.Duration `default:"10m" help:"When callers begin to seal to it: ${default}."`
}

// Help tells how keys are rotated.
func (keysNewVerb) Help() string {
	return "Workers read the file every ten seconds: no restart. A new key opens cards as soon as a worker has it, and " +
		"is offered to callers later, so that no card comes to a worker that cannot open it; the first key of a file is " +
		"offered at once. The old key goes on opening. Take it out of the file when no command that was sealed to it can " +
		"come any more, and no withdrawal that was opened under it is open: payctl stuck."
}

// Run makes it.
func (v keysNewVerb) Run(a *app) error {
	if v.File == "" {
		return fmt.Errorf("%w: name the key file by --file or KEYS_FILE", errUsage)
	}
	key, err := keyfile.Add(v.File, time.Now(), time.Now().Add(v.After).Truncate(time.Second))
	if err != nil {
		return err
	}
	k := shownKey(key)
	if a.flags.JSON {
		return a.machine(k)
	}
	show(a.out, "key made    %s in %s\n  public      %s\n  offered     %s\n", k.ID, v.File, k.PublicKey,
		offered(k, time.Now()))
	return nil
}

// shownKey is a key without what opens.
func shownKey(key payment.Key) desk.Key {
	return desk.Key{
		ID: key.ID, PublicKey: base64.RawURLEncoding.EncodeToString(key.Public()), From: payment.At(key.From),
	}
}

// offered tells since when callers seal to a key.
func offered(k desk.Key, now time.Time) string {
	switch {
	case k.From.IsZero():
		return "since it is there"
	case now.Before(k.From.Time):
		return "from " + clock(k.From.Time) + left(k.From.Time, now) + "; it opens cards as soon as workers have it"
	default:
		return "since " + clock(k.From.Time)
	}
}

// keysListVerb lists keys.
type keysListVerb struct {
	File string `default:"${keys}" placeholder:"FILE" help:"The key file; KEYS_FILE, or the workers are asked."`
}

// Run lists them.
func (v keysListVerb) Run(ctx context.Context, a *app) error {
	if v.File != "" {
		ring, err := keyfile.Read(v.File)
		if err != nil {
			return err
		}
		var keys []desk.Key
		for _, key := range ring {
			keys = append(keys, shownKey(key))
		}
		return a.listKeys(keys, nil)
	}
	return a.atDesk(ctx, func(ctx context.Context, d *desk.Desk) error {
		workers, err := d.Workers(ctx, heardWithin)
		switch {
		case err != nil:
			return err
		case len(workers) == 0:
			return desk.ErrNoWorker
		}
		var keys []desk.Key
		for _, w := range workers {
			for _, k := range w.Keys {
				if !slices.Contains(keys, k) {
					keys = append(keys, k)
				}
			}
		}
		return a.listKeys(keys, workers)
	})
}

// listKeys prints keys, and how many workers have each when workers were asked.
func (a *app) listKeys(keys []desk.Key, workers []desk.Heard) error {
	if a.flags.JSON {
		return a.machine(map[string]any{"keys": keys})
	}
	now := time.Now()
	t := &table{head: []string{"KEY", "PUBLIC", "CALLERS SEAL TO IT", "WORKERS"}}
	newest := sealedTo(keys, now)
	for _, k := range keys {
		use := cell{"no longer: it only opens", dim}
		switch {
		case now.Before(k.From.Time):
			use = cell{offered(k, now), yellow}
		case k.ID == newest:
			use = cell{"now, " + offered(k, now), green}
		}
		have := cell{}
		if workers != nil {
			lacking := slices.DeleteFunc(slices.Clone(workers), func(w desk.Heard) bool { return slices.Contains(w.Keys, k) })
			have = cell{fmt.Sprintf("%d of %d", len(workers)-len(lacking), len(workers)), plain}
		}
		t.add(cell{k.ID, bold}, cell{k.PublicKey, plain}, use, have)
	}
	t.write(a.out, a.paint, "  ")
	if len(keys) == 0 {
		show(a.out, "no keys: cards cannot be sealed; payctl keys new\n")
	}
	return nil
}

// sealedTo is the key that callers are given: the first one in force. Several workers' keys come in no order, so the
// latest counts.
func sealedTo(keys []desk.Key, now time.Time) string {
	inForce := slices.DeleteFunc(slices.Clone(keys), func(k desk.Key) bool { return now.Before(k.From.Time) })
	if len(inForce) == 0 {
		return ""
	}
	return slices.MaxFunc(inForce, func(a, b desk.Key) int {
		return cmp.Or(a.From.Compare(b.From.Time), strings.Compare(a.ID, b.ID))
	}).ID
}
