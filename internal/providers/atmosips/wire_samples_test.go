package atmosips_test

import (
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

const (
	bank       = "https://ecomm.kapital24.uz:2443/ecomm2/ClientHandler?trans_id="
	ofd        = "https://ofd.atmos.uz/api/ofd/"
	sampleUUID = "fce222d7-2f5a-4052-9170-b68c30bd9890"
)

func sendTo(url string) *payment.Action {
	return &payment.Action{Type: payment.ActionRedirect, URL: url}
}

func refs(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// done is what a sample of a transaction says.
func done(id string, amount payment.Money, refs map[string]string) payment.Answer {
	return payment.Answer{
		Outcome: payment.Done, Code: "0", Transaction: id, Amount: amount, Amounted: true, Refs: refs,
	}
}

func receipts(sale, commission string) []payment.Receipt {
	return []payment.Receipt{{Kind: "sale", URL: ofd + sale}, {Kind: "commission", URL: ofd + commission}}
}

func paySamples() []sample {
	draft := done("", 10_000, nil)
	draft.Keep = refs("draft_id", "898")
	created := done("735", 10_000, refs("transaction_id", "735", "rrn", "420810227278", "card_id", "929"))
	created.Action = sendTo(bank + "EueYPCDKlXDhyE9chwPzPcHO89s%3D")
	bound := done("735", 10_000, refs("transaction_id", "735", "rrn", "420810227278", "card_id", "923"))
	bound.Action = sendTo(bank + "BhOEry3oY7G5hHtNTFABHiCLsfQ%3D")
	paid := done("59", 10_000, refs("transaction_id", "59", "rrn", "420810227278", "card_id", "923"))
	paid.Receipts = receipts("blBlR3p1RmVlS0pQSHY4QjRlM1k3UT09", "SDRxWDc3ejc0cmZYQmlDT3BGMVFmQT09")
	const uuid = "12d649ad-38ac-44c5-8f10-3700bfda5efe"
	draftOf := func(id string) saga.Walk { return saga.Walk{Kept: refs("draft_id", id)} }
	return []sample{
		{row: "37 pre-create", file: "pre-create", store: "3", want: draft,
			call: of("{{$randomUUID}}", func(c *saga.Call) {
				c.Step, c.Amount, c.Payment.Account, c.Order.InvoiceID = "pre-create", 10_000, "i-203451", "00023213"
			}), swap: []string{"9f7ab26c-9ddd-47bf-b5ee-c7e04714f162", "{{$randomUUID}}"}},
		{row: "38 create", file: "create", want: created,
			call: of("64bedd41-f21b-4298-aa88-1206107670b8", func(c *saga.Call) {
				c.Step, c.Amount, c.Walk, c.Order.CustomerIP = "create", 10_000, draftOf("1"), "192.168.200.01"
				c.Card = &payment.CardInput{
					Number: secret("4278310021875430"), Expiry: secret("2508"), Holder: secret("TEST"), CVC: secret("680"),
				}
			}), swap: []string{sampleUUID, "64bedd41-f21b-4298-aa88-1206107670b8"}},
		{row: "39 create/bind", file: "create-bind", want: bound, call: of(sampleUUID, func(c *saga.Call) {
			c.Step, c.Amount, c.Walk, c.Order.CustomerIP = "create", 1000, draftOf("883"), "192.168.200.201"
			c.Card = linked("855")
		})},
		{row: "40 apply", file: "apply", want: paid, swap: []string{`"id": 735`, `"id": 59`},
			call: of(sampleUUID, func(c *saga.Call) { c.Step, c.Transaction = "apply", "59" })},
		{row: "41 create/template", file: "create-template",
			want: payment.Answer{Outcome: payment.Pending, Code: "0", Transaction: "110"},
			call: of(uuid, func(c *saga.Call) {
				c.Step, c.Amount, c.Card, c.Order.CustomerIP = "create-template", 1000, linked("1"), "192.168.200.201"
			}), swap: []string{"c4cea503-4838-440e-aac2-4509e1319f4e", uuid}},
		{row: "42 get", file: "get",
			want: payment.Answer{
				Outcome: payment.Done, Code: "0", Transaction: "235", Amount: 100_000, Amounted: true,
				Refs: refs("transaction_id", "235", "rrn", "417310203285", "card_id", "220"),
			},
			call: of("checkout_32157", func(c *saga.Call) {
				c.Step, c.About, c.Transaction = "get", "hold-cancel", "235"
			})},
		{row: "43 get/ext_id", file: "get-ext-id",
			want: payment.Answer{Outcome: payment.Pending, Code: "0", Transaction: "131", Amount: 10_000, Amounted: true},
			call: of("<ext-id>", func(c *saga.Call) { c.Step, c.About = "get", "create-template" }),
			swap: []string{"f6d7c050-1927-43d6-a828-6a22235d6f32", "<ext-id>"}},
	}
}

func pageAnswer(url string) payment.Answer {
	return payment.Answer{
		Outcome: payment.Done, Code: "OK", Transaction: "checkout_272", Refs: refs("payment_id", "272"), Action: sendTo(url),
	}
}

func cardSamples() []sample {
	const uuid = "82b9c105-95f2-45ce-b33a-74ba4ea11ee4"
	bound := payment.Answer{
		Outcome: payment.Done, Code: "0", Transaction: "67", Refs: refs("card_id", "67", "transaction_id", "144"),
		Action: sendTo("https://ecomm.kapital24.uz:6443/ecomm2/ClientHandler?trans_id=r2PlRV8Y8CjwBAM4gzzFcVJ504c%3D"),
	}
	failed := payment.Answer{
		Outcome: payment.Declined, Code: "0", Transaction: "928", Failure: &payment.Failure{
			Code: "card_not_verified", Category: payment.ByCustomer, Advice: payment.TryAnotherCard, ProviderCode: "0",
			Message: payment.Text{
				UZ: "Karta 3-D Secure tekshiruvidan o‘tmadi. Qayta urinib ko‘ring yoki boshqa kartadan foydalaning.",
				RU: "Карта не прошла проверку 3-D Secure. Попробуйте снова или используйте другую карту.",
				EN: "The card did not pass 3-D Secure. Try again or use another card.",
			},
		},
	}
	until := time.Date(2024, 7, 11, 11, 12, 12, 0, time.UTC)
	invoiced := pageAnswer("https://checkout.atmos.uz/ru/invoice?id=9Y53Bh_hFirZgxxFqBTwtA==")
	invoiced.Action.ExpiresAt = payment.At(until)
	return []sample{
		{row: "34 card/bind", file: "card-bind", store: "1", want: bound, swap: []string{uuid, "1"},
			call: of("1", func(c *saga.Call) {
				c.Step, c.Order.CustomerIP = "card-bind", "192.168.200.01"
				c.Card = &payment.CardInput{
					Number: secret("4278310022884134"), Expiry: secret("2508"), Holder: secret("TEST"), CVC: secret("075"),
				}
			})},
		{row: "35 card-bind/create", file: "card-bind-create", store: "3",
			want: pageAnswer("https://checkout.atmos.uz/bind?id=9Y53Bh_hFirZgxxFqBTwtA=="),
			call: of("1231312312", func(c *saga.Call) {
				c.Step, c.Payment.Account, c.Order.SuccessURL = "card-bind-create", "DFSDF", "https://atmos.uz"
			})},
		{row: "36 card", file: "card-get", want: failed, call: of("x", func(c *saga.Call) {
			c.Step, c.Asks, c.About, c.Transaction = "card-get", true, "3ds", "928"
		})},
		{row: "44 invoice", file: "invoice-create", store: "3", want: invoiced,
			call: of("1231312312", func(c *saga.Call) {
				c.Step, c.Amount, c.Payment.Account = "invoice-create", 100_000, "DFSDF"
				c.Order.SuccessURL, c.Order.ExpiresAt = "https://atmos.uz", payment.At(until)
				three := int64(3)
				c.Order.HostedItems = []payment.HostedItem{
					{ItemsID: "1", Name: "book 1", Amount: money(50_000), Quantity: &three,
						Details: &payment.HostedDetails{Name: "some key", Values: "some value"}},
					{ItemsID: "2", Name: "service", Amount: money(50_000),
						Details: &payment.HostedDetails{Name: "some key 2", Values: "some value 2"}},
				}
			})},
	}
}

func holdSamples() []sample {
	held := done("925", 12_000, refs("transaction_id", "925", "rrn", "435206074577", "card_id", "947"))
	charged := held
	charged.Receipts = []payment.Receipt{{Kind: "sale", URL: ofd + "T1VXWkVMejFYQVhvS3dNVHNXV1kwZz00"}}
	held.HeldUntil = time.Unix(0, 0).Add(30 * 24 * time.Hour)
	held.Card = &payment.Card{ID: "947", Masked: "419525******1111", Holder: "NAME LASTNAME"}
	returned := done("923", 10_000, refs("transaction_id", "923", "rrn", "000206071000", "card_id", "947"))
	return []sample{
		{row: "45 uklon/hold", file: "hold", store: "100002", want: held, swap: []string{"PARTNER_001", "uklon_001"},
			call: of("uklon_001", func(c *saga.Call) {
				c.Step, c.Amount, c.Payment.Account, c.Card = "hold", 12_000, "user_account", linked("947")
				c.Order.InvoiceID, c.Order.CustomerIP = "INV-00001", "192.168.1.1"
				c.Order.OFDItems = []payment.OFDItem{
					{Name: "105 UMUMIY TOZALASH 1000 ML", OFDCode: "03402004012000000", Amount: money(6000), ItemsID: "1"},
					{Name: "Yetkazib berish", OFDCode: "10105001001000000", Amount: money(6000), ItemsID: "1"},
				}
			})},
		{row: "46 uklon/apply", file: "hold-apply", want: charged, call: of("uklon_001", func(c *saga.Call) {
			c.Step, c.Transaction, c.Amount, c.Payment.AmountHeld = "hold-apply", "925", 12_000, 12_000
		})},
		{row: "47 uklon/cancel", file: "hold-cancel", store: "100002",
			want: payment.Answer{Outcome: payment.Done, Code: "0"},
			call: of("uklon_001", func(c *saga.Call) { c.Step, c.Transaction = "hold-cancel", "925" })},
		{row: "48 uklon/return", file: "hold-return", want: returned,
			call: of("store_1", func(c *saga.Call) { c.Step, c.Transaction = "hold-return", "923" })},
	}
}
