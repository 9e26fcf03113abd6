// Package api_test holds the contract's files to the code: every command that a schema takes or refuses is decided
// alike by the decoder, and every field of an event has its place in a schema.
package api_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tolov/api/schematest"
	"tolov/internal/config"
	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/providers"
	"tolov/internal/providers/rest"
)

func contract(t *testing.T) *schematest.Contract {
	t.Helper()
	c, err := schematest.Load("schemas")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// decoder is a worker's, with an account at every provider.
func decoder(t *testing.T) *events.Decoder {
	t.Helper()
	cfg, err := config.Load([]string{
		"NATS_URL=pipe", "ATMOS_BASE_URL=http://bank/atmos", "ATMOS_CONSUMER_KEY=k", "ATMOS_CONSUMER_SECRET=s",
		"ATMOS_STORE_ID=1", "ATMOS_IPS_API_KEY=k", "ATMOS_IPS_STORE_ID=1", "CARD_DATA=clear",
		"VIA_BASE_URL=http://bank/via", "VIA_CLIENT_ID=i", "VIA_CLIENT_SECRET=s", "VIA_MERCHANT_ID=mrt_1",
		"PAYSYS_URL=http://bank/paysys", "PAYSYS_SERVICE_ID=7", "PAYSYS_SECRET_KEY=s",
	})
	if err != nil {
		t.Fatal(err)
	}
	registry, err := providers.NewRegistry(cfg.Merchants, rest.New(1, nil), time.Now, cfg.KeyringOf)
	if err != nil {
		t.Fatal(err)
	}
	return &events.Decoder{Directory: registry, Keys: cfg.KeyringOf, Now: time.Now}
}

// sample is a command that is taken, one for each form of each verb, with every field that may be there.
type sample struct {
	verb payment.Verb
	body string
}

const (
	opened = `"ext_id":"order-1","merchant":"default","description":"d","metadata":{"k":"v"},"lang":"uz",` +
		`"expires_in_s":60,`
	goesOn  = `"ext_id":"order-1","merchant":"default","command_id":"c-1",`
	byPAN   = `"card":{"number":"8600490744313347","expiry":"4912"}`
	byVisa  = `"card":{"number":"4111111111111111","expiry":"4912","holder":"Aziza Karimova","cvc":"123"}`
	receipt = `"ofd_items":[{"name":"n","ofd_code":"1","amount":5,"quantity":1,"details":[{"key":"k","value":"v"}]}]`
	parts   = `"items":[{"account":"a","amount":100000,"details":"d","terminal_id":"1"},{"account":"b","amount":200000}]`
)

func samples() []sample {
	open := func(verb payment.Verb, provider, fields string) sample {
		return sample{verb, `{` + opened + `"provider":"` + provider + `",` + fields + `}`}
	}
	then := func(verb payment.Verb, fields string) sample {
		return sample{verb, strings.TrimSuffix(`{`+goesOn+fields, ",") + `}`}
	}
	amount, whom, ip := `"amount":300000,`, `"account":"flat-101",`, `"customer_ip":"192.0.2.7",`
	return []sample{
		open("pay", "atmos", amount+whom+`"terminal_id":"9","card":{"token":"tok"},`+receipt),
		open("pay", "atmos", amount+whom+byPAN),
		open("pay", "atmos", amount+parts+`,"card":{"token":"tok"}`),
		open("pay", "atmos", amount+whom+`"hosted":{"success_url":"https://shop.example/thanks"}`),
		open("pay", "atmos-ips", amount+whom+ip+`"invoice_id":"7",`+byVisa+`,`+receipt),
		open("pay", "atmos-ips", amount+whom+ip+`"card":{"id":"947"}`),
		open("pay", "atmos-ips", amount+whom+ip+`"card":{"id":"947"},"recurring":true`),
		open("pay", "atmos-ips", amount+whom+ip+`"hosted":{"success_url":"http://s.uz/x","items":[{"items_id":"1",`+
			`"name":"n","amount":5,"quantity":2,"details":{"name":"a","values":"b"}}]}`),
		open("pay", "via", amount+whom+byPAN),
		open("hold", "atmos", amount+whom+`"duration_min":60,"card":{"token":"tok"}`),
		open("hold", "atmos", amount+parts+`,"duration_min":60,`+byPAN),
		open("hold", "atmos-ips", amount+whom+ip+`"card":{"id":"947"},`+receipt),
		open("payout", "paysys", amount+`"card":{"number":"8600530410609500"},"sender":{"last_name":"Karimov",`+
			`"first_name":"Aziz","middle_name":"Oʻgʻli"}`),
		open("withdraw", "atmos-pinfl", amount+`"contract_number":"7","partial":true,`+
			`"ofd":{"ofd_code":"1","tin":"123456789"},"epos":{"branch_id":"1","terminal_group_id":"2"},`+
			`"person":{"first_name":"D","last_name":"K","middle_name":"R",`+
			`"pinfl":"41508950230106","passport_series":"AB","passport_number":"7654321"}`),
		open("link_card", "atmos", byPAN),
		open("link_card", "atmos-ips", ip+byVisa),
		open("link_card", "atmos-ips", whom+`"hosted":{"success_url":"https://shop.example/"}`),
		then("confirm", `"otp":"111111"`), then("resend_code", ""), then("remove_card", ""), then("recheck", ""),
		then("charge", `"amount":5`), then("charge", `"items":[{"index":0,"amount":5},{"index":1}]`),
		then("cancel", `"reason":"r"`), then("refund", `"refund_id":"r-1","amount":5,"reason":"r",`+receipt),
		then("resolve", `"outcome":"completed","evidence":"e","actor":"aziza","approved_by":"bobur"`),
	}
}

// TestSchemaAndDecoderDecideAlike takes every sample and changes it in one place at a time: whatever comes of it, both
// take it or both refuse it.
func TestSchemaAndDecoderDecideAlike(t *testing.T) {
	c, d := contract(t), decoder(t)
	taken, refused, verbs := 0, 0, map[payment.Verb]bool{}
	for _, s := range samples() {
		verbs[s.verb] = true
		if in, dead := d.Decode(events.CommandSubject(s.verb), []byte(s.body), "m:1"); dead != "" || in.Refused != nil {
			t.Errorf("%s %s: dead %q, refused %+v", s.verb, s.body, dead, in.Refused)
		}
		for _, body := range append(changes(t, s.body), s.body) {
			in, dead := d.Decode(events.CommandSubject(s.verb), []byte(body), "m:1")
			fault := c.Check("command."+string(s.verb), []byte(body))
			if in.Refused != nil && in.Refused.Code == payment.UnknownMerchant {
				continue // which there are is no matter of a schema
			}
			if ok := dead == "" && in.Refused == nil; ok != (fault == nil) {
				t.Errorf("%s %s\nthe decoder: dead %q, refused %+v\nthe schema: %v", s.verb, body, dead, in.Refused, fault)
			}
			if fault == nil {
				taken++
			} else {
				refused++
			}
		}
	}
	if len(verbs) != len(payment.Verbs()) || taken < 100 || refused < 1000 {
		t.Errorf("%d verbs, %d taken and %d refused: too few", len(verbs), taken, refused)
	}
}

// changes gives the body with one thing in it other than it was: every field at every depth left out, null, of another
// type, out of every bound, and one that nobody knows beside it.
func changes(t *testing.T, body string) []string {
	t.Helper()
	var bodies []string
	read := func() map[string]any {
		var v map[string]any
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, path := range paths(read(), nil) {
		for _, change := range alterations() {
			v := read()
			alter(v, path, change)
			changed, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			bodies = append(bodies, string(changed))
		}
	}
	return bodies
}

// alteration is what a field is made to be; absent leaves it out, beside adds one that no command has.
type alteration any

const (
	absent = "\x00absent"
	beside = "\x00beside"
)

func alterations() []alteration {
	return []alteration{
		absent, beside, nil, json.RawMessage(`[]`), map[string]any{"x": "y"}, true, "@", -1, 1.5,
		json.RawMessage(`1000000000000001`), strings.Repeat("9", 3000), "2000-01-01T00:00:00Z", "completed",
	}
}

// paths lists where the values of an object are.
func paths(v any, at []any) (all [][]any) {
	each := func(key any, value any) {
		path := append(slices.Clone(at), key)
		all = append(append(all, path), paths(value, path)...)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			each(key, v[key])
		}
	case []any:
		for i, value := range v {
			each(i, value)
		}
	}
	return all
}

// alter changes the value at a path.
func alter(v any, path []any, change alteration) {
	for _, key := range path[:len(path)-1] {
		v = child(v, key)
	}
	last := path[len(path)-1]
	switch parent := v.(type) {
	case map[string]any:
		switch change {
		case absent:
			delete(parent, last.(string))
		case beside:
			parent["nobody_knows"] = "x"
		default:
			parent[last.(string)] = change
		}
	case []any:
		if change != absent && change != beside {
			parent[last.(int)] = change
		}
	}
}

func child(v, key any) any {
	if m, ok := v.(map[string]any); ok {
		return m[key.(string)]
	}
	return v.([]any)[key.(int)]
}
