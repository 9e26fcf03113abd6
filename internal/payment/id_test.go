package payment_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tolov/internal/payment"
)

// The vectors come from another implementation: printf 'default\0order-1' | sha256sum, then base32, lower case, 26.
func TestIDIsTheContractsHashOfMerchantAndExtID(t *testing.T) {
	for _, v := range []struct{ merchant, extID, want string }{
		{"default", "order-1", "pay_fiwr2yvfihfcs7lmghkz7eyi4d"},
		{"shop-7", "A.b_c:9-", "pay_5llo6mdkwlnnegijkwkg4h3qcq"},
		{"default", "a", "pay_yacagpuyfvmwkpjo5lfmwuoe5a"},
		{"a", "default", "pay_pse6ptxli3luj2565kdctsqdnt"},
	} {
		if got := payment.ID(v.merchant, v.extID); got != v.want {
			t.Errorf("ID(%q, %q) = %s, want %s", v.merchant, v.extID, got, v.want)
		}
	}
}

func TestIDIsFitForASubject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := payment.ID(rapid.String().Draw(t, "merchant"), rapid.String().Draw(t, "ext_id"))
		if !payment.IsID(id) || strings.ContainsAny(id, ".*> \t\r\n") {
			t.Fatalf("%q", id)
		}
	})
}

// H46: one merchant's key never names another's payment.
func TestIDsOfDifferentMerchantsDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		merchant, extID := rapid.StringMatching(`[a-z0-9-]{1,32}`), rapid.StringMatching(`[A-Za-z0-9._:-]{1,64}`)
		m1, e1 := merchant.Draw(t, "m1"), extID.Draw(t, "e1")
		m2, e2 := merchant.Draw(t, "m2"), extID.Draw(t, "e2")
		if same := m1 == m2 && e1 == e2; same != (payment.ID(m1, e1) == payment.ID(m2, e2)) {
			t.Fatalf("%q %q, %q %q", m1, e1, m2, e2)
		}
	})
}

// H46: what would be a wildcard, a token's end or a line's end in a subject has no form.
func TestFormsOfMerchantAndExtID(t *testing.T) {
	long := strings.Repeat("a", 33)
	for _, v := range []struct {
		text            string
		merchant, extID bool
	}{
		{"default", true, true},
		{"a-9", true, true},
		{"a", true, true},
		{"", false, false},
		{"Shop", false, true},
		{"order_1.A:b-c", false, true},
		{long[:32], true, true},
		{long, false, true},
		{strings.Repeat("a", 64), false, true},
		{strings.Repeat("a", 65), false, false},
		{"a*", false, false},
		{"a>", false, false},
		{"a b", false, false},
		{"a\n", false, false},
		{"\na", false, false},
		{"a\x00", false, false},
		{"a/b", false, false},
		{"тўлов", false, false},
	} {
		if got := payment.IsMerchant(v.text); got != v.merchant {
			t.Errorf("IsMerchant(%q) = %t", v.text, got)
		}
		if got := payment.IsExtID(v.text); got != v.extID {
			t.Errorf("IsExtID(%q) = %t", v.text, got)
		}
	}
}

func TestIsIDWantsTheWholeForm(t *testing.T) {
	good := payment.ID("default", "order-1")
	for _, bad := range []string{
		"", "pay_", good[:29], good + "a", strings.ToUpper(good), good + "\n", "x" + good, strings.Replace(good, "_", ".", 1),
		good[:29] + "1", good[:29] + "*",
	} {
		if payment.IsID(bad) {
			t.Errorf("IsID(%q)", bad)
		}
	}
	if !payment.IsID(good) {
		t.Errorf("IsID(%q) is false", good)
	}
}
