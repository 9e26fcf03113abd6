// Package saga is the engine: it walks a payment along its flow and makes every step safe.
//
// A [Flow] is data: commands start paths, a path is a list of steps. [Next] is pure: it takes the last record and an
// input, and returns the record that follows and at most one effect. [Runner] saves that record with compare-and-swap,
// does the effect, and feeds the answer back, until the payment rests.
//
// The protocol of a step that moves money is written once, here: intent before the call (H2), no call past the send
// deadline (H4), an unknown outcome is asked about and never repeated (H1), "absent" counts only after the quiet
// period (H5, H6), and then the same provider transaction may be tried again, never a second one (H7).
//
// The package sees no provider, no Redis and no NATS: it owns the interfaces it needs.
//
// Read in this order: flow.go, record.go, next.go and its neighbours, runner.go.
package saga
