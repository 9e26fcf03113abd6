package sandbox_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

// faultRow tells how a kind looks from outside when it hits apply. The client waits two seconds.
type faultRow struct {
	kind          string
	delayMS       int
	want          string
	atOnce, later int // debits when the call has ended, and half a minute later
}

func faultRows() []faultRow {
	return []faultRow{
		{sandbox.FailBefore, 0, "500", 0, 0},
		{sandbox.FailAfter, 0, "502", 1, 1},
		{sandbox.SilentBefore, 0, "never answered", 0, 0},
		{sandbox.SilentAfter, 0, "never answered", 1, 1},
		{sandbox.Late, 9000, "never answered", 0, 1},
		{sandbox.Pending, 9000, "INFO-202", 0, 1},
		{sandbox.Lag, 0, "OK", 1, 1},
		{sandbox.FlipFlop, 0, "OK", 1, 1},
		{sandbox.WrongAmount, 0, "OK for another amount", 1, 1},
		{sandbox.WrongTransaction, 0, "OK for another transaction", 1, 1},
		{sandbox.UnknownCode, 0, "STPIMS-ERR-999", 0, 0},
		{sandbox.UnknownCodeAfter, 0, "STPIMS-ERR-999", 1, 1},
		{sandbox.Unauthorized, 0, "401", 0, 0},
		{sandbox.TooMany, 0, "429", 0, 0},
		{sandbox.Unavailable, 0, "503", 0, 0},
		{sandbox.HTML, 0, "html", 0, 0},
		{sandbox.HTMLAfter, 0, "html", 1, 1},
		{sandbox.TruncatedAfter, 0, "broke off", 1, 1},
		{sandbox.EmptyAfter, 0, "empty", 1, 1},
		{sandbox.HugeAfter, 0, "huge OK", 1, 1},
		{sandbox.DripAfter, 0, "OK", 1, 1},
		{sandbox.DripAfter, 9000, "never answered", 1, 1},
		{sandbox.ResetBefore, 0, "closed", 0, 0},
		{sandbox.ResetAfter, 0, "closed", 1, 1},
		{sandbox.Slow, 0, "OK", 1, 1},
		{sandbox.Slow, 9000, "never answered", 0, 1},
		{sandbox.Mixed, 0, "OK", 1, 1}, // a payment has no parts
	}
}

func TestFaultsOfApply(t *testing.T) {
	for _, row := range faultRows() {
		t.Run(fmt.Sprint(row.kind, row.delayMS), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, sandbox.Options{})
				id := b.prepared(account, token)
				b.Script(sandbox.Fault{Op: "apply", Kind: row.kind, Times: 1, DelayMS: row.delayMS})
				if got := b.apply(id, "111111").story(t, id); got != row.want {
					t.Errorf("%s, want %s", got, row.want)
				}
				b.debits(row.atOnce)
				pass(30 * time.Second)
				b.debits(row.later)
				b.apply(id, "111111")
				b.debits(1)
				b.code("STPIMS-ERR-092", b.get(id))
			})
		})
	}
}

// TestEveryKindIsDocumentedAndTested compares the table in the package's doc with the rows above.
func TestEveryKindIsDocumentedAndTested(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	row := regexp.MustCompile(`(?m)^//\t([a-z_]+) +(?:[dmra] +){1,4}`)
	for _, line := range row.FindAllStringSubmatch(string(text), -1) {
		documented[line[1]] = true
	}
	tested := map[string]bool{}
	for _, row := range faultRows() {
		tested[row.kind] = true
	}
	if !maps.Equal(documented, tested) {
		t.Errorf("documented %v\ntested %v", slices.Sorted(maps.Keys(documented)), slices.Sorted(maps.Keys(tested)))
	}
	box := sandbox.New(sandbox.Options{})
	for kind := range documented {
		if err := box.Check(sandbox.Fault{Op: "*", Kind: kind}); err != nil {
			t.Error(err)
		}
	}
}

func TestLagHidesADoneApplyFromReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		b.Script(sandbox.Fault{Op: "apply", Kind: sandbox.Lag, DelayMS: 4000})
		id := b.prepared(account, token)
		if s := b.apply(id, "111111").read(t); s.Result.Code != "OK" || !s.Transaction.Confirmed {
			t.Errorf("apply itself: %+v", s)
		}
		if s := b.get(id).read(t); s.Result.Code != "OK" || s.Transaction.Confirmed || s.Transaction.Success != 0 {
			t.Errorf("hidden: %+v", s)
		}
		b.code("STPIMS-ERR-092", b.apply(id, "111111")) // lags again: only reads are fooled
		pass(4 * time.Second)
		b.code("STPIMS-ERR-092", b.get(id))
		b.code("STPIMS-ERR-092", b.get(id))
	})
}

func TestFlipFlopNeverConfirmsWhatIsNot(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	b.Script(sandbox.Fault{Op: "get", Kind: sandbox.FlipFlop})
	paid, open, cancelled := b.prepared(account, token), b.prepared(account, token), b.prepared(account, token)
	b.apply(paid, "111111")
	for range 3 {
		b.apply(cancelled, "999999")
	}
	for range 2 {
		b.code("STPIMS-ERR-064", b.get(cancelled))
		b.code("STPIMS-ERR-092", b.get(paid))
		b.code("OK", b.get(paid))
		b.code("OK", b.get(open))
	}
}

func TestFaultsOfReads(t *testing.T) {
	for kind, want := range map[string]string{
		sandbox.FailBefore: "500", sandbox.SilentAfter: "never answered", sandbox.WrongAmount: "OK for another amount",
		sandbox.WrongTransaction: "OK for another transaction", sandbox.UnknownCode: "STPIMS-ERR-999",
		sandbox.TruncatedAfter: "broke off", sandbox.ResetBefore: "closed", sandbox.Pending: "INFO-202",
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, sandbox.Options{})
			id := b.prepared(account, token)
			b.Script(sandbox.Fault{Op: "atmos.get", Kind: kind})
			if got := b.get(id).story(t, id); got != want {
				t.Errorf("%s: %s, want %s", kind, got, want)
			}
		})
	}
}

func TestFaultPicksItsCalls(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	other, mine := b.create("other"), b.create("mine")
	b.Script(sandbox.Fault{Op: "get", Account: "mine", Kind: sandbox.Unavailable, Times: 2})
	b.Script(sandbox.Fault{Op: "*", Account: "mine", Kind: sandbox.TooMany})
	for i, want := range []int{503, 503, 429, 429} {
		if got := b.get(mine); got.status != want || (got.header.Get("Retry-After") == "1") != (want == 429) {
			t.Errorf("call %d: HTTP %d %v, want %d", i, got.status, got.header, want)
		}
	}
	b.code("OK", b.get(other))
	b.ClearFaults()
	b.code("OK", b.get(mine))
}

func TestUnauthorizedIsNotTheToken(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	b.Script(sandbox.Fault{Op: "*", Kind: sandbox.Unauthorized, Times: 1})
	if got := b.get(1); got.status != http.StatusUnauthorized {
		t.Errorf("HTTP %d", got.status)
	}
	b.code("STPIMS-ERR-061", b.get(1))
}

func TestLateEffectsLandAfterQuietButNotAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		one, two := b.prepared(account, token), b.prepared(account, token)
		b.Script(sandbox.Fault{Op: "apply", Kind: sandbox.Pending, DelayMS: 5000})
		b.code("INFO-202", b.apply(one, "111111"))
		pass(3 * time.Second)
		b.code("INFO-202", b.apply(two, "111111"))
		b.Quiet()
		pass(3 * time.Second)
		b.debits(1)
		b.Close()
		pass(time.Minute)
		b.debits(1)
	})
}

func TestLatencyIsBeforeTheEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		b := newBench(t, sandbox.Options{Latency: 300 * time.Millisecond})
		b.create(account)
		if took := time.Since(start); took != 600*time.Millisecond {
			t.Errorf("token and create took %v", took)
		}
	})
}
