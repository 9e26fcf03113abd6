package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tolov/internal/desk"
)

// workers looks at how the workers are set, and where they differ from each other.
func (c *chart) workers(all []desk.Heard) {
	if len(all) == 0 {
		c.add(fails, "workers", "none answers", "start one, or check that this is the NATS that workers use")
		return
	}
	for _, w := range all {
		c.worker("worker "+w.Worker, w)
	}
	for _, w := range all[1:] {
		c.differ("workers", all[0], w)
	}
	c.healthy("workers", fmt.Sprintf("%d, all alike, version %s", len(all), all[0].Version))
}

// What the engine's margins bear: its clocks may be this far apart.
const (
	skewNoted = time.Second
	skewFatal = 5 * time.Second
)

// worker looks at one worker's settings.
func (c *chart) worker(where string, w desk.Heard) {
	if w.Fault != "" {
		c.add(fails, where, "is not ready: "+w.Fault, "")
	}
	switch skew := w.Skew(); {
	case skew > skewFatal:
		c.add(fails, where, "its clock is off by "+lasting(skew)+": deadlines mean something else there",
			"mend the clock, NTP")
	case skew > skewNoted:
		c.add(warns, where, "its clock is off by "+lasting(skew), "mend the clock, NTP")
	}
	if w.KeysFault != "" {
		c.add(fails, where, "its key file was not taken: "+w.KeysFault, "mend KEYS_FILE; until then the keys before count")
	}
	switch {
	case w.CardData == "sealed" && len(w.Keys) == 0:
		c.add(fails, where, "takes sealed cards only and has no key to open them", "payctl keys new, then KEYS_FILE")
	case w.CardData == "clear" && !w.Embedded:
		c.add(warns, where, "takes card numbers in clear: who reads the commands stream reads them", "CARD_DATA=sealed")
	}
	if w.Embedded && w.Sync != "always" {
		c.add(warns, where, "a power cut can take what was acknowledged in the last two minutes", "SYNC=always")
	}
	quiet := 2*w.ProviderTimeout + quietMargin.Milliseconds()
	if w.ReviewAfter < quiet {
		c.add(warns, where, "calls a person before the provider could be believed", fmt.Sprintf(
			"REVIEW_AFTER of more than %d s", quiet/1000))
	}
}

const quietMargin = 5 * time.Second // of the quiet period: 2 × PROVIDER_TIMEOUT_S + 5 s

// differ compares two workers in what all must have in common.
func (c *chart) differ(where string, a, b desk.Heard) {
	names := "workers " + a.Worker + " and " + b.Worker + " "
	if a.ProviderTimeout != b.ProviderTimeout {
		c.add(fails, where, fmt.Sprintf("%shave time-outs of %d and %d ms: one may believe that a call is dead while the "+
			"other still sends it", names, a.ProviderTimeout, b.ProviderTimeout), "one PROVIDER_TIMEOUT_S for all")
	}
	if one, other := keyNames(a, true), keyNames(b, true); one != other {
		c.add(fails, where, fmt.Sprintf("%shave other keys (%s; %s): a card sealed to one is refused by the other",
			names, one, other), "one KEYS_FILE for all; after a rotation wait until all have read it")
	}
	if one, other := keyNames(a, false), keyNames(b, false); one != other {
		c.add(warns, where, fmt.Sprintf("%shave other keys that are not offered yet (%s; %s)", names, one, other),
			"wait until both have read KEYS_FILE: before that nobody seals to them")
	}
	if a.CardData != b.CardData {
		c.add(fails, where, names+"differ in CARD_DATA: who takes a command decides whether it is refused", "one for all")
	}
	if !slices.Equal(a.Accounts, b.Accounts) {
		c.add(fails, where, names+"know other accounts: who takes a command decides whether it is refused",
			"one configuration for all")
	}
	if a.ReviewAfter != b.ReviewAfter || a.Longest != b.Longest {
		c.add(warns, where, names+"differ in REVIEW_AFTER or POLL_SCHEDULE", "one for all")
	}
	if a.Version != b.Version {
		c.add(warns, where, names+"are "+a.Version+" and "+b.Version, "finish the roll-out")
	}
}

// keyNames are the worker's keys, those in force or those that are not yet, by id and the beginning of the public key,
// in an order of their own.
func keyNames(w desk.Heard, inForce bool) string {
	var names []string
	for _, k := range w.Keys {
		if w.Came.Before(k.From.Time) == inForce {
			continue
		}
		names = append(names, k.ID+"="+k.PublicKey[:min(len(k.PublicKey), 8)])
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, " ")
}
