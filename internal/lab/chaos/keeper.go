package main

import (
	"context"
	"sync"
	"time"

	"tolov/internal/lab"
)

// restartPause keeps a program that cannot start from being started in a hot loop.
const restartPause = 200 * time.Millisecond

// keeper keeps one program alive: whatever ended it, it is started again.
type keeper struct {
	program        *lab.Program
	fault          func(format string, args ...any)
	mayFailToStart bool          // because what it connects to is being killed as well
	ready          chan struct{} // closed when the program was ready for the first time

	mu     sync.Mutex
	life   *lab.Process
	killed bool
	frozen bool
	once   sync.Once
}

// keep works until ctx ends, then stops the program as an operator would.
func (k *keeper) keep(ctx context.Context) {
	for ctx.Err() == nil {
		life, err := k.program.Start()
		if err != nil {
			k.fault("%v", err)
			return
		}
		k.born(life)
		ready := life.Ready(ctx) == nil
		if ready {
			k.once.Do(func() { close(k.ready) })
		}
		select {
		case <-life.Ended():
			k.ended(ctx, life, ready)
		case <-ctx.Done():
			if err := life.Stop(); err != nil {
				k.fault("%v", err)
			}
		}
	}
}

func (k *keeper) born(life *lab.Process) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.life, k.killed = life, false
}

// ended wants every death to be one of ours.
func (k *keeper) ended(ctx context.Context, life *lab.Process, ready bool) {
	k.mu.Lock()
	killed := k.killed
	k.mu.Unlock()
	if killed {
		return
	}
	if ready || !k.mayFailToStart {
		k.fault("%s ended by itself (%v):\n%s", k.program.Name, life.Err(), k.program.Tail())
	}
	select {
	case <-ctx.Done():
	case <-time.After(restartPause):
	}
}

// kill ends the program's present life with SIGKILL, unless it is frozen: it must wake up some time.
func (k *keeper) kill() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	select {
	case <-k.life.Ended(): // by itself, which must not pass for our doing
		return false
	default:
	}
	if k.frozen || k.killed {
		return false
	}
	k.killed = true
	k.life.Kill()
	return true
}

// freeze holds the program still until the time is over or ctx ends.
func (k *keeper) freeze(ctx context.Context, d time.Duration) bool {
	life := k.hold(true)
	if life == nil {
		return false
	}
	life.Freeze()
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	life.Thaw()
	k.hold(false)
	return true
}

// hold marks the program as frozen or not. It gives no process when the program is dead.
func (k *keeper) hold(frozen bool) *lab.Process {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.killed && frozen {
		return nil
	}
	k.frozen = frozen
	return k.life
}
