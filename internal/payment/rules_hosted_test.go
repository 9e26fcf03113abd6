package payment_test

import (
	"strings"
	"testing"

	"tolov/internal/payment"
)

// acquiring is the shape of a payment by Visa and Mastercard, and a command that keeps its rules.
func acquiring() (payment.Shape, *payment.Command) {
	c := valid(payment.VerbPay)
	c.CustomerIP, c.Card = "192.168.200.1", full("TEST", "680")
	return payment.Shape{
		Required: []string{"amount", "account", "card", "customer_ip"},
		Optional: []string{"invoice_id", "ofd_items", "recurring"},
		Cards:    []payment.CardForm{payment.CardID, payment.CardFull},
	}, c
}

func full(holder, cvc string) *payment.CardInput {
	c := number("4278310021875430", "2712")
	c.Holder, c.CVC = payment.NewSecret(holder), payment.NewSecret(cvc)
	return c
}

func byID(id string) *payment.CardInput { return &payment.CardInput{ID: payment.NewSecret(id)} }

// spoiled checks a command after a change.
func spoiled(t *testing.T, shape payment.Shape, c *payment.Command, name string, code payment.RefusedBy, field string) {
	t.Helper()
	r := c.Check(shape, now())
	switch {
	case r == nil && code != "":
		t.Errorf("%s is taken", name)
	case r != nil && (r.Code != code || r.Field != field):
		t.Errorf("%s: %s %s (%s), want %s %s", name, r.Code, r.Field, r.Message, code, field)
	}
}

func TestRulesOfACardWithHolderAndCVC(t *testing.T) {
	both := full("TEST", "680")
	both.ID = payment.NewSecret("67")
	tokened := byID("67")
	tokened.Token = payment.NewSecret("t")
	const bad, missing, unknown = payment.InvalidValue, payment.MissingField, payment.UnknownField
	for name, v := range map[string]struct {
		card  *payment.CardInput
		code  payment.RefusedBy
		field string
	}{
		"full":               {full("TEST", "680"), "", ""},
		"CVC of four digits": {full("O'Brien J.", "1234"), "", ""},
		"by id":              {byID("67"), "", ""},
		"no holder":          {full("", "680"), missing, "card.holder"},
		"holder with digits": {full("4278310021875430", "680"), bad, "card.holder"},
		"long holder":        {full(strings.Repeat("x", 101), "680"), bad, "card.holder"},
		"no CVC":             {full("TEST", ""), missing, "card.cvc"},
		"CVC of two digits":  {full("TEST", "68"), bad, "card.cvc"},
		"CVC of five digits": {full("TEST", "12345"), bad, "card.cvc"},
		"CVC of letters":     {full("TEST", "abc"), bad, "card.cvc"},
		"id and number":      {both, bad, "card"},
		"id and token":       {tokened, bad, "card"},
		"id of letters":      {byID("x7"), bad, "card.id"},
		"id of 20 digits":    {byID(strings.Repeat("1", 20)), bad, "card.id"},
		"token":              {token("t"), unknown, "card.token"},
		"nothing":            {&payment.CardInput{}, missing, "card"},
	} {
		shape, c := acquiring()
		c.Card = v.card
		spoiled(t, shape, c, name, v.code, v.field)
	}
	for field, card := range map[string]*payment.CardInput{
		"card.holder": full("TEST", ""), "card.cvc": full("", "680"), "card.id": byID("67"),
	} {
		c := valid(payment.VerbPay)
		c.Card = card
		spoiled(t, shapeOf(payment.VerbPay), c, field+" of ATMOS", payment.UnknownField, field)
	}
}

func TestRulesOfACustomersAddress(t *testing.T) {
	for ip, code := range map[string]payment.RefusedBy{
		"192.168.200.1": "", "2001:db8::1": "", "::ffff:10.0.0.1": "", "": payment.MissingField,
		"192.168.200.01": payment.InvalidValue, "192.168.1": payment.InvalidValue, "fe80::1%eth0": payment.InvalidValue,
		"localhost": payment.InvalidValue, "10.0.0.1:80": payment.InvalidValue, "10.0.0.1\n": payment.InvalidValue,
	} {
		shape, c := acquiring()
		c.CustomerIP = ip
		field := "customer_ip"
		spoiled(t, shape, c, "address "+ip, code, field)
	}
	shape, c := acquiring()
	c.InvoiceID = strings.Repeat("x", 256)
	spoiled(t, shape, c, "long invoice", payment.InvalidValue, "invoice_id")
	c.InvoiceID, c.OFDItems = "1", []payment.OFDItem{item("x", "1", money(1))}
	c.OFDItems[0].Quantity = seconds(0)
	spoiled(t, shape, c, "no pieces", payment.InvalidValue, "ofd_items.0.quantity")
}

