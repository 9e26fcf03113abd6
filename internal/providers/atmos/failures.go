package atmos

import "tolov/internal/payment"

// reason is why ATMOS refused, as the stable word that a failure carries as its code.
type reason string

// The reasons.
const (
	insufficientFunds     reason = "insufficient_funds"
	limitExceeded         reason = "limit_exceeded"
	cardNotFound          reason = "card_not_found"
	cardNotSupported      reason = "card_not_supported"
	cardNotLinked         reason = "card_not_linked"
	cardAlreadyLinked     reason = "card_already_linked"
	cardPhoneMismatch     reason = "card_phone_mismatch"
	corporateCard         reason = "corporate_card"
	sameCard              reason = "same_card"
	wrongCardNumber       reason = "wrong_card_number"
	wrongExpiry           reason = "wrong_expiry"
	wrongPhone            reason = "wrong_phone"
	wrongCode             reason = "wrong_code"
	smsNotEnabled         reason = "sms_not_enabled"
	smsNotSent            reason = "sms_not_sent"
	cardExpired           reason = "card_expired"
	cardBlocked           reason = "card_blocked"
	cardBlockedByOwner    reason = "card_blocked_by_owner"
	cardBlockedForDebt    reason = "card_blocked_for_debt"
	cardLost              reason = "card_lost"
	cardNotActivated      reason = "card_not_activated"
	cardProblem           reason = "card_problem"
	pinAttemptsExceeded   reason = "pin_attempts_exceeded"
	pinChangeRequired     reason = "pin_change_required"
	pinRequired           reason = "pin_required"
	suspectedFraud        reason = "suspected_fraud"
	issuerDeclined        reason = "issuer_declined"
	issuerContact         reason = "issuer_contact"
	issuerNotSupported    reason = "issuer_not_supported"
	accountNotFound       reason = "account_not_found"
	invalidAmount         reason = "invalid_amount"
	invalidRequest        reason = "invalid_request"
	merchantNotConfigured reason = "merchant_not_configured"
	terminalNotFound      reason = "terminal_not_found"
	accessDenied          reason = "access_denied"
	transactionNotFound   reason = "transaction_not_found"
	transactionClosed     reason = "transaction_closed"
	transactionCancelled  reason = "transaction_cancelled"
	transactionFailed     reason = "transaction_failed"
	cancellationFailed    reason = "cancellation_failed"
	recentPayment         reason = "recent_payment"
	holdNotConfirmed      reason = "hold_not_confirmed"
	holdExpired           reason = "hold_expired"
	holdCancelled         reason = "hold_cancelled"
	tooManyRequests       reason = "too_many_requests"
	bankUnavailable       reason = "bank_unavailable"
	providerUnavailable   reason = "provider_unavailable"
	providerError         reason = "provider_error"
)

