package ingress_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"tolov/internal/payment"
	"tolov/internal/telemetry"
)

func headers(authorization ...string) http.Header {
	return http.Header{"Authorization": authorization, "Content-Type": {"application/json"}}
}

// HAZARDS §4, items 10 and 12: whatever is wrong with the credentials, the answer is the same.
func TestWrongCredentialsAreToldNothing(t *testing.T) {
	t.Parallel()
	d := openHall(t, 1).doors[0]
	right := basic(login, password)
	for name, shown := range map[string][]string{
		"none": nil, "wrong password": {basic(login, "x")}, "wrong name": {basic("x", password)}, "empty": {basic("", "")},
		"name only": {basic(login, "")}, "moved colon": {basic(login+":"+password, "")}, "no base64": {"Basic ***"},
		"bearer": {strings.Replace(right, "Basic", "Bearer", 1)}, "no scheme": {right[len("Basic "):]},
		"prefix": {basic(login, password[:5])}, "longer": {basic(login, password+"x")}, "twice": {right, right},
	} {
		got := d.send("create", createBody(trans(1), 5), headers(shown...))
		if got.status != 401 || got.field("errorCode") != "10001" || got.field("serviceId") != "" ||
			got.header.Get("WWW-Authenticate") != "Basic" || len(got.body) > 80 {
			t.Errorf("%s: %s", name, got)
		}
	}
	if n := len(d.hall.records(trans(1))); n != 0 {
		t.Errorf("%d records", n)
	}
	if got := d.send("create", createBody(trans(1), 5), headers(strings.ToLower(right[:5])+right[5:])); got.status != 200 {
		t.Errorf("the scheme in lower case (RFC 9110 §11.1): %s", got)
	}
}

// HAZARDS §4, item 13.
func TestDuringARotationOldAndNewPasswordLetIn(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1)
	h.cfg = settings(t, "UZUM_PASSWORD=new, "+password)
	both := h.door().await()
	h.cfg = settings(t, "UZUM_PASSWORD=new")
	after := h.door().await()
	for _, c := range []struct {
		d        *door
		password string
		status   int
	}{
		{h.doors[0], password, 200},
		{h.doors[0], "new", 401},
		{both, password, 200},
		{both, "new", 200},
		{both, "new, " + password, 401},
		{after, "new", 200},
		{after, password, 401},
	} {
		if got := c.d.send("create", createBody(trans(1), 5), headers(basic(login, c.password))); got.status != c.status {
			t.Errorf("%q: %s, want %d", c.password, got, c.status)
		}
	}
}

func TestAMerchantsCredentialsAreGoodForItsOwnServiceOnly(t *testing.T) {
	t.Parallel()
	shop := file(t, `merchants: {shop: {uzum: {login: shop, password: pw, service_id: 5}}}`)
	d := openHall(t, 1, "CONFIG_FILE="+shop).doors[0]
	if got := d.send("create", createBody(trans(1), 5), headers(basic("shop", "pw"))); got.field("errorCode") != "10006" {
		t.Error(got)
	}
	own := strings.Replace(createBody(trans(1), 5), fmt.Sprint(service), "5", 1)
	if got := d.send("create", own, headers(basic("shop", "pw"))); got.field("status") != "CREATED" {
		t.Error(got)
	}
	if got := d.post("status", aboutBody(trans(1))); got.field("errorCode") != "99999" { // not the default merchant's
		t.Error(got)
	}
}

func TestOnlyPostedJSONIsRead(t *testing.T) {
	t.Parallel()
	d := openHall(t, 1).doors[0]
	good, right := createBody(trans(1), 5), basic(login, password)
	for _, method := range []string{"GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"} {
		got := d.request(method, "/uzum/create", good, headers(right))
		if got.status != 405 || got.header.Get("Allow") != "POST" {
			t.Errorf("%s: %s", method, got)
		}
	}
	for kind, want := range map[string]int{
		"": 415, "text/plain": 415, "application/x-www-form-urlencoded": 415, "application/jsonp": 415, "/": 415,
		"application/json; charset=utf-8": 200, "Application/JSON": 200,
	} {
		header := headers(right)
		header.Set("Content-Type", kind)
		if got := d.send("create", good, header); got.status != want {
			t.Errorf("%q: %s", kind, got)
		}
	}
	if got := d.request("POST", "/", good, headers(right)); got.status != 404 {
		t.Error(got)
	}
}

func TestABodyHasABound(t *testing.T) {
	t.Parallel()
	d := openHall(t, 1).doors[0]
	pad := func(n int) string {
		body := createBody(trans(1), 5)
		return strings.Repeat(" ", n-len(body)) + body
	}
	if got := d.post("create", pad(64<<10+1)); got.status != 413 || got.field("errorCode") != "10002" {
		t.Error(got)
	}
	if got := d.post("create", pad(64<<10)); got.status != 200 {
		t.Error(got)
	}
	header := headers(basic(login, password))
	header.Set("X-Long", strings.Repeat("x", 32<<10))
	if got := d.send("create", createBody(trans(1), 5), header); got.status != 431 {
		t.Error(got)
	}
}

