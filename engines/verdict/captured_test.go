package verdict

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// captured are patterns with a reference to one character of more than the
// analysis tells apart: every tail of a few parts behind some heads.
func captured(every int) []string {
	var parts []string
	for _, atom := range []string{`\1`, "a", "x", ".", "[^x]", `(?!\1).`, `(?:\1|x)`} {
		parts = append(parts, atom, "(?:"+atom+")*", "(?:"+atom+")*?")
	}
	var out []string
	for i, t := range upToThree(parts) {
		if i%every == 0 && strings.Contains(t, `\1`) {
			head := []string{"", "x", "^", "x*", "(?:a|x)?"}[i/every%5]
			out = append(out, head+"([a-u])"+t)
		}
	}
	return out
}

// TestCaptured holds verdicts on references to one character of many against
// every short subject, and against subjects that use all of the characters: the
// bound of a proof counts the runs of all of them.
func TestCaptured(t *testing.T) {
	every := 23
	if *campaign > 0 {
		every = 1
	}
	subjects := subjectsUpTo("abx", 5)
	for _, opener := range []string{"D", "xD", "DD", "Dx", "xDx"} {
		all := ""
		for d := 'a'; d <= 'u'; d++ {
			all += strings.ReplaceAll(opener, "D", string(d))
		}
		for _, n := range []int{1, 30, 300} {
			for _, tail := range []string{"x", "a", "z", "ax", all} {
				subjects = append(subjects, []byte(all+strings.Repeat(tail, n)), []byte(all+strings.Repeat(tail, n)+"!"))
			}
		}
	}
	kinds := map[string]int{}
	for _, text := range captured(every) {
		p := corpus.Pattern{Text: text, Dialect: corpus.PCRE, Mode: corpus.Search}
		v, fault := holds(p, subjects, families())
		kinds[string(v.Kind)]++
		if fault != "" {
			t.Errorf("%s: %s", text, fault)
		}
	}
	t.Log(kinds)
	if kinds["linear"] == 0 || kinds["superlinear"] == 0 {
		t.Errorf("%v: expected both verdicts", kinds)
	}
}

// TestCapturedBound keeps the number of characters in the bound, and says so
// where it is too large for one.
func TestCapturedBound(t *testing.T) {
	for _, row := range []struct {
		pattern string
		dialect corpus.Dialect
		kind    Kind
	}{
		{`%([a-u])(?:[^\\]|\\.)*?\1`, corpus.PCRE, Linear},
		{`(%([\[{(<]))((?:\\\2|(?!\2).)*)(\2)`, corpus.DotNet, Linear},
		{`(["'])(?:\\\1|(?!\1).)*\1`, corpus.ECMAScript, Linear},
		{`%([^a-z\\])(?:[^\\]|\\.)*?\1`, corpus.ECMAScript, Unknown},
		// Read from right to left, the reference comes before its group.
		{`(?<=(["'])x\1)(?:a|aa)*b`, corpus.ECMAScript, Superlinear},
	} {
		p := corpus.Pattern{Text: row.pattern, Dialect: row.dialect, Mode: corpus.Search}
		v := Analyze(p, Options{})
		if v.Kind != row.kind {
			t.Errorf("%s (%s): %s, want %s (%v)", row.pattern, row.dialect, v.Kind, row.kind, v.Reason)
			continue
		}
		if v.Kind == Unknown && (v.Reason.Limit == "" || v.Reason.Value < 60_000) {
			t.Errorf("%s: the reason does not say how many characters: %+v", row.pattern, v.Reason)
		}
	}
	// One run for each character is open at a time: the bound must hold all.
	p := corpus.Pattern{Text: `%([a-u])(?:[^\\]|\\.)*?\1`, Dialect: corpus.PCRE, Mode: corpus.Search}
	re, err := syntax.Parse(p)
	if err != nil {
		t.Fatal(err)
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		t.Fatal(err)
	}
	var subject strings.Builder
	for d := 'a'; d <= 'u'; d++ {
		fmt.Fprintf(&subject, "%%%c", d)
	}
	subject.WriteString(strings.Repeat("-", 2_000))
	v := Analyze(p, Options{})
	steps := float64(prog.NewRunner().Run([]byte(subject.String()), backtrack.Options{}).Steps)
	if perByte := steps / float64(subject.Len()+1); perByte > v.StepsPerByte || perByte < v.StepsPerByte/21 {
		t.Errorf("%.0f steps a byte, and a bound of %.0f", perByte, v.StepsPerByte)
	}
}
