package events

// Redact shows what a dead letter keeps of a body.
func Redact(body []byte) []byte { return redact(body) }

// DeadSubject shows where a dead letter goes.
func DeadSubject(reason string) string { return deadSubject(reason) }

// TimerSubject shows where a payment's timer stands.
func TimerSubject(paymentID string) string { return timerSubject(paymentID) }
