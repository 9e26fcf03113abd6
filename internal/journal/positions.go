package journal

import (
	"fmt"
	"strconv"
	"strings"
)

// positions tell how much of the journal the events stand for: per shard the last record whose events are all out,
// and of one further record how many are.
type positions struct {
	done  []uint64 // by shard
	shard int      // of the record that is partly out
	part  int      // how many of its events are out; 0 when none is partly out
}

func newPositions(shards int) positions { return positions{done: make([]uint64, shards)} }

// after gives the positions once event number index of the record at (shard, seq) is out too.
func (p positions) after(shard int, seq uint64, index, count int) positions {
	next := positions{done: append([]uint64(nil), p.done...)}
	if index+1 < count {
		next.shard, next.part = shard, index+1
		return next
	}
	next.done[shard] = seq
	return next
}

// within tells ErrJournalShort when the positions stand for more of a shard than there is.
func (p positions) within(shard int, last uint64) error {
	stand := p.done[shard]
	if p.part > 0 && p.shard == shard {
		stand++
	}
	if stand > last {
		return fmt.Errorf("%w: shard %d ends at %d, the events stand for %d", ErrJournalShort, shard, last, stand)
	}
	return nil
}

// String is the form in an event's header: "12,5,7,9", and behind a semicolon "<shard>:<events>" when a record is
// partly out.
func (p positions) String() string {
	parts := make([]string, len(p.done))
	for i, n := range p.done {
		parts[i] = strconv.FormatUint(n, 10)
	}
	s := strings.Join(parts, ",")
	if p.part > 0 {
		s += ";" + strconv.Itoa(p.shard) + ":" + strconv.Itoa(p.part)
	}
	return s
}

func parsePositions(s string, shards int) (positions, error) {
	p := newPositions(shards)
	list, partly, hasPart := strings.Cut(s, ";")
	parts := strings.Split(list, ",")
	if len(parts) != shards {
		return p, fmt.Errorf("positions %q: want %d shards", s, shards)
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 64)
		if err != nil {
			return p, fmt.Errorf("positions %q: %w", s, err)
		}
		p.done[i] = n
	}
	if hasPart {
		shard, part, _ := strings.Cut(partly, ":")
		p.shard, _ = strconv.Atoi(shard)
		p.part, _ = strconv.Atoi(part)
	}
	if p.String() != s || p.shard < 0 || p.shard >= shards { // nothing is guessed: a wrong place loses events
		return p, fmt.Errorf("positions %q: not in their one form", s)
	}
	return p, nil
}
