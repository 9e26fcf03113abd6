package main

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
)

// redisLog writes what go-redis says of itself as lines of our log. Without it they would be plain text on stderr. The
// logger is one for all clients of a process.
type redisLog struct{ log *slog.Logger }

// userInfo is the user and password of an address, up to the last @: a password may hold one.
var userInfo = regexp.MustCompile(`://\S*@`)

// Printf logs a line, without the password of any address (H73). Everything that go-redis tells is a warning, for
// without Redis payments are slower and no more (H41); except which servers the sentinels name.
func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	level := slog.LevelWarn
	if strings.HasPrefix(format, "sentinel: ") && !strings.Contains(format, "failed") {
		level = slog.LevelInfo
	}
	text := userInfo.ReplaceAllString(fmt.Sprintf(format, v...), "://***@")
	l.log.Log(ctx, level, strings.TrimPrefix(text, "redis: "), "from", "go-redis")
}
