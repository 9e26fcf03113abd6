// Package worker puts the rooms together: commands and timers in, the engine in the middle, events and answers out.
//
// It is wiring. Read worker.go from top to bottom for how a worker starts and stops, and handlers.go for what it does
// with a message; the decisions are in saga.
package worker
