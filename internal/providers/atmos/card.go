package atmos

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

type bindInitRequest struct {
	CardNumber string `json:"card_number"`
	Expiry     string `json:"expiry"` // YYmm
}

type bindConfirmRequest struct {
	TransactionID rest.Text `json:"transaction_id"`
	OTP           string    `json:"otp"`
}

type listCardsRequest struct {
	Page     int `json:"page"`
	PageSize int `json:"page_size"`
}

type removeCardRequest struct {
	ID    rest.Text `json:"id"`
	Token string    `json:"token"`
}

type cardReply struct {
	head
	TransactionID rest.Text    `json:"transaction_id"`
	Phone         rest.Text    `json:"phone"`
	Data          linkedCard   `json:"data"`
	Cards         []linkedCard `json:"cardDataSmallList"`
}

type linkedCard struct {
	ID     rest.Text      `json:"card_id"`
	Token  payment.Secret `json:"card_token"`
	PAN    rest.Text      `json:"pan"`
	Holder string         `json:"card_holder"`
}

const (
	cardsPerPage = 500
	mostPages    = 40

	keptBefore = "cards_before" // ids of the cards that looked like ours before it was linked
	manyCards  = "too many to list"
)

// bindInit asks for a card to be linked; the customer gets a code (documentation, "Card linking").
func (c *Client) bindInit(ctx context.Context, call saga.Call) payment.Answer {
	_, number, expiry := cardOf(call)
	var reply cardReply
	a := c.draft(ctx, "/partner/bind-card/init", bindInitRequest{number, expiry}, &reply)
	switch {
	case a.Outcome != payment.Done:
		return a
	case reply.TransactionID == "":
		return a.Unclear("no transaction_id")
	}
	a.Transaction = string(reply.TransactionID)
	a.Action = &payment.Action{Type: payment.ActionCode, Phone: maskedPhone(string(reply.Phone))}
	return a
}

// maskedPhone leaves the country, the operator and the last two digits.
func maskedPhone(phone string) string {
	const shown, hidden, last = 5, 4, 2
	if len(phone) < shown+hidden+last || strings.ContainsFunc(phone, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return ""
	}
	return phone[:shown] + strings.Repeat("*", len(phone)-shown-last) + phone[len(phone)-last:]
}

// bindConfirm links the card and gets its token (documentation, "Card linking confirmation").
func (c *Client) bindConfirm(ctx context.Context, call saga.Call) payment.Answer {
	var reply cardReply
	a, ok := open(c.account.Send(ctx, http.MethodPost, "/partner/bind-card/confirm", bindConfirmRequest{
		TransactionID: rest.Text(call.Transaction), OTP: codeOf(call),
	}, call.SendBy), &reply)
	switch {
	case !ok:
		return a
	case a.Code != codeOK:
		return judged(a)
	default:
		return linked(a, reply.Data, call)
	}
}

func linked(a payment.Answer, card linkedCard, call saga.Call) payment.Answer {
	if card.Token.IsZero() || card.ID == "" {
		return a.Unclear("a card without id or token")
	}
	if pan := string(card.PAN); shown.MatchString(pan) && !looksLike(pan, maskOf(call)) {
		return a.Unclear("another card than the one to link")
	}
	a.Outcome = payment.Done
	a.Card = &payment.Card{
		ID: string(card.ID), Token: card.Token.Reveal(), Masked: maskOf(call), Holder: holder(card.Holder),
	}
	a.Refs = map[string]string{"card_id": string(card.ID)}
	return a
}

// holder bounds a name that is stored with the payment (H9).
func holder(name string) string {
	if len(name) > maxHolder {
		return ""
	}
	return name
}

const maxHolder = 255

// shown is a card number of which at least the first six and the last four digits can be read.
var shown = regexp.MustCompile(`^[0-9]{6}.*[0-9]{4}$`)

func maskOf(call saga.Call) string {
	if call.Payment.Card == nil {
		return ""
	}
	return call.Payment.Card.Masked
}

