package config

import "tolov/internal/payment"

// AtmosIPS is a merchant's acquiring of Visa and Mastercard cards, which is reached through its account at ATMOS.
type AtmosIPS struct {
	StoreID string         `env:"ATMOS_IPS_STORE_ID" doc:"the store for Visa and Mastercard; empty: they are not taken"`
	APIKey  payment.Secret `env:"ATMOS_IPS_API_KEY" doc:"goes along as the header apikey; may be empty"`
	Expiry  string         `env:"ATMOS_IPS_EXPIRY" default:"YYMM" doc:"order of a card's expiry on the wire: YYMM or MMYY"`
}

// Configured tells whether the merchant takes Visa and Mastercard cards.
func (a AtmosIPS) Configured() bool { return a.StoreID != "" }

// checkAtmosIPS wants the acquiring to be whole, with an account at ATMOS behind it.
func (f *faults) checkAtmosIPS(c *Config, merchant string, m Merchant) {
	where := whereOf(merchant)
	f.oneOf(where+"ATMOS_IPS_EXPIRY", m.AtmosIPS.Expiry, "", "YYMM", "MMYY")
	if !c.Embedded() {
		f.required(where+"ATMOS_IPS_STORE_ID", !m.AtmosIPS.APIKey.IsZero() && m.AtmosIPS.StoreID == "")
		f.required(where+"ATMOS_BASE_URL", m.AtmosIPS.Configured() && !m.Atmos.Configured())
	}
}
