package atmos

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tolov/internal/payment"
)

// documented is the provider's table "Transaction errors", and 145, which only the sample of a cancelled hold shows.
const documented = `
	001 003 004 005 006 007 008 009 010 011 012 013 014 015 016 017 021 022 023 024 025 026 027 028 029 030 031 032 033
	034 037 039 042 043 044 048 050 051 053 054 055 056 057 058 060 061 062 064 065 066 067 068 069 070 072 073 074 075
	076 077 078 079 080 081 082 083 084 085 086 087 088 089 090 092 093 094 095 097 098 099 100 101 102 103 104 105 106
	107 108 109 111 112 113 114 116 117 118 120 121 124 125 127 128 130 134 135 136 137 138 139 140 142 143 144 145`

// ambiguous are the codes that may come after money moved, or that say nothing about it.
const ambiguous = `
	001 014 015 022 024 026 027 028 031 048 056 060 061 066 092 093 094 095 097 101 102 113 114 116 118 120 124 125
	142 143 145`

func stpims(numbers string) []string {
	codes := strings.Fields(numbers)
	for i, number := range codes {
		codes[i] = "STPIMS-ERR-" + number
	}
	return codes
}

// H10: the table is closed. It holds what the provider documents, and nothing that somebody guessed.
func TestEveryDocumentedCodeHasAVerdict(t *testing.T) {
	want := append(stpims(documented), "INFO-201", "INFO-202")
	for _, code := range want {
		if _, known := verdictOf(code); !known {
			t.Errorf("%s has no verdict", code)
		}
	}
	for code := range verdicts {
		if !slices.Contains(want, code) {
			t.Errorf("%s is not documented", code)
		}
	}
}

// H10: no code becomes a success or a refusal by default.
func TestCodeThatNoTableKnowsIsUnknown(t *testing.T) {
	codes := []string{
		"", "ok", "OK", "0", "098", "STPIMS-ERR-", "STPIMS-ERR-98", "STPIMS-ERR-0098", "stpims-err-098",
		" STPIMS-ERR-098", "STPIMS-ERR-098\n", "INFO-200", "INFO-203", "200",
	}
	listed := stpims(documented)
	for n := range 1000 {
		if code := fmt.Sprintf("STPIMS-ERR-%03d", n); !slices.Contains(listed, code) {
			codes = append(codes, code)
		}
	}
	for _, code := range codes {
		v, known := verdictOf(code)
		if known || v.outcome != payment.Unknown || v.wrong {
			t.Errorf("%q: known %v, verdict %+v", code, known, v)
		}
		if failureOf(v, code) == nil {
			t.Errorf("%q: a draft that is refused with it has nothing to tell", code)
		}
	}
}

// H10, law 3: what may have happened is asked about, never failed.
func TestAmbiguousCodeIsNeverDeclined(t *testing.T) {
	for _, code := range stpims(ambiguous) {
		if v, _ := verdictOf(code); v.outcome != payment.Unknown {
			t.Errorf("%s is %s", code, v.outcome)
		}
	}
}

// H10: a code is final only when it is not on one of the two short lists, so that a change of heart shows here.
func TestCodeIsDeclinedOnlyWhenItIsNeitherAmbiguousNorPending(t *testing.T) {
	pending := append(stpims("065 121"), "INFO-202")
	for code, v := range verdicts {
		want := payment.Declined
		switch {
		case code == "INFO-201":
			want = payment.Done
		case slices.Contains(pending, code):
			want = payment.Pending
		case slices.Contains(stpims(ambiguous), code):
			want = payment.Unknown
		}
		if v.outcome != want {
			t.Errorf("%s is %s, want %s", code, v.outcome, want)
		}
	}
}

// H11: no code of the table confirms a payment. INFO-201 confirms that an SMS went out.
func TestOnlyTheCodeForASentSMSIsDone(t *testing.T) {
	for code, v := range verdicts {
		if v.outcome == payment.Done && code != "INFO-201" {
			t.Errorf("%s is done", code)
		}
	}
}

