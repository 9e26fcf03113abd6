package journal

import (
	"fmt"
	"testing"

	"tolov/internal/payment"
)

// What was noted is found, at once and on every node, as the last that was noted; and nothing else is (H35, H46).
func TestAPaymentIsFoundUnderTheKeyThatWasNoted(t *testing.T) {
	everywhere(t, func(b *bench) {
		x := NewIndex(b.js)
		ids := b.payments(4)
		keys := []string{"222222", "held/5000/a.b >*", "222.222", b.t.Name()}
		b.all(ids, func(id string) {
			for i, key := range keys {
				if ids[i] == id {
					b.ok(x.Note(b.t.Context(), "atmos", "shop", key, id))
				}
			}
		})
		for i, key := range keys {
			b.found(x, "shop", key, ids[i])
			b.found(x, "other", key, "")
		}
		for _, key := range []string{"22222", "", "222222 ", "*", ">"} {
			b.found(x, "shop", key, "")
		}
		for _, id := range []string{ids[0], ids[0], ids[2]} {
			b.ok(x.Note(b.t.Context(), "atmos", "shop", "222222", id))
			b.found(x, "shop", "222222", id)
		}
	})
}

func (b *bench) found(x *Index, merchant, key, want string) {
	b.t.Helper()
	got, err := x.Find(b.t.Context(), "atmos", merchant, key)
	if err != nil || got != want {
		b.t.Errorf("%s %q: %q %v, want %q", merchant, key, got, err, want)
	}
}

// H35: an answer by the record alone must be by the last one, which a replica may not have yet.
func TestTheLatestRecordIsTheOneThatWasJustAppended(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.all(b.payments(8), func(id string) {
			for n := range 20 {
				want := b.record(id, 1)
				got, err := b.journal.Latest(b.t.Context(), id)
				if err != nil || got.Seq != want.Seq || got.PaymentID != id {
					b.t.Errorf("record %d at %d: found %d %v", n, want.Seq, got.Seq, err)
				}
			}
		})
		if got, err := b.journal.Latest(b.t.Context(), payment.ID("shop", "nobody")); err != nil || got.Seq != 0 {
			b.t.Error("no records: ", got.Seq, err)
		}
	})
}

// A message that names no payment is none, and says so.
func TestAStrangersNoteIsAnError(t *testing.T) {
	everywhere(t, func(b *bench) {
		x := NewIndex(b.js)
		for i, text := range []string{"", "pay_", "pay_aaaaaaaaaaaaaaaaaaaaaaaaa1"} {
			key := fmt.Sprint(b.t.Name(), i)
			b.ok(x.Note(b.t.Context(), "atmos", "shop", key, text))
			if id, err := x.Find(b.t.Context(), "atmos", "shop", key); err == nil || id != "" {
				b.t.Errorf("%q: found %q", text, id)
			}
		}
	})
}
