package lab

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
)

// Binaries are the paths of the programs.
type Binaries struct {
	Worker  string
	Ingress string
	Sandbox string
	NATS    string
	Redis   string
}

var errNoRedis = errors.New("redis-server is not in PATH: install it, on Debian and Ubuntu with " +
	"`apt-get install redis-server`, on macOS with `brew install redis`")

// FindRedis gives the path of redis-server, or an error that tells how to install it.
func FindRedis() (string, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return "", errNoRedis
	}
	return filepath.Abs(path)
}

// Build makes the programs of this module, and the NATS server of the version in go.mod, under dir/bin. It must be
// called in a directory of the module.
func Build(ctx context.Context, dir string) (Binaries, error) {
	redis, err := FindRedis()
	if err != nil {
		return Binaries{}, err
	}
	bin, err := filepath.Abs(filepath.Join(dir, "bin"))
	if err != nil {
		return Binaries{}, err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", bin+string(filepath.Separator),
		"tolov/cmd/worker", "tolov/cmd/webhook-ingress", "tolov/cmd/sandbox", "github.com/nats-io/nats-server/v2")
	if output, err := build.CombinedOutput(); err != nil {
		return Binaries{}, fmt.Errorf("go build: %w\n%s", err, output)
	}
	return Binaries{
		Worker: filepath.Join(bin, "worker"), Ingress: filepath.Join(bin, "webhook-ingress"),
		Sandbox: filepath.Join(bin, "sandbox"),
		NATS:    filepath.Join(bin, "nats-server"), Redis: redis,
	}, nil
}