func TestOnlyAWrongCodeMayBeEnteredAgain(t *testing.T) {
	for code, v := range verdicts {
		if v.wrong != (code == "STPIMS-ERR-098") {
			t.Errorf("%s: wrong is %v", code, v.wrong)
		}
	}
}

// A refusal is final: to repeat the call that got it would be to hope.
func TestRefusedCodeIsNeverRepeated(t *testing.T) {
	for code, v := range verdicts {
		if v.outcome == payment.Declined && v.retry {
			t.Errorf("%s is declined and repeated", code)
		}
	}
}

// A draft can be refused by a code that leaves a money call in doubt, so that one has a reason to tell as well.
func TestDeclinedOrUnknownCodeTellsWhy(t *testing.T) {
	for code, v := range verdicts {
		failure := failureOf(v, code)
		if v.outcome != payment.Declined && v.outcome != payment.Unknown {
			if failure != nil {
				t.Errorf("%s is %s and tells a failure", code, v.outcome)
			}
			continue
		}
		switch {
		case failure == nil:
			t.Errorf("%s tells nothing", code)
		case failure.Code != string(v.reason) || failure.ProviderCode != code:
			t.Errorf("%s tells %s of %s", code, failure.Code, failure.ProviderCode)
		case failure.Category == "" || failure.Advice == "":
			t.Errorf("%s tells not who can act, or not what to do", code)
		}
	}
}

// H10: a question that was itself refused must not be read as a refusal of the payment it asked about, and the
// category is what tells them apart.
func TestRefusalOfTheRequestIsNotTheCustomersOrTheIssuers(t *testing.T) {
	about := stpims(`003 006 007 009 010 011 012 013 016 017 023 032 037 039 042 044 051 062 099 103 106 107 108 109 128
		130 134 135`)
	for _, code := range about {
		v, _ := verdictOf(code)
		failure := failureOf(v, code)
		if failure.Category != payment.ByCaller && failure.Category != payment.ByMerchant {
			t.Errorf("%s is for the %s to act on", code, failure.Category)
		}
	}
}

func TestEveryReasonIsGivenByACode(t *testing.T) {
	given := map[reason]bool{}
	for _, v := range verdicts {
		given[v.reason] = true
	}
	for _, why := range slices.Sorted(maps.Keys(failures)) {
		if !given[why] {
			t.Errorf("no code gives %s", why)
		}
	}
}

// Two failures of one process never share what they carry.
func TestFailureOfOneCodeDoesNotTouchAnothers(t *testing.T) {
	first, _ := verdictOf("STPIMS-ERR-057")
	second, _ := verdictOf("STPIMS-ERR-112")
	a, b := failureOf(first, "STPIMS-ERR-057"), failureOf(second, "STPIMS-ERR-112")
	if a.Code != b.Code || a.ProviderCode == b.ProviderCode || failures[insufficientFunds].ProviderCode != "" {
		t.Errorf("%+v and %+v", a, b)
	}
}

// The texts are for a customer: each in its own language and script, and no provider's number in them.
func TestCodeIsToldInThreeLanguagesWithoutNumbers(t *testing.T) {
	seen := map[string]reason{}
	for why, failure := range failures {
		text := failure.Message
		for _, said := range []string{text.UZ, text.RU, text.EN} {
			if other, twice := seen[said]; twice {
				t.Errorf("%s says the same as %s, or in two languages: %q", why, other, said)
			}
			seen[said] = why
			if !strings.HasSuffix(said, ".") || strings.ContainsFunc(said, unicode.IsDigit) {
				t.Errorf("%s: %q is no sentence or names a number", why, said)
			}
		}
		if cyrillic(text.UZ) || !cyrillic(text.RU) || cyrillic(text.EN) {
			t.Errorf("%s: languages are mixed up: %+v", why, text)
		}
	}
}

func cyrillic(said string) bool {
	return strings.ContainsFunc(said, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
}
