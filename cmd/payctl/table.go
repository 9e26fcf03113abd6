package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// style is how text looks on a terminal.
type style string

// The styles, as the terminal's own codes.
const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
	cyan   style = "36"
)

// palette colours text, or leaves it plain.
type palette bool

// paletteFor colours terminals only, and only those that want it.
func paletteFor(w io.Writer, getenv func(string) string) palette {
	return palette(isTerminal(w) && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb")
}

// in gives text in a style.
func (p palette) in(s style, text string) string {
	if !p || s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// show writes text for a person. That the reader has gone is the reader's affair.
func show(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

// cell is one field of a table.
type cell struct {
	text  string
	style style
}

const gap = "  " // between columns

// table has aligned columns. Columns are as wide as their widest cell; those in right are aligned to the right.
type table struct {
	head  []string // may be nil
	rows  [][]cell
	notes map[int][]string // what stands below a row, under its second column
	right string           // a letter per column: r, or anything else for left
}

func (t *table) add(row ...cell) {
	for i := range row {
		row[i].text = printable(row[i].text)
	}
	t.rows = append(t.rows, row)
}

// note puts a line below the last row.
func (t *table) note(text string) {
	if text == "" {
		return
	}
	if t.notes == nil {
		t.notes = map[int][]string{}
	}
	last := len(t.rows) - 1
	t.notes[last] = append(t.notes[last], printable(text))
}

// printable takes the control characters out of text that came from elsewhere: a terminal would obey them.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '·'
		}
		return r
	}, text)
}

// write prints the table, its columns two blanks apart and its lines without blanks at the end. Columns that are empty
// in every row are left out, and a table without rows is nothing at all.
func (t *table) write(w io.Writer, p palette, indent string) {
	if len(t.rows) == 0 {
		return
	}
	widths := t.widths()
	print := func(row []cell) { show(w, "%s\n", strings.TrimRight(indent+t.line(p, row, widths), " ")) }
	if t.head != nil {
		head := make([]cell, len(t.head))
		for i, title := range t.head {
			head[i] = cell{title, dim}
		}
		print(head)
	}
	for i, row := range t.rows {
		print(row)
		for _, note := range t.notes[i] {
			show(w, "%s%*s%s\n", indent, widths[0]+len(gap), "", p.in(dim, note))
		}
	}
}

func (t *table) widths() []int {
	var widths []int
	for _, row := range t.rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(c.text))
		}
	}
	for i := range widths {
		if widths[i] > 0 && t.head != nil {
			widths[i] = max(widths[i], utf8.RuneCountInString(t.head[i]))
		}
	}
	return widths
}

func (t *table) line(p palette, row []cell, widths []int) string {
	var line strings.Builder
	last := 0
	for i, c := range row {
		if widths[i] > 0 && c.text != "" {
			last = i
		}
	}
	for i, c := range row[:last+1] {
		if widths[i] == 0 {
			continue
		}
		blanks := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c.text))
		if i < len(t.right) && t.right[i] == 'r' {
			line.WriteString(blanks)
			blanks = ""
		}
		line.WriteString(p.in(c.style, c.text))
		if i < last {
			line.WriteString(blanks + gap)
		}
	}
	return line.String()
}
