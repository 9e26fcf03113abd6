package config_test

import (
	"slices"
	"testing"
)

func TestAccountAtViaOrPaysysIsEnough(t *testing.T) {
	via := []string{"VIA_BASE_URL=https://via.example", "VIA_CLIENT_ID=id", "VIA_CLIENT_SECRET=s", "VIA_MERCHANT_ID=mrt_1"}
	paysys := []string{"PAYSYS_URL=https://paysys.example/gateway", "PAYSYS_SERVICE_ID=7", "PAYSYS_SECRET_KEY=s"}
	for _, account := range [][]string{via, paysys} {
		c := load(t, append(account, "NATS_URL=nats://a")...)
		m := c.Merchants["default"]
		if m.Via.Configured() == m.Paysys.Configured() || m.Paysys.BCV != 41_200_000 || m.Paysys.PerMinute != 100 {
			t.Errorf("%v: %+v", account, m)
		}
	}
}

func TestAccountAtViaOrPaysysMustBeWhole(t *testing.T) {
	atmos := append(account(), "NATS_URL=nats://a")
	for line, want := range map[string][]string{
		"VIA_MERCHANT_ID=mrt_1": {
			"VIA_BASE_URL: must be an http or https address without user and password",
			"VIA_CLIENT_ID: is required", "VIA_CLIENT_SECRET: is required",
		},
		"PAYSYS_URL=https://x/gateway": {"PAYSYS_SECRET_KEY: is required", "PAYSYS_SERVICE_ID: is required"},
		"PAYSYS_BCV=0":                 {"PAYSYS_BCV: must be from 100 to 1000000000000"},
		"PAYSYS_CALLS_PER_MINUTE=0":    {"PAYSYS_CALLS_PER_MINUTE: must be from 1 to 100000"},
	} {
		if got := faults(t, append(atmos, line)...); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	if got := faults(t, "PAYSYS_SERVICE_ID=7", "VIA_MERCHANT_ID=mrt_1"); got != nil {
		t.Errorf("in embedded mode the sandbox fills in what is missing: %q", got)
	}
}
