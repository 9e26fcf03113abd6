package paysys

import "tolov/internal/payment"

// The reasons of a failure, as its stable code.
const (
	reasonRefused   = "provider_refused"      // an error at the preparation; the provider code tells which
	reasonTaken     = "transaction_taken"     // another payment has our number: see numberOf
	reasonFailed    = "transaction_failed"    // -1
	reasonCancelled = "transaction_cancelled" // 2
	reasonReversed  = "transaction_reversed"  // 3
)

// failures is what to tell for each reason. Nothing writes to it.
var failures = map[string]payment.Failure{
	reasonRefused: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"Kartaga o‘tkazib bo‘lmadi. Karta raqamini tekshiring.",
		"Выплата на карту не принята. Проверьте номер карты.",
		"The payout to the card was not accepted. Check the card number."),
	reasonTaken: payment.Tell(payment.ByCaller, payment.StartAgain,
		"O‘tkazma amalga oshmadi. Qaytadan boshlang.",
		"Выплата не прошла. Начните заново.",
		"The payout failed. Start it again."),
	reasonFailed: payment.Tell(payment.ByProvider, payment.StartAgain,
		"O‘tkazma amalga oshmadi. Qaytadan boshlang.",
		"Выплата не прошла. Начните заново.",
		"The payout failed. Start it again."),
	reasonCancelled: payment.Tell(payment.ByProvider, payment.StartAgain,
		"O‘tkazma bekor qilingan. Qaytadan boshlang.",
		"Выплата отменена. Начните заново.",
		"The payout was cancelled. Start it again."),
	reasonReversed: payment.Tell(payment.ByProvider, payment.ContactProvider,
		"O‘tkazma qaytarildi. Xizmat ko‘rsatuvchiga murojaat qiling.",
		"Выплата возвращена. Обратитесь к провайдеру.",
		"The payout was reversed. Contact the provider."),
}

func failureOf(reason, code string) *payment.Failure {
	return failures[reason].Because(reason, code)
}
