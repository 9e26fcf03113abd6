package eventstest

import (
	"errors"
	"net"
	"net/url"
	"testing"
)

// takes gives routes of which somebody else has one, as if it had been taken right after the look.
func takes(t *testing.T, which int) func(nodes int) ([]*url.URL, error) {
	return func(nodes int) ([]*url.URL, error) {
		routes, err := freeRoutes(nodes)
		if err != nil {
			return nil, err
		}
		other, err := net.Listen("tcp", routes[which].Host)
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { _ = other.Close() })
		return routes, nil
	}
}

func TestClusterWhosePortIsTakenStartsOnOthers(t *testing.T) {
	tries := 0
	b, err := startOn(func(nodes int) ([]*url.URL, error) {
		if tries++; tries <= 2 {
			return takes(t, tries)(nodes)
		}
		return freeRoutes(nodes)
	}, t.TempDir(), 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	if tries != 3 || len(b.running()) != 3 || !b.Conn.IsConnected() {
		t.Errorf("%d tries, %d nodes, connected: %t", tries, len(b.running()), b.Conn.IsConnected())
	}
}

func TestClusterThatNeverFindsPortsIsAnError(t *testing.T) {
	tries := 0
	b, err := startOn(func(nodes int) ([]*url.URL, error) {
		tries++
		return takes(t, 0)(nodes)
	}, t.TempDir(), 3)
	if b != nil || !errors.Is(err, errPortTaken) || tries != portTries {
		t.Errorf("%v after %d tries", err, tries)
	}
}
