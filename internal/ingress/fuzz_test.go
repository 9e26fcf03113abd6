package ingress_test

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
)

// No body, whatever it is, gets another answer than one of ours, and none is accepted that is not recorded.
func FuzzUzum(f *testing.F) {
	ops := []string{"check", "create", "confirm", "reverse", "status"}
	for i := range ops {
		f.Add(byte(i), createBody(trans(1), 5))
		f.Add(byte(i), confirmBody(trans(1)))
	}
	h := openHall(f, 1)
	f.Fuzz(func(t *testing.T, op byte, body string) {
		h.t = t
		name := ops[int(op)%len(ops)]
		got := h.doors[0].post(name, body)
		var answer map[string]any
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil || got.status != 200 && got.status != 400 {
			t.Fatalf("%s %q: %s", name, body, got)
		}
		if failed := answer["status"] == "FAILED"; failed == (got.status == 200) {
			t.Errorf("%s %q: %s", name, body, got)
		}
		if id, _ := answer["transId"].(string); got.status == 200 && name != "check" && h.story(id) == "" {
			t.Errorf("%s %q: %s is not recorded", name, body, got)
		}
	})
}

// No question of ATMOS's, whatever it is and even when it is signed, is answered yes when there is no such payment, nor
// is a card taken from whoever does not know the key; and nothing but a refusal of ours is said.
func FuzzAtmos(f *testing.F) {
	key := rand.Text()
	for op := range byte(3) {
		f.Add(op, "7", "220000", "order-1", "50000")
		f.Add(op, `{"store_id":7,"transaction_id":"1","invoice":"a","amount":5,"sign":"00"}`, "", "", "")
		f.Add(op, `{"api_key":"k","card_id":1231}`, "held/50000/order-1", "*", "-1")
	}
	h := openHall(f, 1, "ATMOS_API_KEY="+key, "ATMOS_STORE_ID=7", "ATMOS_BASE_URL=http://unused",
		"ATMOS_CONSUMER_KEY=k", "ATMOS_CONSUMER_SECRET=s")
	f.Fuzz(func(t *testing.T, op byte, store, transaction, invoice, amount string) {
		h.t = t
		path, body := "/atmos/callback", store
		switch op % 3 {
		case 1:
			path = "/atmos/card-bind"
		case 2:
			body = signedQuestion(t, key, store, transaction, invoice, amount)
		}
		got := h.doors[0].request(http.MethodPost, path, body, http.Header{"Content-Type": {"application/json"}})
		var said struct {
			Status  *int
			Message string
		}
		refused := got.status == 200 || got.status == 400 || got.status == 401 || got.status == 413
		if err := json.Unmarshal([]byte(got.body), &said); err != nil || !refused {
			t.Fatalf("%s %q: %s", path, body, got)
		}
		if said.Status == nil || *said.Status != 0 || said.Message == "" {
			t.Errorf("%s %q: %s", path, body, got)
		}
	})
}

func signedQuestion(t *testing.T, key, store, transaction, invoice, amount string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{
		"store_id": store, "transaction_id": transaction, "invoice": invoice, "amount": amount,
		"sign": fmt.Sprintf("%x", md5.Sum([]byte(store+transaction+invoice+amount+key))),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
