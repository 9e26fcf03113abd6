package atmosips

import "tolov/internal/payment"

// reason is why ATMOS refused, as the stable word that a failure carries as its code.
type reason string

// The reasons.
const (
	insufficientFunds     reason = "insufficient_funds"
	invalidAmount         reason = "invalid_amount"
	cardNotFound          reason = "card_not_found"
	cardNotVerified       reason = "card_not_verified"
	cardNotValid          reason = "card_not_valid"
	cardNotLinked         reason = "card_not_linked"
	issuerDeclined        reason = "issuer_declined"
	holdExpired           reason = "hold_expired"
	cancellationFailed    reason = "cancellation_failed"
	commissionError       reason = "commission_error"
	externalIDUsed        reason = "external_id_used"
	transactionState      reason = "transaction_state"
	transactionNotFound   reason = "transaction_not_found"
	transactionFailed     reason = "transaction_failed"
	transactionCancelled  reason = "transaction_cancelled"
	merchantNotConfigured reason = "merchant_not_configured"
	terminalNotFound      reason = "terminal_not_found"
	accessDenied          reason = "access_denied"
	providerUnavailable   reason = "provider_unavailable"
	providerError         reason = "provider_error"
)

// failureOf tells why a call with the result code was refused.
func failureOf(why reason, code string) *payment.Failure {
	return failures[why].Because(string(why), code)
}

// failures is what to tell for each reason. Nothing writes to it.
var failures = map[reason]payment.Failure{
	insufficientFunds: payment.Tell(payment.ByCustomer, payment.TopUp,
		"Kartada mablag‘ yetarli emas. Kartani to‘ldiring yoki boshqa kartadan to‘lang.",
		"На карте недостаточно средств. Пополните карту или оплатите другой картой.",
		"There is not enough money on the card. Top it up or use another card."),
	invalidAmount: payment.Tell(payment.ByCaller, payment.FixRequest,
		"Ushlab qolingan summa faqat to‘liq yechiladi.",
		"Удержанная сумма списывается только целиком.",
		"The amount that is held can only be charged as a whole."),
	cardNotFound: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"Karta topilmadi. Karta ma’lumotlarini tekshiring.",
		"Карта не найдена. Проверьте данные карты.",
		"The card was not found. Check the card details."),
	cardNotVerified: payment.Tell(payment.ByCustomer, payment.TryAnotherCard,
		"Karta 3-D Secure tekshiruvidan o‘tmadi. Qayta urinib ko‘ring yoki boshqa kartadan foydalaning.",
		"Карта не прошла проверку 3-D Secure. Попробуйте снова или используйте другую карту.",
		"The card did not pass 3-D Secure. Try again or use another card."),
	cardNotValid: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"Karta yaroqsiz. Karta ma’lumotlari va amal qilish muddatini tekshiring.",
		"Карта недействительна. Проверьте данные и срок действия карты.",
		"The card is not valid. Check its details and expiry date."),
	cardNotLinked: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"Karta ulanmagan yoki faol emas. Kartani qayta ulang.",
		"Карта не привязана или неактивна. Привяжите карту заново.",
		"The card is not linked or not active. Link the card again."),
	issuerDeclined: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"Bank to‘lovni rad etdi. Bankingizga murojaat qiling yoki boshqa kartadan to‘lang.",
		"Банк отклонил платёж. Обратитесь в свой банк или оплатите другой картой.",
		"The bank declined the payment. Contact your bank or use another card."),
	holdExpired: payment.Tell(payment.ByProvider, payment.StartAgain,
		"Ushlab qolingan mablag‘ qaytarilgan. To‘lovni qaytadan boshlang.",
		"Удержание средств снято. Начните платёж заново.",
		"The funds are not held any more. Start the payment again."),
	cancellationFailed: payment.Tell(payment.ByProvider, payment.RetryLater,
		"Operatsiyani bekor qilib bo‘lmadi. Keyinroq urinib ko‘ring.",
		"Операцию отменить не удалось. Попробуйте позже.",
		"The operation could not be cancelled. Try again later."),
	commissionError: payment.Tell(payment.ByProvider, payment.ContactProvider,
		"Komissiyani hisoblab bo‘lmadi. Sotuvchiga murojaat qiling.",
		"Не удалось рассчитать комиссию. Обратитесь к продавцу.",
		"The commission could not be calculated. Contact the seller."),
	externalIDUsed: payment.Tell(payment.ByCaller, payment.StartAgain,
		"Bunday to‘lov mavjud. To‘lovni qaytadan boshlang.",
		"Такой платёж уже есть. Начните платёж заново.",
		"Such a payment exists already. Start the payment again."),
	transactionState: payment.Tell(payment.ByProvider, payment.ContactProvider,
		"To‘lov holati bu amalga yo‘l qo‘ymaydi. Sotuvchiga murojaat qiling.",
		"Состояние платежа не допускает этой операции. Обратитесь к продавцу.",
		"The state of the payment does not allow this. Contact the seller."),
	transactionNotFound: payment.Tell(payment.ByProvider, payment.StartAgain,
		"To‘lov topilmadi. To‘lovni qaytadan boshlang.",
		"Платёж не найден. Начните платёж заново.",
		"The payment was not found. Start the payment again."),
	transactionFailed: payment.Tell(payment.ByIssuer, payment.TryAnotherCard,
		"To‘lov amalga oshmadi. Boshqa kartadan to‘lab ko‘ring.",
		"Платёж не прошёл. Попробуйте оплатить другой картой.",
		"The payment did not go through. Try another card."),
	transactionCancelled: payment.Tell(payment.ByProvider, payment.StartAgain,
		"To‘lov bekor qilingan. To‘lovni qaytadan boshlang.",
		"Платёж отменён. Начните платёж заново.",
		"The payment was cancelled. Start the payment again."),
	merchantNotConfigured: payment.Tell(payment.ByMerchant, payment.ContactProvider,
		"Sotuvchi to‘lov tizimida sozlanmagan. Sotuvchiga murojaat qiling.",
		"Продавец не настроен в платёжной системе. Обратитесь к продавцу.",
		"The seller is not set up in the payment system. Contact the seller."),
	terminalNotFound: payment.Tell(payment.ByMerchant, payment.ContactProvider,
		"Sotuvchining terminali topilmadi. Sotuvchiga murojaat qiling.",
		"Терминал продавца не найден. Обратитесь к продавцу.",
		"The seller's terminal was not found. Contact the seller."),
	accessDenied: payment.Tell(payment.ByMerchant, payment.ContactProvider,
		"To‘lov tizimi so‘rovni qabul qilmadi. Sotuvchiga murojaat qiling.",
		"Платёжная система не приняла запрос. Обратитесь к продавцу.",
		"The payment system did not let the request in. Contact the seller."),
	providerUnavailable: payment.Tell(payment.ByProvider, payment.RetryLater,
		"To‘lov tizimi vaqtincha ishlamayapti. Keyinroq urinib ko‘ring.",
		"Платёжная система временно недоступна. Попробуйте позже.",
		"The payment system is temporarily unavailable. Try again later."),
	providerError: payment.Tell(payment.ByProvider, payment.ContactProvider,
		"To‘lov tizimida xatolik yuz berdi. Sotuvchiga murojaat qiling.",
		"Ошибка платёжной системы. Обратитесь к продавцу.",
		"An error occurred in the payment system. Contact the seller."),
}
