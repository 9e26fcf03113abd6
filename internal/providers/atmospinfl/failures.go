package atmospinfl

import "tolov/internal/payment"

// reason is why a withdrawal was refused, as the stable word that a failure carries as its code.
type reason string

// The reasons.
const (
	insufficientFunds    reason = "insufficient_funds"
	balanceUnavailable   reason = "balance_unavailable"
	cardsNotFound        reason = "cards_not_found"
	personNotAvailable   reason = "person_not_available"
	personNotAccepted    reason = "person_not_accepted"
	contractNotAccepted  reason = "contract_not_accepted"
	detailsMismatch      reason = "details_mismatch"
	externalIDUsed       reason = "external_id_used"
	invalidRequest       reason = "invalid_request"
	amountTooSmall       reason = "amount_too_small"
	merchantNotSetUp     reason = "merchant_not_configured"
	transactionNotFound  reason = "transaction_not_found"
	transactionFailed    reason = "transaction_failed"
	transactionCancelled reason = "transaction_cancelled"
	providerUnavailable  reason = "provider_unavailable"
)

// failureOf tells why a call with the result code was refused.
func failureOf(why reason, code string) *payment.Failure {
	return failures[why].Because(string(why), code)
}

// failures is what to tell for each reason. Nothing writes to it.
var failures = map[reason]payment.Failure{
	insufficientFunds: payment.Tell(payment.ByCustomer, payment.TopUp,
		"Kartalaringizda mablag‘ yetarli emas. Kartani to‘ldiring.",
		"На ваших картах недостаточно средств. Пополните карту.",
		"There is not enough money on your cards. Top one up."),
	balanceUnavailable: payment.Tell(payment.ByIssuer, payment.RetryLater,
		"Karta qoldig‘ini bilib bo‘lmadi. Keyinroq urinib ko‘ring.",
		"Не удалось узнать остаток по карте. Попробуйте позже.",
		"The balance of the card could not be learned. Try again later."),
	cardsNotFound: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"JShShIR bo‘yicha kartalar topilmadi.",
		"Карты по этому ПИНФЛ не найдены.",
		"No cards were found under this PINFL."),
	personNotAvailable: payment.Tell(payment.ByCustomer, payment.ContactProvider,
		"Bu JShShIR bo‘yicha pul yechib bo‘lmaydi. Sotuvchiga murojaat qiling.",
		"Списание по этому ПИНФЛ недоступно. Обратитесь к продавцу.",
		"Withdrawals are not available for this PINFL. Contact the seller."),
	personNotAccepted: payment.Tell(payment.ByCaller, payment.FixRequest,
		"Shaxsiy ma’lumotlar qabul qilinmadi. Ularni tekshiring.",
		"Личные данные не приняты. Проверьте их.",
		"The personal data were not accepted. Check them."),
	contractNotAccepted: payment.Tell(payment.ByCaller, payment.FixRequest,
		"Shartnoma qabul qilinmadi. Uning raqamini tekshiring.",
		"Договор не принят. Проверьте его номер.",
		"The contract was not accepted. Check its number."),
	detailsMismatch: payment.Tell(payment.ByCaller, payment.FixRequest,
		"Ma’lumotlar to‘lovniki bilan mos kelmadi.",
		"Данные не совпадают с данными платежа.",
		"The details do not match those of the payment."),
	externalIDUsed: payment.Tell(payment.ByCaller, payment.StartAgain,
		"To‘lov raqami band. To‘lovni qaytadan boshlang.",
		"Номер платежа уже занят. Начните оплату заново.",
		"The payment's number is taken. Start the payment again."),
	invalidRequest: payment.Tell(payment.ByCaller, payment.FixRequest,
		"So‘rovdagi ma’lumotlar noto‘g‘ri.",
		"В запросе неверные данные.",
		"The request holds wrong data."),
	amountTooSmall: payment.Tell(payment.ByCaller, payment.FixRequest,
		"Summa ruxsat etilgan eng kam miqdordan oz.",
		"Сумма меньше минимально допустимой.",
		"The amount is less than the smallest that is allowed."),
	merchantNotSetUp: payment.Tell(payment.ByMerchant, payment.ContactProvider,
		"Sotuvchi to‘lovlarni qabul qilishga sozlanmagan. Sotuvchiga murojaat qiling.",
		"Продавец не настроен для приёма платежей. Обратитесь к продавцу.",
		"The seller is not set up to take payments. Contact the seller."),
	transactionNotFound: payment.Tell(payment.ByProvider, payment.StartAgain,
		"To‘lov topilmadi. To‘lovni qaytadan boshlang.",
		"Платёж не найден. Начните оплату заново.",
		"The payment was not found. Start the payment again."),
	transactionFailed: payment.Tell(payment.ByProvider, payment.StartAgain,
		"To‘lov amalga oshmadi. To‘lovni qaytadan boshlang.",
		"Платёж не прошёл. Начните оплату заново.",
		"The payment failed. Start the payment again."),
	transactionCancelled: payment.Tell(payment.ByCaller, payment.StartAgain,
		"To‘lov bekor qilingan.",
		"Платёж отменён.",
		"The payment was cancelled."),
	providerUnavailable: payment.Tell(payment.ByProvider, payment.RetryLater,
		"To‘lov xizmati vaqtincha ishlamayapti. Keyinroq urinib ko‘ring.",
		"Платёжный сервис временно недоступен. Попробуйте позже.",
		"The payment service is temporarily unavailable. Try again later."),
}
