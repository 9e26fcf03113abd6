package atmos

import (
	"tolov/internal/payment"
	"tolov/internal/providers/rest"
)

type createRequest struct {
	Amount     payment.Money     `json:"amount"`
	Account    string            `json:"account"`
	TerminalID string            `json:"terminal_id,omitzero"`
	StoreID    rest.Text         `json:"store_id"`
	Lang       string            `json:"lang,omitzero"`
	OFDItems   []payment.OFDItem `json:"ofd_items,omitempty"`
}

type preApplyRequest struct {
	CardToken     string    `json:"card_token,omitzero"`
	CardNumber    string    `json:"card_number,omitzero"`
	Expiry        string    `json:"expiry,omitzero"` // YYmm
	StoreID       rest.Text `json:"store_id"`
	TransactionID rest.Text `json:"transaction_id"`
	Lang          string    `json:"lang,omitzero"`
}

type applyRequest struct {
	TransactionID rest.Text `json:"transaction_id"`
	OTP           string    `json:"otp"`
	StoreID       rest.Text `json:"store_id"`
	Lang          string    `json:"lang,omitzero"`
}

type resendRequest struct {
	TransactionID rest.Text `json:"transaction_id"`
}

type getRequest struct {
	StoreID       rest.Text `json:"store_id"`
	TransactionID rest.Text `json:"transaction_id"`
	Lang          string    `json:"lang,omitzero"`
}

// payReply is the answer of every call under /merchant/pay, as far as it is read.
type payReply struct {
	head
	receiptLinks
	TransactionID rest.Text        `json:"transaction_id"`
	Store         storeTransaction `json:"store_transaction"`
}

// head is what every reply begins with.
type head struct {
	Result result `json:"result"`
}

func (h *head) code() *rest.Text { return &h.Result.Code }

type result struct {
	Code rest.Text `json:"code"`
}

type storeTransaction struct {
	SuccessTransID rest.Text `json:"success_trans_id"`
	TransID        rest.Text `json:"trans_id"`
	Amount         rest.Int  `json:"amount"` // tiyin
	Confirmed      *bool     `json:"confirmed"`
}

func (t storeTransaction) amount() (payment.Money, bool) {
	return payment.Money(t.Amount.Value), t.Amount.Present
}

func (t storeTransaction) confirmed() bool { return t.Confirmed != nil && *t.Confirmed }

func (t storeTransaction) unconfirmed() bool { return t.Confirmed != nil && !*t.Confirmed }

// refsOf are the ids to keep of a transaction that was paid. transaction is its own, when the payment does not have it.
func refsOf(t storeTransaction, transaction string) map[string]string {
	refs := map[string]string{}
	if transaction != "" {
		refs[refTransaction] = transaction
	}
	if success := string(t.SuccessTransID); success != "" {
		refs[refSuccess] = success
	}
	return refs
}

type receiptLinks struct {
	OFDURL           string `json:"ofd_url"`
	OFDURLCommission string `json:"ofd_url_commission"`
}

func (r *receiptLinks) receipts() []payment.Receipt {
	var receipts []payment.Receipt
	for _, one := range []payment.Receipt{{Kind: "sale", URL: r.OFDURL}, {Kind: "commission", URL: r.OFDURLCommission}} {
		if one.URL != "" && len(one.URL) <= maxURL {
			receipts = append(receipts, one)
		}
	}
	return receipts
}

// maxURL bounds a receipt's address: it is stored with the payment, and must fit a message (H9).
const maxURL = 2048
