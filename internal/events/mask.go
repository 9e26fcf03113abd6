package events

import (
	"strings"
	"unicode"
)

const (
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
