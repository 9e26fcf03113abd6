package journal

import (
	"fmt"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/nats-io/nats.go"
	"pgregory.net/rapid"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// equal compares records: an empty list is as good as none, and a fingerprint's hashes under further keys are not kept.
var equal = cmp.Options{
	cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(payment.Fingerprint{}),
	cmp.Comparer(func(a, b payment.Time) bool { return a.Equal(b.Time) }),
}

// records draws records with every field filled or not, as the type has them: a new field is drawn too.
func records() *rapid.Generator[saga.Record] {
	instant := rapid.Map(rapid.Int64Range(0, 4e12), func(ms int64) any { return payment.At(time.UnixMilli(ms)) })
	status := rapid.Map(rapid.SampledFrom(payment.Statuses()), func(s payment.Status) any { return s })
	text := rapid.StringN(0, 12, -1)
	print := rapid.Custom(func(t *rapid.T) any {
		return payment.Fingerprint{Content: text.Draw(t, ""), Key: text.Draw(t, ""), Secret: text.Draw(t, "")}
	})
	return rapid.MakeCustom[saga.Record](rapid.MakeConfig{
		Types: map[reflect.Type]*rapid.Generator[any]{
			reflect.TypeFor[payment.Time]():        instant,
			reflect.TypeFor[payment.Status]():      status,
			reflect.TypeFor[payment.Fingerprint](): print,
		},
		Kinds: map[reflect.Kind]*rapid.Generator[any]{reflect.String: text.AsAny()},
	})
}

// I14 of the hazards, H69: the last record is the state, so nothing of it may get lost on the way. Apart, because no
// projector could tell events of such types.
func TestWholeRecordComesBack(t *testing.T) {
	apart(t, func(b *bench) {
		count := 0
		rapid.Check(b.t, func(t *rapid.T) {
			count++
			id, want := payment.ID(b.t.Name(), strconv.Itoa(count)), records().Draw(t, "record")
			want.Seq = 0
			seq, err := b.journal.Append(b.t.Context(), id, want)
			if err != nil {
				t.Fatal(err)
			}
			want.Seq = seq
			got := b.fresh(id, seq)
			if diff := cmp.Diff(want, got, equal, cmpopts.IgnoreFields(saga.Record{}, "ID")); diff != "" {
				t.Fatal(diff)
			}
			if got.ID == "" || got.ID == want.ID {
				t.Fatalf("the record has no id of its own: %q", got.ID)
			}
		})
	})
}

// A provider's note may hold bytes that are no text; the money that it speaks of must be recorded all the same.
func TestTextThatIsNoTextStopsNoRecord(t *testing.T) {
	everywhere(t, func(b *bench) {
		id := b.payments(1)[0]
		r := next(id, saga.Record{}, 1)
		r.Evidence = &payment.Evidence{Step: "apply", Outcome: payment.Unknown, Note: "ок\xff\xfe"}
		seq, err := b.journal.Append(b.t.Context(), id, r)
		b.ok(err)
		if got := b.fresh(id, seq).Evidence.Note; got != "ок\ufffd\ufffd" {
			b.t.Errorf("note %q", got)
		}
	})
}

// A sweep reads headers only, so they must tell what it counts and whom it wakes (H22, H38).
func TestHeadersTellWhatASweepNeeds(t *testing.T) {
	due, since := payment.At(time.UnixMilli(1_700_000_000_123)), payment.At(time.UnixMilli(1_600_000_000_456))
	full := next("pay_x", saga.Record{}, 3)
	full.ID, full.State.Due, full.State.Doubt = "the id", due, &saga.Doubt{Since: since}
	for name, test := range map[string]struct {
		record saga.Record
		want   map[string]string
	}{
		"of a payment in doubt": {full, map[string]string{
			events.HeaderRecord: "the id", events.HeaderEvents: "3", events.HeaderStatus: "processing",
			events.HeaderDue: "1700000000123", events.HeaderDoubt: "1600000000456",
			events.HeaderAccount: "atmos/default", events.HeaderCreated: "1700000000000",
		}},
		"of a line of books that is nobody's": {saga.Record{
			ID: "the id", Merchant: "shop", State: saga.State{Differs: &saga.Difference{Provider: "paysys", On: due}},
		}, map[string]string{
			events.HeaderRecord: "the id", events.HeaderEvents: "0",
			events.HeaderAccount: "paysys/shop", events.HeaderDiffers: "1700000000123",
		}},
		"of a refusal before there is a payment": {saga.Record{ID: "the id"}, map[string]string{
			events.HeaderRecord: "the id", events.HeaderEvents: "0",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := message("subject", test.record)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for header := range m.Header {
				got[header] = m.Header.Get(header)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// I8, H73: no field of a record can hold a secret, however deep, and none can hold just anything.
func TestNoSecretFitsIntoARecord(t *testing.T) {
	seen := map[reflect.Type]bool{reflect.TypeFor[time.Time](): true}
	var walk func(path string, typ reflect.Type)
	walk = func(path string, typ reflect.Type) {
		if seen[typ] {
			return
		}
		seen[typ] = true
		switch typ.Kind() {
		case reflect.Struct:
			for field := range typ.Fields() {
				walk(path+"."+field.Name, field.Type)
			}
		case reflect.Map:
			walk(path+" key", typ.Key())
			walk(path+" value", typ.Elem())
		case reflect.Pointer, reflect.Slice, reflect.Array:
			walk(path, typ.Elem())
		case reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
			t.Errorf("%s is a %s, which can hold a secret", path, typ)
		}
		if typ == reflect.TypeFor[payment.Secret]() || typ == reflect.TypeFor[payment.CardInput]() {
			t.Errorf("%s is a secret", path)
		}
	}
	walk("Record", reflect.TypeFor[saga.Record]())
	for _, must := range []reflect.Type{reflect.TypeFor[payment.Payment](), reflect.TypeFor[payment.Order]()} {
		if !seen[must] {
			t.Errorf("the walk did not come by %s", must)
		}
	}
}

// H69, H70: during a rolling update a worker may meet what a newer one wrote. Going on without the part that it does
// not know would lose it, so it leaves the payment, and the telling of its events, to the newer one.
func TestRecordOfANewerVersionIsLeftToIt(t *testing.T) {
	for _, newer := range []string{
		`{"payment_id":"pay_1","later":1}`,
		`{"payment_id":"pay_1","state":{"later":1}}`,
		`{"payment_id":"pay_1","payment":{"later":1}}`,
		`{"payment_id":"pay_1","events":[{"n":1,"type":"accepted","later":1}]}`,
	} {
		if r, err := decode([]byte(newer), 1); err == nil {
			t.Errorf("%s was read as %+v", newer, r)
		}
	}
	header := nats.Header{events.HeaderRecord: {"r"}, events.HeaderEvents: {"1"}}
	told := `{"payment_id":"pay_1","later":1,"payment":{"later":1},"events":[%s]}`
	known := fmt.Sprintf(told, `{"n":1,"type":"accepted"}`)
	if _, err := readEntry(header, []byte(known), 0, 1); err != nil {
		t.Errorf("the payment is told as it was written, but: %v", err)
	}
	unknown := fmt.Sprintf(told, `{"n":1,"type":"accepted","later":1}`)
	if e, err := readEntry(header, []byte(unknown), 0, 1); err == nil {
		t.Errorf("half an event is told: %+v", e)
	}
}
