package ingress_test

import (
	"encoding/json"
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
