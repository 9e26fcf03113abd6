package telemetry

// Scope is the instrumentation scope of all spans and metrics.
const Scope = "tolov"

// Span names, in the order in which a payment meets them.
const (
	SpanTool     = "payctl "  // + verb: somebody uses the tool
	SpanPublish  = "publish " // + the subject: a caller stores a command (package client)
	SpanProcess  = "process " // + the subject's template: a message is being handled
	SpanRecord   = "record"   // one append to the journal
	SpanStep     = "step "    // + provider and step: one step of a flow that calls the provider
	SpanExchange = "HTTP "    // + method and the path's template: one request to a provider
	SpanEvent    = "event "   // + event: from the record that tells it until it is stored
	SpanReceive  = "receive " // + provider and operation: a provider calls us
)

// Attributes of spans and log lines.
const (
	AttrPaymentID  = "tolov.payment.id"
	AttrMerchant   = "tolov.merchant"
	AttrProvider   = "tolov.provider"
	AttrStep       = "tolov.step"
	AttrAttempt    = "tolov.attempt"
	AttrOutcome    = "tolov.outcome"
	AttrCode       = "tolov.provider_code"
	AttrStatus     = "tolov.payment.status"
	AttrEvent      = "tolov.event"
	AttrDeliveries = "tolov.deliveries"
	AttrReason     = "tolov.reason"
	AttrHTTPStatus = "http.response.status_code"
	AttrHTTPMethod = "http.request.method"
	AttrServer     = "server.address"
	AttrRoute      = "tolov.route"
	AttrVersion    = "version" // of the build, as every exporter of build_info calls it
	AttrCommit     = "commit"
	AttrCompiler   = "goversion"
	AttrStream     = "tolov.stream"
	AttrInDoubt    = "tolov.in_doubt" // true: a call that moves money went out, and its outcome is not known
	AttrIntent     = "tolov.intent"   // the step that a record is the intent of
)

// Metrics. The exporter writes dots as underscores and adds the unit and _total.
const (
	MetricPayments     = "tolov.payments"            // counter by provider and event: what happened to payments
	MetricMoney        = "tolov.money"               // counter by provider: tiyin completed
	MetricStep         = "tolov.step.duration"       // histogram, seconds, by provider, step, outcome
	MetricReceived     = "tolov.received.duration"   // histogram, seconds, by route, HTTP status: providers' calls to us
	MetricPolls        = "tolov.polls"               // counter by provider: questions about money calls
	MetricUnknownCodes = "tolov.unknown_codes"       // counter by provider: codes that no table knows
	MetricRedeliveries = "tolov.redeliveries"        // counter: messages that came again
	MetricDead         = "tolov.dead_letters"        // counter by reason
	MetricEvents       = "tolov.events"              // counter: events stored by this worker
	MetricClaims       = "tolov.claims"              // counter by outcome: what the fast guard answered
	MetricOpen         = "tolov.payments.open"       // gauge by status, at the last sweep
	MetricDoubt        = "tolov.payments.in_doubt"   // gauge: payments in doubt, at the last sweep
	MetricDoubtAge     = "tolov.in_doubt.oldest_age" // gauge, seconds
	MetricExposure     = "tolov.in_doubt.exposure"   // gauge: tiyin that may have moved, and nobody knows
	MetricReview       = "tolov.payments.review"     // gauge by reason: payments that a person must look at
	MetricOverdue      = "tolov.payments.overdue"    // gauge: payments whose timer did not come, at the last sweep
	MetricSweepAge     = "tolov.sweep.age"           // gauge, seconds since the last whole sweep
	MetricDiffer       = "tolov.discrepancies.open"  // gauge: payments that differ from their provider's books
	MetricBreaker      = "tolov.breaker.state"       // gauge by provider, merchant: 0 closed, 1 half-open, 2 open
	MetricInHand       = "tolov.payments.in_hand"    // gauge: messages being worked on
	MetricJournalShort = "tolov.journal.short"       // gauge: 1 when events exist whose records are gone
	MetricPaused       = "tolov.provider.paused"     // gauge by provider, merchant (or _all): 1 while paused
	MetricProjectorLag = "tolov.projector.lag"       // gauge, seconds: age of the oldest record without its events
	MetricPending      = "tolov.queue.pending"       // gauge by stream: messages that no worker was given yet
	MetricUnacked      = "tolov.queue.unacked"       // gauge by stream: given to a worker, or waiting to come again
	MetricParked       = "tolov.queue.parked"        // gauge by stream: 1 when a message will never come
	MetricMessages     = "tolov.stream.messages"     // gauge by stream
	MetricBytes        = "tolov.stream.bytes"        // gauge by stream
	MetricByteLimit    = "tolov.stream.bytes_limit"  // gauge by stream: 0 for none
	MetricStored       = "tolov.storage.bytes"       // gauge: all streams of the NATS account
	MetricStoredLimit  = "tolov.storage.bytes_limit" // gauge: 0 for none
	MetricSignatures   = "tolov.signature_failures"  // counter by route: calls to us without the right credentials
	MetricCanary       = "tolov.canary_hits"         // counter: records with what looks like a card number
	MetricReady        = "tolov.ready"               // gauge: 1 when /readyz says so
	MetricBuild        = "tolov.build_info"          // gauge: always 1, by version, commit and compiler
)
