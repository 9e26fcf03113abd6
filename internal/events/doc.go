// Package events is the wire: the table of subjects and streams, commands in, CloudEvents out, timers, dead letters,
// and a Watermill publisher and subscriber on JetStream.
//
// It never sees a flow: it turns a message into a payment.Command and a record's event into a CloudEvent, and it
// settles every message in one switch (settle.go). Delivery is at least once; what makes a payment happen once is the
// journal.
//
// Read next: names.go and streams.go for what is on the wire, decode.go for what a command may look like, subscriber.go
// and subscription.go for how messages come in.
package events
