package payment

import "strconv"

// Money is a count of tiyin, 1/100 of a sum. No float ever holds money (H68).
type Money int64

// MaxMoney is the largest amount a command may ask for: 10^15 tiyin. Sums of a payment's parts stay far below
// the range of int64.
const MaxMoney Money = 1_000_000_000_000_000

// Currency is the only one that the providers settle in.
const Currency = "UZS"

// Sums prints the amount in sums with two decimals, for people: 1250050 is "12500.50".
func (m Money) Sums() string {
	sign, n := "", uint64(m)
	if m < 0 {
		sign, n = "-", -n
	}
	cents := strconv.FormatUint(n%100, 10)
	if len(cents) == 1 {
		cents = "0" + cents
	}
	return sign + strconv.FormatUint(n/100, 10) + "." + cents
}
