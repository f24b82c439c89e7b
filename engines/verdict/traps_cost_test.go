package verdict

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// pumps is a family of one pump.
func pumps(x, y, z string) attack.Witness {
	return attack.Witness{Pumps: []attack.Pump{{Prefix: []byte(x), Pump: []byte(y)}}, Suffix: []byte(z)}
}

// TestTrapCosts holds the input column of the traps: how the reference's steps
// grow on the very inputs that refute a shortcut, and on their neighbours that
// do not. Exponent 1 is linear.
func TestTrapCosts(t *testing.T) {
	for _, test := range []struct {
		pattern, flags string
		dialect        corpus.Dialect
		mode           corpus.Mode
		family         attack.Witness
		exponent       int
	}{
		{`(?s).*x`, "", corpus.PCRE, "", pumps("", "a", ""), 2},
		{`(?<=x[^y]*)a`, "", corpus.ECMAScript, "", pumps("", "a", ""), 2},
		{`(?<=x[^y]*)a`, "", corpus.DotNet, "", pumps("", "a", ""), 2},
		{`a(?<=^(a|a)*b)`, "", corpus.ECMAScript, "", pumps("", "a", ""), 1},
		{`(^a+)\1*b`, "", corpus.PCRE, "", pumps("", "a", ""), 2},
		{`^(a()*a)*$`, "", corpus.PCRE, "", pumps("", "a", "!"), exp},
		{`^(a()*a)*$`, "", corpus.Python, "", pumps("", "a", "!"), exp},
		{`^(a()*a)*$`, "", corpus.DotNet, "", pumps("", "a", "!"), exp},
		{`^(a()*a)*$`, "", corpus.ECMAScript, "", pumps("", "a", "!"), 1},
		{`^(?:(?>a*)a|(?:a|aa)*b)`, "", corpus.PCRE, "", pumps("", "a", ""), exp},
		{`^(?:a{1,8}$|(?:a|aa)*b)`, "", corpus.PCRE, "", pumps("", "a", ""), exp},
		{`^(?:(?=c)a*|(?:a|aa)*b)`, "", corpus.PCRE, "", pumps("", "a", ""), exp},
		{`^(?:(b)?a*\1c?$|(?:a|aa)*b)`, "", corpus.PCRE, "", pumps("", "a", ""), exp},
		{`^(?>(?:a|aa)*)b`, "", corpus.PCRE, "", pumps("", "a", ""), 1},
		{`^(?!(?:a|aa)*c)b`, "", corpus.PCRE, "", pumps("", "a", ""), exp},
		{`^(?!(?:a|aa)*c)b`, "", corpus.PCRE, "", pumps("", "a", "c"), 1},
		{`(?:a|aa)*`, "", corpus.PCRE, corpus.Search, pumps("", "a", "!"), 1},
		{`(?:a|aa)*`, "", corpus.PCRE, corpus.Full, pumps("", "a", "!"), exp},
		{`x(?:.*y)?`, "", corpus.PCRE, corpus.Search, pumps("", "x", ""), 1},
		{`x(?:.*y)?`, "", corpus.ECMAScript, corpus.Global, pumps("", "x", ""), 2},
		{`x(?:.*y)?`, "", corpus.Python, corpus.Global, pumps("", "x", ""), 2},
		{`^(?:a|aa)*$`, "", corpus.PCRE, "", pumps("", "a", "\n"), 1},
		{`^(?:a|aa)*$`, "", corpus.PCRE, "", pumps("", "a", "\n\n"), exp},
		{`^(?:\r\n|\r|\n)*x`, "", corpus.PCRE, "", pumps("", "\r\n", ""), exp},
		{`^\R*x`, "", corpus.PCRE, "", pumps("", "\r\n", ""), 1},
		{`\Xz`, "u", corpus.PCRE, "", pumps("a", "\u0301", ""), 2},

		{`^(a+)\1*b`, "", corpus.PCRE, "", pumps("", "a", ""), 2},
		{`^(a*)\1\1\1b`, "", corpus.PCRE, "", pumps("", "a", ""), 2},
		{`(a*)\1\1b`, "", corpus.PCRE, "", pumps("", "a", ""), 3},
		{`^(a+)(a+)\1\2c`, "", corpus.PCRE, "", pumps("", "a", ""), 3},
		{`.*.*=.*`, "s", corpus.PCRE, "", pumps("", "x", ""), 3},
		{`.*.*=.*`, "s", corpus.PCRE, "", pumps("", "x", "="), 1},
		// In front of the pump the = is reached last.
		{`.*.*=.*`, "s", corpus.PCRE, "", pumps("=", "x", ""), 2},
		{`(?:.*=.*)`, "", corpus.PCRE, "", pumps("", "x", ""), 2},
		{`\s*a?\s*b?\s*$`, "", corpus.PCRE, "", pumps("", " ", "x"), 4},
		{`^\s*a?\s*b?\s*$`, "", corpus.PCRE, "", pumps("", " ", "x"), 3},
		{`(?:.*a){3}b`, "", corpus.PCRE, "", pumps("", "a", ""), 4},
		{`^(?:.*a){3}b`, "", corpus.PCRE, "", pumps("", "a", ""), 3},
		{`(?:(?=a*b)a)*c`, "", corpus.PCRE, "", pumps("", "a", "b"), 3},
		{`^(?:(?=a*b)a)*c`, "", corpus.PCRE, "", pumps("", "a", "b"), 2},
		{`^(?:(?=a*b)a)*c`, "", corpus.PCRE, "", pumps("", "a", ""), 1},
		{`^x*x*;y*y*z`, "", corpus.PCRE, "", attack.Witness{Pumps: []attack.Pump{{Pump: []byte("x")}, {Prefix: []byte(";"), Pump: []byte("y")}}}, 3},
		{`^x*x*;y*y*z`, "", corpus.PCRE, "", pumps("", "x", ";y"), 2},
		{`^x*x*;y*y*z`, "", corpus.PCRE, "", pumps("x;", "y", ""), 2},
		{`^(?>(?:ab)*)(?:ab)*c`, "", corpus.PCRE, "", pumps("", "ab", ""), 1},
		{`^\s*x`, "m", corpus.PCRE, "", pumps("", "\n", ""), 2},
		{`^\s*x`, "", corpus.PCRE, "", pumps("", "\n", ""), 1},
	} {
		flags, err := corpus.ParseFlags(test.flags)
		if err != nil {
			t.Fatal(err)
		}
		p := corpus.Pattern{Text: test.pattern, Dialect: test.dialect, Mode: test.mode, Flags: flags}
		if got := familyExponent(t, p, test.family); got != test.exponent {
			t.Errorf("/%s/%s %s %s on %q: exponent %d, want %d", p.Text, test.flags, p.Dialect, p.Mode, test.family, got, test.exponent)
		}
	}
}

