package golang

import (
	"bytes"
	"go/parser"
	"go/scanner"
	"go/token"
	"strconv"
	"testing"
)

func TestRead(t *testing.T) {
	for _, test := range []struct {
		name, file, text string
		i, j             int    // a range of the text
		span             string // its source
	}{
		{"plain", `x := "(a+)+$"`, `(a+)+$`, 1, 3, `a+`},
		{"raw", "x := `\\s+$`", `\s+$`, 0, 3, `\s+`},
		{"escaped backslash", `x := "a\\s+$"`, `a\s+$`, 1, 4, `\\s+`},
		{"after escapes", `x := "\t\"\\d+\\s+$"`, "\t\"\\d+\\s+$", 5, 8, `\\s+`},
		{"hexadecimal and octal", `x := "\x2b\053a+"`, "++a+", 1, 3, `\053a`},
		{"rune of two bytes", `x := "\u00e9+b*"`, "é+b*", 0, 3, `\u00e9+`},
		{"half an escape", `x := "\u00e9+b*"`, "é+b*", 1, 3, `\u00e9+`},
		{"long rune", `x := "\U0001f600+"`, "😀+", 4, 5, `+`},
		{"rune as it stands", `x := "é+b*"`, "é+b*", 0, 3, "é+"},
		{"byte that is no UTF-8", `x := "\xff+"`, "\xff+", 0, 2, `\xff+`},
		{"carriage returns in raw", "x := `a\r\nb+\r\n`", "a\nb+\n", 2, 4, "b+"},
		{"raw with double quote", "x := `\"(a*)*\"`", `"(a*)*"`, 1, 6, `(a*)*`},
		{"empty range", `x := "ab"`, "ab", 1, 1, ""},
		{"the end", `x := "ab"`, "ab", 2, 2, ""},
		{"empty", `x := ""`, "", 0, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			const offset = len("x := ")
			l, err := Read([]byte(test.file), offset)
			if err != nil {
				t.Fatal(err)
			}
			if l.Text != test.text || l.End != len(test.file) {
				t.Errorf("text %q to %d, want %q to %d", l.Text, l.End, test.text, len(test.file))
			}
			start, end := l.Span(test.i, test.j)
			if got := test.file[start:end]; got != test.span {
				t.Errorf("bytes %d to %d stand at %q, want %q", test.i, test.j, got, test.span)
			}
		})
	}
}

func TestWhole(t *testing.T) {
	l, err := Read([]byte(`"a\u00e9b"`), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		i, j int
		want bool
	}{{0, 1, true}, {1, 3, true}, {0, 4, true}, {1, 2, false}, {2, 3, false}, {2, 4, false}} {
		if got := l.Whole(test.i, test.j); got != test.want {
			t.Errorf("bytes %d to %d of %q: whole %t, want %t", test.i, test.j, l.Text, got, test.want)
		}
	}
}

func TestReadFaults(t *testing.T) {
	for _, test := range []struct{ file, want string }{
		{`"ab`, "offset 0: string literal without its closing quote"},
		{"\"ab\n\"", "offset 0: string literal without its closing quote"},
		{"`ab", "offset 0: string literal without its closing quote"},
		{`"a\q"`, `offset 2: escape "\\q": expected one of Go's`},
		{`"\u12"`, `offset 1: escape "\\u": expected one of Go's`},
		{`"\`, `offset 1: escape "\\": expected one of Go's`},
		{`x`, `offset 0: found 'x': expected the opening quote of a string literal`},
		{``, `offset 0: expected one within the file's 0 bytes`},
	} {
		if _, err := Read([]byte(test.file), 0); err == nil || err.Error() != test.want {
			t.Errorf("%q: error %v, want %s", test.file, err, test.want)
		}
	}
}

// Quote and Read are each other's inverse.
func TestQuote(t *testing.T) {
	for _, text := range []string{``, `(a+)+`, "\t\"\\\x00\xff", "é\u2028😀", "a`b", "a\rb", "a\nb"} {
		for _, raw := range []bool{false, true} {
			quoted, ok := Literal{Raw: raw}.Quote(text)
			if !ok {
				if !raw {
					t.Errorf("%q has no interpreted form", text)
				}
				continue
			}
			quote := `"`
			if raw {
				quote = "`"
			}
			if l, err := Read([]byte(quote+quoted+quote), 0); err != nil || l.Text != text {
				t.Errorf("%q is written %s, which reads %q (%v)", text, quoted, l.Text, err)
			}
		}
	}
}

// FuzzRead holds the reader against Go's own scanner and parser.
func FuzzRead(f *testing.F) {
	for _, s := range []string{`"a\\s+$"`, "`a\r\nb`", `"\u00e9\x41\101\U0001f600"`, `"\ud800"`, `"\400"`, `"a`, "\"\x00\"", "`\ufeff`"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, lit []byte) {
		if len(lit) == 0 || lit[0] != '"' && lit[0] != '`' {
			return
		}
		var s scanner.Scanner
		fset := token.NewFileSet()
		faults := 0
		s.Init(fset.AddFile("", -1, len(lit)), lit, func(token.Position, string) { faults++ }, 0)
		_, tok, text := s.Scan()
		l, err := Read(lit, 0)
		want, werr := strconv.Unquote(text)
		if tok != token.STRING || werr != nil || faults > 0 {
			return // Go refuses more than the reader: NUL bytes, encodings
		}
		if err != nil || l.Text != want {
			t.Fatalf("%q reads %q (%v), want %q", lit, l.Text, err, want)
		}
		for i := range len(l.Text) {
			start, end := l.Span(i, i+1)
			if start < 1 || end > l.End-1 || start >= end {
				t.Fatalf("%q: byte %d stands at [%d,%d)", lit, i, start, end)
			}
			if bytes.Equal(lit[start:end], []byte{l.Text[i]}) || l.Raw {
				continue
			}
			if e, err := parser.ParseExpr(`"` + string(lit[start:end]) + `"`); err != nil {
				t.Fatalf("%q: byte %d stands at %q, which is no escape: %v (%v)", lit, i, lit[start:end], err, e)
			}
		}
	})
}
