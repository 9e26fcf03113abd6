package atmosips

import (
	"strings"
	"testing"
)

// The union of the tables "System errors (IPS)" and "Reference guide … (IPS - Card Linking)".
const documentedCodes = "-1 -2 -10 -11 -12 -13 -15 -20 -21 -100 -200 -201 -202 -203 -204 -300 -350 -400"

func TestBothTablesOfCodesAreKnown(t *testing.T) {
	codes := strings.Fields(documentedCodes)
	if len(codes) != len(verdicts) {
		t.Errorf("%d codes, the documentation has %d", len(verdicts), len(codes))
	}
	for _, code := range codes {
		if _, known := verdictOf(code); !known {
			t.Errorf("%s is unknown", code)
		}
	}
	for _, code := range []string{"", "0", "OK", "1", "-999", "-3", "200"} {
		if _, known := verdictOf(code); known {
			t.Errorf("%q is on the table", code)
		}
	}
}

func TestEveryReasonIsToldInThreeLanguages(t *testing.T) {
	for why, f := range failures {
		if f.Category == "" || f.Advice == "" || f.Message.UZ == "" || f.Message.RU == "" || f.Message.EN == "" {
			t.Errorf("%s: %+v", why, f)
		}
		if m := f.Message; m.UZ == m.RU || m.RU == m.EN || m.UZ == m.EN {
			t.Errorf("%s is told twice in one language", why)
		}
	}
	for code, v := range verdicts {
		if _, ok := failures[v.reason]; !ok {
			t.Errorf("%s: nothing to tell for %s", code, v.reason)
		}
	}
}
