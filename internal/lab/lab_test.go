package lab

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestPortsAreFreeAndDifferent(t *testing.T) {
	ports, err := FreePorts(20)
	if err != nil || len(ports) != 20 {
		t.Fatalf("%v, %v", ports, err)
	}
	seen := map[int]bool{}
	for _, port := range ports {
		if seen[port] || port < firstPort || port > lastPort {
			t.Errorf("port %d of %v", port, ports)
		}
		seen[port] = true
		listener, err := net.Listen("tcp", local(port))
		if err != nil {
			t.Error(err)
			continue
		}
		_ = listener.Close()
	}
}

func TestTheServersConfigurationTellsWhenItSyncs(t *testing.T) {
	for always, want := range map[bool]string{true: "sync_interval: always\n", false: "sync_interval: 2m\n"} {
		got := natsConfig(4222, "/tmp/a b", always)
		for _, line := range []string{want, "listen: \"127.0.0.1:4222\"\n", "store_dir: \"/tmp/a b\"\n"} {
			if !strings.Contains(got, line) {
				t.Errorf("%q is not in:\n%s", line, got)
			}
		}
	}
}

// shell is a program that runs a script.
func shell(t *testing.T, l *Lab, script string) *Program {
	t.Helper()
	path, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell")
	}
	return &Program{
		Name: "shell", lab: l, path: path, args: []string{"-c", script},
		ready: func(context.Context) error {
			_, err := os.Stat(l.Dir() + "/ready")
			return err
		},
	}
}

func newLab(t *testing.T) *Lab {
	t.Helper()
	l, err := New(t.TempDir(), Binaries{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

const forever = "exec sleep 600"

func boot(t *testing.T, p *Program) *Process {
	t.Helper()
	process, err := p.Boot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return process
}

func TestClosingTheLabEndsItsProcesses(t *testing.T) {
	l := newLab(t)
	program := shell(t, l, "touch ready; "+forever)
	one, two := boot(t, program), boot(t, program)
	two.Freeze()
	l.Close()
	if !one.over() || !two.over() {
		t.Error("a process outlives its lab")
	}
	if _, err := program.Start(); !errors.Is(err, errClosed) {
		t.Errorf("a closed lab started a process: %v", err)
	}
}

func TestStoppingIsATermSignalAndTheExitCodeCounts(t *testing.T) {
	l := newLab(t)
	for code, wants := range map[string]bool{"0": true, "3": false} {
		p := boot(t, shell(t, l, "trap 'exit "+code+"' TERM; touch ready; while :; do :; done"))
		p.Freeze()
		if err := p.Stop(); (err == nil) != wants {
			t.Errorf("exit code %s: %v", code, err)
		}
		if err := os.Remove(l.Dir() + "/ready"); err != nil {
			t.Fatal(err)
		}
	}
}

// Whoever waits for a program that ends is told so at once, with what it said last.
func TestAProgramThatEndsIsNotWaitedFor(t *testing.T) {
	l := newLab(t)
	_, err := shell(t, l, "echo the port is taken; exit 1").Boot(t.Context())
	if err == nil || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("%v", err)
	}
}

func TestNothingOfOurEnvironmentReachesAProgram(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector")
	l := newLab(t)
	program := shell(t, l, "env; touch ready; "+forever)
	program.env = []string{"NATS_URL=here"}
	boot(t, program)
	if said := program.Tail(); strings.Contains(said, "OTEL") || !strings.Contains(said, "NATS_URL=here") {
		t.Errorf("%s", said)
	}
}

func TestAMissingRedisIsExplained(t *testing.T) {
	t.Setenv("PATH", "")
	if _, err := FindRedis(); err == nil || !strings.Contains(err.Error(), "apt-get install redis-server") {
		t.Errorf("%v", err)
	}
}

func TestAProcessIsSeenFromOutside(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc")
	}
	p := boot(t, shell(t, newLab(t), "touch ready; "+forever))
	if memory, err := p.Memory(); err != nil || memory <= 0 {
		t.Errorf("memory %d, %v", memory, err)
	}
	if _, err := p.CPU(); err != nil {
		t.Error(err)
	}
	if busy, err := MachineCPU(); err != nil || busy <= 0 {
		t.Errorf("machine %s, %v", busy, err)
	}
}
