package eventstest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
)

// errPortTaken is a node whose route port somebody took between our look and its start.
var errPortTaken = errors.New("the route port is taken")

var _ server.Logger = fatal(nil)

// fatal hears why a server gives up its start. Left to itself the server would only never become ready.
type fatal chan string

// err is what was heard, nil as long as nothing was.
func (f fatal) err() error {
	select {
	case why := <-f:
		if strings.HasPrefix(why, "Error listening on router port") {
			return fmt.Errorf("%w: %s", errPortTaken, why)
		}
		return errors.New(why)
	default:
		return nil
	}
}

// Fatalf keeps the first reason.
func (f fatal) Fatalf(format string, v ...any) {
	select {
	case f <- fmt.Sprintf(format, v...):
	default:
	}
}

// Noticef logs nothing.
func (fatal) Noticef(string, ...any) {}

// Warnf logs nothing.
func (fatal) Warnf(string, ...any) {}

// Errorf logs nothing.
func (fatal) Errorf(string, ...any) {}

// Debugf logs nothing.
func (fatal) Debugf(string, ...any) {}

// Tracef logs nothing.
func (fatal) Tracef(string, ...any) {}
