package backtrack_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

func program(t testing.TB, p corpus.Pattern) *backtrack.Program {
	t.Helper()
	re, err := syntax.Parse(p)
	if err != nil {
		t.Fatal(err)
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		t.Fatal(err)
	}
	return prog
}

func TestModesAndUnits(t *testing.T) {
	for _, tc := range []struct {
		name, text, flags string
		dialect           corpus.Dialect
		mode              corpus.Mode
		subject           string
		start             int
		want              string // outcome, captures, number of matches
	}{
		{"search", `a+`, "", corpus.PCRE, "", "baa", 0, "matched [1 3] 1"},
		{"match", `a+`, "", corpus.PCRE, corpus.Match, "baa", 0, "no match [] 0"},
		{"match from an offset", `a+`, "", corpus.PCRE, corpus.Match, "baa", 1, "matched [1 3] 1"},
		{"full tries on", `a|ab`, "", corpus.PCRE, corpus.Full, "ab", 0, "matched [0 2] 1"},
		{"global", `a*`, "", corpus.PCRE, corpus.Global, "baac", 0, "matched [0 0] 4"},
		{"global after a keep", `a\Kb`, "", corpus.PCRE, corpus.Global, "abab", 0, "matched [1 2] 2"},
		{"lookbehind sees before the start", `(?<=a)b`, "", corpus.PCRE, "", "ab", 1, "matched [1 2] 1"},
		{"search start", `\Gb`, "", corpus.PCRE, "", "ab", 1, "matched [1 2] 1"},
		{"bytes", `.`, "", corpus.PCRE, "", "é", 0, "matched [0 1] 1"},
		{"code points", `(.)b`, "u", corpus.PCRE, "", "aéb", 0, "matched [1 4 1 3] 1"},
		{"invalid code points", `a`, "u", corpus.PCRE, "", "\xff", 0, "bad subject [] 0"},
		{"invalid code points in Go", `.b`, "", corpus.Go, "", "\xffb", 0, "matched [0 2] 1"},
		{"half a pair", `.$`, "", corpus.ECMAScript, "", "😀", 0, "matched [2 4] 1"},
		{"a pair", `^.$`, "u", corpus.ECMAScript, "", "😀", 0, "matched [0 4] 1"},
		{"a lone surrogate", `\ud83d$`, "", corpus.ECMAScript, "", "a\xed\xa0\xbd", 0, "matched [1 4] 1"},
		{"lookbehind runs backward", `(?<=(\d+)(\d+))$`, "", corpus.ECMAScript, "", "1053", 0, "matched [4 4 0 1 1 4] 1"},
		{"right to left", `(\d+)(\d+)`, "R", corpus.DotNet, "", "a1053b", 0, "matched [1 5 1 2 2 5] 1"},
		{"right to left from an offset", `\d`, "R", corpus.DotNet, "", "123", 1, "matched [1 2] 1"},
		{"right to left, global", `\d`, "R", corpus.DotNet, corpus.Global, "123", 0, "matched [2 3] 3"},
		{"balancing", `^(?:(?<o>\()|(?<-o>\)))*(?(o)(?!))$`, "", corpus.DotNet, "", "(())", 0, "matched [0 4 -1 -1] 1"},
		{"out of balance", `^(?:(?<o>\()|(?<-o>\)))*(?(o)(?!))$`, "", corpus.DotNet, "", "(()", 0, "no match [] 0"},
		{"absent", `/\*(?~\*/)\*/`, "", corpus.Ruby, "", "/* a */ */", 0, "matched [0 7] 1"},
		{"grapheme", `^\X`, "u", corpus.PCRE, "", "e\u0301x", 0, "matched [0 3] 1"},
		{"captures of an iteration are forgotten", `(?:(a)|b)*`, "", corpus.ECMAScript, "", "ab", 0, "matched [0 2 -1 -1] 1"},
		{"captures of an iteration are kept", `(?:(a)|b)*`, "", corpus.Python, "", "ab", 0, "matched [0 2 0 1] 1"},
		{"recursion", `^(\((?:[^()]|(?1))*\))$`, "", corpus.PCRE, "", "(a(b)c)", 0, "matched [0 7 0 7] 1"},
		{"recursion without progress", `^((?1)a|b)`, "", corpus.PCRE, "", "ba", 0, "recursion loop [] 0"},
		{"no start inside a newline", `(*CRLF).+foo`, "", corpus.PCRE, "", "\r\nfoo", 0, "no match [] 0"},
		{"no start inside a newline, code points", `(*ANY)[^x]é`, "u", corpus.PCRE, "", "\r\né", 0, "no match [] 0"},
		{"a start inside a newline that the pattern names", `(*CRLF)[^a]foo|[\nx]z`, "", corpus.PCRE, "", "\r\nfoo", 0, "matched [1 5] 1"},
		{"a negated newline is none", `(*CRLF)[^a]foo|[^\n]z`, "", corpus.PCRE, "", "\r\nfoo", 0, "no match [] 0"},
		{"a start inside a newline that the caller chose", `(*CRLF)[^a]foo`, "", corpus.PCRE, "", "\r\nfoo", 1, "matched [1 5] 1"},
		{"fold of a reference", `(é)\1`, "iu", corpus.PCRE, "", "éÉ", 0, "matched [0 4 0 2] 1"},
	} {
		flags, err := corpus.ParseFlags(tc.flags)
		if err != nil {
			t.Fatal(err)
		}
		prog := program(t, corpus.Pattern{Text: tc.text, Dialect: tc.dialect, Flags: flags, Mode: tc.mode})
		got := prog.Run([]byte(tc.subject), backtrack.Options{Start: tc.start})
		if s := fmt.Sprint(got.Outcome, " ", got.Caps, " ", got.Matches); s != tc.want {
			t.Errorf("%s: /%s/%s on %q: %s, want %s\n%s", tc.name, tc.text, tc.flags, tc.subject, s, tc.want, prog)
		}
	}
}

