package main

import (
	"encoding/json"
	"slices"
	"testing"
)

// Contract, "Programs": a payment that is unknown is the service error 404, also when no payment can have such a name.
func TestQuestionAboutAnUnknownPaymentIsAServiceError404(t *testing.T) {
	p := start(t, embeddedIn(t.TempDir())...)
	nc := p.client()
	for _, subject := range []string{"payments.query.get", "payments.query.history"} {
		for question, code := range map[string]string{
			`{"ext_id":"nobody"}`:                             "404",
			`{"merchant":"default","ext_id":"nobody"}`:        "404",
			`{"merchant":"no-such","ext_id":"nobody"}`:        "404",
			`{"payment_id":"pay_aaaaaaaaaaaaaaaaaaaaaaaaaa"}`: "404",
			`{"payment_id":"pay_1"}`:                          "404",
			`{"ext_id":"not a key"}`:                          "404",
			`{"merchant":"default"}`:                          "400",
			`{}`:                                              "400",
			``:                                                "400",
			`{"ext_id":7}`:                                    "400",
			`{"ext_id":"nobody","payment":"pay_aaaaaaaaaaaaaa"}`: "400",
		} {
			reply, err := nc.Request(subject, []byte(question), patience)
			if err != nil {
				t.Fatal(err)
			}
			if got := reply.Header.Get("Nats-Service-Error-Code"); got != code {
				t.Errorf("%s %s: %q, want %s", subject, question, got, code)
			}
		}
	}
	if err := p.end(); err != nil {
		t.Error(err)
	}
}

// Contract, "Questions": what `nats micro ls` and `nats micro info` list.
func TestQuestionsAreListedAsServices(t *testing.T) {
	p := start(t, embeddedIn(t.TempDir())...)
	reply, err := p.client().Request("$SRV.INFO", nil, patience)
	if err != nil {
		t.Fatal(err)
	}
	var info struct {
		Endpoints []struct {
			Subject string `json:"subject"`
		} `json:"endpoints"`
	}
	if err := json.Unmarshal(reply.Data, &info); err != nil {
		t.Fatal(err)
	}
	var subjects []string
	for _, e := range info.Endpoints {
		subjects = append(subjects, e.Subject)
	}
	for _, want := range []string{"payments.query.card_key", "payments.query.get", "payments.query.history"} {
		if !slices.Contains(subjects, want) {
			t.Errorf("%v, without %s", subjects, want)
		}
	}
	if err := p.end(); err != nil {
		t.Error(err)
	}
}
