package ingress

import (
	"context"
	"net/http"
	"time"

	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/providers/atmos"
	"tolov/internal/providers/atmosips"
	"tolov/internal/saga"
)

// What ATMOS's calls are named in notices.
const (
	noticeCallback = "callback"
	noticeCardBind = "card-bind"
)

// billing answers ATMOS: may this debit be made? (documentation, "Callback API"; operations 49 and 50).
//
// The question comes while our own call is open, or while the customer is at ATMOS's page. It is answered from the
// payment's last record alone, without waiting for anybody: so a repeat of it gets the same answer for as long as the
// payment stands where it stands.
type billing struct {
	merchants map[string]payment.Secret // keys of those that have one, by merchant
	stores    map[string]string         // their stores
	index     *journal.Index
	records   func() *journal.Journal
	notices   *events.Notices
}

// atmosReply is the answer that ATMOS reads. Only HTTP 200 with status 1 lets it debit.
type atmosReply struct {
	Status  int    `json:"status"`
	Message string `json:"message"`
}

func (i *Ingress) atmosRoutes() []Route {
	b := &billing{
		merchants: map[string]payment.Secret{}, stores: map[string]string{},
		index: journal.NewIndex(i.js), records: i.records, notices: &events.Notices{JS: i.js},
	}
	for name, m := range i.parts.Config.Merchants {
		if !m.Atmos.APIKey.IsZero() {
			b.merchants[name], b.stores[name] = m.Atmos.APIKey, m.Atmos.StoreID
		}
	}
	refuse := func(status int) any { return atmosReply{Message: http.StatusText(status)} }
	return []Route{
		{Path: "/atmos/callback", Name: "atmos callback", Handle: b.callback, Refuse: refuse},
		{Path: "/atmos/card-bind", Name: "atmos card-bind", Handle: b.cardBind, Refuse: refuse},
	}
}

// The answers. Nothing that ATMOS wrote is repeated in them.
const (
	saidYes           = "Успешно"
	saidNoJSON        = "The request cannot be read."
	saidNotSigned     = "The request is not signed by ATMOS."
	saidUnknown       = "The transaction is not available in the system."
	saidNotNow        = "The payment does not wait for a debit."
	saidOtherAmount   = "The amount is not that of the payment."
	saidOtherInvoice  = "The invoice is not that of the payment."
	saidTransaction   = "The transaction is not that of the payment."
	saidAmountUnknown = "The amount is not a whole number."
)

// callback answers operation 49.
func (b *billing) callback(ctx context.Context, r *Request) (Reply, error) {
	var c atmos.Callback
	if readable := decode(r.Body, &c) == nil; !readable {
		return refusal(http.StatusBadRequest, saidNoJSON), nil
	}
	signers := b.signers(c)
	if len(signers) == 0 {
		return refusal(http.StatusUnauthorized, saidNotSigned), nil
	}
	amount, ok := c.Tiyin()
	if !ok {
		return refusal(http.StatusOK, saidAmountUnknown), nil
	}
	asked := saga.Charge{Transaction: string(c.TransactionID), Account: string(c.Invoice), Amount: amount}
	record, why, err := b.judge(ctx, signers, asked, r.At)
	switch {
	case err != nil:
		return Reply{}, err
	case record.Payment == nil:
		return refusal(http.StatusOK, saidUnknown), nil
	}
	reply := yes()
	if why != "" {
		reply = refusal(http.StatusOK, why)
	}
	reply.Told = append(reply.Told, "payment_id", record.PaymentID)
	err = b.notices.Notify(ctx, events.Notice{
		Kind: noticeCallback, Provider: atmos.Name, Merchant: record.Merchant, PaymentID: record.PaymentID,
		Transaction: asked.Transaction, Amount: asked.Amount, Answer: told(why), At: payment.At(r.At),
	})
	if err != nil { // the provider is asked on schedule all the same (H61)
		reply.Told = append(reply.Told, "notice_err", err)
	}
	return reply, nil
}

// signers are the merchants of the store whose key signed the callback.
func (b *billing) signers(c atmos.Callback) []string {
	var names []string
	for name, key := range b.merchants {
		if signed := c.SignedBy(key); signed && b.stores[name] == string(c.StoreID) {
			names = append(names, name)
		}
	}
	return names
}

// judge finds the payment that the question is about and tells why its debit may not be made, nothing when it may. The
// payment is known by its transaction, or, while held funds are debited, by account and amount.
func (b *billing) judge(
	ctx context.Context, merchants []string, asked saga.Charge, now time.Time,
) (found saga.Record, why string, err error) {
	held := asked
	held.Transaction = ""
	for _, merchant := range merchants {
		for _, key := range []string{asked.Key(), held.Key()} {
			record, err := b.record(ctx, merchant, key)
			if err != nil {
				return saga.Record{}, "", err
			}
			if record.Payment == nil {
				continue
			}
			found, why = record, disagrees(record.Charges(now), asked)
			if why == "" {
				return found, "", nil
			}
		}
	}
	return found, why, nil
}

// record is the last record of the merchant's payment that was noted under a key, the zero Record when there is none.
func (b *billing) record(ctx context.Context, merchant, key string) (saga.Record, error) {
	id, err := b.index.Find(ctx, atmos.Name, merchant, key)
	if err != nil || id == "" {
		return saga.Record{}, err
	}
	record, err := b.records().Latest(ctx, id)
	if p := record.Payment; err != nil || p == nil || p.Merchant != merchant || p.Provider != atmos.Name {
		return saga.Record{}, err
	}
	return record, nil
}

// disagrees tells why a debit may not be made, nothing when it is one of those that may.
func disagrees(charges []saga.Charge, asked saga.Charge) string {
	if len(charges) == 0 {
		return saidNotNow
	}
	why := saidTransaction
	for _, c := range charges {
		if c.Transaction == "" { // it is made with the debit
			c.Transaction = asked.Transaction
		}
		switch {
		case c == asked:
			return ""
		case c.Transaction != asked.Transaction:
		case c.Amount != asked.Amount:
			why = saidOtherAmount
		default:
			why = saidOtherInvoice
		}
	}
	return why
}

// cardBind answers operation 50. The notice is all that is kept of it, so without one the card is not accepted.
func (b *billing) cardBind(ctx context.Context, r *Request) (Reply, error) {
	var bind atmos.CardBind
	if readable := decode(r.Body, &bind) == nil; !readable || bind.CardID == "" {
		return refusal(http.StatusBadRequest, saidNoJSON), nil
	}
	owner := ""
	for name, key := range b.merchants {
		if bind.KnowsKey(key) {
			owner = name
		}
	}
	if owner == "" {
		return refusal(http.StatusUnauthorized, saidNotSigned), nil
	}
	err := b.notices.Notify(ctx, events.Notice{
		Kind: noticeCardBind, Provider: atmosips.Name, Merchant: owner, CardID: string(bind.CardID), Answer: told(""),
		At: payment.At(r.At),
	})
	if err != nil {
		return Reply{}, err
	}
	return yes(), nil
}

func yes() Reply {
	return Reply{Status: http.StatusOK, Body: atmosReply{Status: 1, Message: saidYes}, Told: []any{"answer", told("")}}
}

func refusal(status int, why string) Reply {
	return Reply{Status: status, Body: atmosReply{Message: why}, Told: []any{"answer", told(why)}}
}

// told is an answer for logs and evidence.
func told(why string) string {
	if why == "" {
		return "yes"
	}
	return "no: " + why
}
