package payment_test

import (
	"math"
	"testing"

	"tolov/internal/payment"
)

func TestSumsHaveTwoDecimals(t *testing.T) {
	for amount, want := range map[payment.Money]string{
		0:                "0.00",
		1:                "0.01",
		10:               "0.10",
		99:               "0.99",
		100:              "1.00",
		1_250_050:        "12500.50",
		payment.MaxMoney: "10000000000000.00",
		-1:               "-0.01",
		-250:             "-2.50",
		math.MaxInt64:    "92233720368547758.07",
		math.MinInt64:    "-92233720368547758.08",
	} {
		if got := amount.Sums(); got != want {
			t.Errorf("%d tiyin: %s, want %s", int64(amount), got, want)
		}
	}
}

// H68: the parts of a payment can be summed without leaving int64.
func TestMaxMoneyLeavesRoomForSums(t *testing.T) {
	if payment.MaxMoney != 1e15 || payment.MaxMoney > math.MaxInt64/1000 {
		t.Error(payment.MaxMoney)
	}
}
