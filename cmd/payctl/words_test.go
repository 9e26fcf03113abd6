package main

import (
	"bytes"
	"testing"
	"time"
)

func TestSumsAreWrittenWithTheThousandsApart(t *testing.T) {
	for tiyin, want := range map[int64]string{
		0: "0.00", 5: "0.05", 100: "1.00", 5_000_050: "50 000.50", 100_000_000_000: "1 000 000 000.00", -150: "-1.50",
	} {
		if got := sums(tiyin); got != want {
			t.Errorf("%d is %q, want %q", tiyin, got, want)
		}
	}
}

func TestTimesApartAreAsPreciseAsPeopleRead(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "+0 ms", 999 * time.Millisecond: "+999 ms", 2345 * time.Millisecond: "+2.3 s", 61 * time.Second: "+1m01s",
		25*time.Hour + 3*time.Minute: "+25h03m", -time.Second: "-1.0 s",
	} {
		if got := apart(d); got != want {
			t.Errorf("%d is %q, want %q", d, got, want)
		}
	}
}

func TestTableIsAlignedWhateverIsInIt(t *testing.T) {
	table := table{head: []string{"N", "NAME", "EMPTY", "SUM"}, right: "rllr"}
	table.add(cell{"1", plain}, cell{"чек", bold}, cell{}, cell{"5.00", plain})
	table.add(cell{"10", plain}, cell{"bo‘sh\x1b[2J", plain}, cell{}, cell{"10.00", plain})
	var out bytes.Buffer
	table.write(&out, false, "  ")
	want := "   N  NAME         SUM\n" +
		"   1  чек         5.00\n" +
		"  10  bo‘sh·[2J  10.00\n"
	if out.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", out.String(), want)
	}
}

func TestColoursAreForTerminalsThatWantThem(t *testing.T) {
	if got := palette(true).in(red, "no"); got != "\x1b[31mno\x1b[0m" {
		t.Errorf("in colour: %q", got)
	}
	if got := palette(false).in(red, "no"); got != "no" {
		t.Errorf("plain: %q", got)
	}
	if paletteFor(&bytes.Buffer{}, nothing) {
		t.Error("a buffer is no terminal")
	}
}
