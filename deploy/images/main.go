// Command images builds the project's container images into an OCI layout on disk. It needs no registry and no daemon:
// ko builds them as a library, on a base image that is made here, out of nothing.
//
// Usage: images -root <the main module> -out <folder> -version … -commit … -time <seconds since 1970>
//
// It writes the layout, an SBOM per image (SPDX), and kustomization.yaml, a component that names every image by its
// digest. The same sources give the same digests.
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
	"strings"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/ko/pkg/build"
)

// program is one image: the name that the manifests call it by, and the main package in it. NATS is built from the
// version in go.mod, the one that every test runs with.
type program struct{ image, path string }

func programs() []program {
	return []program{
		{"tolov/worker", "tolov/cmd/worker"},
		{"tolov/webhook-ingress", "tolov/cmd/webhook-ingress"},
		{"tolov/payctl", "tolov/cmd/payctl"},
		{"tolov/sandbox", "tolov/cmd/sandbox"},
		{"tolov/nats-server", "github.com/nats-io/nats-server/v2"},
	}
}

// wish is what the command line asks for.
type wish struct {
	root, out, version, commit, registry string
	seconds                              int64
	platforms                            string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "images:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var w wish
	flags := flag.NewFlagSet("images", flag.ContinueOnError)
	flags.StringVar(&w.root, "root", "../..", "folder of the main module")
	flags.StringVar(&w.out, "out", "", "folder to write to; it is emptied first")
	flags.StringVar(&w.version, "version", "dev", "version of the build")
	flags.StringVar(&w.commit, "commit", "", "commit of the build")
	flags.Int64Var(&w.seconds, "time", 0, "creation time of everything, seconds since 1970: the commit's")
	flags.StringVar(&w.registry, "registry", "registry.example.uz", "where the images will be pushed")
	flags.StringVar(&w.platforms, "platforms", "linux/amd64", "comma list of platforms")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if w.out == "" {
		return errors.New("-out is required")
	}
	if err := os.RemoveAll(w.out); err != nil {
		return err
	}
	return assemble(ctx, w, out)
}

// assemble builds every image and writes what is known of it.
func assemble(ctx context.Context, w wish, out io.Writer) error {
	builder, err := w.builder(ctx)
	if err != nil {
		return err
	}
	index, err := layout.Write(filepath.Join(w.out, "layout"), empty.Index)
	if err != nil {
		return err
	}
	component := "# Every image by its digest. Made by `make images`.\n" +
		"apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n"
	for _, p := range programs() {
		result, err := builder.Build(ctx, build.StrictScheme+p.path)
		if err != nil {
			return fmt.Errorf("%s: %w", p.image, err)
		}
		digest, err := save(index, p.image+":"+w.version, result)
		if err != nil {
			return fmt.Errorf("%s: %w", p.image, err)
		}
		component += fmt.Sprintf("  - {name: %s, newName: %s/%s, digest: %q}\n", p.image, w.registry, p.image, digest)
		if _, err := fmt.Fprintln(out, digest, p.image); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(w.out, "kustomization.yaml"), []byte(component), 0o600)
}

func (w wish) builder(ctx context.Context) (build.Interface, error) {
	created := v1.Time{Time: time.Unix(w.seconds, 0).UTC()}
	base, err := baseImage(created)
	if err != nil {
		return nil, err
	}
	return build.NewGo(ctx, w.root,
		build.WithBaseImages(func(context.Context, string) (name.Reference, build.Result, error) {
			at, err := name.ParseReference("tolov/base:static")
			return at, base, err
		}),
		build.WithPlatforms(strings.Split(w.platforms, ",")...),
		build.WithCreationTime(created), build.WithKoDataCreationTime(created), build.WithTrimpath(true),
		build.WithSPDX(w.version), build.WithSBOMDir(filepath.Join(w.out, "sbom")), build.WithUser(nonRoot),
		build.WithDefaultEnv([]string{"CGO_ENABLED=0", "GOFLAGS=-buildvcs=false"}),
		build.WithDefaultLdflags([]string{
			"-s", "-w", "-X tolov/internal/build.version=" + w.version, "-X tolov/internal/build.commit=" + w.commit,
		}),
		build.WithLabel("org.opencontainers.image.version", w.version),
		build.WithLabel("org.opencontainers.image.revision", w.commit),
	)
}

// save writes an image into the layout under its name.
func save(index layout.Path, ref string, result build.Result) (string, error) {
	digest, err := result.Digest()
	if err != nil {
		return "", err
	}
	named := layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": ref})
	switch image := result.(type) {
	case v1.Image:
		err = index.AppendImage(image, named)
	case v1.ImageIndex:
		err = index.AppendIndex(image, named)
	default:
		err = fmt.Errorf("%T is no image", result)
	}
	return digest.String(), err
}
