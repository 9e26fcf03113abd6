package config

import "tolov/internal/payment"

// Via is an account at VIA.
type Via struct {
	BaseURL      string         `env:"VIA_BASE_URL" doc:"the API hangs under it; embedded: the sandbox"`
	ClientID     payment.Secret `env:"VIA_CLIENT_ID" doc:"the partner's id"`
	ClientSecret payment.Secret `env:"VIA_CLIENT_SECRET" doc:"the partner's secret"`
	MerchantID   string         `env:"VIA_MERCHANT_ID" doc:"the merchant that is paid"`
}

// Configured tells whether the merchant has an account at VIA.
func (v Via) Configured() bool { return v.BaseURL != "" }

// Paysys is an account at PaySys. The base calculation value is in tiyin: 412,000 sums since August 2025.
type Paysys struct {
	URL       string         `env:"PAYSYS_URL" doc:"whole address of the gateway; embedded: the sandbox"`
	ServiceID string         `env:"PAYSYS_SERVICE_ID" doc:"the account's service"`
	SecretKey payment.Secret `env:"PAYSYS_SECRET_KEY" doc:"signs the calls"`
	BCV       int            `env:"PAYSYS_BCV" default:"41200000" doc:"base calculation value, tiyin: documents from 50"`
	PerMinute int            `env:"PAYSYS_CALLS_PER_MINUTE" default:"100" doc:"calls a minute, all workers together"`
}

// Configured tells whether the merchant has an account at PaySys.
func (p Paysys) Configured() bool { return p.URL != "" }

// begun tells whether anything of the account is set, beside what has a default.
func (p Paysys) begun() bool {
	p.BCV, p.PerMinute = 0, 0
	return p != Paysys{}
}

const (
	leastBCV = 100               // one sum: less was not given in tiyin
	maxBCV   = 1_000_000_000_000 // 50 of them are a legal amount
)

// checkVia wants an account to be whole. In embedded mode the sandbox fills in what is missing.
func (f *faults) checkVia(c *Config, merchant string, v Via) {
	where := whereOf(merchant)
	if v == (Via{}) || v.BaseURL == "" && c.Embedded() {
		return
	}
	f.address(where+"VIA_BASE_URL", v.BaseURL)
	f.required(where+"VIA_CLIENT_ID", v.ClientID.IsZero())
	f.required(where+"VIA_CLIENT_SECRET", v.ClientSecret.IsZero())
	f.required(where+"VIA_MERCHANT_ID", v.MerchantID == "")
}

// checkPaysys is likewise.
func (f *faults) checkPaysys(c *Config, merchant string, p Paysys) {
	where := whereOf(merchant)
	f.within(where+"PAYSYS_BCV", p.BCV, leastBCV, maxBCV)
	f.within(where+"PAYSYS_CALLS_PER_MINUTE", p.PerMinute, 1, 100_000)
	if !p.begun() || p.URL == "" && c.Embedded() {
		return
	}
	f.address(where+"PAYSYS_URL", p.URL)
	f.required(where+"PAYSYS_SERVICE_ID", p.ServiceID == "")
	f.required(where+"PAYSYS_SECRET_KEY", p.SecretKey.IsZero())
}

// whereOf stands before the settings of a merchant that is not the default one.
func whereOf(merchant string) string {
	if merchant == payment.DefaultMerchant {
		return ""
	}
	return "merchants." + merchant + "."
}
