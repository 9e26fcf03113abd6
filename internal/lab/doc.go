// Package lab starts the real parts as processes of their own, breaks them and looks at them from outside.
//
// What it measures and what it kills is what an operator runs: the worker and the sandbox of this module, the NATS
// server that go.mod names, the redis-server of this machine. It knows nothing of what goes on inside them, and it
// judges nothing: that is for its two programs.
//
//	bins, err := lab.Build(ctx, dir)
//	l, err := lab.New(dir, bins)
//	defer l.Close()
//	servers, err := l.Serve(ctx, lab.Settings{SyncAlways: true})
//	worker, err := servers.Worker("worker").Boot(ctx)
//	...
//	worker.Kill()
//
// A process never outlives its lab: Close ends it, and should the lab itself be killed, Linux does.
//
// Read next: program.go for what can be done to a process; then internal/lab/chaos, which proves that nothing is lost
// or doubled when workers are killed, and internal/lab/bench, which tells how fast it is.
package lab