// The growth of the cost is what everything else rests on.
func TestCounts(t *testing.T) {
	a := func(n int) string { return strings.Repeat("a", n) + "!" }
	steps := func(text string, d corpus.Dialect, n int) float64 {
		return float64(program(t, corpus.Pattern{Text: text, Dialect: d}).Run([]byte(a(n)), backtrack.Options{}).Steps)
	}
	for _, tc := range []struct {
		text    string
		dialect corpus.Dialect
		n       int
		ratio   float64 // cost at 2n over cost at n, or at n+1 over n when above 16
		plus    bool
	}{
		{`^a+b`, corpus.PCRE, 200, 2, false},
		{`a+b`, corpus.PCRE, 200, 4, false},
		{`^a+a+b`, corpus.PCRE, 200, 4, false},
		{`(a+)\1c`, corpus.PCRE, 200, 8, false},
		{`^(a+)+$`, corpus.PCRE, 12, 2, true},
		{`^(a()*a)*$`, corpus.PCRE, 16, 1.4, true},
		{`^(a()*a)*$`, corpus.ECMAScript, 200, 2, false},
	} {
		more := 2 * tc.n
		if tc.plus {
			more = tc.n + 1
		}
		ratio := steps(tc.text, tc.dialect, more) / steps(tc.text, tc.dialect, tc.n)
		if ratio < 0.85*tc.ratio || ratio > 1.15*tc.ratio {
			t.Errorf("%s (%s): cost grows by %.2f from %d to %d, want %.1f", tc.text, tc.dialect, ratio, tc.n, more, tc.ratio)
		}
	}
}

