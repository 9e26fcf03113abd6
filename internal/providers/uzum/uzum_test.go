package uzum_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"tolov/internal/payment"
	"tolov/internal/providers/uzum"
	"tolov/internal/saga"
)

func sample(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestFlowCannotStrandAPayment(t *testing.T) {
	for _, flow := range uzum.Flows() {
		if err := saga.Prove(flow); err != nil || !flow.Inbound() {
			t.Errorf("%s: inbound %v, %v", flow.Name, flow.Inbound(), err)
		}
	}
}

func TestSampleRequestsAreRead(t *testing.T) {
	for _, op := range uzum.Operations() {
		r, code := uzum.Read(op, sample(t, string(op)+".request"))
		if code != uzum.None || *r.ServiceID != 101202 || *r.Timestamp != 1698361456728 {
			t.Errorf("%s: %q %+v", op, code, r)
		}
	}
	r, _ := uzum.Read(uzum.Create, sample(t, "create.request"))
	if account, others, ok := r.Attributes(); account != "123456789" || len(others) != 0 || !ok || *r.Amount != 2_500_000 {
		t.Errorf("account %q, %v, amount %d", account, others, *r.Amount)
	}
	r, _ = uzum.Read(uzum.Confirm, sample(t, "confirm.request"))
	want := map[string]string{
		"payment_source": "INSTALLMENT", "tariff": "003", "processing_reference_number": "000", "card_type": "2",
	}
	if refs := r.Refs(); !reflect.DeepEqual(refs, want) || r.Phone.IsZero() {
		t.Errorf("refs %v", refs)
	}
}

// What we answer has the samples' keys, in the samples' types.
func TestAnswersHaveTheShapeOfTheSamples(t *testing.T) {
	at, transID := uzum.Millis(1698361458054), "5c398d7e-76b6-11ee-96da-f3a095c6289d"
	data := uzum.Show(map[string]string{"account": "123456789", "fio": "Ivanov Ivan Ivanovich"})
	about := func(status uzum.State) uzum.Transaction {
		return uzum.Transaction{ServiceID: 101202, TransID: transID, Status: status}
	}
	for op, answer := range map[uzum.Operation]any{
		uzum.Check:   uzum.CheckAnswer{101202, 1698361457021, uzum.OK, data},
		uzum.Create:  uzum.CreateAnswer{about(uzum.Created), at, data, 2_500_000},
		uzum.Confirm: uzum.ConfirmAnswer{about(uzum.Confirmed), at, data, 2_500_000},
		uzum.Reverse: uzum.ReverseAnswer{about(uzum.Reversed), at, data, 2_500_000},
		uzum.Status:  uzum.StatusAnswer{about(uzum.Confirmed), &at, &at, nil, data, 2_500_000},
	} {
		body, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := tree(t, body), tree(t, sample(t, string(op)+".answer")); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s", op, body)
		}
	}
}

