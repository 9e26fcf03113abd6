package config_test

import (
	"strings"
	"testing"

	"tolov/internal/config"
)

func uzum() []string {
	return []string{"UZUM_LOGIN=uzum", "UZUM_PASSWORD=new, old", "UZUM_SERVICE_ID=101202"}
}

func TestUzumAloneIsAnAccount(t *testing.T) {
	c := load(t, append(uzum(), "NATS_URL=nats://x")...)
	u := c.Merchants["default"].Uzum
	var passwords []string
	for _, one := range u.Passwords() {
		passwords = append(passwords, one.Reveal())
	}
	if !u.Configured() || u.ServiceID != "101202" || strings.Join(passwords, "|") != "new|old" {
		t.Errorf("%+v, passwords %q", u, passwords)
	}
}

func TestUzumAccountMustBeWhole(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  string
	}{
		"no password":    {[]string{"UZUM_LOGIN=a", "UZUM_SERVICE_ID=1"}, "UZUM_PASSWORD: is required"},
		"only commas":    {[]string{"UZUM_LOGIN=a", "UZUM_PASSWORD=,", "UZUM_SERVICE_ID=1"}, "UZUM_PASSWORD: is required"},
		"no login":       {[]string{"UZUM_PASSWORD=a", "UZUM_SERVICE_ID=1"}, "UZUM_LOGIN: is required"},
		"colon":          {append(uzum()[1:], "UZUM_LOGIN=a:b"), "UZUM_LOGIN: must have no colon"},
		"no service":     {[]string{"UZUM_LOGIN=a", "UZUM_PASSWORD=a"}, "UZUM_SERVICE_ID: must be a whole number"},
		"leading zero":   {[]string{"UZUM_LOGIN=a", "UZUM_PASSWORD=a", "UZUM_SERVICE_ID=01"}, "must be a whole number"},
		"wrong billing":  {[]string{"BILLING=nobody"}, "BILLING: must be nats or accept"},
		"wrong address":  {[]string{"HTTP_ADDR=here"}, "HTTP_ADDR: must be host:port or :port"},
		"service shared": {append(uzum(), "CONFIG_FILE="+file(t, sharing)), "UZUM_SERVICE_ID: is that of merchant"},
	} {
		if got := strings.Join(faults(t, c.lines...), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

const sharing = `merchants: {shop: {uzum: {login: a, password: b, service_id: 101202}}}`

func TestBillingIsAcceptedByItselfOnlyWhenEmbedded(t *testing.T) {
	if c := load(t); !c.BillingAccepts() || c.NATSAddress() != "nats://127.0.0.1:4222" {
		t.Errorf("embedded: billing %q at %s", c.Ingress.Billing, c.NATSAddress())
	}
	if c := load(t, append(uzum(), "NATS_URL=nats://x")...); c.BillingAccepts() || c.NATSAddress() != "nats://x" {
		t.Errorf("with a server: billing %q at %s", c.Ingress.Billing, c.NATSAddress())
	}
}

func TestDefaultsOfAProgramGiveWayToTheEnvironment(t *testing.T) {
	for want, lines := range map[string][]string{":8082": nil, ":9": {"ADMIN_ADDR=:9"}} {
		c, err := config.Load(lines, "ADMIN_ADDR=:8082")
		if err != nil || c.AdminAddr != want {
			t.Errorf("%v: %q, %v", lines, c.AdminAddr, err)
		}
	}
}
