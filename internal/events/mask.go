package events

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

const (
	leastPAN = 16 // digits of a card number; but for ourNumber nothing that we write has so many in a row
	mostPAN  = 19

	// ourNumber stands before the number under which PaySys knows a payout: it is made of a hash, and one in fifty would
	// be taken for a card's.
	ourNumber = `"partner_transaction_id":"`

	cardDigits   = 12  // so many digits in a row may be a card number
	maxPathRunes = 128 // longer than any path of the contract
)

// cardLike tells whether a text may hold a card number: a long run of digits, whatever separates them.
func cardLike(s string) bool {
	run := 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			run++
		case unicode.IsLetter(r):
			run = 0
		}
		if run >= cardDigits {
			return true
		}
	}
	return false
}

// publicPath makes the path of a field fit for an event: its names are the sender's, so they may be of any length and
// hold anything (I8).
func publicPath(path string) string {
	if runes := []rune(path); len(runes) > maxPathRunes {
		path = string(runes[:maxPathRunes]) + "…"
	}
	if !cardLike(path) {
		return path
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '*'
		}
		return r
	}, path)
}

// issuers are how the numbers of the cards begin that are in use here: UzCard, Humo, and the international ones.
func issuers() []string {
	return []string{"8600", "5614", "6262", "6440", "9860", "4", "51", "52", "53", "54", "55", "22", "62"}
}

// HoldsCardNumber looks for card numbers in what is about to be stored: 16 to 19 digits in a row, an issuer's
// beginning, and a right check digit. It is the guard behind the guards: no rule of ours writes one (I8).
func HoldsCardNumber(data []byte) bool {
	for i := 0; i < len(data); i++ {
		run := 0
		for i+run < len(data) && data[i+run] >= '0' && data[i+run] <= '9' {
			run++
		}
		candidate := run >= leastPAN && run <= mostPAN && !bytes.HasSuffix(data[:i], []byte(ourNumber))
		if candidate && isCardNumber(data[i:i+run]) {
			return true
		}
		i += run
	}
	return false
}

func isCardNumber(digits []byte) bool {
	known := slices.ContainsFunc(issuers(), func(issuer string) bool { return bytes.HasPrefix(digits, []byte(issuer)) })
	return known && luhn(digits)
}

// luhn checks the check digit (ISO/IEC 7812-1, annex B).
func luhn(digits []byte) bool {
	sum := 0
	for i, c := range digits {
		n := int(c - '0')
		if (len(digits)-i)%2 == 0 {
			n *= 2
		}
		sum += n/10 + n%10
	}
	return sum%10 == 0
}