func tree(t *testing.T, body []byte) (all map[string]any) {
	t.Helper()
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

const (
	head  = `"serviceId":1,"timestamp":2`
	trans = head + `,"transId":"5c398d7e-76b6-11ee-96da-f3a095c6289d"`
)

func TestBodiesAreJudgedByTheDocument(t *testing.T) {
	for body, want := range map[string]struct {
		op   uzum.Operation
		code uzum.Code
	}{
		``:                              {uzum.Check, uzum.NotJSON},
		`null`:                          {uzum.Check, uzum.NotJSON},
		`[]`:                            {uzum.Check, uzum.NotJSON},
		`{` + trans + `} {}`:            {uzum.Status, uzum.NotJSON},
		`{` + trans + `,"transId":1}`:   {uzum.Status, uzum.NotJSON},
		`{"serviceId":1,` + trans + `}`: {uzum.Status, uzum.NotJSON},
		`{"serviceId":"1","timestamp":2,"params":{}}`:                               {uzum.Check, uzum.NotJSON},
		`{"serviceId":1.5,"timestamp":2,"params":{}}`:                               {uzum.Check, uzum.NotJSON},
		`{` + head + `,"params":[]}`:                                                {uzum.Check, uzum.NotJSON},
		`{` + head + `,"params":{"a":1,"a":1}}`:                                     {uzum.Check, uzum.NotJSON},
		`{"timestamp":2,"params":{}}`:                                               {uzum.Check, uzum.ParameterMissing},
		`{"serviceId":1,"params":{}}`:                                               {uzum.Check, uzum.ParameterMissing},
		`{"serviceId":null,"timestamp":2,"params":{}}`:                              {uzum.Check, uzum.ParameterMissing},
		`{` + head + `,"params":null}`:                                              {uzum.Check, uzum.ParameterMissing},
		`{` + head + `}`:                                                            {uzum.Status, uzum.ParameterMissing},
		`{` + trans + `,"params":{}}`:                                               {uzum.Create, uzum.ParameterMissing},
		`{` + trans + `,"amount":5}`:                                                {uzum.Create, uzum.ParameterMissing},
		`{` + trans + `,"params":{},"amount":0}`:                                    {uzum.Create, uzum.CheckFailed},
		`{` + trans + `,"params":{},"amount":-5}`:                                   {uzum.Create, uzum.CheckFailed},
		`{` + trans + `,"params":{},"amount":1000000000000001}`:                     {uzum.Create, uzum.CheckFailed},
		`{` + trans + `,"params":{},"amount":9999999999999999999}`:                  {uzum.Create, uzum.NotJSON},
		`{` + head + `,"transId":"5c398d7e"}`:                                       {uzum.Status, uzum.CheckFailed},
		`{` + trans + `,"paymentSource":"UZCARD"}`:                                  {uzum.Confirm, uzum.ParameterMissing},
		`{` + trans + `,"phone":"9"}`:                                               {uzum.Confirm, uzum.ParameterMissing},
		`{` + trans + `,"phone":"9","paymentSource":"NEW","tariff":null,"more":{}}`: {uzum.Confirm, uzum.None},
		`{` + head + `,"params":{"account":"1"},"TransId":5}`:                       {uzum.Check, uzum.None},
	} {
		if _, code := uzum.Read(want.op, []byte(body)); code != want.code {
			t.Errorf("%s %s: %q, want %q", want.op, body, code, want.code)
		}
	}
}

func TestAccountIsTextOrAWholeNumber(t *testing.T) {
	for params, want := range map[string]string{
		`{"account":"a 1"}`: "a 1", `{"account":12345678901234567}`: "12345678901234567",
		`{"account":"1","n":5,"x":{"y":1}}`: "1",
		`{}`:                                "", `{"account":""}`: "", `{"account":null}`: "",
		`{"account":true}`: "", `{"account":1.5}`: "",
		`{"account":1e3}`: "", `{"account":{}}`: "", `{"Account":"1"}`: "",
	} {
		r, code := uzum.Read(uzum.Check, []byte(`{`+head+`,"params":`+params+`}`))
		if account, _, ok := r.Attributes(); code != uzum.None || account != want || ok != (want != "") {
			t.Errorf("%s: %q %v %q", params, account, ok, code)
		}
	}
}

func TestARefusalRepeatsWhatWasNamed(t *testing.T) {
	for body, want := range map[string]string{
		`{` + trans + `}`: `{"serviceId":1,"transId":"5c398d7e-76b6-11ee-96da-f3a095c6289d",` +
			`"status":"FAILED","errorCode":"99999"}`,
		`{` + head + `}`:                  `{"serviceId":1,"timestamp":7,"status":"FAILED","errorCode":"99999"}`,
		`{`:                               `{"timestamp":7,"status":"FAILED","errorCode":"99999"}`,
		`{"serviceId":"1","timestamp":2}`: `{"timestamp":7,"status":"FAILED","errorCode":"99999"}`,
		`{"serviceId":1,"transId":"t","amount":"5"}`: `{"serviceId":1,"transId":"t","status":"FAILED",` +
			`"errorCode":"99999"}`,
		`{"serviceId":1,"transId":5}`: `{"serviceId":1,"timestamp":7,"status":"FAILED","errorCode":"99999"}`,
	} {
		r, _ := uzum.Read(uzum.Status, []byte(body))
		if got, err := json.Marshal(r.Refuse(uzum.CheckFailed, 7)); err != nil || string(got) != want {
			t.Errorf("%s: %s", body, got)
		}
	}
}

func TestEveryCodeHasAMeaning(t *testing.T) {
	for code, meaning := range uzum.Codes() {
		if len(code) != 5 || meaning == "" {
			t.Errorf("%s %q", code, meaning)
		}
	}
}

// No body makes a payment of money that the contract does not have.
func FuzzRead(f *testing.F) {
	for _, op := range uzum.Operations() {
		body, err := os.ReadFile(filepath.Join("testdata", string(op)+".request.json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(op), body)
	}
	f.Fuzz(func(t *testing.T, op string, body []byte) {
		r, code := uzum.Read(uzum.Operation(op), body)
		if code != uzum.None {
			if uzum.Codes()[code] == "" {
				t.Errorf("unknown code %q", code)
			}
			return
		}
		if r.Amount != nil && op == string(uzum.Create) && (*r.Amount <= 0 || *r.Amount > payment.MaxMoney) {
			t.Errorf("amount %d", *r.Amount)
		}
		if account, _, ok := r.Attributes(); ok && account == "" {
			t.Error("no account")
		}
	})
}
