package ingress

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/providers/uzum"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// uzumDesk answers Uzum Bank, which drives its payments: every call that changes one is an append, and what is answered
// is what the records say, to the millisecond. So a repeat is answered as the first one was, here or elsewhere.
type uzumDesk struct {
	ingress  *Ingress
	access   credentials
	services map[int64]string // merchants by serviceId
	flow     *saga.Flow
	policy   saga.Policy
	biller   *biller
}

// uzumRoutes are the five operations. What else is asked under /uzum/ is no operation.
func (i *Ingress) uzumRoutes() []Route {
	c := i.parts.Config
	u := &uzumDesk{
		ingress: i, services: map[int64]string{}, flow: uzum.Flows()[0],
		biller: &biller{nats: i.parts.NATS, accepts: c.BillingAccepts()},
		policy: saga.Policy{
			Timeout: time.Duration(c.Worker.ProviderTimeout), Schedule: c.Worker.PollSchedule,
			ReviewAfter: time.Duration(c.Worker.ReviewAfter),
		},
	}
	for name, m := range c.Merchants {
		id, err := strconv.ParseInt(m.Uzum.ServiceID, 10, 64)
		if m.Uzum.Configured() && err == nil { // the settings were checked
			u.services[id] = name
			u.access.add(name, m.Uzum.Login, m.Uzum.Passwords())
		}
	}
	var routes []Route
	for op, answer := range map[uzum.Operation]func(context.Context, *visit) (any, uzum.Code, error){
		uzum.Check: u.check, uzum.Create: u.create, uzum.Confirm: u.confirm, uzum.Reverse: u.reverse, uzum.Status: u.status,
	} {
		routes = append(routes, u.route(string(op), u.handle(op, answer)))
	}
	return append(routes, u.route("", u.unknown))
}

func (u *uzumDesk) route(op string, handle func(context.Context, *Request) (Reply, error)) Route {
	route := Route{
		Path: "/" + uzum.Name + "/" + op, Name: uzum.Name + " " + op,
		Authorize: u.access.basic, Refuse: u.refusal, Handle: handle,
	}
	if op == "" {
		route.Name = uzum.Name + " unknown"
	}
	return route
}

// visit is one call of Uzum Bank's about one transaction.
type visit struct {
	uzum.Request
	merchant  string
	paymentID string // of the transaction; empty for a check
	now       time.Time
	told      []any
}

func (v *visit) millis() uzum.Millis { return uzum.Millis(v.now.UnixMilli()) }

// handle reads a call, finds whose it is, and lets answer give its own kind of answer.
func (u *uzumDesk) handle(
	op uzum.Operation, answer func(context.Context, *visit) (any, uzum.Code, error),
) func(context.Context, *Request) (Reply, error) {
	return func(ctx context.Context, r *Request) (Reply, error) {
		request, code := uzum.Read(op, r.Body)
		v := &visit{Request: request, now: r.At}
		if code == uzum.None {
			v.merchant = u.services[*v.ServiceID]
			if v.merchant == "" || !slices.Contains(r.Party, v.merchant) {
				code = uzum.InvalidService
			}
		}
		if code != uzum.None {
			return v.refuse(code), nil
		}
		if op != uzum.Check {
			v.paymentID = payment.ID(v.merchant, *v.TransID)
			v.told = append(v.told, "payment_id", v.paymentID)
			trace.SpanFromContext(ctx).SetAttributes(attribute.String(telemetry.AttrPaymentID, v.paymentID))
		}
		body, code, err := answer(ctx, v)
		switch {
		case err != nil:
			return Reply{Told: v.told}, err
		case code != uzum.None:
			return v.refuse(code), nil
		default:
			return Reply{Status: http.StatusOK, Body: body, Told: v.told}, nil
		}
	}
}

// refuse answers with an error code.
func (v *visit) refuse(code uzum.Code) Reply {
	return Reply{
		Status: http.StatusBadRequest, Body: v.Refuse(code, v.millis()), Told: append(v.told, "error_code", code),
	}
}

// refusal is the body of what the shell refuses. What says nothing about the payment has none: a server that is not
// ready or asked too often must not be taken for a verdict.
func (u *uzumDesk) refusal(status int) any {
	now := uzum.Millis(u.ingress.parts.Now().UnixMilli())
	switch status {
	case http.StatusUnauthorized:
		return (&uzum.Request{}).Refuse(uzum.AccessDenied, now)
	case http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
		return (&uzum.Request{}).Refuse(uzum.NotJSON, now)
	default:
		return nil
	}
}

func (u *uzumDesk) unknown(_ context.Context, r *Request) (Reply, error) {
	return (&visit{now: r.At}).refuse(uzum.UnknownOperation), nil
}

// check asks billing whether a payment is possible. Nothing is recorded: nothing was asked for.
func (u *uzumDesk) check(ctx context.Context, v *visit) (any, uzum.Code, error) {
	account, _, ok := v.Attributes()
	if !ok {
		return nil, uzum.AccountUnknown, nil
	}
	said, err := u.biller.ask(ctx, question{
		Merchant: v.merchant, Provider: uzum.Name, Account: account, Params: v.Params, Stage: string(uzum.Check),
	})
	switch {
	case err != nil:
		return nil, uzum.None, err
	case said.Code != "":
		return nil, refusedBy(said.Code), nil
	}
	return uzum.CheckAnswer{
		ServiceID: *v.ServiceID, Timestamp: v.millis(), Status: uzum.OK, Data: uzum.Show(said.shown(account)),
	}, uzum.None, nil
}

// refusedBy is the error code for what billing found.
func refusedBy(code payment.RefusedBy) uzum.Code {
	switch code {
	case accountNotFound:
		return uzum.AccountUnknown
	case alreadyPaid:
		return uzum.AlreadyPaid
	default:
		return uzum.CheckFailed
	}
}

// join links the call's span with the payment's own trace.
func join(ctx context.Context, r saga.Record) {
	span := trace.SpanFromContext(ctx)
	opened := events.SpanContext(r.State.Trace)
	if span.IsRecording() && opened.IsValid() && opened.TraceID() != span.SpanContext().TraceID() {
		span.AddLink(trace.Link{SpanContext: opened})
	}
}

var errLostRace = errors.New("the payment was recorded by others again and again")
