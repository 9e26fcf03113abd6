package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/adhocore/gronx"
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

// Cron is a schedule as a crontab has it: minute, hour, day of the month, month, day of the week. The zero Cron never
// comes due.
type Cron string

const (
	cronFields = 5
	cronOff    = "off"
)

// UnmarshalText reads the five fields, or the word off.
func (c *Cron) UnmarshalText(text []byte) error {
	expr := string(text)
	switch {
	case expr == cronOff:
		*c = ""
		return nil
	case len(strings.Fields(expr)) != cronFields || !gronx.IsValid(expr):
		return errors.New("must be off, or the five fields of a crontab such as 30 4 * * *")
	}
	*c = Cron(expr)
	return nil
}

// Next is the first time at which it comes due after a moment, in that moment's zone. It is false when it never does.
func (c Cron) Next(after time.Time) (time.Time, bool) {
	if c == "" {
		return time.Time{}, false
	}
	next, err := gronx.NextTickAfter(string(c), after, false)
	return next, err == nil
}
