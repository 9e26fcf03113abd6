package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// nonRoot is the user that everything runs as.
const nonRoot = "65532:65532"

// authorities is where Debian keeps the certificates of the public authorities.
const authorities = "/etc/ssl/certs/ca-certificates.crt"

// entry is a file of the base, or a folder when it has no text.
type entry struct {
	name string
	mode int64
	text []byte
}

// entries are what a static program needs around it and nothing else: no shell, no package manager, no library. It is
// what distroless/static holds; time zones are in the programs.
func entries() ([]entry, error) {
	trusted, err := os.ReadFile(authorities)
	if err != nil {
		return nil, fmt.Errorf("the public authorities: %w (on Debian: apt-get install ca-certificates)", err)
	}
	return []entry{
		{"etc/", 0o755, nil}, {"etc/ssl/", 0o755, nil}, {"etc/ssl/certs/", 0o755, nil},
		{authorities[1:], 0o644, trusted},
		{"etc/passwd", 0o644, []byte("root:x:0:0:root:/root:/sbin/nologin\n" +
			"nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n")},
		{"etc/group", 0o644, []byte("root:x:0:\nnonroot:x:65532:\n")},
		{"etc/nsswitch.conf", 0o644, []byte("hosts: files dns\n")},
		{"tmp/", 0o1777, nil},
	}, nil
}

// packed writes the entries as a layer.
func packed(all []entry, created v1.Time) ([]byte, error) {
	var layer bytes.Buffer
	files := tar.NewWriter(&layer)
	for _, f := range all {
		header := &tar.Header{
			Name: f.name, Mode: f.mode, Size: int64(len(f.text)), ModTime: created.Time, Format: tar.FormatUSTAR,
			Typeflag: tar.TypeReg,
		}
		if f.text == nil {
			header.Typeflag = tar.TypeDir
		}
		if err := files.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := files.Write(f.text); err != nil {
			return nil, err
		}
	}
	err := files.Close() // writes the end
	return layer.Bytes(), err
}

// baseImage is the image that every other stands on.
func baseImage(created v1.Time) (v1.Image, error) {
	all, err := entries()
	if err != nil {
		return nil, err
	}
	content, err := packed(all, created)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image, err := mutate.AppendLayers(mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1),
		types.OCIConfigJSON), layer)
	if err != nil {
		return nil, err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Created = "linux", "amd64", created
	file.Config.User = nonRoot
	file.Config.Env = []string{"PATH=/ko-app", "SSL_CERT_FILE=" + authorities}
	return mutate.ConfigFile(image, file)
}
