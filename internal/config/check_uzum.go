package config

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tolov/internal/payment"
)

// checkIngress applies the rules of the webhook ingress and of the accounts of those who call it.
func (f *faults) checkIngress(c *Config) {
	f.listens("HTTP_ADDR", c.Ingress.HTTPAddr)
	f.oneOf("BILLING", c.Ingress.Billing, "", "nats", "accept")
	if c.Ingress.Billing == "" {
		c.Ingress.Billing = "nats"
		if c.Embedded() {
			c.Ingress.Billing = "accept"
		}
	}
	services := map[string]string{} // whose they are
	for _, name := range slices.Sorted(maps.Keys(c.Merchants)) {
		u := c.Merchants[name].Uzum
		where := ""
		if name != payment.DefaultMerchant {
			where = "merchants." + name + "."
		}
		if u.Configured() {
			f.checkUzum(where, u)
		}
		if other := services[u.ServiceID]; other != "" && u.ServiceID != "" {
			f.add("%sUZUM_SERVICE_ID: is that of merchant %s too", where, other)
		}
		services[u.ServiceID] = cmp.Or(services[u.ServiceID], name)
	}
}

// checkUzum wants an account to be whole. A name with a colon could never be told from a password (RFC 7617 §2).
func (f *faults) checkUzum(where string, u Uzum) {
	f.required(where+"UZUM_LOGIN", u.Login.IsZero())
	f.required(where+"UZUM_PASSWORD", len(u.Passwords()) == 0)
	if strings.Contains(u.Login.Reveal(), ":") {
		f.add("%sUZUM_LOGIN: must have no colon", where)
	}
	if n, err := strconv.ParseInt(u.ServiceID, 10, 64); err != nil || n <= 0 || strconv.FormatInt(n, 10) != u.ServiceID {
		f.add("%sUZUM_SERVICE_ID: must be a whole number", where)
	}
}
