package via

import "tolov/internal/payment"

// The reasons of a failure, as its stable code.
const (
	reasonRefused  = "provider_refused"   // at confirm/pay; the provider's message tells why
	reasonCode     = "wrong_code"         // verify was refused and the transaction is still open
	reasonFailed   = "transaction_failed" // ERROR
	reasonDeclined = "issuer_declined"    // REJECT
)

// failures is what to tell for each reason when the provider tells nothing itself. Nothing writes to it.
var failures = map[string]payment.Failure{
	reasonRefused: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"To‘lov qabul qilinmadi. Karta ma’lumotlarini tekshiring.",
		"Платёж не принят. Проверьте данные карты.",
		"The payment was not accepted. Check the card details."),
	reasonCode: payment.Tell(payment.ByCustomer, payment.StartAgain,
		"SMS-kod qabul qilinmadi. To‘lovni qaytadan boshlang.",
		"Код из SMS не принят. Начните оплату заново.",
		"The code from the SMS was not accepted. Start the payment again."),
	reasonFailed: payment.Tell(payment.ByProvider, payment.StartAgain,
		"To‘lov amalga oshmadi. To‘lovni qaytadan boshlang.",
		"Платёж не прошёл. Начните оплату заново.",
		"The payment failed. Start the payment again."),
	reasonDeclined: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"Bank to‘lovni rad etdi. Bankingizga murojaat qiling.",
		"Банк отклонил платёж. Обратитесь в свой банк.",
		"The bank refused the payment. Contact your bank."),
}

// failureOf makes a failure of a reason, in the provider's own words where it has some.
func failureOf(reason, code string, words threeTexts) *payment.Failure {
	failure := failures[reason].Because(reason, code)
	for _, text := range []struct {
		theirs prose
		ours   *string
	}{{words.UZ, &failure.Message.UZ}, {words.RU, &failure.Message.RU}, {words.EN, &failure.Message.EN}} {
		if text.theirs != "" {
			*text.ours = string(text.theirs)
		}
	}
	return failure
}
