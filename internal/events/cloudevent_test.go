package events_test

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// recordOf is a journal record as the projector reads it.
func recordOf(t *testing.T, r saga.Record) *events.Told {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	told := &events.Told{}
	if err := json.Unmarshal(text, told); err != nil {
		t.Fatal(err)
	}
	return told
}

func completed() saga.Record {
	at := payment.At(time.Date(2026, time.March, 1, 10, 0, 0, 0, time.UTC))
	id := payment.ID("shop-7", "order-1")
	return saga.Record{
		ID: "r1", PaymentID: id, Merchant: "shop-7", At: at,
		Events: []saga.Event{{N: 3, Type: payment.EventCompleted}},
		Payment: &payment.Payment{
			ID: id, ExtID: "order-1", Merchant: "shop-7", Provider: "atmos", Kind: payment.Pay, Status: payment.Completed,
			Amount: 5_000_000, AmountCharged: 5_000_000, Currency: payment.Currency,
			Card: &payment.Card{Masked: "860049******3347"}, Version: 4, CreatedAt: at, UpdatedAt: at,
		},
		State: saga.State{Trace: trace},
	}
}

// Contract: CloudEvents 1.0, structured JSON, the whole payment inside, times with milliseconds.
func TestTheGoldenEventIsTheContractsCloudEvent(t *testing.T) {
	told := recordOf(t, completed())
	text, err := told.Encode(told.Events[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := (*jsontext.Value)(&text).Indent(); err != nil {
		t.Fatal(err)
	}
	golden(t, "completed.golden", string(text)+"\n")
}

// Contract: until a payment is opened its refusals carry no payment.
func TestARefusalBeforeThePaymentIsOpenedCarriesNone(t *testing.T) {
	r := completed()
	r.Payment = nil
	r.Events = []saga.Event{{N: 1, Type: payment.EventRejected, Trace: "00-own", Rejection: &payment.Rejection{
		Verb: payment.VerbPay, Code: payment.InvalidValue, Field: "card.expiry", Message: "is past",
	}}}
	told := recordOf(t, r)
	text, err := told.Encode(told.Events[0])
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Type        string         `json:"type"`
		TraceParent string         `json:"traceparent"`
		Data        map[string]any `json:"data"`
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	rejection, _ := got.Data["rejection"].(map[string]any)
	if got.Type != "tolov.payment.rejected.v1" || len(got.Data) != 1 || len(rejection) != 4 ||
		rejection["field"] != "card.expiry" || rejection["code"] != "invalid_value" || rejection["verb"] != "pay" {
		t.Errorf("%s", text)
	}
	if got.TraceParent != "00-own" {
		t.Errorf("trace %s, want the refused command's own", got.TraceParent)
	}
}

func TestReviewAndDiscrepancyTellTheirDetail(t *testing.T) {
	for _, v := range []struct {
		event saga.Event
		want  string
	}{
		{saga.Event{N: 1, Type: payment.EventNeedsReview, Review: saga.ReviewByTime}, `{"reason":"time"}`},
		{saga.Event{N: 1, Type: payment.EventDiscrepancy, Discrepancy: &payment.Discrepancy{
			Why: "amount", Ours: payment.Side{Status: "processing", Amount: 5},
			Theirs: payment.Side{Status: "confirmed", Amount: 6, Transaction: "9"},
		}}, `{"why":"amount","ours":{"status":"processing","amount":5},` +
			`"theirs":{"status":"confirmed","amount":6,"transaction":"9"}}`},
	} {
		r := completed()
		r.Events = []saga.Event{v.event}
		told := recordOf(t, r)
		text, err := told.Encode(told.Events[0])
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Data struct {
				Review      jsontext.Value `json:"review"`
				Discrepancy jsontext.Value `json:"discrepancy"`
			} `json:"data"`
		}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if detail := string(got.Data.Review) + string(got.Data.Discrepancy); detail != v.want {
			t.Errorf("%s, want %s", detail, v.want)
		}
	}
}

// Each event stands on its payment's subject and names the journal positions that it stands for.
func TestAnEventsMessage(t *testing.T) {
	told := recordOf(t, completed())
	m, err := told.EventMessage(told.Events[0], "7.0,3.1")
	if err != nil {
		t.Fatal(err)
	}
	if m.Subject != "payments.events.completed."+told.PaymentID {
		t.Error(m.Subject)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/cloudevents+json", "Tolov-Positions": "7.0,3.1",
		"_watermill_message_uuid": told.PaymentID + ".3",
	} {
		if values := m.Header[name]; len(values) != 1 || values[0] != want {
			t.Errorf("%s: %q", name, values)
		}
	}
	if len(m.Header) != 3 {
		t.Errorf("%v", m.Header)
	}
}

// The payment goes into its events as the journal wrote it: a newer field is not lost on its way.
func TestAnEventKeepsFieldsThatThisVersionDoesNotKnow(t *testing.T) {
	told := recordOf(t, completed())
	told.Payment = jsontext.Value(`{"id":"x","from_the_future":[1,2.50]}`)
	text, err := told.Encode(told.Events[0])
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Data struct {
			Payment jsontext.Value `json:"payment"`
		} `json:"data"`
	}
	if err := json.Unmarshal(text, &got); err != nil || string(got.Data.Payment) != string(told.Payment) {
		t.Errorf("%s, %v", got.Data.Payment, err)
	}
}
