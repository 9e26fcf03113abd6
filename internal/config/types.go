package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Seconds is a duration written as a number of seconds.
type Seconds time.Duration

// UnmarshalText reads a positive number of seconds; fractions are allowed.
func (s *Seconds) UnmarshalText(text []byte) error {
	n, err := strconv.ParseFloat(string(text), 64)
	inRange := n > 0 && n <= 3600 // false for NaN
	if err != nil || !inRange || int64(n*float64(time.Second)) == 0 {
		return errors.New("must be a number of seconds, more than 0 and at most 3600")
	}
	*s = Seconds(n * float64(time.Second))
	return nil
}

// Duration is a duration written as Go writes it.
type Duration time.Duration

// UnmarshalText reads a positive duration such as 15m.
func (d *Duration) UnmarshalText(text []byte) error {
	n, err := time.ParseDuration(string(text))
	if err != nil || n <= 0 {
		return errors.New("must be a positive duration such as 90s or 15m")
	}
	*d = Duration(n)
	return nil
}

// Schedule is a list of pauses; the last one repeats.
type Schedule []time.Duration

// UnmarshalText reads a comma list of positive durations.
func (s *Schedule) UnmarshalText(text []byte) error {
	*s = nil
	for part := range strings.SplitSeq(string(text), ",") {
		n, err := time.ParseDuration(strings.TrimSpace(part))
		if err != nil || n <= 0 {
			return fmt.Errorf("must be a comma list of positive durations such as 2s,5s,1m")
		}
		*s = append(*s, n)
	}
	return nil
}
