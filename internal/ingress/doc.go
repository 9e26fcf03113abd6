// Package ingress is where providers call us: HTTP in, one journal append, and the answer out.
//
// It accepts nothing that is not recorded: a call is answered from the record that its append made, so a repeat of it,
// also at another ingress, gets the same answer. What cannot be recorded is answered with HTTP 500, and no verdict.
// A question of ATMOS moves nothing of ours, so it is only answered, from the payment's last record (adr/0013).
//
// It makes no calls to providers and no streams; it waits for those that the worker makes.
//
// # Adding a route
//
// A caller's routes are a function of the [Ingress] that gives [Route] values, and one line in its routes method
// (ingress.go). What every route has from the [shell] and need not do again: POST and JSON only, body limit, time
// limits, rate limit per source, readiness, server span, metric, one log line, recovery. What a route gives:
//
//   - Path and Name; the name stands in spans, metrics and logs.
//   - Authorize, when the caller can be known by its headers ([credentials] does Basic); nil when only the body can
//     tell, as with a signature.
//   - Refuse, the body of a refusal in the caller's own words; nil for none.
//   - Handle, which gets the body and gives a [Reply]. [decode] reads a body strictly. An error is HTTP 500, and is
//     logged: it must hold no secret.
//
// Read in this order: ingress.go, shell.go, uzum.go, atmos.go.
package ingress
