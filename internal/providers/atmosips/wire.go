package atmosips

import (
	"cmp"
	"net/url"
	"regexp"
	"strconv"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

type draftRequest struct {
	Amount    payment.Money `json:"amount"` // tiyin
	ExtID     string        `json:"ext_id"`
	StoreID   rest.Text     `json:"store_id"`
	OFDItems  []ofdItem     `json:"ofd_items"`
	Account   string        `json:"account"`
	InvoiceID string        `json:"invoice_id"`
}

type createRequest struct {
	PAN           string        `json:"pan"`
	Expiry        string        `json:"expiry"`
	Amount        payment.Money `json:"amount"` // tiyin
	TransactionID rest.Text     `json:"transaction_id"`
	CardName      string        `json:"card_name"`
	CVC           string        `json:"cvc2"`
	ClientIP      string        `json:"client_ip_addr"`
	ExtID         string        `json:"ext_id"`
}

type createBindRequest struct {
	CardID        rest.Text     `json:"card_id"`
	Amount        payment.Money `json:"amount"` // tiyin
	ClientIP      string        `json:"client_ip_addr"`
	TransactionID rest.Text     `json:"transaction_id"`
}

type templateRequest struct {
	CardID   rest.Text     `json:"card_id"`
	Amount   payment.Money `json:"amount"` // tiyin
	ClientIP string        `json:"client_ip_addr"`
	ExtID    string        `json:"ext_id"`
}

type transactionRequest struct {
	TransactionID rest.Text `json:"transaction_id"`
}

type extRequest struct {
	ExtID string `json:"ext_id"`
}

type holdRequest struct {
	ExtID     string        `json:"ext_id"`
	Amount    payment.Money `json:"amount"` // tiyin
	StoreID   rest.Text     `json:"store_id"`
	OFDItems  []ofdItem     `json:"ofd_items"`
	Account   string        `json:"account"`
	InvoiceID string        `json:"invoice_id"`
	CardID    rest.Text     `json:"card_id"`
	ClientIP  string        `json:"client_ip_addr"`
}

type holdCancelRequest struct {
	StoreID       rest.Text `json:"store_id"`
	TransactionID rest.Text `json:"transaction_id"`
}

type bindRequest struct {
	StoreID  rest.Text `json:"store_id"`
	PAN      string    `json:"pan"`
	Expiry   string    `json:"expiry"`
	CardName string    `json:"card_name"`
	CVC      string    `json:"cvc2"`
	ClientIP string    `json:"client_ip_addr"`
	ExtID    string    `json:"ext_id"`
}

type bindPageRequest struct {
	RequestID  string    `json:"request_id"`
	StoreID    rest.Text `json:"store_id"`
	Account    string    `json:"account"`
	SuccessURL string    `json:"success_url"`
}

type invoiceRequest struct {
	RequestID  string               `json:"request_id"`
	StoreID    rest.Text            `json:"store_id"`
	Expires    string               `json:"expiration_date"` // in the merchant's zone, which it does not name
	Account    string               `json:"account"`
	Amount     payment.Money        `json:"amount"` // tiyin
	SuccessURL string               `json:"success_url"`
	Items      []payment.HostedItem `json:"items"`
}

type ofdItem struct {
	ItemsID  string        `json:"items_id"`
	OFDCode  string        `json:"ofd_code"`
	Name     string        `json:"name"`
	Amount   payment.Money `json:"amount"` // tiyin
	Quantity int64         `json:"quantity"`
}

// invoiceOf is the invoice's number. The documentation wants one of every draft and hold, the caller need not have any:
// then the payment's own key stands for it.
func invoiceOf(call saga.Call) string { return cmp.Or(call.Order.InvoiceID, call.Payment.ExtID) }

// ofdItems are the receipt's lines. One that names neither id nor quantity stands for one piece at its place.
func ofdItems(call saga.Call) []ofdItem {
	items := make([]ofdItem, len(call.Order.OFDItems))
	for i, item := range call.Order.OFDItems {
		items[i] = ofdItem{ItemsID: item.ItemsID, OFDCode: item.OFDCode, Name: item.Name, Quantity: 1}
		if item.ItemsID == "" {
			items[i].ItemsID = strconv.Itoa(i + 1)
		}
		if item.Amount != nil {
			items[i].Amount = *item.Amount
		}
		if item.Quantity != nil {
			items[i].Quantity = *item.Quantity
		}
	}
	return items
}

// reply is the answer of every call but those of the pages, as far as it is read. Messages are not.
type reply struct {
	Payload transaction `json:"payload"`
	Status  resultCode  `json:"status"`
}

type resultCode struct {
	Code rest.Text `json:"code"`
}

type transaction struct {
	ID            rest.Text  `json:"id"`
	Status        rest.Int   `json:"status"`
	RRN           rest.Text  `json:"rrn"`
	Amount        rest.Int   `json:"amount"` // tiyin
	Card          linkedCard `json:"card"`
	CardID        rest.Text  `json:"card_id"`
	ExternalID    rest.Text  `json:"external_id"`
	Redirect      string     `json:"redirect_uri"`
	Receipt       string     `json:"ofd_redirect_uri"`
	CommissionURL string     `json:"ofd_commission_uri"`
}

type linkedCard struct {
	ID     rest.Text `json:"id"`
	Masked rest.Text `json:"masked_pan"`
	Holder rest.Text `json:"masked_card_holder"`
	State  rest.Text `json:"verified_state"`
}

// The states of a card (documentation, "3DS Verification statuses (IPS)").
const (
	cardVerified = "VERIFIED"
	cardFailed   = "FAILED"
)

// card is the card of a transaction, of which some answers tell the id alone.
func (t transaction) card() linkedCard {
	card := t.Card
	if card.ID == "" {
		card.ID = t.CardID
	}
	return card
}

// shown is what the payment tells of a card.
func (c linkedCard) shown() *payment.Card {
	return &payment.Card{ID: string(c.ID), Masked: masked(string(c.Masked)), Holder: string(c.Holder)}
}

var maskedForm = regexp.MustCompile(`^[0-9]{6}\*+[0-9]*[0-9]{4}$|^[0-9]{13,19}$`)

// masked is the first six and last four digits of a card, whatever the provider wrote, or nothing (I8).
func masked(pan string) string {
	if !maskedForm.MatchString(pan) {
		return ""
	}
	return pan[:6] + "******" + pan[len(pan)-4:]
}

// pageReply is the answer of the calls that make a page.
type pageReply struct {
	PaymentID rest.Text  `json:"payment_id"`
	URL       string     `json:"url"`
	Status    resultCode `json:"status"`
}

// maxURL bounds an address that is stored with the payment, so that it fits a message (H9).
const maxURL = 2048

// isAddress tells whether a customer can be sent there.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && len(text) <= maxURL
}

func (t transaction) receipts() []payment.Receipt {
	var all []payment.Receipt
	for _, r := range []payment.Receipt{{Kind: "sale", URL: t.Receipt}, {Kind: "commission", URL: t.CommissionURL}} {
		if isAddress(r.URL) {
			all = append(all, r)
		}
	}
	return all
}