func TestBudgets(t *testing.T) {
	prog := program(t, corpus.Pattern{Text: `^(?:a|a)*$`, Dialect: corpus.PCRE})
	subject := []byte(strings.Repeat("a", 40) + "!")
	for _, budget := range []uint64{1, 2, 10, 12345} {
		if got := prog.Run(subject, backtrack.Options{Steps: budget}); got.Outcome != backtrack.StepLimit || got.Steps != budget+1 {
			t.Errorf("budget of %d steps: %v after %d", budget, got.Outcome, got.Steps)
		}
	}
	subject = []byte(strings.Repeat("a", 100000))
	if got := prog.Run(subject, backtrack.Options{Memory: 1 << 20}); got.Outcome != backtrack.MemoryLimit {
		t.Errorf("budget of 1 MiB: %v", got.Outcome)
	}
	if got := prog.Run(subject, backtrack.Options{}); got.Outcome != backtrack.Matched {
		t.Errorf("default budgets: %v", got.Outcome)
	}
}

func TestLimits(t *testing.T) {
	deep := &syntax.Node{Op: syntax.OpSet, Set: charset.Runes('a')}
	for range backtrack.MaxDepth + 1 {
		deep = &syntax.Node{Op: syntax.OpAtomic, Sub: []*syntax.Node{deep}}
	}
	long := &syntax.Node{Op: syntax.OpKeep}
	for range 23 {
		long = &syntax.Node{Op: syntax.OpConcat, Sub: []*syntax.Node{long, long}}
	}
	for name, root := range map[string]*syntax.Node{"MaxDepth": deep, "MaxInstructions": long} {
		_, err := backtrack.Compile(&syntax.Regexp{Root: root})
		var limit *backtrack.LimitError
		if !errors.As(err, &limit) || limit.Limit != name {
			t.Errorf("%s: error %v", name, err)
		}
	}
	huge := &syntax.Node{Op: syntax.OpRepeat, Min: 1 << 30, Max: 1 << 30, Sub: []*syntax.Node{{Op: syntax.OpSet, Set: charset.Runes('a')}}}
	prog, err := backtrack.Compile(&syntax.Regexp{Root: huge})
	if err != nil || prog.Len() > 3 {
		t.Errorf("a{1073741824}: %v", err)
	}
}

func TestRunnerAllocatesNothing(t *testing.T) {
	prog := program(t, corpus.Pattern{Text: `(a|b)*(?>c+)d`, Dialect: corpus.PCRE})
	r := prog.NewRunner()
	subject := []byte(strings.Repeat("ab", 500) + "cce")
	r.Run(subject, backtrack.Options{})
	if n := testing.AllocsPerRun(10, func() { r.Run(subject, backtrack.Options{}) }); n != 0 {
		t.Errorf("%v allocations a run", n)
	}
}

func TestString(t *testing.T) {
	for text, want := range map[string]string{
		`(?:ab|c*?)+$`: `  0 mark 6
  1 try 5
  2 char 'a'
  3 char 'b'
  4 jump 6
  5 lazy [c] {0,}
  6 empty-loop 6 0
  7 end-or-last [\x{a}]
  8 match
`,
		`(?<!a)(b){2,3}`: `  0 look-try 8 4
  1 behind 1
  2 char 'a'
  3 look-not 8 -1
  4 loop-init 0 8
  5 mark 12
  6 char 'b'
  7 close 1 12
  8 loop 0 {2,3} body 5 exit 9
  9 match
`,
	} {
		if got := program(t, corpus.Pattern{Text: text, Dialect: corpus.PCRE}).String(); got != want {
			t.Errorf("/%s/:\n%swant\n%s", text, got, want)
		}
	}
}

// A step is bounded work also where a pattern has very many groups: a call
// that saves them takes a step for each 64 slots.
func TestCallsAmongManyGroupsCostSteps(t *testing.T) {
	subject := []byte(strings.Repeat("a", 20))
	few := program(t, corpus.Pattern{Text: `^(a(?1)?b)`, Dialect: corpus.PCRE}).Run(subject, backtrack.Options{})
	many := program(t, corpus.Pattern{Text: `^(a(?1)?b)` + strings.Repeat("()", 6400), Dialect: corpus.PCRE}).Run(subject, backtrack.Options{})
	if least := few.Steps + 20*100; many.Steps < least {
		t.Errorf("20 calls among 6,400 groups take %d steps, among none %d: expected at least %d", many.Steps, few.Steps, least)
	}
}
