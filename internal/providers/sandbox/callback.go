package sandbox

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // the provider's choice
	"encoding/hex"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
)

// Callback is what ATMOS tells the merchant's billing before it debits. Source: ATMOS, "Callback API".
type Callback struct {
	StoreID         int64  `json:"store_id"`
	TransactionID   int64  `json:"transaction_id"`
	TransactionTime string `json:"transaction_time"` // RFC 3339: the text gives no form
	Amount          int64  `json:"amount"`           // tiyin
	Invoice         string `json:"invoice"`          // the payment's account
	Sign            string `json:"sign"`             // MD5 of store_id, transaction_id, invoice, amount and api_key
}

// billing is the merchant's, if there is one to be asked.
type billing struct {
	ask func(Callback) bool
	key string
}

// sign gives the signature of a callback.
func (b billing) sign(c Callback) string {
	text := decimal(c.StoreID) + decimal(c.TransactionID) + c.Invoice + decimal(c.Amount) + b.key
	sum := md5.Sum([]byte(text)) //nolint:gosec // the provider's choice
	return hex.EncodeToString(sum[:])
}

// consent asks the merchant's billing about each payment, and lets go of the lock meanwhile. With the lock held.
func (a *atmos) consent(payments ...*atmosPayment) string {
	if a.billing.ask == nil {
		return codeOK
	}
	var asked []Callback
	for _, p := range payments {
		c := Callback{
			StoreID: p.store, TransactionID: p.id, TransactionTime: a.now().Format(time.RFC3339),
			Amount: p.amount, Invoice: p.account,
		}
		c.Sign = a.billing.sign(c)
		asked = append(asked, c)
		p.asking = true
	}
	a.mu.Unlock()
	agreed := true
	for _, c := range asked {
		agreed = agreed && a.billing.ask(c)
	}
	a.mu.Lock()
	for _, p := range payments {
		p.asking = false
	}
	if !agreed {
		return codeBilling
	}
	return codeOK
}

// CallbackTo makes an Options.Callback that asks an address. It agrees only when that answers HTTP 200 with status 1
// before the client's timeout.
func CallbackTo(url string, client *http.Client) func(Callback) bool {
	return func(c Callback) bool {
		text, err := json.Marshal(c)
		if err != nil {
			return false
		}
		r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(text))
		if err != nil {
			return false
		}
		r.Header.Set("Content-Type", "application/json")
		answer, err := client.Do(r)
		if err != nil {
			return false
		}
		defer func() { _ = answer.Body.Close() }()
		var told struct {
			Status int `json:"status"`
		}
		err = json.UnmarshalRead(http.MaxBytesReader(nil, answer.Body, maxRequest), &told)
		return err == nil && answer.StatusCode == http.StatusOK && told.Status == 1
	}
}
