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
	lineColumns   = 96 // of a pattern on one line
	aroundColumns = 16 // shown before and after a marked part of a long pattern
	edgeColumns   = 24 // shown of each end of a long marked part
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
// with tildes outside of it. Of a long pattern only the ends of the marked
// parts are shown, with something around them, and … for what is left out.
func caret(pattern string, spans []syntax.Span, indent string) string {
	cs := cells(pattern)
	if slices.ContainsFunc(spans, func(s syntax.Span) bool { return s.Start >= len(pattern) }) {
		cs = append(cs, cell{start: len(pattern), end: len(pattern) + 1, columns: 1}) // what is missing at the end
	}
	under := marks(cs, spans)
	var b, above, below strings.Builder
	columns := 0
	flush := func() {
		b.WriteString(indent + above.String() + "\n")
		if m := strings.TrimRight(below.String(), " "); m != "" {
			b.WriteString(indent + m + "\n")
		}
		above.Reset()
		below.Reset()
		columns = 0
	}
	put := func(text string, mark rune, n int) {
		if n > 0 && columns+n > lineColumns {
			flush()
		}
		above.WriteString(text)
		below.WriteString(strings.Repeat(string(mark), n))
		columns += n
	}
	gap := false
	for i, shown := range visible(cs, under) {
		switch {
		case shown:
			put(cs[i].text, under[i], cs[i].columns)
		case !gap:
			mark := ' '
			if under[i] != ' ' && i > 0 && under[i-1] == under[i] {
				mark = under[i]
			}
			put("…", mark, 1)
		}
		gap = !shown
	}
	flush()
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

// visible says which cells are shown: all where they fit on a line, else the
// ends of every run of marks with what stands around them; without marks, the
// pattern's start.
func visible(cs []cell, marks []rune) []bool {
	out := make([]bool, len(cs))
	show := func(from, to int) {
		for i := max(from, 0); i < min(to, len(cs)); i++ {
			out[i] = true
		}
	}
	if forward(cs, 0, lineColumns) == len(cs) {
		show(0, len(cs))
		return out
	}
	show(0, 1)
	marked := false
	for i := 0; i < len(cs); {
		j := i
		for j < len(cs) && marks[j] == marks[i] {
			j++
		}
		if marks[i] != ' ' {
			marked = true
			show(back(cs, i, aroundColumns), min(j, forward(cs, i, edgeColumns)))
			show(max(i, back(cs, j, edgeColumns)), forward(cs, j, aroundColumns))
		}
		i = j
	}
	if !marked {
		show(0, forward(cs, 0, lineColumns-1))
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
