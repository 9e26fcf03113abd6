// Package journal is the engine's store on JetStream: one subject per payment, each record carries the whole payment,
// and an append is a compare-and-swap on that subject. The append is the only commit there is (I9, law 4).
//
// Events are made from it by the [Projector], exactly once and in order; a slow [Sweep] over the last records makes
// up for lost timers and lost messages. The package decides nothing: see saga.
//
// Read next: journal.go, projector.go, sweep.go.
package journal
