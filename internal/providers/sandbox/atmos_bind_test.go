package sandbox_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

// bind begins to link a card.
func (b *bench) bind(number string) int64 {
	b.t.Helper()
	got := b.post("partner/bind-card/init", `{"card_number":%q,"expiry":"2802"}`, number)
	return b.id(b.result("OK", got), "transaction_id")
}

func (b *bench) bindConfirm(id int64, code string) reply {
	b.t.Helper()
	return b.post("partner/bind-card/confirm", `{"transaction_id":%d,"otp":%q}`, id, code)
}

// link links a card.
func (b *bench) link(number string) (id int64, token string) {
	b.t.Helper()
	got := b.result("OK", b.bindConfirm(b.bind(number), "111111"))
	return b.id(got, "data/card_id"), got.at(b.t, "data/card_token")
}

func (b *bench) remove(id int64, token string) reply {
	b.t.Helper()
	return b.post("partner/remove-card", `{"id":%d,"token":%q}`, id, token)
}

// cards insists on the linked cards of a page, by their last four digits.
func (b *bench) cards(page string, want ...string) {
	b.t.Helper()
	got := b.result("OK", b.post("partner/list-cards", "%s", page))
	for i := 0; ; i++ {
		pan := got.at(b.t, fmt.Sprintf("cardDataSmallList/%d/pan", i))
		if pan == "" && i == len(want) {
			return
		}
		if i == len(want) || pan != "986009******"+want[i] {
			b.t.Errorf("%s lists %s, want %v", page, got.body, want)
			return
		}
	}
}

func TestRow16BindInit(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	b.says(b.post("partner/bind-card/init", `{"card_number":"9860090101014364","expiry":"2802"}`),
		"result/code", "OK", "transaction_id", "1", "phone", "998900000000")
	b.refusals("POST", "partner/bind-card/init", map[string]string{
		`{"expiry":"2802"}`:                                  "STPIMS-ERR-006",
		`{"card_number":"9860090101014364"}`:                 "STPIMS-ERR-006",
		`{"card_number":"98600901","expiry":"2802"}`:         "STPIMS-ERR-117",
		`{"card_number":"9860090101014364","expiry":"0228"}`: "STPIMS-ERR-007",
		`{"card_number":"8600492986215602","expiry":"2003"}`: "STPIMS-ERR-067",
		`{"card_number":"8600493214116133","expiry":"2410"}`: "STPIMS-ERR-089",
	})
	if b.Transactions() != 0 || len(b.Cards()) != 0 {
		t.Errorf("%d transactions, cards %v", b.Transactions(), b.Cards())
	}
}

func TestRow17BindConfirm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		id := b.bind("9860090101014364")
		b.refusals("POST", "partner/bind-card/confirm", map[string]string{
			`{"otp":"111111"}`:                       "STPIMS-ERR-006",
			fmt.Sprintf(`{"transaction_id":%d}`, id): "STPIMS-ERR-006",
			`{"transaction_id":"x","otp":"111111"}`:  "STPIMS-ERR-007",
			`{"transaction_id":99,"otp":"111111"}`:   "STPIMS-ERR-061",
		})
		b.result("STPIMS-ERR-098", b.bindConfirm(id, "222222"))
		got := b.bindConfirm(id, "111111")
		b.says(got, "result/code", "OK", "transaction_id", fmt.Sprint(id), "data/pan", "986009******4364",
			"data/expiry", "2802", "data/card_holder", "TEST")
		b.result("STPIMS-ERR-092", b.bindConfirm(id, "111111"))

		lost := b.bind("9860090101893213")
		for range 3 {
			b.result("STPIMS-ERR-098", b.bindConfirm(lost, "222222"))
		}
		b.result("STPIMS-ERR-064", b.bindConfirm(lost, "111111"))
		late := b.bind("9860090101893213")
		pass(5*time.Minute + time.Second)
		b.result("STPIMS-ERR-098", b.bindConfirm(late, "111111"))

		again := b.result("OK", b.bindConfirm(b.bind("9860090101014364"), "111111"))
		b.says(again, "data/card_token", got.at(t, "data/card_token"), "data/card_id", got.at(t, "data/card_id"))
		cards := b.Cards()
		if len(cards) != 1 || cards[0].Links != 2 || cards[0].Card != "986009******4364" || !cards[0].RemovedAt.IsZero() {
			t.Errorf("cards %+v", cards)
		}
	})
}

func TestRow18ListCards(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	b.cards(`{}`)
	for n := range 12 {
		b.link(fmt.Sprintf("98600901010100%02d", n))
	}
	b.cards(`{"page":1,"page_size":3}`, "0000", "0001", "0002")
	b.cards(`{"page":"4","page_size":"3"}`, "0009", "0010", "0011")
	b.cards(`{"page":2}`, "0010", "0011")
	b.cards(`{"page":3}`)
	b.says(b.post("partner/list-cards", `{"page_size":1}`), "cardDataSmallList/0/expiry", "2802")
	b.refusals("POST", "partner/list-cards", map[string]string{
		`{"page":0}`: "STPIMS-ERR-009", `{"page_size":0}`: "STPIMS-ERR-009", `{"page":"one"}`: "STPIMS-ERR-007",
	})
}

func TestRow19RemoveCard(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id, secret := b.link("9860090101014364")
	other, _ := b.link("9860090101893213")
	paying := b.create(account)
	b.code("OK", b.preApply(paying, `"card_token":"`+secret+`"`))
	b.code("OK", b.apply(paying, "111111"))
	if d := b.Debits()[0]; d.Card != "986009******4364" {
		t.Errorf("debit %+v", d)
	}
	b.refusals("POST", "partner/remove-card", map[string]string{
		`{"id":1}`: "STPIMS-ERR-006", `{"token":"t"}`: "STPIMS-ERR-006", `{"id":"x","token":"t"}`: "STPIMS-ERR-007",
	})
	b.result("STPIMS-ERR-004", b.remove(other, secret))
	b.result("STPIMS-ERR-004", b.remove(id, "another"))
	b.cards(`{}`, "4364", "3213")
	b.says(b.remove(id, secret), "result/code", "OK", "data/card_id", fmt.Sprint(id), "data/card_token", "null")
	b.result("STPIMS-ERR-004", b.remove(id, secret))
	b.cards(`{}`, "3213")
	b.code("STPIMS-ERR-004", b.preApply(b.create(account), `"card_token":"`+secret+`"`))
	if cards := b.Cards(); cards[0].RemovedAt.IsZero() || !cards[1].RemovedAt.IsZero() {
		t.Errorf("cards %+v", cards)
	}
}

func TestLinkedCardPaysAsItsNumberDoes(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	_, poor := b.link("8600312998546358")
	b.code("STPIMS-ERR-057", b.apply(b.prepared(account, `"card_token":"`+poor+`"`), "111111"))
	b.debits(0)
}

func TestListOfCardsLags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		b.link("9860090101014364")
		b.Script(sandbox.Fault{Op: "bind-confirm", Kind: sandbox.Lag, DelayMS: 4000})
		id, secret := b.link("9860090101893213")
		b.cards(`{}`, "4364")
		pass(4 * time.Second)
		b.cards(`{}`, "4364", "3213")
		b.Script(sandbox.Fault{Op: "remove-card", Kind: sandbox.Lag, DelayMS: 4000})
		b.result("OK", b.remove(id, secret))
		b.cards(`{}`, "4364", "3213")
		pass(4 * time.Second)
		b.cards(`{}`, "4364")
	})
}
