package atmos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
)

func whole(body string) rest.Reply {
	return rest.Reply{Status: http.StatusOK, Body: []byte(body), Sent: true}
}

// H5, H10: a question that was refused for what was wrong with the question says nothing about the payment.
func TestRefusedQuestionSaysNothingAboutThePayment(t *testing.T) {
	for code, v := range verdicts {
		failure := failureOf(v, code)
		if failure == nil || failure.Category == payment.ByCustomer || failure.Category == payment.ByIssuer ||
			code == codeNotFound || ended(code) {
			continue
		}
		a := found(whole(fmt.Sprintf(`{"result":{"code":%q}}`, code)), &payReply{}, names{transaction: "1"})
		if a.Outcome != payment.Unknown || a.Failure != nil {
			t.Errorf("%s is %s", code, a.Outcome)
		}
	}
}

// H10: no code settles a money call unless the table says so, whatever else the reply holds.
func TestCodeOnNoTableNeverSettlesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.OneOf(
			rapid.String(), rapid.StringMatching(`STPIMS-ERR-[0-9]{1,4}`), rapid.StringMatching(`[A-Z]{2,5}-?[0-9]{0,3}`),
		).Draw(t, "code")
		if _, known := verdictOf(code); known || code == codeOK {
			t.Skip("on the table")
		}
		written, err := json.Marshal(code)
		if err != nil {
			t.Skip("no text")
		}
		confirmed := rapid.SampledFrom([]string{"true", "false", "null"}).Draw(t, "confirmed")
		body := fmt.Sprintf(`{"result":{"code":%s},"store_transaction":{"trans_id":1,"amount":5,"confirmed":%s}}`,
			written, confirmed)
		for name, a := range map[string]payment.Answer{
			"apply": applied(whole(body), &payReply{}, names{transaction: "1"}),
			"get":   found(whole(body), &payReply{}, names{transaction: "1"}),
		} {
			if a.Outcome != payment.Unknown {
				t.Fatalf("%s of %q is %s", name, code, a.Outcome)
			}
		}
	})
}

// H9, H10, H11: for any bytes at all, paid is only what says so of itself in the documented shape.
func FuzzReply(f *testing.F) {
	for _, name := range []string{"apply", "create", "get-confirmed", "get-unconfirmed", "get-not-found", "token"} {
		text, err := os.ReadFile("testdata/" + name + ".reply.json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, seed := range []string{
		``, `null`, `{}`, `[]`, `"OK"`, `{"result":{"code":"OK"}}`, `{"result":{"code":"STPIMS-ERR-057"}}`,
		`{"result":{"code":"OK"},"store_transaction":{"trans_id":1,"amount":5,"confirmed":true}}`,
		`{"result":{"code":"OK"},"store_transaction":{"trans_id":1,"amount":"5","confirmed":true,"confirmed":false}}`,
		`{"result":{"code":"STPIMS-ERR-098"},"store_transaction":{"trans_id":2,"amount":5.0,"confirmed":false}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, a := range []payment.Answer{
			applied(whole(string(body)), &payReply{}, names{transaction: "1"}),
			found(whole(string(body)), &payReply{}, names{transaction: "1"}),
		} {
			if a.Outcome == payment.Done && !saysPaid(body) {
				t.Errorf("%q is paid", body)
			}
			if v, known := verdictOf(a.Code); a.Outcome == payment.Declined && (!known || v.outcome != payment.Declined) {
				t.Errorf("%q is declined", body)
			}
			if a.Outcome == payment.NotSent {
				t.Errorf("%q was not sent", body)
			}
		}
		drafted(whole(string(body)), &payReply{})
	})
}

// saysPaid reads the reply once more, with another decoder and other code.
func saysPaid(body []byte) bool {
	var reply map[string]json.RawMessage
	var result, store map[string]any
	if json.Unmarshal(body, &reply) != nil || json.Unmarshal(reply["result"], &result) != nil {
		return false
	}
	decoder := json.NewDecoder(strings.NewReader(string(reply["store_transaction"])))
	decoder.UseNumber()
	if decoder.Decode(&store) != nil {
		return false
	}
	switch result["code"] {
	case "OK", "STPIMS-ERR-092", "STPIMS-ERR-113", "STPIMS-ERR-114":
	default:
		return false
	}
	return store["confirmed"] == true && fmt.Sprint(store["trans_id"]) != "" && store["trans_id"] != nil &&
		fmt.Sprint(store["amount"]) != "" && store["amount"] != nil
}

// The samples of create name two ids, and the other calls either of them: both are ours.
func TestATransactionMayAnswerByItsOtherName(t *testing.T) {
	body := `{"result":{"code":"OK"},"store_transaction":{"trans_id":222222,"amount":5,"confirmed":true}}`
	a := applied(whole(body), &payReply{}, names{transaction: "111111", transID: "222222"})
	if a.Outcome != payment.Done || a.Transaction != "111111" {
		t.Errorf("%s of %s", a.Outcome, a.Transaction)
	}
	if b := found(whole(body), &payReply{}, names{transaction: "111111"}); b.Transaction != "222222" {
		t.Errorf("another transaction counts as ours: %+v", b)
	}
}
