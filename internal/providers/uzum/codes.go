package uzum

// Code is an errorCode of an answer, a number as text.
type Code string

// The codes. None stands for no error.
const (
	None             Code = ""
	AccessDenied     Code = "10001"
	NotJSON          Code = "10002"
	UnknownOperation Code = "10003"
	ParameterMissing Code = "10005"
	InvalidService   Code = "10006"
	AccountUnknown   Code = "10007" // an additional attribute of the payment was not found
	AlreadyPaid      Code = "10008"
	Cancelled        Code = "10009"
	CheckFailed      Code = "99999" // wrong amount, unknown transaction, anything else
)

// Codes lists every error code with its meaning.
func Codes() map[Code]string {
	return map[Code]string{
		AccessDenied:     "access denied",
		NotJSON:          "JSON parsing",
		UnknownOperation: "unknown operation",
		ParameterMissing: "required parameter missing",
		InvalidService:   "invalid serviceId",
		AccountUnknown:   "additional payment attribute not found",
		AlreadyPaid:      "payment already made",
		Cancelled:        "payment cancelled",
		CheckFailed:      "data check failed",
	}
}
