package providers

import (
	"tolov/internal/config"
	"tolov/internal/payment"
	"tolov/internal/providers/paysys"
	"tolov/internal/providers/via"
)

var (
	_ Caller = (*via.Client)(nil)
	_ Caller = (*paysys.Client)(nil)

	_ narrower = (*paysys.Client)(nil)
)

// narrower is a caller whose account's settings tell more precisely what a flow takes.
type narrower interface {
	Narrow(s payment.Shape) payment.Shape
}

func newVia(s shop) Caller {
	if !s.Via.Configured() {
		return nil
	}
	return via.New(via.Settings{
		BaseURL: s.Via.BaseURL, ClientID: s.Via.ClientID, ClientSecret: s.Via.ClientSecret, MerchantID: s.Via.MerchantID,
	}, s.http)
}

func newPaysys(s shop) Caller {
	if !s.Paysys.Configured() {
		return nil
	}
	return paysys.New(paysys.Settings{
		URL: s.Paysys.URL, ServiceID: s.Paysys.ServiceID, SecretKey: s.Paysys.SecretKey,
		BCV: payment.Money(s.Paysys.BCV), Now: s.now,
	}, s.http)
}

// paysysPerMinute is what the merchant's contract allows (facts, "PaySys transport").
func paysysPerMinute(m config.Merchant) int { return m.Paysys.PerMinute }