func TestRulesOfAHostedInvoice(t *testing.T) {
	line := func(change func(*payment.HostedItem)) []payment.HostedItem {
		item := payment.HostedItem{ItemsID: "1", Name: "book", Amount: money(1)}
		change(&item)
		return []payment.HostedItem{item}
	}
	with := func(change func(*payment.HostedItem)) func(*payment.Hosted) {
		return func(h *payment.Hosted) { h.Items = line(change) }
	}
	const bad, missing = payment.InvalidValue, payment.MissingField
	const items = "hosted.items.0"
	for name, v := range map[string]struct {
		change func(h *payment.Hosted)
		code   payment.RefusedBy
		field  string
	}{
		"whole":         {func(*payment.Hosted) {}, "", ""},
		"nowhere to go": {func(h *payment.Hosted) { h.SuccessURL = "" }, missing, "hosted.success_url"},
		"no address":    {func(h *payment.Hosted) { h.SuccessURL = "ftp://x" }, bad, "hosted.success_url"},
		"no items":      {func(h *payment.Hosted) { h.Items = nil }, missing, "hosted.items"},
		"101 items":     {func(h *payment.Hosted) { h.Items = make([]payment.HostedItem, 101) }, bad, "hosted.items"},
		"past":          {func(h *payment.Hosted) { h.ExpiresAt = payment.At(now()) }, bad, "hosted.expires_at"},
		"far": {func(h *payment.Hosted) { h.ExpiresAt = payment.At(now().AddDate(0, 0, 91)) }, bad,
			"hosted.expires_at"},
		"no id":     {with(func(i *payment.HostedItem) { i.ItemsID = "" }), missing, items + ".items_id"},
		"no name":   {with(func(i *payment.HostedItem) { i.Name = "" }), missing, items + ".name"},
		"no amount": {with(func(i *payment.HostedItem) { i.Amount = nil }), missing, items + ".amount"},
		"nothing":   {with(func(i *payment.HostedItem) { i.Amount = money(0) }), bad, items + ".amount"},
		"no pieces": {with(func(i *payment.HostedItem) { i.Quantity = seconds(0) }), bad, items + ".quantity"},
		"long name": {with(func(i *payment.HostedItem) { i.Name = strings.Repeat("x", 256) }), bad, items},
	} {
		c := valid(payment.VerbPay)
		c.Card, c.Hosted = nil, &payment.Hosted{
			SuccessURL: "https://shop.uz", Items: line(func(*payment.HostedItem) {}),
			ExpiresAt: payment.At(now().AddDate(0, 0, 1)),
		}
		v.change(c.Hosted)
		shape := payment.Shape{Required: []string{"amount", "account", "hosted"}, Hosted: payment.HostedInvoice}
		spoiled(t, shape, c, name, v.code, v.field)
	}
	c := valid(payment.VerbPay)
	c.Card, c.Hosted = nil, &payment.Hosted{SuccessURL: "https://shop.uz", Items: line(func(*payment.HostedItem) {})}
	for _, form := range []payment.HostedForm{payment.HostedPage, payment.HostedCard} {
		shape := payment.Shape{Required: []string{"amount", "account", "hosted"}, Hosted: form}
		c.Hosted.ExpiresAt, c.Hosted.Items = payment.Time{}, line(func(*payment.HostedItem) {})
		spoiled(t, shape, c, "items at another page", payment.UnknownField, "hosted.items")
		c.Hosted.ExpiresAt, c.Hosted.Items = payment.At(now().AddDate(0, 0, 1)), nil
		spoiled(t, shape, c, "an end of another page", payment.UnknownField, "hosted.expires_at")
	}
}

// H43: the card's id and holder are part of what makes content the same, and are never kept in clear. The CVC is not.
func TestHolderIsPartOfTheContentAndTheCVCIsNot(t *testing.T) {
	ring := payment.Keyring{key(t, "k1", 1)}
	one := printOf(ring, "a", full("TEST", "680"))
	for _, other := range []*payment.CardInput{full("TOST", "680"), byID("67")} {
		if printOf(ring, "a", other).Same(recorded(t, one)) {
			t.Errorf("%+v is the same", other)
		}
	}
	for _, cvc := range []string{"680", "681"} {
		if !printOf(ring, "a", full("TEST", cvc)).Same(recorded(t, one)) {
			t.Errorf("with %s the same card is another", cvc)
		}
	}
}