// failures is what to tell for each reason. Nothing writes to it.
var failures = map[reason]payment.Failure{
	insufficientFunds: payment.Tell(payment.ByCustomer, payment.TopUp,
		"Kartada mablag‘ yetarli emas. Kartani to‘ldiring yoki boshqa kartadan to‘lang.",
		"На карте недостаточно средств. Пополните карту или оплатите другой картой.",
		"There is not enough money on the card. Top it up or use another card."),
	limitExceeded: payment.Tell(payment.ByCustomer, payment.TryAnotherCard,
		"Karta bo‘yicha o‘tkazma limiti oshib ketdi. Boshqa kartadan foydalaning.",
		"Превышен лимит переводов по карте. Используйте другую карту.",
		"The transfer limit of the card is exceeded. Use another card."),
	cardNotFound: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"Karta topilmadi. Karta ma’lumotlarini tekshiring.",
		"Карта не найдена. Проверьте данные карты.",
		"The card was not found. Check the card details."),
	cardNotSupported: payment.Tell(payment.ByCustomer, payment.TryAnotherCard,
		"Bu karta bilan to‘lab bo‘lmaydi. Boshqa kartadan to‘lang.",
		"Этой картой оплатить нельзя. Оплатите другой картой.",
		"This card cannot be used here. Use another card."),
	cardNotLinked: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"Karta ulanmagan yoki faol emas. Kartani qayta ulang.",
		"Карта не привязана или неактивна. Привяжите карту заново.",
		"The card is not linked or not active. Link the card again."),
	cardAlreadyLinked: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"Bu karta allaqachon ulangan.",
		"Эта карта уже привязана.",
		"This card is already linked."),
	cardPhoneMismatch: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"Telefon raqami kartaga ulangan raqamga mos kelmadi.",
		"Номер телефона не совпадает с номером, привязанным к карте.",
		"The phone number does not match the number linked to the card."),
	corporateCard: payment.Tell(payment.ByCustomer, payment.TryAnotherCard,
		"Korporativ kartadan o‘tkazma qilib bo‘lmaydi. Boshqa kartadan foydalaning.",
		"Переводы с корпоративных карт запрещены. Используйте другую карту.",
		"Transfers with corporate cards are not allowed. Use another card."),
	sameCard: payment.Tell(payment.ByCustomer, payment.TryAnotherCard,
		"Yuboruvchi va oluvchi kartalari bir xil bo‘lmasligi kerak.",
		"Карты отправителя и получателя должны быть разными.",
		"The sender's card and the recipient's card must be different."),
	wrongCardNumber: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"Karta raqami noto‘g‘ri. Raqamni tekshiring.",
		"Неверный номер карты. Проверьте номер.",
		"The card number is wrong. Check the number."),
	wrongExpiry: payment.Tell(payment.ByCustomer, payment.CheckCard,
		"Karta topilmadi. Karta raqami va amal qilish muddatini tekshiring.",
		"Карта не найдена. Проверьте номер и срок действия карты.",
		"The card was not found. Check its number and expiry date."),
	wrongPhone: payment.Tell(payment.ByCustomer, payment.FixRequest,
		"Telefon raqami qabul qilinmadi. Raqamni tekshiring.",
		"Номер телефона не принят. Проверьте номер.",
		"The phone number was not accepted. Check the number."),
	wrongCode: payment.Tell(payment.ByCustomer, payment.RequestNewCode,
		"SMS-kod noto‘g‘ri. Kodni tekshiring yoki yangisini so‘rang.",
		"Неверный код из SMS. Проверьте код или запросите новый.",
		"The code from the SMS is wrong. Check it or ask for a new one."),
	smsNotEnabled: payment.Tell(payment.ByCustomer, payment.EnableSMS,
		"Kartaga SMS-xabarnoma ulanmagan. Uni ulang va qayta urinib ko‘ring.",
		"К карте не подключены SMS-уведомления. Подключите их и попробуйте снова.",
		"The card has no SMS notifications. Turn them on and try again."),
	smsNotSent: payment.Tell(payment.ByProvider, payment.RetryLater,
		"SMS-kod yuborilmadi. Keyinroq urinib ko‘ring.",
		"SMS с кодом не отправлено. Попробуйте позже.",
		"The SMS with the code was not sent. Try again later."),
	cardExpired: payment.Tell(payment.ByCustomer, payment.TryAnotherCard,
		"Kartaning amal qilish muddati tugagan. Boshqa kartadan to‘lang.",
		"Срок действия карты истёк. Оплатите другой картой.",
		"The card has expired. Use another card."),
	cardBlocked: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"Karta bloklangan. Bankingizga murojaat qiling.",
		"Карта заблокирована. Обратитесь в свой банк.",
		"The card is blocked. Contact your bank."),
	cardBlockedByOwner: payment.Tell(payment.ByCustomer, payment.TryAnotherCard,
		"Karta egasi tomonidan bloklangan. Uni blokdan chiqaring yoki boshqa kartadan to‘lang.",
		"Карта заблокирована владельцем. Разблокируйте её или оплатите другой картой.",
		"The card was blocked by its owner. Unblock it or use another card."),
	cardBlockedForDebt: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"Karta kredit qarzi sababli bloklangan. Bankingizga murojaat qiling.",
		"Карта заблокирована из-за долга по кредиту. Обратитесь в свой банк.",
		"The card is blocked because of a credit debt. Contact your bank."),
	cardLost: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"Karta yo‘qolgan deb belgilangan. Bankingizga murojaat qiling.",
		"Карта отмечена как утерянная. Обратитесь в свой банк.",
		"The card was reported lost. Contact your bank."),
	cardNotActivated: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"Karta faollashtirilmagan. Bankingizga murojaat qiling.",
		"Карта не активирована. Обратитесь в свой банк.",
		"The card is not activated. Contact your bank."),
	cardProblem: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"Kartada muammo bor. Bankingizga murojaat qiling.",
		"С картой возникла проблема. Обратитесь в свой банк.",
		"There is a problem with the card. Contact your bank."),
	pinAttemptsExceeded: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"PIN-kod juda ko‘p marta noto‘g‘ri kiritilgan. Bankingizga murojaat qiling.",
		"PIN-код слишком много раз введён неверно. Обратитесь в свой банк.",
		"The PIN was entered wrongly too many times. Contact your bank."),
	pinChangeRequired: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"Kartaning PIN-kodini almashtirish kerak. Bankingizga murojaat qiling.",
		"Нужно сменить PIN-код карты. Обратитесь в свой банк.",
		"The PIN of the card must be changed. Contact your bank."),
	pinRequired: payment.Tell(payment.ByIssuer, payment.TryAnotherCard,
		"Bu karta bilan faqat PIN-kod orqali to‘lash mumkin. Boshqa kartadan to‘lang.",
		"Этой картой можно платить только с PIN-кодом. Оплатите другой картой.",
		"This card can only be used with its PIN. Use another card."),
	suspectedFraud: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"To‘lov xavfsizlik sababli rad etildi. Bankingizga murojaat qiling.",
		"Платёж отклонён в целях безопасности. Обратитесь в свой банк.",
		"The payment was refused for security reasons. Contact your bank."),
	issuerDeclined: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"Bank to‘lovni rad etdi. Bankingizga murojaat qiling.",
		"Банк отклонил платёж. Обратитесь в свой банк.",
		"The bank refused the payment. Contact your bank."),
	issuerContact: payment.Tell(payment.ByIssuer, payment.ContactBank,
		"To‘lov o‘tmadi. Kartani chiqargan bankka murojaat qiling.",
		"Платёж не прошёл. Обратитесь в банк, выпустивший карту.",
		"The payment did not go through. Contact the bank that issued the card."),
	issuerNotSupported: payment.Tell(payment.ByIssuer, payment.TryAnotherCard,
		"Bu bank kartasi qabul qilinmaydi. Boshqa bank kartasidan foydalaning.",
		"Карты этого банка не принимаются. Используйте карту другого банка.",
		"Cards of this bank are not accepted. Use a card of another bank."),
	accountNotFound: payment.Tell(payment.ByCaller, payment.FixRequest,
		"To‘lov hisobi topilmadi. Hisob raqamini tekshiring.",
		"Счёт для оплаты не найден. Проверьте номер счёта.",
		"The account to pay was not found. Check its number."),
	invalidAmount: payment.Tell(payment.ByCaller, payment.FixRequest,
		"Bunday summani to‘lab bo‘lmaydi. Summani tekshiring.",
		"Такую сумму оплатить нельзя. Проверьте сумму.",
		"This amount cannot be paid. Check the amount."),
	invalidRequest: payment.Tell(payment.ByCaller, payment.FixRequest,
		"To‘lov ma’lumotlarida xato bor. Sotuvchiga murojaat qiling.",
		"В данных платежа ошибка. Обратитесь к продавцу.",
		"There is an error in the payment details. Contact the seller."),
	merchantNotConfigured: payment.Tell(payment.ByMerchant, payment.ContactProvider,
		"Sotuvchi hozircha to‘lov qabul qila olmaydi. Sotuvchiga murojaat qiling.",
		"Продавец пока не может принять оплату. Обратитесь к продавцу.",
		"The seller cannot take this payment yet. Contact the seller."),
	terminalNotFound: payment.Tell(payment.ByMerchant, payment.ContactProvider,
		"Sotuvchining to‘lov terminali topilmadi. Sotuvchiga murojaat qiling.",
		"Платёжный терминал продавца не найден. Обратитесь к продавцу.",
		"The seller's payment terminal was not found. Contact the seller."),
	accessDenied: payment.Tell(payment.ByMerchant, payment.ContactProvider,
		"To‘lov xizmatiga kirish rad etildi. Sotuvchiga murojaat qiling.",
		"Доступ к платёжному сервису закрыт. Обратитесь к продавцу.",
		"Access to the payment service was denied. Contact the seller."),
	transactionNotFound: payment.Tell(payment.ByCaller, payment.StartAgain,
		"To‘lov topilmadi. To‘lovni qaytadan boshlang.",
		"Платёж не найден. Начните оплату заново.",
		"The payment was not found. Start the payment again."),
	transactionClosed: payment.Tell(payment.ByCaller, payment.ContactProvider,
		"Bu to‘lov yopilgan. Qayta to‘lashdan oldin uning holatini tekshiring.",
		"Этот платёж уже закрыт. Проверьте его состояние, прежде чем платить снова.",
		"This payment is already closed. Check its state before you pay again."),
	transactionCancelled: payment.Tell(payment.ByCustomer, payment.StartAgain,
		"To‘lov bekor qilingan. To‘lovni qaytadan boshlang.",
		"Платёж отменён. Начните оплату заново.",
		"The payment was cancelled. Start the payment again."),
	transactionFailed: payment.Tell(payment.ByProvider, payment.StartAgain,
		"To‘lov amalga oshmadi. To‘lovni qaytadan boshlang.",
		"Платёж не прошёл. Начните оплату заново.",
		"The payment failed. Start the payment again."),
	cancellationFailed: payment.Tell(payment.ByProvider, payment.RetryLater,
		"To‘lovni bekor qilib bo‘lmadi. Keyinroq urinib ko‘ring.",
		"Отменить платёж не удалось. Попробуйте позже.",
		"The payment could not be cancelled. Try again later."),
	recentPayment: payment.Tell(payment.ByCustomer, payment.RetryLater,
		"Siz yaqinda shu hisobga to‘lov qilgansiz. Keyinroq urinib ko‘ring.",
		"Вы недавно уже платили на этот счёт. Попробуйте позже.",
		"You recently made a payment to this account. Try again later."),
	holdNotConfirmed: payment.Tell(payment.ByCustomer, payment.StartAgain,
		"Kartadagi mablag‘ni band qilish tasdiqlanmagan.",
		"Блокировка средств на карте не подтверждена.",
		"The hold of money on the card is not confirmed."),
	holdExpired: payment.Tell(payment.ByCaller, payment.StartAgain,
		"Kartadagi mablag‘ni band qilish muddati tugagan. To‘lovni qaytadan boshlang.",
		"Срок блокировки средств на карте истёк. Начните оплату заново.",
		"The hold of money on the card has expired. Start the payment again."),
	holdCancelled: payment.Tell(payment.ByCaller, payment.StartAgain,
		"Kartadagi mablag‘ni band qilish bekor qilingan. To‘lovni qaytadan boshlang.",
		"Блокировка средств на карте отменена. Начните оплату заново.",
		"The hold of money on the card was cancelled. Start the payment again."),
	tooManyRequests: payment.Tell(payment.ByProvider, payment.RetryLater,
		"So‘rovlar juda ko‘p. Birozdan so‘ng urinib ko‘ring.",
		"Слишком много запросов. Попробуйте немного позже.",
		"There are too many requests. Try again a little later."),
	bankUnavailable: payment.Tell(payment.ByIssuer, payment.RetryLater,
		"Bank bilan aloqa yo‘q. Keyinroq urinib ko‘ring.",
		"Нет связи с банком. Попробуйте позже.",
		"The bank cannot be reached. Try again later."),
	providerUnavailable: payment.Tell(payment.ByProvider, payment.RetryLater,
		"To‘lov xizmati vaqtincha ishlamayapti. Keyinroq urinib ko‘ring.",
		"Платёжный сервис временно недоступен. Попробуйте позже.",
		"The payment service is temporarily unavailable. Try again later."),
	providerError: payment.Tell(payment.ByProvider, payment.ContactProvider,
		"To‘lov xizmatida xatolik yuz berdi. Sotuvchiga murojaat qiling.",
		"В платёжном сервисе произошла ошибка. Обратитесь к продавцу.",
		"The payment service had an error. Contact the seller."),
}
