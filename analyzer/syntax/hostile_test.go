package syntax

import (
	"flag"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

var campaign = flag.Bool("campaign", false, "run every case instead of a sample")

// hostile are texts that would cost a careless parser its stack, its memory
// or its time.
func hostile() map[string]string {
	n, many := 100_000, 10_000
	if *campaign {
		many = 40_000
	}
	return map[string]string{
		"groups":         strings.Repeat("(", n) + strings.Repeat(")", n),
		"plain groups":   strings.Repeat("(?:", n) + strings.Repeat(")", n),
		"lookbehinds":    strings.Repeat("(?<=", n) + strings.Repeat(")", n),
		"open":           strings.Repeat("(", 1<<20),
		"brackets":       strings.Repeat("[", 1<<20),
		"bars":           strings.Repeat("|", 200_000),
		"megabyte":       strings.Repeat("|", 1<<20),
		"repeat":         "a{1000000000}",
		"long repeat":    "a{" + strings.Repeat("9", n) + "}",
		"stacked":        "a" + strings.Repeat("{1}", 50_000),
		"stars":          "a" + strings.Repeat("*", n),
		"bytes":          "a\xff\xfe\x80",
		"words":          strings.Repeat(`[\w1]`, many),
		"words inside":   "[" + strings.Repeat(`\w`, n) + "]",
		"caseless words": strings.Repeat(`(?i:[^\Wa])`, many/2),
		"properties":     strings.Repeat(`\p{L}`, many),
		"options":        strings.Repeat("(?i)", 50_000),
		"references":     strings.Repeat("()", 30_000) + strings.Repeat(`\1`, 50_000),
		"calls":          strings.Repeat("((?2)(?2))", 20_000),
		"names":          names(10_000),
		"behind calls":   "(?<=(?1))" + strings.Repeat("((?2)(?2)", 1) + strings.Repeat("((?-1)(?-1))", 200),
		"entangled":      entangled(40),
		"posix":          strings.Repeat("[[:", 60_000),
		"quotes":         strings.Repeat(`\Q\E`, 60_000),
		"comments":       strings.Repeat("(?#", 60_000),
		"number":         `(?<65536>a)(?<99999999999999999999>b)`,
		"conditions":     strings.Repeat("(?(1)", n),
		"verbs":          strings.Repeat("(*:", n),
		"subtractions":   strings.Repeat("[a-", n),
		"callout":        "(?C\"" + strings.Repeat("\"\"", n),
	}
}

// entangled are groups that each call the next twice.
func entangled(n int) string {
	var b strings.Builder
	for i := range n {
		next := decimalString(i + 2)
		b.WriteString(`(a\g<` + next + `>?\g<` + next + `>|b)`)
	}
	return b.String() + "(c)"
}

func names(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("(?<n" + decimalString(i) + ">a)")
	}
	return b.String()
}

// perByte bounds the work on a hostile text for each of its bytes, twice what
// the worst of them takes; the search for endless recursion has a bound of its
// own.
const perByte = 40

// TestHostileTextsEnd holds that any text ends in a tree or an *Error, with
// work in proportion to its length.
func TestHostileTextsEnd(t *testing.T) {
	for name, text := range hostile() {
		for _, d := range corpus.Dialects {
			for _, flags := range []corpus.Flags{0, corpus.Unicode | corpus.Caseless} {
				re, work, err := read(corpus.Pattern{Text: text, Dialect: d, Flags: flags})
				if (re == nil) == (err == nil) {
					t.Fatalf("%s as %s: %v, %v", name, d, re, err)
				}
				if err != nil && (err.Span.Start < 0 || err.Span.End < err.Span.Start || err.Span.End > len(text)) {
					t.Errorf("%s as %s: span %v of %d bytes", name, d, err.Span, len(text))
				}
				if re != nil {
					least, longest := NewMeasure(re), NewMeasure(re)
					least.Min(re.Root)
					longest.Max(re.Root)
					work += least.work + longest.work
				}
				if work > perByte*(len(text)+1)+2*maxRecursionSteps {
					t.Errorf("%s as %s took %d looks at %d bytes", name, d, work, len(text))
				}
			}
		}
	}
}

func TestMissingDialectIsAnError(t *testing.T) {
	if _, err := Parse(corpus.Pattern{Text: "a", Dialect: "awk"}); err == nil {
		t.Error("parsed")
	}
}
