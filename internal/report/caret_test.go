package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

func TestCaret(t *testing.T) {
	span := func(ab ...int) (out []syntax.Span) {
		for i := 0; i+1 < len(ab); i += 2 {
			out = append(out, syntax.Span{Start: ab[i], End: ab[i+1]})
		}
		return out
	}
	long := strings.Repeat("x", 200)
	for _, c := range []struct {
		what, pattern string
		spans         []syntax.Span
		want          string
	}{
		{"none", "abc", nil, "abc\n"},
		{"empty pattern", "", nil, "\n"},
		{"two", "a+b+", span(0, 2, 2, 4), "a+b+\n^^^^\n"},
		{"apart", "a+xb+", span(0, 2, 3, 5), "a+xb+\n^^ ^^\n"},
		{"nested", "^(a+)+$", span(1, 6, 2, 4), "^(a+)+$\n ~^^~~\n"},
		{"the same twice", "a+", span(0, 2, 0, 2), "a+\n^^\n"},
		{"wide", "日本+x+", span(3, 7, 7, 9), "日本+x+\n  ^^^^^\n"},
		{"combining", "e\u0301+x", span(0, 4), "e\u0301+x\n^^\n"},
		{"combining first", "\u0301+", span(0, 3), "\u25cc\u0301+\n^^\n"},
		{"control", "\n\t\x7f+", span(2, 4), "␊␉␡+\n  ^^\n"},
		{"no UTF-8", "\xff\xfe+", span(1, 3), "\uFFFD\uFFFD+\n ^^\n"},
		{"right to left override", "\u202e+", span(3, 4), "<202E>+\n      ^\n"},
		{"empty span", "ab", span(1, 1), "ab\n ^\n"},
		{"beyond the end", "ab", span(5, 9), "ab\n"},
		{"long", long + "a+" + long, span(200, 202), "x…" + long[:16] + "a+" + long[:16] + "…\n" + strings.Repeat(" ", 18) + "^^\n"},
		{"long and unmarked", long, nil, long[:95] + "…\n"},
		{"a long part", "y" + long + "y", span(1, 201), "y" + long[:24] + "…" + long[:24] + "y\n " + strings.Repeat("^", 49) + "\n"},
	} {
		if got := caret(c.pattern, c.spans, ""); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, c.want)
		}
	}
}

// Every line fits, and carets stand under the columns of what they mark.
func FuzzCaret(f *testing.F) {
	f.Add("^(a+)+$", 1, 6, 2, 4)
	f.Add("日本\u0301\x00\xff", 0, 3, 6, 8)
	f.Add(strings.Repeat("(a|日)*", 60), 3, 200, 250, 300)
	f.Fuzz(func(t *testing.T, pattern string, a, b, c, d int) {
		spans := []syntax.Span{{Start: a, End: b}, {Start: c, End: d}}
		out := caret(pattern, spans, "  ")
		if !utf8.ValidString(out) {
			t.Fatalf("%q: no UTF-8", out)
		}
		for l := range strings.Lines(out) {
			if !strings.HasPrefix(l, "  ") || !strings.HasSuffix(l, "\n") {
				t.Fatalf("%q", l)
			}
			columns := 0
			for _, c := range cells(strings.TrimSuffix(l, "\n")) {
				if c.text != "\u25cc" {
					columns += c.columns
				}
			}
			if columns > lineColumns+2+1 {
				t.Fatalf("%d columns: %q", columns, l)
			}
		}
		if n := strings.Count(out, "\n"); n > 2*len(pattern)/lineColumns*4+8 {
			t.Fatalf("%d lines for %d bytes", n, len(pattern))
		}
	})
}

func TestCellsCoverThePattern(t *testing.T) {
	for _, p := range []string{"", "abc", "日本", "a\u0301\x00\xffb", "\u202e\U0001F600"} {
		at := 0
		for _, c := range cells(p) {
			if c.start != at || c.end <= c.start {
				t.Errorf("%q: cell %+v at %d", p, c, at)
			}
			at = c.end
		}
		if at != len(p) {
			t.Errorf("%q: cells end at %d", p, at)
		}
	}
	if k := width.LookupRune('日').Kind(); k != width.EastAsianWide {
		t.Errorf("日 is %v", k)
	}
}
