package sandbox

import "strings"

// Result codes that the sandbox answers. Source: ATMOS, "Transaction errors".
const (
	codeOK                  = "OK"
	codeInternal            = "STPIMS-ERR-001"
	codeCardNotFound        = "STPIMS-ERR-004"
	codeParameterMissing    = "STPIMS-ERR-006"
	codeBadFormat           = "STPIMS-ERR-007"
	codeInvalidParameters   = "STPIMS-ERR-009"
	codeTransactionID       = "STPIMS-ERR-012"
	codeAmount              = "STPIMS-ERR-039"
	codeUnauthorizedAmount  = "STPIMS-ERR-042"
	codeInsufficient        = "STPIMS-ERR-057"
	codeBlocked             = "STPIMS-ERR-058"
	codeTransactionNotFound = "STPIMS-ERR-061"
	codeInvalidRequest      = "STPIMS-ERR-062"
	codeCancelled           = "STPIMS-ERR-064"
	codeInProgress          = "STPIMS-ERR-065"
	codeExpired             = "STPIMS-ERR-067"
	codeNoSMS               = "STPIMS-ERR-089"
	codeClosed              = "STPIMS-ERR-092"
	codeBilling             = "STPIMS-ERR-093"
	codeWrongOTP            = "STPIMS-ERR-098"
	codeReversed            = "STPIMS-ERR-100"
	codeNotReversed         = "STPIMS-ERR-101"
	codeCardNumber          = "STPIMS-ERR-117"
	codeHoldUnconfirmed     = "STPIMS-ERR-142"
	codeHoldNotRemoved      = "STPIMS-ERR-143"
	codeHoldExpired         = "STPIMS-ERR-144"
	codeHoldCancelled       = "STPIMS-ERR-145"
	codeInProcess           = "INFO-202"
	codeStrange             = "STPIMS-ERR-999" // on no table
)

// describe gives the text of a code in the language that the request asks for; Russian when it asks for none.
func describe(code, lang string) string {
	uz, ru, en := wordsOf(code)
	switch strings.ToLower(lang) {
	case "uz":
		return uz
	case "en":
		return en
	default:
		return ru
	}
}

func wordsOf(code string) (uz, ru, en string) {
	switch code {
	case codeOK:
		return "Xatolik yo'q", "Нет ошибок", "No errors"
	case codeInternal:
		return "Ichki xatolik", "Внутренняя ошибка", "Internal error"
	case codeCardNotFound:
		return "Karta topilmadi", "Карта не найдена", "Card not found"
	case codeParameterMissing:
		return "Majburiy parametrlar topilmadi", "Не найдены обязательные параметры",
			"Required parameters not found"
	case codeBadFormat:
		return "Parametr formati noto'g'ri", "Неверный формат параметра",
			"Invalid parameter format"
	case codeInvalidParameters:
		return "Parametrlar noto'g'ri", "Неверные параметры", "Invalid parameters"
	case codeTransactionID:
		return "Tranzaksiya ID noto'g'ri", "Неверный ID транзакции", "Invalid transaction ID"
	case codeAmount:
		return "To'lov summasi noto'g'ri", "Неверная сумма платежа", "Invalid payment amount"
	case codeInsufficient:
		return "Mablag' yetarli emas", "Недостаточно средств", "Insufficient funds"
	case codeBlocked:
		return "Karta bloklangan", "Карта заблокирована", "Card blocked"
	case codeTransactionNotFound:
		return "So'ralgan tranzaksiya topilmadi",
			"Запрашиваемая транзакция не найдена",
			"Requested transaction not found"
	case codeInvalidRequest:
		return "So'rov noto'g'ri", "Неверный запрос", "Invalid request"
	case codeCancelled:
		return "To'lov bekor qilingan", "Платёж отменён", "Payment cancelled"
	case codeExpired:
		return "Kartangiz muddati tugagan", "Срок действия вашей карты истёк",
			"Your card has expired"
	case codeNoSMS:
		return "SMS-xabarnoma ulanmagan", "СМС-информирование не подключено",
			"SMS notifications not enabled"
	case codeClosed:
		return "Tranzaksiya yopilgan", "Транзакция закрыта", "Transaction closed"
	case codeWrongOTP:
		return "SMS-kod noto'g'ri kiritildi", "Неверно введён код OTP", "OTP code entered incorrectly"
	case codeCardNumber:
		return "Karta raqami noto'g'ri", "Неверный номер карты", "Incorrect card number"
	case codeInProcess:
		return "To'lov bajarilmoqda", "Платёж в процессе", "Payment in process"
	default:
		return laterWordsOf(code)
	}
}

// laterWordsOf are those of what comes after a payment, and of holds.
func laterWordsOf(code string) (uz, ru, en string) {
	switch code {
	case codeUnauthorizedAmount:
		return "Ruxsat etilmagan to'lov summasi", "Недопустимая сумма платежа", "Unauthorized payment amount"
	case codeInProgress:
		return "To'lov amalga oshirilmoqda", "Платёж проводится", "Payment in progress"
	case codeBilling:
		return "Ta'minotchi billingida xatolik", "Ошибка в биллинге поставщика",
			"Error in the provider's billing system"
	case codeReversed:
		return "So'ralgan tranzaksiya avval bekor qilingan",
			"Запрашиваемая транзакция ранее была отменена",
			"The requested transaction was previously cancelled"
	case codeNotReversed:
		return "Tranzaksiya bekor qilinmadi", "Транзакция не отменена", "Transaction not cancelled"
	case codeHoldUnconfirmed:
		return "Xoldirlash tasdiqlanmagan", "холдирование не подтверждено", "Hold not confirmed"
	case codeHoldNotRemoved:
		return "Xoldirlash bekor qilinmadi", "холдирование не снято", "Hold not removed"
	case codeHoldExpired:
		return "Xoldirlash vaqti tugagan", "время холдирования истекло", "Hold time expired"
	case codeHoldCancelled:
		return "Xoldirlash bekor qilingan", "холдирование отменено", "Hold cancelled"
	default:
		return "Noma'lum xatolik", "Неизвестная ошибка", "Unknown error"
	}
}
