package config_test

import (
	"strings"
	"testing"
)

func TestConfigFileHoldsSeveralMerchants(t *testing.T) {
	path := file(t, `
merchants:
  shop:
    atmos: {base_url: https://a.example, consumer_key: k, consumer_secret: s, store_id: 0001, api_key_file: `+
		file(t, "from a file")+`}
  bazaar:
    ATMOS: {BASE_URL: https://b.example, consumer_key: k, consumer_secret: s, store_id: 8032, timezone: UTC}
`)
	c := load(t, append(account(), "CONFIG_FILE="+path)...)
	if len(c.Merchants) != 3 || c.Merchants["default"].Atmos.StoreID != "7" {
		t.Fatalf("merchants %+v", c.Merchants)
	}
	shop, bazaar := c.Merchants["shop"].Atmos, c.Merchants["bazaar"].Atmos
	switch {
	case shop.StoreID != "0001" || shop.APIKey.Reveal() != "from a file" || shop.Timezone != "Asia/Tashkent":
		t.Errorf("shop %+v", shop)
	case bazaar.StoreID != "8032" || bazaar.Timezone != "UTC" || bazaar.BaseURL != "https://b.example":
		t.Errorf("bazaar %+v", bazaar)
	}
}

func TestFaultInConfigFileNamesItsPlace(t *testing.T) {
	for content, want := range map[string]string{
		`merchants: {shop: {atmos: {store: 7}}}`:            "merchants.shop.atmos.store: is no setting",
		`merchants: {shop: {nats: {url: x}}}`:               "merchants.shop.nats.url: is no setting of a merchant",
		`merchants: {Shop: {}}`:                             "merchants.Shop: the name must match",
		`merchants: {default: {}}`:                          "merchants.default: is set by variables",
		`merchants: {shop: {atmos: {base_url: https://x}}}`: "merchants.shop.ATMOS_STORE_ID: is required",
		`merchants: {shop: {atmos: {timezone: Nowhere}}}`:   "merchants.shop.ATMOS_TIMEZONE: must be",
		`merchants: {shop: {atmos: {api_key_file: /none}}}`: "merchants.shop.ATMOS_API_KEY_FILE: cannot be read",
		`merchants: {shop: [atmos]}`:                        "CONFIG_FILE: must be YAML",
		`merchant: {shop: {}}`:                              "CONFIG_FILE: must be YAML",
		`merchants: {shop: {}, shop: {}}`:                   "CONFIG_FILE: must be YAML",
		``:                                                  "CONFIG_FILE: must be YAML",
	} {
		got := strings.Join(faults(t, append(account(), "CONFIG_FILE="+file(t, content))...), "\n")
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", content, got, want)
		}
	}
}