// familyExponent reads how the reference's steps grow on a family: by the law
// that they obey, or by their last doubling where they obey none.
func familyExponent(t *testing.T, p corpus.Pattern, w attack.Witness) int {
	t.Helper()
	re, err := syntax.Parse(p)
	if err != nil {
		t.Fatal(err)
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		t.Fatal(err)
	}
	run := prog.NewRunner()
	const budget = 4_000_000
	var samples []engines.Sample
	for n := 1; n <= 256; n++ {
		if n > 48 && n&(n-1) != 0 {
			continue
		}
		res := run.Run(w.Bytes(n), backtrack.Options{Steps: budget})
		if res.Outcome != backtrack.Matched && res.Outcome != backtrack.NoMatch {
			break
		}
		samples = append(samples, engines.Sample{N: n, Bytes: w.Len(n), Cost: engines.Cost{Steps: res.Steps}, State: engines.NoMatch})
	}
	growth, _, _ := engines.Fit(samples)
	if !engines.Known(growth) {
		t.Errorf("/%s/ on %q: no growth in %d samples", p.Text, w, len(samples))
	}
	if growth.Class == engines.Exponential {
		return exp
	}
	return growth.Exponent
}

// TestTrapCounters holds the numbers of the patterns without a loop: a bounded
// repeat of what may be empty is no loop of it.
func TestTrapCounters(t *testing.T) {
	for _, test := range []struct {
		pattern, subject string
		least            uint64
	}{
		{`^(?:a?){20}b`, "aaaaaaaaaaaaaaaaaaaaaaaaa", 5_000_000},
		{`^(?:a?){25}b`, "aaaaaaaaaaaaaaaaaaaaaaaaa", 100_000_000},
		{`(?:a?){22}a{22}b`, "aaaaaaaaaaaaaaaaaaaaaacb", 10_000_000},
		{`(?:a?){24}a{24}b`, "aaaaaaaaaaaaaaaaaaaaaaaacb", 40_000_000},
	} {
		p := corpus.Pattern{Text: test.pattern, Dialect: corpus.PCRE, Mode: corpus.Search}
		re, err := syntax.Parse(p)
		if err != nil {
			t.Fatal(err)
		}
		prog, err := backtrack.Compile(re)
		if err != nil {
			t.Fatal(err)
		}
		if got := prog.Run([]byte(test.subject), backtrack.Options{Steps: test.least}); got.Outcome != backtrack.StepLimit {
			t.Errorf("/%s/ on %q: %d steps, want more than %d", test.pattern, test.subject, got.Steps, test.least)
		}
		if v := Analyze(p, Options{}); v.Kind != Superlinear || v.Cause != "counter" {
			t.Errorf("/%s/: %s %s %v", test.pattern, v.Kind, v.Cause, v.Reason)
		}
	}
}