// H63: who sends slowly is cut off, before its header is complete or after, and nobody else waits for it.
func TestASlowCallerIsCutOff(t *testing.T) {
	t.Parallel()
	d := openHall(t, 1).doors[0]
	head := "POST /uzum/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: " +
		basic(login, password) + "\r\n"
	for name, sent := range map[string]string{"header": head, "body": head + "Content-Length: 500\r\n\r\n{"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", d.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if _, err := io.WriteString(conn, sent); err != nil {
				t.Fatal(err)
			}
			if got := d.post("create", createBody(trans(1), 5)); got.status != 200 {
				t.Error(got)
			}
			if err := conn.SetReadDeadline(time.Now().Add(hallWait)); err != nil {
				t.Fatal(err)
			}
			said, err := io.ReadAll(bufio.NewReader(conn))
			if err != nil || strings.Contains(string(said), " 200 ") {
				t.Errorf("%q, %v", said, err)
			}
		})
	}
}

// H63: a stranger who floods is refused, and the bank behind the same address is not.
func TestAFloodOfStrangersDoesNotKeepTheBankOut(t *testing.T) {
	t.Parallel()
	d := openHall(t, 1).doors[0]
	refused := map[int]int{}
	for range 200 {
		refused[d.send("create", "{}", headers(basic("x", "y"))).status]++
	}
	if refused[401] == 0 || refused[429] == 0 || refused[401]+refused[429] != 200 {
		t.Errorf("refused %v", refused)
	}
	for range 100 {
		if got := d.post("create", createBody(trans(1), 5)); got.status != 200 {
			t.Fatal(got)
		}
	}
}

// H59: what was sent once may be sent again for ever, and moves nothing.
func TestAReplayChangesNothing(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1)
	calls := [][2]string{
		{"create", createBody(trans(1), 5)}, {"confirm", confirmBody(trans(1))}, {"reverse", aboutBody(trans(1))},
	}
	for range 5 {
		for _, c := range calls {
			h.doors[0].post(c[0], c[1])
		}
	}
	if got := h.story(trans(1)); got != "accepted completed refunded" || len(h.records(trans(1))) != 3 {
		t.Error(got)
	}
}

func TestWithoutStreamsItIsNotReadyAndMakesNone(t *testing.T) {
	t.Parallel()
	h := emptyHall(t)
	d := h.door()
	eventually(t, func() bool { return strings.Contains(h.log.String(), "waiting for the streams") })
	if d.Ready() == nil {
		t.Error("ready without streams")
	}
	if got := d.post("create", createBody(trans(1), 5)); got.status != 500 || got.body != "" {
		t.Error(got)
	}
	for range h.js().StreamNames(t.Context()).Name() {
		t.Error("a stream was made")
	}
	h.streams()
	d.await()
	if got := d.post("create", createBody(trans(1), 5)); got.status != 200 {
		t.Error(got)
	}
}

// H71: who has arrived is answered, on the way down too.
func TestOnTheWayDownTheCallInHandIsAnswered(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1, "BILLING=nats")
	asked, verdict := make(chan bool), make(chan string)
	h.billing(func(map[string]any) string { asked <- true; return <-verdict })
	answered := make(chan said)
	go func() { answered <- h.doors[0].post("create", createBody(trans(1), 5)) }()
	<-asked
	h.doors[0].stop()
	eventually(t, func() bool { return h.doors[0].Ready() != nil })
	verdict <- okBilling
	if got := <-answered; got.field("status") != "CREATED" {
		t.Error(got)
	}
	if err := h.doors[0].end(); err != nil || h.story(trans(1)) != "accepted" {
		t.Errorf("%v, %s", err, h.story(trans(1)))
	}
}

// A call has a span of its own. It links to the payment's trace, and to what the caller says of its own.
func TestACallIsTraced(t *testing.T) {
	t.Parallel()
	h := emptyHall(t)
	spans := tracetest.NewSpanRecorder()
	h.tel.Tracer = trace.NewTracerProvider(trace.WithSpanProcessor(spans)).Tracer(telemetry.Scope)
	h.streams()
	h.addDoors(1)
	h.doors[0].post("create", createBody(trans(1), 5))
	header := headers(basic(login, password))
	header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	h.doors[0].send("confirm", confirmBody(trans(1)), header)
	eventually(t, func() bool { return len(spans.Ended()) == 2 })
	create, confirm := spans.Ended()[0], spans.Ended()[1]
	if create.Name() != "receive uzum create" || confirm.Name() != "receive uzum confirm" {
		t.Errorf("%s, %s", create.Name(), confirm.Name())
	}
	linked := map[string]bool{}
	for _, link := range confirm.Links() {
		linked[link.SpanContext.TraceID().String()] = true
	}
	opened := create.SpanContext().TraceID().String()
	if len(linked) != 2 || !linked[opened] || !linked["0af7651916cd43dd8448eb211c80319c"] {
		t.Errorf("linked to %v", linked)
	}
	if got := h.records(trans(1))[0].State.Trace; !strings.Contains(got, opened) {
		t.Errorf("the payment's trace is %s, the call's %s", got, opened)
	}
}

// I8, H73: what comes in is not written down, in the log or in the records, but for what a payment is made of.
func TestSecretsAreNeverWritten(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1)
	d, id := h.doors[0], trans(1)
	d.post("create", createBody(id, 5))
	d.post("confirm", confirmBody(id))
	d.post("confirm", `{"phone":"998901234567",`)
	d.send("create", "{}", headers(basic(login, "canary-password")))
	written := h.log.String()
	for _, r := range h.records(id) {
		written += fmt.Sprintf("%+v %+v %+v", r, r.Payment, r.State)
	}
	for _, secret := range []string{password, "canary-password", "998901234567", basic(login, password)[6:], login} {
		if strings.Contains(written, secret) {
			t.Errorf("%s is written", secret)
		}
	}
	if !strings.Contains(written, payment.ID(payment.DefaultMerchant, id)) {
		t.Error("the log does not name the payment")
	}
}
