package campaign_test

import (
	"strings"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// The cards of Visa and Mastercard scenes, as the sandbox knows them.
const (
	payerIP   = `"customer_ip":"192.168.200.1",`
	visa      = `"card":{"number":"4278310021875430","expiry":"9912","holder":"ANDREY PAK","cvc":"680"}`
	visaFree  = `"card":{"number":"4000000000000002","expiry":"9912","holder":"ANDREY PAK","cvc":"680"}`
	visaFails = `"card":{"number":"4000000000003220","expiry":"9912","holder":"ANDREY PAK","cvc":"680"}`
	linked    = `"card":{"id":"900001"}`
	slowly    = `"card":{"id":"900005"}` // a recurring payment takes a moment
	lines     = `,"ofd_items":[{"name":"trip","ofd_code":"10105001001000000","amount":5000}]`
	invoiced  = `"hosted":{"success_url":"https://shop.example/","items":[{"items_id":"1","name":"b","amount":5000}]}`
	shortly   = `,"expires_in_s":60`
)

func ipsPayScenes() []scene {
	paid := scene{with: one + payerIP + visa, page: true, ends: payment.Completed, debits: 1, moved: 5000}
	free := scene{with: one + payerIP + visaFree, ends: payment.Completed, debits: 1, moved: 5000}
	again := scene{with: one + payerIP + `"recurring":true,` + linked, ends: payment.Completed, debits: 1, moved: 5000}
	return ofIPS([]scene{
		paid.named("3-D Secure"),
		free.named("linked").giving(one + payerIP + linked),
		paid.named("create never answered").struck("create", sandbox.SilentAfter),
		paid.named("apply never answered").struck("apply", sandbox.SilentAfter),
		paid.named("apply never arrived").struck("apply", sandbox.SilentBefore),
		free.named("linked, create never answered").giving(one+payerIP+linked).struck("create", sandbox.SilentAfter),
		free.named("no 3-D Secure, draft never answered").struck("pre-create", sandbox.SilentAfter),
		{name: "3-D Secure never finished", with: one + payerIP + visa + shortly, ends: payment.Cancelled},
		{name: "3-D Secure failed", with: one + payerIP + visaFails, page: true, ends: payment.Failed},
		{name: "3-D Secure, cancelled", with: one + payerIP + visa, cancel: true, ends: payment.Cancelled},
		again.named("recurring"),
		again.named("recurring, never answered").struck("create-template", sandbox.SilentAfter),
		again.named("recurring, settles later").giving(one + payerIP + `"recurring":true,` + slowly),
		paid.named("invoice").giving(one + payerIP + invoiced),
		{name: "invoice, nobody pays", with: one + payerIP + invoiced + shortly, ends: payment.Cancelled},
	})
}

// Whether held funds were taken cannot be asked, so when the answer is lost a person looks, and is given time to.
func ipsHoldScenes() []scene {
	charged := scene{
		opens: payment.VerbHold, with: one + payerIP + linked + lines, person: true,
		then: []follow{{payment.Held, payment.VerbCharge, ""}}, ends: payment.Completed, debits: 1, moved: 5000,
	}
	released := charged
	released.then, released.ends = []follow{{payment.Held, payment.VerbCancel, ""}}, payment.Cancelled
	released.debits, released.moved = 0, 0
	returned := charged
	returned.then = append(returned.then, follow{payment.Completed, payment.VerbRefund, `"refund_id":"r"`})
	returned.ends, returned.moved = payment.Refunded, 0
	return ofIPS([]scene{
		charged.named("hold, charged"),
		charged.named("hold, never answered").struck("hold", sandbox.SilentAfter),
		charged.named("hold, charge never answered").struck("hold-apply", sandbox.SilentAfter),
		charged.named("hold, charge never arrived").struck("hold-apply", sandbox.SilentBefore),
		released.named("hold, released"),
		released.named("hold, release never answered").struck("hold-cancel", sandbox.SilentAfter),
		returned.named("hold, returned"),
		returned.named("hold, return never answered").struck("hold-return", sandbox.SilentAfter),
	})
}

func ipsCardScenes() []scene {
	bound := scene{opens: payment.VerbLinkCard, with: payerIP + visa, page: true, ends: payment.Linked, cards: 1}
	return ofIPS([]scene{
		bound.named("link"),
		bound.named("link, never answered").struck("card-bind", sandbox.SilentAfter),
		bound.named("link at the page").giving(`"account":"$","hosted":{"success_url":"https://shop.example/thanks"}`),
	})
}

func viaScenes() []scene {
	paid := scene{with: one + aNumber, codes: []string{rightCode}, ends: payment.Completed, debits: 1, moved: 5000}
	return of("via", []scene{
		paid.named("code"),
		paid.named("transaction never answered").struck("confirm-pay", sandbox.SilentAfter),
		paid.named("code never answered").struck("verify", sandbox.SilentAfter),
		paid.named("code never arrived").struck("verify", sandbox.SilentBefore),
		{name: "nobody answers", with: one + aNumber + shortly, ends: payment.Cancelled},
	})
}

func paysysScenes() []scene {
	paid := scene{
		opens: payment.VerbPayout, ends: payment.Completed, debits: 1, moved: 400_000,
		with: `"amount":400000,"card":{"number":"860049######3347"},"sender":{"last_name":"A","first_name":"B"}`,
	}
	declined := paid
	declined.with = strings.Replace(paid.with, "860049######3347", "8600312998546358", 1)
	declined.ends, declined.debits, declined.moved = payment.Failed, 0, 0
	return of("paysys", []scene{
		paid.named("payout"),
		paid.named("payout, preparation never answered").struck("prepare", sandbox.SilentAfter),
		paid.named("payout, never answered").struck("confirm", sandbox.SilentAfter),
		paid.named("payout, never arrived").struck("confirm", sandbox.SilentBefore),
		declined.named("payout, cancelled there"),
	})
}

// ofIPS gives scenes to the acquiring of Visa and Mastercard. A card is in the command alone, and goes with the call
// that moves money: when the worker dies before that call, it is certain that nothing moved, and the card is gone.
func ofIPS(scenes []scene) []scene {
	for i := range scenes {
		scenes[i].anew = true
	}
	return of(ips, scenes)
}

// of gives scenes to a provider.
func of(provider string, scenes []scene) []scene {
	for i := range scenes {
		scenes[i].provider, scenes[i].name = provider, provider+": "+scenes[i].name
	}
	return scenes
}

func (sc scene) named(name string) scene {
	sc.name = name
	return sc
}

func (sc scene) giving(with string) scene {
	sc.with = with
	return sc
}

func (sc scene) struck(op, fault string) scene {
	sc.op, sc.fault = op, fault
	return sc
}
