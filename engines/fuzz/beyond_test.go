package fuzz

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/engines"
)

// beyond are patterns of public corpora on which the search found faster growth
// than the analysis confirmed when they were seen, or growth where it left the
// pattern open. engines/verdict has more of them.
var beyond = []row{
	{pattern: `[\t ]+(?![^{]*})`, exponent: 3, why: "starts, lengths, and a lookahead to the end for each"},
	{pattern: `<%[\=\-\#]?(?!.*%>)`, exponent: 2, why: "each start looks to the end"},
	{pattern: `([-_a-zA-Z0-9]+)(\s*.*?)(?=,\s+(?:/|-|--)|$)`, exponent: 3, why: "starts, the first loop, the second"},
	{pattern: `\d+\.\d*(?!\d*d)`, exponent: 3, why: "starts, lengths, and a lookahead for each"},
	{pattern: `(\s)*except\s*.*\:$`, exponent: 3, why: "starts, and two loops behind the word"},
	{pattern: `\s*from\s*.*?import\s+(.*)`, exponent: 3, why: "starts, and two loops behind the word"},
	{pattern: `[0-9]*-[0-9]*\.[0-9]*[\.0-9]*\:[\.0-9]*$`, exponent: 3, why: "starts, and two loops behind the dot"},
	{pattern: `\s*?([a-z]+(?:-[a-z]+)*):[ \t]*(.*?);`, exponent: 3, why: "starts, and two loops behind the colon"},
	{pattern: `(?m)(?s).*<terms.*<locale[^>]*xml:lang="([^"]+)"[^>]*>.*`, exponent: 3, why: "starts, and two loops"},
}

// TestBeyond: the search still finds what it found beyond the analysis.
func TestBeyond(t *testing.T) {
	for _, r := range beyond {
		re, prog := r.compile(t)
		want := engines.Growth{Class: engines.Polynomial, Exponent: r.exponent}
		if got := Search(re, prog, Options{Seed: 1, Steps: 1_000_000}).Growth(); want.Worse(got) {
			t.Errorf("%s: %v, want at least exponent %d: %s", r.pattern, got, r.exponent, r.why)
		}
	}
}
