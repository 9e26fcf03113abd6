package sandbox

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

const (
	contentJSON = "application/json;charset=UTF-8"
	hugeBody    = 2 << 20
	pageBody    = "<!DOCTYPE html><html><head><title>Bad gateway</title></head>" +
		"<body><h1>Bad gateway</h1><p>The service is temporarily unavailable.</p></body></html>"
)

// saying is an answer on its way out.
type saying struct {
	manner manner
	delay  time.Duration
	status int
	body   []byte
}

// speak sends the answer, or what a fault leaves of it.
func (s *Sandbox) speak(w http.ResponseWriter, r *http.Request, say saying) {
	switch say.manner.voice {
	case aloud:
		sendPlain(w, say.status, say.body)
	case bare:
		sendBare(w, say.manner.status)
	case page:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(pageBody))
	case broken: // the length promises the whole, so the connection closes in the middle
		w.Header().Set("Content-Length", strconv.Itoa(len(say.body)))
		sendPlain(w, say.status, say.body[:len(say.body)/2])
	case blank:
		sendPlain(w, say.status, nil)
	case vast: // in front, so that reading up to a limit finds nothing of use
		sendPlain(w, say.status, append(bytes.Repeat([]byte(" "), hugeBody), say.body...))
	case drip:
		s.sendDrops(w, r, say)
	case silence:
		s.timers.hang(r.Context())
		panic(http.ErrAbortHandler)
	case hangUp:
		panic(http.ErrAbortHandler)
	}
}

// sendPlain sends JSON. Write errors mean that the client has gone, which is its own affair.
func sendPlain(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", contentJSON)
	if status != 0 {
		w.WriteHeader(status)
	}
	_, _ = w.Write(body)
}

func sendBare(w http.ResponseWriter, status int) {
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, http.StatusText(status), status)
}

// sendDrops sends one byte at a time and gives up when the client does.
func (s *Sandbox) sendDrops(w http.ResponseWriter, r *http.Request, say saying) {
	w.Header().Set("Content-Length", strconv.Itoa(len(say.body)))
	sendPlain(w, say.status, nil)
	flow, gap := http.NewResponseController(w), say.delay/time.Duration(max(len(say.body), 1))
	for i := range say.body {
		if !s.timers.pause(gap) || r.Context().Err() != nil {
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(say.body[i : i+1])
		_ = flow.Flush()
	}
}
