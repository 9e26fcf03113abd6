package eventstest

import (
	"errors"
	"net"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// freeRoutes picks a loopback port for every node of a cluster. Until the nodes listen, anybody may take one.
func freeRoutes(nodes int) ([]*url.URL, error) {
	if nodes == 1 {
		return nil, nil
	}
	routes := make([]*url.URL, nodes)
	for n := range routes {
		l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return nil, err
		}
		defer func() { _ = l.Close() }() // only when all are picked, so that no two are the same
		routes[n] = &url.URL{Scheme: "nats-route", Host: l.Addr().String()}
	}
	return routes, nil
}

// join makes a node's options those of a member. A node that does not listen for clients would never listen for routes,
// and could not even be shut down.
func join(o *server.Options, routes []*url.URL, n int) {
	port, _ := strconv.Atoi(routes[n].Port())
	o.DontListen, o.Host, o.Port = false, routes[n].Hostname(), server.RANDOM_PORT
	o.Cluster = server.ClusterOpts{Name: "bench", Host: routes[n].Hostname(), Port: port}
	o.Routes = routes
}

// await waits until the nodes that run are a working JetStream: each up to date, and led by one that knows all.
func (b *Bench) await() error {
	if b.Replicas == 1 {
		return nil
	}
	late, tick := time.After(startWait), time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		led, current := false, true
		for _, s := range b.running() {
			led = led || s.JetStreamIsLeader() && len(s.JetStreamClusterPeers()) == b.Replicas
			current = current && s.JetStreamIsCurrent()
		}
		if led && current {
			return nil
		}
		select {
		case <-tick.C:
		case <-late:
			return errors.New("the cluster has not formed")
		}
	}
}

// Leads is the node that leads a stream of a cluster, -1 while none does.
func (b *Bench) Leads(stream string) int {
	b.state.Lock()
	defer b.state.Unlock()
	return slices.IndexFunc(b.nodes, func(s *server.Server) bool {
		return s != nil && s.JetStreamIsStreamLeader("$G", stream)
	})
}