// listCards asks which cards are linked (documentation, "List of merchant-linked cards"). Before a card is linked it
// notes those that look like it; later it tells what became of the linking or the removal.
func (c *Client) listCards(ctx context.Context, call saga.Call) payment.Answer {
	var like []linkedCard
	listed := false
	a := c.eachCard(ctx, func(card linkedCard) {
		if looksLike(string(card.PAN), maskOf(call)) {
			like = append(like, card)
		}
		listed = listed || call.Payment.Card != nil && string(card.ID) == call.Payment.Card.ID
	})
	switch {
	case !call.Asks:
		return noted(a, like)
	case a.Outcome != payment.Done: // a question that was refused says nothing about the card
		a.Outcome, a.Failure = payment.Unknown, nil
		return a
	case call.About == stepRemoveCard && listed:
		a.Outcome = payment.Absent
		return a
	case call.About == stepRemoveCard:
		return a
	default:
		return newlyLinked(a, like, call)
	}
}

func noted(a payment.Answer, like []linkedCard) payment.Answer {
	ids := make([]string, 0, len(like))
	for _, card := range like {
		ids = append(ids, string(card.ID))
	}
	switch {
	case a.Outcome == payment.Done:
		a.Keep = map[string]string{keptBefore: strings.Join(ids, ",")}
	case a.Note == manyCards: // a lost answer will need a person, and that is rarer than a shop with so many cards
		a.Outcome, a.Keep = payment.Done, map[string]string{keptBefore: manyCards}
	}
	return a
}

// newlyLinked finds the one card that looks like ours and was not there before. Two of them would be a guess, and the
// token of somebody else's card.
func newlyLinked(a payment.Answer, like []linkedCard, call saga.Call) payment.Answer {
	before := strings.Split(call.Walk.Kept[keptBefore], ",")
	like = slices.DeleteFunc(like, func(card linkedCard) bool { return slices.Contains(before, string(card.ID)) })
	switch {
	case call.Walk.Sends == 0: // the link was never confirmed, so whatever is new is somebody else's
		a.Outcome = payment.Absent
		return a
	case slices.Contains(before, manyCards) || len(like) > 1:
		return a.Unclear("cannot tell which card was linked")
	case len(like) == 0:
		a.Outcome = payment.Absent
		return a
	default:
		return linked(a, like[0], call)
	}
}

// looksLike compares what is shown of two card numbers: the first six and the last four digits.
func looksLike(pan, masked string) bool {
	const first, last = 6, 4
	if len(pan) < first+last || len(masked) < first+last {
		return false
	}
	return pan[:first] == masked[:first] && pan[len(pan)-last:] == masked[len(masked)-last:]
}

// eachCard goes through all pages of the list. A page that brings no card that was not there before ends it: the list
// may be given whole, whichever page is asked for.
func (c *Client) eachCard(ctx context.Context, visit func(linkedCard)) payment.Answer {
	seen := map[rest.Text]bool{}
	for page := 1; page <= mostPages; page++ {
		var reply cardReply
		a := c.draft(ctx, "/partner/list-cards", listCardsRequest{Page: page, PageSize: cardsPerPage}, &reply)
		if a.Outcome != payment.Done {
			return a
		}
		before := len(seen)
		for _, card := range reply.Cards {
			if !seen[card.ID] {
				seen[card.ID] = true
				visit(card)
			}
		}
		if len(seen) == before {
			return a
		}
	}
	return payment.Answer{Outcome: payment.Unknown, Note: manyCards}
}

// removeCard takes a card's link away (documentation, "Cancel linked card"). The call wants the token, which is kept
// nowhere: the list has it. A card that is not in the list any more is removed.
func (c *Client) removeCard(ctx context.Context, call saga.Call) payment.Answer {
	var ours *linkedCard
	a := c.eachCard(ctx, func(card linkedCard) {
		if string(card.ID) == call.Payment.Card.ID {
			ours = &card
		}
	})
	switch {
	case a.Outcome != payment.Done:
		a.Outcome, a.Failure = payment.NotSent, nil // the removal itself did not leave
		return a
	case ours == nil:
		return a
	}
	var reply cardReply
	a, ok := open(c.account.Send(ctx, http.MethodPost, "/partner/remove-card", removeCardRequest{
		ID: ours.ID, Token: ours.Token.Reveal(),
	}, call.SendBy), &reply)
	switch {
	case !ok:
		return a
	case reply.Data.ID != "" && reply.Data.ID != ours.ID:
		a.Note = "speaks of another card"
		return a
	case a.Code == codeOK:
		a.Outcome = payment.Done
		return a
	default:
		return judged(a)
	}
}
