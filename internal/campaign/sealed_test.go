package campaign_test

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tolov/internal/payment"
)

// sealed is a command with its card, if it has one, closed to the workers' key (I8).
func (h *house) sealed(body, ext string) string {
	var fields map[string]jsontext.Value
	h.must(json.Unmarshal([]byte(body), &fields))
	card, found := fields["card"]
	if !found || len(h.keys) == 0 {
		return body
	}
	key := h.keys[0]
	blob, err := payment.Seal(key.ID, key.Public(), payment.ID(payment.DefaultMerchant, ext), card)
	h.must(err)
	fields["card"], err = json.Marshal(map[string]string{"sealed": blob})
	h.must(err)
	text, err := json.Marshal(fields, json.Deterministic(true))
	h.must(err)
	return string(text)
}
