// Command apiserver proves the manifests on a real API server: etcd and kube-apiserver run as processes, built from
// their modules, and every object of every file is applied to them by a server-side dry run. A field that the server
// does not know, a value that it refuses, a pod that the restricted standard forbids: each is a fault.
//
// Usage: apiserver -bin <folder with etcd and kube-apiserver> -crds <folder> <file of rendered objects>…
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

const within = 5 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "apiserver:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("apiserver", flag.ContinueOnError)
	bin := flags.String("bin", "", "folder with etcd and kube-apiserver")
	crds := flags.String("crds", "", "folder with custom resource definitions")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *bin == "" || flags.NArg() == 0 {
		return errors.New("want -bin and the files to apply")
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	dir, err := os.MkdirTemp("", "apiserver-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	site, err := start(ctx, *bin, dir)
	if err != nil {
		return err
	}
	return errors.Join(prove(ctx, site, *crds, flags.Args(), out), site.stop())
}

// prove installs the definitions, then applies the files, and tells of each how many objects it had.
func prove(ctx context.Context, s *site, crds string, files []string, out io.Writer) error {
	definitions, err := filepath.Glob(filepath.Join(crds, "*.yaml"))
	if err != nil {
		return err
	}
	for _, path := range definitions {
		if err := s.define(ctx, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, path := range files {
		objects, err := read(path)
		if err != nil {
			return err
		}
		pods := 0
		for _, o := range objects {
			isPod, err := s.dryRun(ctx, o)
			if err != nil {
				faults = append(faults, fmt.Errorf("%s: %s/%s: %w", filepath.Base(path), o.kind, o.name, err))
			}
			if isPod {
				pods++
			}
		}
		if _, err := fmt.Fprintf(out, "%s: %d objects and %d pods, applied to Kubernetes %s by dry run\n",
			filepath.Base(path), len(objects), pods, version); err != nil {
			return err
		}
	}
	return errors.Join(faults...)
}
