package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/nats-io/nats-server/v2/server"
)

var _ server.Logger = natsLog{}

// natsLog passes the server's warnings and errors on; what it is only proud of goes to debug.
type natsLog struct{ log *slog.Logger }

func (l natsLog) say(level slog.Level, format string, v []any) {
	l.log.Log(context.Background(), level, fmt.Sprintf(format, v...), "from", "nats-server")
}

// Noticef logs what the server tells of itself.
func (l natsLog) Noticef(format string, v ...any) { l.say(slog.LevelDebug, format, v) }

// Warnf logs a warning.
func (l natsLog) Warnf(format string, v ...any) { l.say(slog.LevelWarn, format, v) }

// Errorf logs an error.
func (l natsLog) Errorf(format string, v ...any) { l.say(slog.LevelError, format, v) }

// Fatalf logs what the server cannot go on with, and ends the process as the server expects.
func (l natsLog) Fatalf(format string, v ...any) {
	l.say(slog.LevelError, format, v)
	os.Exit(1)
}

// Debugf logs details.
func (l natsLog) Debugf(format string, v ...any) { l.say(slog.LevelDebug, format, v) }

// Tracef logs nothing: protocol traces would hold message bodies (H73).
func (l natsLog) Tracef(string, ...any) {}
