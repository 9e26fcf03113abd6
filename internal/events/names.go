package events

import (
	"hash/fnv"
	"strconv"
	"strings"

	"tolov/internal/payment"
)

// The streams (contract; DESIGN §5). The journal's carry their shard number behind the dash.
const (
	StreamCommands = "PAYMENTS_COMMANDS"
	StreamNotices  = "PAYMENTS_NOTICES"
	StreamJournal  = "PAYMENTS_JOURNAL_"
	StreamIndex    = "PAYMENTS_INDEX"
	StreamTimers   = "PAYMENTS_TIMERS"
	StreamEvents   = "PAYMENTS_EVENTS"
	StreamDead     = "PAYMENTS_DEAD"

	StreamOperations = "PAYMENTS_OPERATIONS"
)

// The subjects, each a prefix that ends in a dot.
const (
	subjectCommands = "payments.commands."
	subjectNotices  = "payments.notices."
	subjectJournal  = "payments.journal."
	subjectIndex    = "payments.index."
	subjectTimerSet = "payments.timers.set."
	subjectTimerDue = "payments.timers.due."
	subjectEvents   = "payments.events."
	subjectDead     = "payments.dead."
	subjectSwitch   = "payments.operations.provider." // + provider and merchant
	subjectReplay   = "payments.operations.replay."   // + the dead letter's sequence
)

// The services that answer questions.
const (
	SubjectQueryGet     = "payments.query.get"
	SubjectQueryHistory = "payments.query.history"
	SubjectQueryCardKey = "payments.query.card_key"

	SubjectQueryOpen     = "payments.query.open"     // by operators: payments that are not final
	SubjectQuerySettings = "payments.query.settings" // likewise; every worker answers
	SubjectQueryPreview  = "payments.query.preview"  // likewise: what would become of a command

	SubjectReconcile = "payments.reconcile" // compares our records with a provider's books, now

	SubjectBillingCheck = "billing.check" // asked by the ingress of the merchant's own billing
)

// The topics that the worker subscribes to, and the name of its durable consumers.
const (
	TopicCommands = subjectCommands + ">"
	TopicTimers   = subjectTimerDue + ">"
	TopicNotices  = subjectNotices + ">"
	TopicEvents   = subjectEvents + ">"
	AllSwitches   = subjectSwitch + ">"
	DurableWorker = "worker"
)

// Headers of our own.
const (
	HeaderRecord    = "Tolov-Record"      // a journal record's id
	HeaderStatus    = "Tolov-Status"      // the payment's status, so that a sweep needs no body
	HeaderDue       = "Tolov-Due"         // when the payment must be looked at, Unix milliseconds
	HeaderDoubt     = "Tolov-Doubt-Since" // Unix milliseconds
	HeaderExposure  = "Tolov-Exposure"    // tiyin that may have moved while nobody knows
	HeaderReview    = "Tolov-Review"      // why a person must look
	HeaderAccount   = "Tolov-Account"     // provider/merchant
	HeaderCreated   = "Tolov-Created"     // when the payment was opened, Unix milliseconds
	HeaderDiffers   = "Tolov-Differs"     // the moment of an open discrepancy with the provider's books, Unix milliseconds
	HeaderEvents    = "Tolov-Events"      // how many events a journal record has
	HeaderPositions = "Tolov-Positions"   // the journal positions that an event stands for
	HeaderArmed     = "Tolov-Armed"       // when a timer was armed, Unix milliseconds
	HeaderReason    = "Tolov-Reason"      // why a message is dead
	HeaderSubject   = "Tolov-Subject"     // where it came from
	HeaderSequence  = "Tolov-Sequence"
	HeaderUUID      = "_watermill_message_uuid" // watermill-nats' wire format
)

// timerName is the one timer a payment has: its next due time.
const timerName = "wake"

// CommandSubject is where a command of this verb is published.
func CommandSubject(verb payment.Verb) string { return subjectCommands + string(verb) }

// EventSubject is where an event of a payment is found.
func EventSubject(event payment.EventType, paymentID string) string {
	return subjectEvents + string(event) + "." + paymentID
}

// PaymentEvents selects all events of one payment.
func PaymentEvents(paymentID string) string { return subjectEvents + "*." + paymentID }

// JournalStream is the name of the shard's stream.
func JournalStream(shard int) string { return StreamJournal + strconv.Itoa(shard) }

// JournalSubject is the payment's own subject; its last record is the payment's state.
func JournalSubject(shard int, paymentID string) string {
	return subjectJournal + strconv.Itoa(shard) + "." + paymentID
}

// NoticeSubject is where is published what a provider told by itself.
func NoticeSubject(provider string) string { return subjectNotices + provider }

// IndexSubject is where the payment is noted that a provider knows under a key. A key that is no plain token, a
// long one, or one that may be a card number stands there as a digest, behind a sign that no plain one begins with.
func IndexSubject(provider, merchant, key string) string {
	if !plainToken(key) {
		key = "=" + digest([]byte(key))
	}
	return subjectIndex + provider + "." + merchant + "." + key
}

// AccountName is how a header names the account that a payment is made by.
func AccountName(provider, merchant string) string { return provider + "/" + merchant }

// Shard is the journal shard of a payment.
func Shard(paymentID string, shards int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(paymentID))
	return int(h.Sum32() % uint32(shards))
}

// SwitchSubject is where a provider's switch stands, for one merchant or for all.
func SwitchSubject(provider, merchant string) string {
	return subjectSwitch + provider + "." + merchant
}

// SwitchOf reads the subject of a switch.
func SwitchOf(subject string) (provider, merchant string) {
	provider, merchant, _ = strings.Cut(strings.TrimPrefix(subject, subjectSwitch), ".")
	return provider, merchant
}

// ReplaySubject is where is noted that a dead letter was published again, and by whom.
func ReplaySubject(sequence uint64) string { return subjectReplay + strconv.FormatUint(sequence, 10) }

func deadSubject(reason string) string { return subjectDead + reason }

// verbOf is the last token of a command's subject.
func verbOf(subject string) payment.Verb {
	return payment.Verb(strings.TrimPrefix(subject, subjectCommands))
}

// Template is a subject with its payment id left out: few values, fit for span names.
func Template(subject string) string {
	if strings.HasPrefix(subject, subjectTimerDue) {
		return subjectTimerDue + "{payment_id}"
	}
	if strings.HasPrefix(subject, subjectNotices) {
		return subjectNotices + "{provider}"
	}
	if verbOf(subject).Known() {
		return subject
	}
	return subjectCommands + "{unknown}"
}

// TimerPayment is the payment id in the subject of a timer that came due.
func TimerPayment(subject string) string {
	id, _, _ := strings.Cut(strings.TrimPrefix(subject, subjectTimerDue), ".")
	return id
}
