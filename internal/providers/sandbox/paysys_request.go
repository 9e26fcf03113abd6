package sandbox

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the hash that PaySys wants
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// paysysRequest is a call of any method.
type paysysRequest struct {
	Method string       `json:"method"`
	Params paysysParams `json:"params"`
	ID     string       `json:"id"`
}

type paysysParams struct {
	Partner     int64        `json:"partner_transaction_id"`
	Transaction int64        `json:"transaction_id"`
	Card        string       `json:"card_number"`
	Amount      int64        `json:"amount"`
	Sender      paysysSender `json:"sender"`
	Doc         paysysDoc    `json:"doc"`
	From        int64        `json:"date_from"`
	To          int64        `json:"date_to"`
}

type paysysSender struct {
	LastName   string `json:"last_name"`
	FirstName  string `json:"first_name"`
	MiddleName string `json:"middle_name"`
}

type paysysDoc struct {
	Nationality  string `json:"nationality"`
	Type         string `json:"type"`
	SeriesNumber string `json:"seriesNumber"`
	BirthDate    string `json:"birthDate"`
	ValidTo      string `json:"validTo"`
	MRZ          string `json:"mrz"`
}

// whole tells whether a document has all that it must have.
func (d paysysDoc) whole() bool {
	return d.Nationality != "" && d.Type == "passport" && d.SeriesNumber != "" && d.BirthDate != "" && d.ValidTo != ""
}

// paysysCall is a request that was let in.
type paysysCall struct {
	in      paysysRequest
	service string
}

// reads makes an operation's reader out of what the operation does.
func (p *paysys) reads(act func(*paysysCall) answer) func(*http.Request, []byte) (task, *answer) {
	return func(r *http.Request, body []byte) (task, *answer) {
		c := &paysysCall{}
		if err := json.Unmarshal(body, &c.in); err != nil {
			refusal := c.refuse(paysysBadParams)
			return task{}, &refusal
		}
		var ok bool
		if c.service, ok = p.door.opens(r.Header.Get("Auth"), p.now()); !ok {
			refusal := c.refuse(paysysDenied)
			return task{}, &refusal
		}
		return p.task(c, act), nil
	}
}

// task finds out which payout the call is about.
func (p *paysys) task(c *paysysCall, act func(*paysysCall) answer) task {
	t := task{account: decimal(c.in.Params.Partner), do: func() answer { return act(c) }, idle: c.refuse(paysysBroken)}
	p.mu.Lock()
	defer p.mu.Unlock()
	made := p.payouts[c.in.Params.Transaction]
	if made == nil {
		made = p.byPartner[c.in.Params.Partner]
	}
	if made == nil {
		return t
	}
	if strings.HasSuffix(c.in.Method, "confirm_remittance") {
		made.confirms++
		t.idle = c.tell(made, paysysSaysConfirmed)
	}
	t.account, t.key = decimal(made.partner), paysysKey(made.id)
	return t
}

// paysysDoor lets calls in: by the header Auth, and so many a minute.
type paysysDoor struct {
	service string // the only one that is let in; empty: any
	secret  string // empty: the hash is not checked
	most    int    // calls a minute; 0: any number
	now     func() time.Time

	mu      sync.Mutex
	got     []time.Time // of the last minute
	fullest int         // minute, in calls that were let in
	refused int         // calls
}

const (
	paysysClock  = 5 * time.Minute // how far the caller's clock may be off
	paysysMinute = time.Minute
)

func newPaysysDoor(o Options) *paysysDoor {
	return &paysysDoor{service: o.PaysysServiceID, secret: o.PaysysSecret, most: o.PaysysPerMinute, now: o.Now}
}

// opens reads <service_id>-<sha1hex(secret_key + timestamp)>-<timestamp>, the time in milliseconds.
func (d *paysysDoor) opens(auth string, now time.Time) (service string, ok bool) {
	rest, stamp, _ := cutLast(auth)
	service, hash, found := cutLast(rest)
	ms, err := strconv.ParseInt(stamp, 10, 64)
	off := now.Sub(time.UnixMilli(ms)).Abs()
	if err != nil || !found || service == "" || off > paysysClock || d.service != "" && service != d.service {
		return "", false
	}
	sum := sha1.Sum([]byte(d.secret + stamp)) //nolint:gosec // likewise
	return service, len(hash) == 2*len(sum) && (d.secret == "" || hash == hex.EncodeToString(sum[:]))
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '-')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// full tells how long to wait when there were too many calls in the last minute.
func (d *paysysDoor) full() time.Duration {
	if d.most == 0 {
		return 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	for len(d.got) > 0 && now.Sub(d.got[0]) >= paysysMinute {
		d.got = d.got[1:]
	}
	if len(d.got) >= d.most {
		d.refused++
		return paysysMinute - now.Sub(d.got[0])
	}
	d.got = append(d.got, now)
	d.fullest = max(d.fullest, len(d.got))
	return 0
}

// PaysysLoad tells how many calls PaySys had in its fullest minute, and how many it refused for being too many. It
// counts when PaysysPerMinute is set.
func (s *Sandbox) PaysysLoad() (fullest, refused int) {
	d := s.door
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fullest, d.refused
}

// serve adds the one address. It finds the operation by the method and lets it do the rest.
func (p *paysys) serve(s *Sandbox) {
	methods := map[string]http.HandlerFunc{}
	for _, op := range s.operations {
		if op.pattern == "" {
			methods[paysysMethod(op.name)] = s.serve(op)
		}
	}
	s.mux.HandleFunc("POST /paysys/gateway", func(w http.ResponseWriter, r *http.Request) {
		if wait := p.door.full(); wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
			http.Error(w, http.StatusText(http.StatusTooManyRequests), http.StatusTooManyRequests)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		if err != nil {
			http.Error(w, "unreadable request", http.StatusBadRequest)
			return
		}
		var in paysysRequest
		err = json.Unmarshal(body, &in)
		method, found := methods[in.Method]
		if err != nil || !found {
			sendPlain(w, http.StatusOK, paysysWords{id: in.ID, code: paysysNoMethod}.appendTo(nil, truth))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		method(w, r)
	})
}

func paysysMethod(operation string) string {
	switch _, call, _ := strings.Cut(operation, "."); call {
	case "prepare", "confirm", "check":
		return "cash2card." + call + "_remittance"
	default:
		return "cash2card." + call
	}
}
