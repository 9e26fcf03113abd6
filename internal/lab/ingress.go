package lab

import "context"

// The account that every ingress of the lab has at Uzum Bank.
const (
	UzumLogin    = "lab"
	UzumPassword = "lab-password"
	UzumService  = 101202
)

// Ingress is a webhook ingress on these servers, not started yet. It needs a worker to have made the streams. Settings
// are as for Worker.
func (s *Servers) Ingress(name string, settings ...string) (Server, error) {
	ports, err := FreePorts(2)
	if err != nil {
		return Server{}, err
	}
	admin := local(ports[1])
	return Server{URL: "http://" + local(ports[0]), Program: &Program{
		Name: name, lab: s.lab, path: s.lab.bins.Ingress,
		env: append([]string{
			"NATS_URL=" + s.NATS.URL, "HTTP_ADDR=" + local(ports[0]), "ADMIN_ADDR=" + admin,
			"UZUM_LOGIN=" + UzumLogin, "UZUM_PASSWORD=" + UzumPassword, "UZUM_SERVICE_ID=101202",
		}, settings...),
		ready: func(ctx context.Context) error { return s.get(ctx, "http://"+admin+"/readyz", nil) },
	}}, nil
}

// Another is a program of the caller's own that listens where its last argument says, and is ready when it answers.
func (s *Servers) Another(name, path string, args ...string) (Server, error) {
	ports, err := FreePorts(1)
	if err != nil {
		return Server{}, err
	}
	url := "http://" + local(ports[0])
	return Server{URL: url, Program: &Program{
		Name: name, lab: s.lab, path: path, args: append(args, local(ports[0])),
		ready: func(ctx context.Context) error { return s.get(ctx, url, nil) },
	}}, nil
}
