package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	poll     = 100 * time.Millisecond
	stopWait = 10 * time.Second
	keyBits  = 2048
)

// site is a control plane without controllers: it validates, stores and answers.
type site struct {
	base  string
	token string
	http  *http.Client
	runs  []*process
}

type process struct {
	name  string
	cmd   *exec.Cmd
	log   bytes.Buffer
	ended chan error
}

// start runs etcd and kube-apiserver on free ports, and waits until the server is ready.
func start(ctx context.Context, bin, dir string) (*site, error) {
	ports, err := free(3)
	if err != nil {
		return nil, err
	}
	s := &site{base: fmt.Sprintf("https://127.0.0.1:%d", ports[2]), token: rand.Text()}
	key := filepath.Join(dir, "accounts.pem")
	tokens := filepath.Join(dir, "tokens.csv")
	if err := errors.Join(signingKey(key),
		os.WriteFile(tokens, []byte(s.token+",verifier,1,system:masters\n"), 0o600)); err != nil {
		return nil, err
	}
	etcd, peer := fmt.Sprintf("http://127.0.0.1:%d", ports[0]), fmt.Sprintf("http://127.0.0.1:%d", ports[1])
	err = errors.Join(
		s.run(ctx, filepath.Join(bin, "etcd"), "--data-dir="+filepath.Join(dir, "etcd"), "--listen-client-urls="+etcd,
			"--advertise-client-urls="+etcd, "--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer,
			"--initial-cluster=default="+peer, "--unsafe-no-fsync"),
		s.run(ctx, filepath.Join(bin, "kube-apiserver"), "--etcd-servers="+etcd, "--bind-address=127.0.0.1",
			fmt.Sprintf("--secure-port=%d", ports[2]), "--cert-dir="+filepath.Join(dir, "certs"), "--token-auth-file="+tokens,
			"--authorization-mode=RBAC", "--service-cluster-ip-range=10.0.0.0/24",
			"--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file="+key,
			"--service-account-signing-key-file="+key,
			// No controller makes the accounts that pods name.
			"--disable-admission-plugins=ServiceAccount"),
	)
	if err == nil {
		err = s.ready(ctx, filepath.Join(dir, "certs", "apiserver.crt"))
	}
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

func (s *site) run(ctx context.Context, path string, args ...string) error {
	p := &process{name: filepath.Base(path), cmd: exec.CommandContext(ctx, path, args...), ended: make(chan error, 1)}
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		return err
	}
	go func() { p.ended <- p.cmd.Wait() }()
	s.runs = append(s.runs, p)
	return nil
}

// ready waits for the server. Its certificate is its own, made at the start: that one is trusted and no other.
func (s *site) ready(ctx context.Context, cert string) error {
	for {
		for _, p := range s.runs {
			select {
			case err := <-p.ended:
				p.ended <- err
				return fmt.Errorf("%s ended: %w\n%s", p.name, err, p.log.Bytes())
			default:
			}
		}
		if text, err := os.ReadFile(cert); err == nil {
			pool := x509.NewCertPool()
			pool.AppendCertsFromPEM(text)
			s.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
				RootCAs: pool, MinVersion: tls.VersionTLS12,
			}}}
			if _, _, err := s.ask(ctx, http.MethodGet, "/readyz", "", nil); err == nil {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server is not ready: %w", ctx.Err())
		case <-time.After(poll):
		}
	}
}

// ask sends one request, and gives the answer with the server's warnings.
func (s *site) ask(ctx context.Context, method, path, kind string, body []byte) ([]byte, []string, error) {
	request, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Content-Type", kind)
	reply, err := s.http.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = reply.Body.Close() }()
	text, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("%s: %s", reply.Status, text)
	}
	return text, reply.Header.Values("Warning"), err
}

func (s *site) version(ctx context.Context) (string, error) {
	text, _, err := s.ask(ctx, http.MethodGet, "/version", "", nil)
	if err != nil {
		return "", err
	}
	var v struct{ GitVersion string }
	return v.GitVersion, json.Unmarshal(text, &v)
}

// stop ends the processes, last started first.
func (s *site) stop() error {
	var faults []error
	for i := len(s.runs) - 1; i >= 0; i-- {
		p := s.runs[i]
		_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		select {
		case <-p.ended:
		case <-time.After(stopWait):
			faults = append(faults, fmt.Errorf("%s did not stop and was killed", p.name), p.cmd.Process.Kill())
		}
	}
	return errors.Join(faults...)
}

func signingKey(path string) error {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return err
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	return os.WriteFile(path, block, 0o600)
}

// free finds ports that nobody listens on.
func free(n int) (ports []int, err error) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { _ = l.Close() }()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
