package embedded

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/nats-io/nats-server/v2/server"
)

var _ server.Logger = natsLog{}

// natsLog passes the server's warnings and errors on; what it is only proud of goes to debug.
type natsLog struct {
	log   *slog.Logger
	fatal chan<- string
}

func (l natsLog) say(level slog.Level, format string, v []any) {
	l.log.Log(context.Background(), level, fmt.Sprintf(format, v...), "from", "nats-server")
}

// Noticef logs what the server tells of itself.
func (l natsLog) Noticef(format string, v ...any) { l.say(slog.LevelDebug, format, v) }

// Warnf logs a warning.
func (l natsLog) Warnf(format string, v ...any) { l.say(slog.LevelWarn, format, v) }

// Errorf logs an error.
func (l natsLog) Errorf(format string, v ...any) { l.say(slog.LevelError, format, v) }

// Fatalf tells why the server gives up its start. The server expects the process to end here, but whoever started it
// may want to end in order; nothing that we use of the server is fatal later.
func (l natsLog) Fatalf(format string, v ...any) {
	select {
	case l.fatal <- fmt.Sprintf(format, v...):
	default:
		l.say(slog.LevelError, format, v)
	}
}

// Debugf logs details.
func (l natsLog) Debugf(format string, v ...any) { l.say(slog.LevelDebug, format, v) }

// Tracef logs nothing: protocol traces would hold message bodies (H73).
func (l natsLog) Tracef(string, ...any) {}
