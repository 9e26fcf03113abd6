package lab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"
)

// Settings tell how the servers run.
type Settings struct {
	SyncAlways bool          // NATS waits for the disk before it acknowledges a message; else it syncs every 2 minutes
	Latency    time.Duration // how long the sandbox takes for every call
}

// Servers are what workers stand on: NATS, Redis and the sandbox, each a running process.
type Servers struct {
	NATS    Server
	Redis   Server
	Sandbox Server

	lab   *Lab
	redis *redis.Client
	http  *http.Client
}

// Server is a program that clients reach under an address.
type Server struct {
	*Program
	*Process        // its present life
	URL      string // scheme and address
}

const reconnectWait = 50 * time.Millisecond

// Serve starts the servers and waits until they are ready.
func (l *Lab) Serve(ctx context.Context, settings Settings) (*Servers, error) {
	ports, err := FreePorts(3)
	if err != nil {
		return nil, err
	}
	s := &Servers{
		lab: l, http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
		redis: redis.NewClient(&redis.Options{Addr: local(ports[1]), Protocol: 2, DisableIdentity: true}),
	}
	if s.NATS, err = s.natsServer(ports[0], settings); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.Redis = s.redisServer(ports[1])
	s.Sandbox = s.sandbox(ports[2], settings)
	for _, server := range []*Server{&s.NATS, &s.Redis, &s.Sandbox} {
		if server.Process, err = server.Boot(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// Restart kills the server with SIGKILL, keeps it down for a while, and starts it again on the same files.
func (s *Server) Restart(ctx context.Context, down time.Duration) error {
	s.Kill()
	select {
	case <-time.After(down):
	case <-ctx.Done():
	}
	process, err := s.Boot(context.WithoutCancel(ctx)) // nobody is left behind without it
	if err == nil {
		s.Process = process
	}
	return err
}

// natsConfig is the configuration file of a NATS server.
func natsConfig(port int, dir string, syncAlways bool) string {
	sync := "2m" // the server's own default
	if syncAlways {
		sync = "always"
	}
	return fmt.Sprintf("server_name: lab\nlisten: %q\njetstream {\n  store_dir: %q\n  sync_interval: %s\n}\n",
		local(port), dir, sync)
}

func (s *Servers) natsServer(port int, settings Settings) (Server, error) {
	file := filepath.Join(s.lab.dir, "nats.conf")
	if err := os.WriteFile(file, []byte(natsConfig(port, s.Store(), settings.SyncAlways)), 0o600); err != nil {
		return Server{}, err
	}
	url := "nats://" + local(port)
	return Server{URL: url, Program: &Program{
		Name: "nats", lab: s.lab, path: s.lab.bins.NATS, args: []string{"--config", file},
		ready: func(ctx context.Context) error {
			nc, err := nats.Connect(url, nats.NoReconnect())
			if err != nil {
				return err
			}
			defer nc.Close()
			js, err := jetstream.New(nc)
			if err == nil {
				_, err = js.AccountInfo(ctx)
			}
			return err
		},
	}}, nil
}

// redisServer keeps nothing on disk: what it holds may be lost at any instant.
func (s *Servers) redisServer(port int) Server {
	return Server{URL: "redis://" + local(port), Program: &Program{
		Name: "redis", lab: s.lab, path: s.lab.bins.Redis,
		args:  []string{"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--save", "", "--appendonly", "no"},
		ready: func(ctx context.Context) error { return s.redis.Ping(ctx).Err() },
	}}
}

func (s *Servers) sandbox(port int, settings Settings) Server {
	url := "http://" + local(port)
	return Server{URL: url, Program: &Program{
		Name: "sandbox", lab: s.lab, path: s.lab.bins.Sandbox,
		args:  []string{"-listen", local(port), "-latency", settings.Latency.String()},
		ready: func(ctx context.Context) error { return s.get(ctx, url+"/sandbox/ledger", nil) },
	}}
}

// Worker is a worker on these servers. Settings are NAME=value, beside those that it cannot do without; what stands
// last counts.
func (s *Servers) Worker(name string, settings ...string) (*Program, error) {
	ports, err := FreePorts(1)
	if err != nil {
		return nil, err
	}
	admin := local(ports[0])
	return &Program{
		Name: name, lab: s.lab, path: s.lab.bins.Worker,
		env: append([]string{
			"NATS_URL=" + s.NATS.URL, "REDIS_URL=" + s.Redis.URL, "ADMIN_ADDR=" + admin, "CARD_DATA=clear",
			"ATMOS_BASE_URL=" + s.Sandbox.URL + "/atmos", "ATMOS_STORE_ID=1",
			"ATMOS_CONSUMER_KEY=lab", "ATMOS_CONSUMER_SECRET=lab",
		}, settings...),
		ready: func(ctx context.Context) error { return s.get(ctx, "http://"+admin+"/readyz", nil) },
	}, nil
}

// Connect opens a connection to NATS that outlives the server's absences.
func (s *Servers) Connect(options ...nats.Option) (*nats.Conn, error) {
	return nats.Connect(s.NATS.URL, append([]nats.Option{
		nats.Name("lab"), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.ReconnectBufSize(-1),
	}, options...)...)
}

// Store is the directory of NATS's files.
func (s *Servers) Store() string { return filepath.Join(s.lab.dir, "nats") }

// Close gives the lab's own connections back. The processes are the lab's.
func (s *Servers) Close() error { return s.redis.Close() }
