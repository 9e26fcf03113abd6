package traces_test

import (
	"fmt"
	"testing"
	"time"

	"tolov/internal/lab/traces"
)

// family is a trace whose spans come in no order.
func family() []traces.Span {
	at := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	return []traces.Span{
		{ID: "3", Parent: "2", Name: "step", Service: "worker", Start: at.Add(2 * time.Millisecond),
			Took: 1500 * time.Microsecond, Error: "unknown", Attributes: map[string]string{"doubt": "true", "pan": "hidden"}},
		{ID: "1", Parent: "elsewhere", Name: "checkout", Service: "shop", Start: at, Took: 9 * time.Millisecond},
		{ID: "4", Parent: "1", Name: "later", Service: "shop", Start: at.Add(5 * time.Millisecond), Links: []string{"t"}},
		{ID: "2", Parent: "1", Name: "process", Service: "worker", Start: at.Add(time.Millisecond),
			Took: 4 * time.Millisecond},
	}
}

func ExampleShape() {
	fmt.Print(traces.Shape(family(), "doubt"))
	// Output:
	// checkout
	//   process
	//     step [doubt=true] [error: unknown]
	//   later [links to 1]
}

func TestTimelineTellsWhenAndHowLong(t *testing.T) {
	want := "" +
		"  +0.0 ms    9.0 ms  shop            checkout\n" +
		"  +1.0 ms    4.0 ms  worker            process\n" +
		"  +2.0 ms    1.5 ms  worker              step                                       [error: unknown]\n" +
		"  +5.0 ms    0.0 ms  shop              later                                        [links to 1]\n"
	if got := traces.Timeline(family()); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
