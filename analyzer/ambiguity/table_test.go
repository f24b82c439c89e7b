package ambiguity

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// describe writes a report with words in the representatives of their classes.
func describe(a *nfa.Automaton, r *Report) string {
	text := func(w Word) string {
		var b strings.Builder
		for _, class := range w {
			b.WriteRune(a.Classes.Representative(int(class)))
		}
		return b.String()
	}
	out := []string{fmt.Sprintf("%d loops", len(r.Components))}
	for _, f := range r.EDA {
		out = append(out, fmt.Sprintf("EDA %d %s", f.State, text(f.Word)))
	}
	for _, l := range r.IDA {
		out = append(out, fmt.Sprintf("IDA %d %d %s", l.From, l.To, text(l.Word)))
	}
	if !r.Exponential() {
		out = append(out, fmt.Sprintf("degree %d", r.Degree()))
	}
	return strings.Join(out, "; ")
}

// TestReports is a table of patterns: their loops, forks and links with the
// states and words that show them.
func TestReports(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`^ab`, "0 loops; degree 0"},
		{`ab`, "0 loops; degree 0"},
		{`^a*b`, "1 loops; degree 0"},
		{`(a|a)*b`, "1 loops; EDA 0 a"},
		{`(a*)*b`, "1 loops; EDA 1 a"},
		{`(a|ab|b)*c`, "1 loops; EDA 0 ab"},
		{`(aaa|aa)*b`, "1 loops; EDA 0 aaaaa"},
		{`a*a*b`, "2 loops; IDA 0 1 a; degree 1"},
		{`a*a*a*b`, "3 loops; IDA 0 1 a; IDA 0 2 a; IDA 1 2 a; degree 2"},
		{`a*b*c`, "2 loops; degree 0"},
		{`a*b*a*c`, "3 loops; IDA 0 2 a; degree 1"},
		{`(ab)*(ab)*c`, "2 loops; IDA 1 2 ba; degree 1"},
		{`(ab)*a(ba)*c`, "2 loops; IDA 1 2 ba; degree 1"},
		{`(aa)*(aaa)*b`, "2 loops; IDA 1 2 aaaaaa; degree 1"},
		{`a*[ab]*b*c`, "3 loops; IDA 0 1 a; IDA 1 2 b; degree 2"},
		{`(a|b)*abc`, "1 loops; degree 0"},
		{`(?=a*b)a*c`, "2 loops; degree 0"},
		// What was captured says where a copy ends: no link leaves one, and no
		// run parts from another in it.
		{`(a*)\1a*b`, "3 loops; IDA 1 2 a; IDA 1 3 a; degree 1"},
		{`(a*)\1\1b`, "3 loops; IDA 1 2 a; IDA 1 3 a; degree 1"},
		{`(a+)\1*b`, "2 loops; IDA 1 2 a; degree 1"},
		{`(a+)(?:b\1a+)*c`, "2 loops; degree 0"},
		// The group is set anew where a run comes to the copy: a choice.
		{`(?:(?:(a*))?\1b?)*c`, "1 loops; EDA 1 a"},
	} {
		re, err := syntax.Parse(corpus.Pattern{Text: c.text, Dialect: corpus.PCRE, Mode: corpus.Match})
		if err != nil {
			t.Fatal(err)
		}
		a, err := nfa.Lower(re)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Analyze(a)
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(a, r); got != c.want {
			t.Errorf("%s: got %q, want %q", c.text, got, c.want)
		}
	}
}

// TestLimit: products beyond the limit end with its name.
func TestLimit(t *testing.T) {
	re, err := syntax.Parse(corpus.Pattern{Text: strings.Repeat(`\s*`, 60) + "x", Dialect: corpus.PCRE, Mode: corpus.Match})
	if err != nil {
		t.Fatal(err)
	}
	a, err := nfa.Lower(re)
	if err != nil {
		t.Fatal(err)
	}
	_, err = analyze(a, 500, false)
	var limit *LimitError
	if !errors.As(err, &limit) || limit.Value != 500 || limit.Limit != "comparisons of edges" {
		t.Errorf("got %v", err)
	}
	if r, err := Analyze(a); err != nil || r.Degree() != 59 {
		t.Errorf("60 adjacent loops: degree %d, %v", r.Degree(), err)
	}
}
