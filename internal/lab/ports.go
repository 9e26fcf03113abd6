package lab

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// The ports lie below those that systems give to outgoing connections: a client that dials a server which is down
// would now and then get the server's own port, and talk to itself.
const (
	firstPort = 20_000
	lastPort  = 31_999
	portTries = 1000
)

// FreePorts finds n ports of 127.0.0.1 that nobody listens on.
func FreePorts(n int) ([]int, error) {
	var ports []int
	var held []net.Listener // until all are found, so that none is found twice
	defer func() {
		for _, listener := range held {
			_ = listener.Close()
		}
	}()
	for range portTries {
		if len(ports) == n {
			return ports, nil
		}
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		address := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}
		if listener, err := net.ListenTCP("tcp", address); err == nil {
			held, ports = append(held, listener), append(ports, port)
		}
	}
	return nil, errors.New("no free ports on 127.0.0.1")
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
