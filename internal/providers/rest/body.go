package rest

import (
	"io"
	"net/http"
	"sync"
)

// onceOnly is the request's body. Its type hides it from net/http, so that it cannot rewind and send it again (H15). A
// GET gets one too, an empty one: without any, net/http would repeat it by itself on a connection that it has used
// before.
func (r Request) onceOnly() io.Reader {
	if len(r.Body) == 0 && r.Method != http.MethodGet {
		return nil
	}
	return &body{data: r.Body}
}

// body is read once and wiped when net/http closes it, which it does in the end whatever happens, but maybe while it is
// still reading.
type body struct {
	mu     sync.Mutex
	data   []byte
	at     int
	closed bool
}

// Read gives what was not read yet.
func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return 0, io.ErrClosedPipe
	case b.at == len(b.data):
		return 0, io.EOF
	}
	n := copy(p, b.data[b.at:])
	b.at += n
	return n, nil
}

// Close wipes what there was.
func (b *body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.data)
	b.closed = true
	return nil
}
