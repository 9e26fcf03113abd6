package config_test

import (
	"slices"
	"testing"
)

func TestAcquiringNeedsAnAccountAtAtmos(t *testing.T) {
	atmos := append(account(), "NATS_URL=nats://a")
	c := load(t, append(atmos, "ATMOS_IPS_STORE_ID=3", "ATMOS_IPS_API_KEY=k", "ATMOS_IPS_EXPIRY=MMYY")...)
	if m := c.Merchants["default"].AtmosIPS; !m.Configured() || m.Expiry != "MMYY" || m.APIKey.Reveal() != "k" {
		t.Errorf("%+v", m)
	}
	if c := load(t, atmos...); c.Merchants["default"].AtmosIPS.Configured() {
		t.Error("configured without a store")
	}
	for line, want := range map[string][]string{
		"ATMOS_IPS_API_KEY=k":    {"ATMOS_IPS_STORE_ID: is required"},
		"ATMOS_IPS_EXPIRY=MM/YY": {"ATMOS_IPS_EXPIRY: must be YYMM or MMYY"},
	} {
		if got := faults(t, append(atmos, line)...); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	alone := faults(t, "NATS_URL=nats://a", "ATMOS_IPS_STORE_ID=3", "VIA_BASE_URL=https://via.example", "VIA_CLIENT_ID=id",
		"VIA_CLIENT_SECRET=s", "VIA_MERCHANT_ID=mrt_1")
	if !slices.Contains(alone, "ATMOS_BASE_URL: is required") {
		t.Errorf("without an account at ATMOS: %q", alone)
	}
	if got := faults(t, "ATMOS_IPS_API_KEY=k"); got != nil {
		t.Errorf("in embedded mode the sandbox fills in what is missing: %q", got)
	}
}
