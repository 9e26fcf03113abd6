package sandbox

import (
	"net/http"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// The sandbox's error codes of VIA, which publishes no list of its own.
const (
	viaBadRequest   = "1001"
	viaTaken        = "1002" // the externalId was used
	viaCard         = "1003"
	viaNotFound     = "1004"
	viaClosed       = "1005"
	viaCode         = "1006"
	viaFunds        = "1007"
	viaBroken       = "1008"
	viaAccessDenied = "1009"
)

// viaShape is which of the three answers is given.
type viaShape uint8

const (
	viaSaysPaid     viaShape = iota // to confirm/pay
	viaSaysVerified                 // to verify
	viaSaysStatus                   // to the status query
)

// viaWords is the wording of a transaction. It is a value: twisting one changes no payment.
type viaWords struct {
	payment viaPayment
	shape   viaShape
}

func viaAnswer(p *viaPayment, shape viaShape) answer { return answer{words: viaWords{*p, shape}} }

func (w viaWords) appendTo(b []byte, t twist) []byte {
	p := &w.payment
	switch t {
	case truth:
	case otherAmount:
		p.amount += otherBy
	case otherTransaction:
		p.id += "x"
	case strangeCode:
		p.status = viaStrange
	case inProcess:
		p.status, p.payedAt = viaPending, time.Time{}
	case unconfirmed:
		if p.status == viaSuccess {
			p.status, p.payedAt = viaNew, time.Time{}
		}
	}
	switch {
	case w.shape == viaSaysPaid && t == strangeCode:
		return append(b, viaRefusal("9999")...)
	case w.shape == viaSaysPaid:
		return append(jsonText(append(b, `{"verifyId":`...), p.id), '}')
	case w.shape == viaSaysVerified:
		return append(p.appendTo(append(b, '{')), '}')
	}
	b = p.appendTo(append(b, `{"data":{`...))
	b = jsonText(append(b, `,"externalId":`...), p.external)
	b = jsonText(append(b, `,"errorCode":`...), p.errorCode)
	b = jsonText(append(b, `,"errorMessage":`...), viaMessage(p.errorCode))
	return append(b, `,"refundedAmount":0,"process":"UZCARD"}}`...)
}

// appendTo writes the members of the documented sample.
func (p *viaPayment) appendTo(b []byte) []byte {
	b = jsonText(append(b, `"transactionId":`...), p.id)
	if p.processor != 0 {
		b = jsonText(append(b, `,"processingTransactionId":`...), "0"+decimal(p.processor))
	}
	b = jsonText(append(b, `,"merchantId":`...), p.merchant)
	b = append(b, `,"amount":`+decimal(p.amount)+`,"createdAt":`+decimal(p.createdAt.UnixMilli())...)
	b = jsonText(append(b, `,"status":`...), p.status)
	if !p.payedAt.IsZero() {
		b = append(b, `,"payedAt":`+decimal(p.payedAt.UnixMilli())...)
	}
	return append(b, `,"fee":0,"feePercent":0.0,"currency":"UZS",`+
		`"epos":{"merchantId":"11111111111","terminalId":"22222222"}`...)
}

// jsonText writes a string. Text that is not UTF-8 never passes the request's decoder.
func jsonText(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s)
	return b
}

func refuseVia(code string) answer { return answer{http.StatusBadRequest, viaRefusal(code)} }

// viaRefusal is an error in the documented form.
func viaRefusal(code string) fixed {
	uz, ru, en := viaTexts(code)
	b := jsonText([]byte(`{"status":{"code":`), code)
	b = jsonText(append(b, `,"message":`...), en)
	b = jsonText(append(b, `},"error":{"path":"/partner","message":{"uz":`...), uz)
	b = jsonText(append(b, `,"ru":`...), ru)
	b = jsonText(append(b, `,"en":`...), en)
	return fixed(append(b, `}}}`...))
}

func viaMessage(code string) string {
	if code == "" {
		return ""
	}
	_, _, en := viaTexts(code)
	return en
}

func viaTexts(code string) (uz, ru, en string) {
	switch code {
	case viaBadRequest:
		return "So'rov noto'g'ri", "Неверный запрос", "Invalid request"
	case viaTaken:
		return "externalId band", "externalId уже использован", "externalId was already used"
	case viaCard:
		return "Karta qabul qilinmadi", "Карта не принята", "The card was not accepted"
	case viaNotFound:
		return "Tranzaksiya topilmadi", "Транзакция не найдена", "Transaction not found"
	case viaClosed:
		return "Tranzaksiya yakunlangan", "Транзакция завершена", "Transaction is finished"
	case viaCode:
		return "Tasdiqlash kodi noto'g'ri", "Неверный код подтверждения", "Wrong confirmation code"
	case viaFunds:
		return "Mablag' yetarli emas", "Недостаточно средств", "Insufficient funds"
	case viaAccessDenied:
		return "Ruxsat yo'q", "Доступ запрещён", "Access denied"
	default:
		return "So'rovni bajarishda xatolik", "Ошибка при выполнении запроса", "Error while executing the request"
	}
}
