package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// Widths in columns of a terminal.
const (
	windowColumns = 96 // of the pattern that is shown on one line
	aroundColumns = 16 // shown before and after a marked part of a long pattern
)

// A cell is one character of a pattern as a terminal shows it.
type cell struct {
	start, end int // bytes of the pattern
	text       string
	columns    int // 0 for a character that stands on the one before it
}

// cells cuts a pattern into what a terminal shows. Control characters and
// line ends become pictures, bytes that are no UTF-8 the replacement
// character, and characters that would reorder or hide others their number:
// the line shows what the bytes are.
func cells(pattern string) []cell {
	out := make([]cell, 0, len(pattern))
	for i, r := range pattern {
		n := utf8.RuneLen(r)
		c := cell{start: i, text: string(r), columns: 1}
		switch {
		case r == utf8.RuneError:
			_, n = utf8.DecodeRuneInString(pattern[i:])
			c.text = "\uFFFD"
		case r < ' ':
			c.text = string('\u2400' + r)
		case r == 0x7F:
			c.text = "\u2421"
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
			c.columns = 0
			if len(out) == 0 {
				c.text, c.columns = "\u25CC"+c.text, 1
			}
		case !unicode.IsPrint(r):
			c.text = fmt.Sprintf("<%04X>", r)
			c.columns = len(c.text)
		default:
			if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
				c.columns = 2
			}
		}
		c.end = i + n
		out = append(out, c)
	}
	return out
}

// caret is the pattern with a line of carets under the spans, every line
// behind the indent. A part that contains another marked one is underlined
// with tildes outside of it. A long pattern is cut to windows around its
// spans, one after the other.
func caret(pattern string, spans []syntax.Span, indent string) string {
	cs := cells(pattern)
	marks := marks(cs, spans)
	var b strings.Builder
	for _, w := range windows(cs, marks) {
		var above, below strings.Builder
		if w.from > 0 {
			above.WriteString("…")
			below.WriteString(" ")
		}
		for i := w.from; i < w.to; i++ {
			above.WriteString(cs[i].text)
			below.WriteString(strings.Repeat(string(marks[i]), cs[i].columns))
		}
		if w.to < len(cs) {
			above.WriteString("…")
		}
		b.WriteString(indent + above.String() + "\n")
		if under := strings.TrimRight(below.String(), " "); under != "" {
			b.WriteString(indent + under + "\n")
		}
	}
	return b.String()
}

// marks is the mark under each cell. Wider spans are drawn first.
func marks(cs []cell, spans []syntax.Span) []rune {
	out := slices.Repeat([]rune{' '}, len(cs))
	order := slices.Clone(spans)
	slices.SortStableFunc(order, func(a, b syntax.Span) int { return cmp.Compare(b.End-b.Start, a.End-a.Start) })
	for _, s := range order {
		mark := '^'
		for _, o := range spans {
			if o != s && s.Start <= o.Start && o.End <= s.End {
				mark = '~'
			}
		}
		for i, c := range cs {
			if c.start < s.End && s.Start < c.end || s.Start == s.End && c.start == s.Start {
				out[i] = mark
			}
		}
	}
	return out
}

type window struct{ from, to int } // half-open range of cells

// windows are the parts of the pattern to show: all of it where it fits, else
// each run of marks with something around it, cut where it is too long.
func windows(cs []cell, marks []rune) []window {
	total := 0
	for _, c := range cs {
		total += c.columns
	}
	if total <= windowColumns {
		return []window{{0, len(cs)}}
	}
	var out []window
	add := func(from, to int) {
		from = max(0, back(cs, from, aroundColumns))
		to = forward(cs, to, aroundColumns)
		if n := len(out); n > 0 && from <= out[n-1].to {
			out[n-1].to = max(to, out[n-1].to)
			return
		}
		out = append(out, window{from, to})
	}
	for i := 0; i < len(marks); i++ {
		if marks[i] == ' ' {
			continue
		}
		j := i
		for j < len(marks) && marks[j] != ' ' {
			j++
		}
		add(i, j)
		i = j
	}
	if len(out) == 0 {
		out = []window{{0, 0}}
	}
	for i := range out {
		fill := windowColumns
		for k := out[i].from; k < out[i].to; k++ {
			fill -= cs[k].columns
		}
		if fill < 0 || len(out) == 1 {
			out[i].to = forward(cs, out[i].from, windowColumns)
		}
	}
	return out
}

// back is the first cell so many columns before i.
func back(cs []cell, i, columns int) int {
	for i > 0 && columns > 0 {
		i--
		columns -= cs[i].columns
	}
	return i
}

// forward is the cell so many columns after i, past the characters that stand
// on the last one.
func forward(cs []cell, i, columns int) int {
	for i < len(cs) && columns >= cs[i].columns {
		columns -= cs[i].columns
		i++
	}
	return i
}
