package journal

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func anyPositions() *rapid.Generator[positions] {
	return rapid.Custom(func(t *rapid.T) positions {
		p := positions{done: rapid.SliceOfN(rapid.Uint64(), 1, 8).Draw(t, "done")}
		if p.part = rapid.IntRange(0, 5).Draw(t, "part"); p.part > 0 {
			p.shard = rapid.IntRange(0, len(p.done)-1).Draw(t, "shard")
		}
		return p
	})
}

// One read tells where to resume, so what is written must be read back.
func TestPositionsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyPositions().Draw(t, "positions")
		got, err := parsePositions(want.String(), len(want.done))
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(positions{})); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}

// A place that was guessed loses or repeats events, so positions have one form, and nothing else is read.
func TestPositionsHaveOneForm(t *testing.T) {
	const alphabet = `[0-9,;:x+ -]{0,12}`
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(alphabet).Draw(t, "text")
		count := rapid.IntRange(1, 4).Draw(t, "shards")
		if p, err := parsePositions(text, count); err == nil && (p.String() != text || len(p.done) != count) {
			t.Fatalf("%q was read as %q", text, p)
		}
	})
	for _, text := range []string{
		"", "1", "1,2,3", "1,", "a,2", "-1,2", "01,2", "+1,2", "1,2;", "1,2;0", "1,2;0:0", "1,2;0:01", "1,2;0:-1",
		"1,2;-1:1", "1,2;2:1", "1,2;0:1x", "1,2;0:1;1:1", "1,2;x:1", "99999999999999999999,2",
	} {
		if p, err := parsePositions(text, 2); err == nil {
			t.Errorf("%q was read as %q", text, p)
		}
	}
}

// Positions grow event by event: a record counts as done with its last event, and until then tells its part.
func TestPositionsGrowEventByEvent(t *testing.T) {
	p, want := newPositions(2), []string{"0,0;1:1", "0,0;1:2", "0,7", "0,8", "3,8"}
	steps := []struct {
		shard        int
		seq          uint64
		index, count int
	}{{1, 7, 0, 3}, {1, 7, 1, 3}, {1, 7, 2, 3}, {1, 8, 0, 0}, {0, 3, 0, 1}}
	for i, s := range steps {
		before := p.String()
		after := p.after(s.shard, s.seq, s.index, s.count)
		if p.String() != before {
			t.Fatalf("%s became %s behind our back", before, p)
		}
		if p = after; p.String() != want[i] {
			t.Errorf("step %d gives %s, want %s", i, p, want[i])
		}
	}
}

// H29, H37: events may not stand for more than there is, the rest of a half told record included.
func TestPositionsBeyondTheJournalAreRefused(t *testing.T) {
	for text, short := range map[string]bool{
		"5,6": false, "5,7": true, "5,5;1:2": false, "5,6;1:2": true, "5,6;0:2": false,
	} {
		p, err := parsePositions(text, 2)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.within(1, 6); errors.Is(err, ErrJournalShort) != short {
			t.Errorf("%s in a shard of 6: %v", text, err)
		}
	}
}
