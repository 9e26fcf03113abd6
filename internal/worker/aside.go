package worker

import (
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"
)

// answerer takes the answer to a question: the question itself, or what speaks for it after its handler has returned.
type answerer interface {
	Respond(data []byte, options ...micro.RespondOpt) error
	Error(code, description string, data []byte, options ...micro.RespondOpt) error
}

// aside answers a question from another goroutine. The question's own methods are for its handler alone: the service
// reads what they left behind as soon as the handler has returned.
type aside struct {
	nc    *nats.Conn
	reply string
}

var _ answerer = aside{}

func (w *Worker) aside(req micro.Request) aside { return aside{w.parts.NATS, req.Reply()} }

// Respond sends the answer.
func (a aside) Respond(data []byte, options ...micro.RespondOpt) error {
	m := &nats.Msg{Subject: a.reply, Data: data}
	for _, option := range options {
		option(m)
	}
	return a.nc.PublishMsg(m)
}

// Error sends a service error.
func (a aside) Error(code, description string, data []byte, options ...micro.RespondOpt) error {
	return a.Respond(data, append(options, micro.WithHeaders(micro.Headers{
		micro.ErrorHeader: {description}, micro.ErrorCodeHeader: {code},
	}))...)
}
