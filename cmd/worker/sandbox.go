package main

import (
	"cmp"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"tolov/internal/config"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// sandbox adds the embedded sandbox to the paths of the admin address, and gives what lets go of the calls that it
// never answers. Whoever reaches it can script faults and read the ledger, so an ADMIN_ADDR without a host, such as the
// default, offers it to this machine only. One that names a host offers it there.
func (b *base) sandbox(paths map[string]http.Handler) (release func()) {
	box := sandbox.New(sandbox.Options{Seed: uint64(time.Now().UnixNano())})
	handler := box.Handler()
	if host, _, err := net.SplitHostPort(b.cfg.AdminAddr); err != nil || host == "" {
		handler = onlyHere(handler)
	}
	for _, path := range []string{"/atmos/", "/via/", "/paysys/", "/sandbox/"} {
		paths[path] = handler
	}
	return box.Close
}

// onlyHere answers on loopback addresses and nowhere else.
func onlyHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
		if !ok || !at.IP.IsLoopback() {
			http.Error(w, "the sandbox is for its own machine, unless ADMIN_ADDR names a host", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// useSandbox gives every merchant that has no account elsewhere one at the sandbox. There is always a default merchant.
func (b *base) useSandbox(addr string) {
	addr = dialable(addr)
	if _, ok := b.cfg.Merchants[payment.DefaultMerchant]; !ok {
		b.cfg.Merchants[payment.DefaultMerchant] = b.cfg.Single
	}
	for name, m := range b.cfg.Merchants {
		var plays []string
		for provider, with := range map[string]func(*config.Merchant, string) bool{
			"ATMOS": atmosAt, "VIA": viaAt, "PaySys": paysysAt,
		} {
			if with(&m, "http://"+addr) {
				plays = append(plays, provider)
			}
		}
		if len(plays) == 0 {
			continue
		}
		slices.Sort(plays)
		b.cfg.Merchants[name] = m
		b.log.Info("sandbox plays "+strings.Join(plays, ", "), "merchant", name, "ledger", "http://"+addr+"/sandbox/ledger")
	}
}

// atmosAt opens an account at the sandbox, unless there is one elsewhere.
func atmosAt(m *config.Merchant, sandbox string) bool {
	if m.Atmos.Configured() {
		return false
	}
	m.Atmos.BaseURL = sandbox + "/atmos"
	m.Atmos.CheckoutURL = m.Atmos.BaseURL + "/invoice/get"
	m.Atmos.StoreID = cmp.Or(m.Atmos.StoreID, "1")
	m.AtmosIPS.StoreID = cmp.Or(m.AtmosIPS.StoreID, "1")
	m.Atmos.ConsumerKey = cmp.Or(m.Atmos.ConsumerKey, payment.NewSecret("sandbox"))
	m.Atmos.ConsumerSecret = cmp.Or(m.Atmos.ConsumerSecret, payment.NewSecret("sandbox"))
	return true
}

// viaAt is likewise.
func viaAt(m *config.Merchant, sandbox string) bool {
	if m.Via.Configured() {
		return false
	}
	m.Via.BaseURL = sandbox + "/via"
	m.Via.ClientID = cmp.Or(m.Via.ClientID, payment.NewSecret("sandbox"))
	m.Via.ClientSecret = cmp.Or(m.Via.ClientSecret, payment.NewSecret("sandbox"))
	m.Via.MerchantID = cmp.Or(m.Via.MerchantID, "mrt_1")
	return true
}

// paysysAt is likewise.
func paysysAt(m *config.Merchant, sandbox string) bool {
	if m.Paysys.Configured() {
		return false
	}
	m.Paysys.URL = sandbox + "/paysys/gateway"
	m.Paysys.ServiceID = cmp.Or(m.Paysys.ServiceID, "1")
	m.Paysys.SecretKey = cmp.Or(m.Paysys.SecretKey, payment.NewSecret("sandbox"))
	return true
}

// dialable is where to dial what listens on addr: on all addresses means on loopback too.
func dialable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return addr
}
