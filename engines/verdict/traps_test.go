package verdict

import (
	"fmt"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

const exp = -1 // exponential, where a table asks for an exponent

// trap is a pattern that refutes an obvious shortcut. Exponent 1 is linear.
type trap struct {
	pattern  string
	flags    string
	mode     corpus.Mode
	dialect  corpus.Dialect
	exponent int
	cause    string
}

// traps were measured on the engines that own the dialect, and by a naive
// step counter.
var traps = []trap{
	// A verdict of linear would be false.
	{`(?s).*x`, "", "", "", 2, "rescan"},
	{`(?s).*x`, "", "", corpus.DotNet, 2, "rescan"},
	{`(?s).*x`, "", "", corpus.Python, 2, "rescan"},
	{`.*x`, "s", "", corpus.ECMAScript, 2, "rescan"},
	{`(^a+)\1*b`, "", "", "", 2, "backreference"},
	{`^(a()*a)*$`, "", "", "", exp, "nested"},
	{`^(a()*a)*$`, "", "", corpus.ECMAScript, 1, ""},
	{`^(a()*a)*$`, "", "", corpus.Python, exp, "nested"},
	{`^(a()*a)*$`, "", "", corpus.DotNet, exp, "nested"},
	{`^(?:(?>a*)a|(?:a|aa)*b)`, "", "", "", exp, "nested"},
	{`^(?:a{1,8}$|(?:a|aa)*b)`, "", "", "", exp, "nested"},
	{`^(?:(?=c)a*|(?:a|aa)*b)`, "", "", "", exp, "nested"},
	{`^(?:(b)?a*\1c?$|(?:a|aa)*b)`, "", "", "", exp, "nested"},
	{`^(?>(?:a|aa)*)b`, "", "", "", 1, ""},
	{`^(?!(?:a|aa)*c)b`, "", "", "", exp, "assertion"},
	{`(?:a|aa)*`, "", "", "", 1, ""},
	{`(?:a|aa)*`, "", corpus.Full, "", exp, "nested"},
	{`x(?:.*y)?`, "", "", "", 1, ""},
	{`x(?:.*y)?`, "", corpus.Global, "", 2, "rescan"},
	{`x(?:.*y)?`, "", corpus.Global, corpus.ECMAScript, 2, "rescan"},
	{`x(?:.*y)?`, "", corpus.Global, corpus.Python, 2, "rescan"},
	{`paramcounter_.*`, "s", corpus.Global, "", 1, ""},
	{`\d+`, "", corpus.Global, "", 1, ""},
	{`a*`, "", corpus.Global, "", 1, ""},
	{`a+b`, "", corpus.Global, "", 2, "rescan"},
	{`^(?:a|aa)*$`, "", "", "", exp, "nested"},
	{`^(?:\r\n|\r|\n)*x`, "", "", "", exp, "nested"},
	{`^\R*x`, "", "", "", 1, ""},
	{`\Xz`, "u", "", "", 2, "rescan"},
	{`(?<=x[^y]*)a`, "", "", corpus.ECMAScript, 2, "assertion"},
	{`(?<=x[^y]*)a`, "", "", corpus.DotNet, 2, "assertion"},
	{`a(?<=^(a|a)*b)`, "", "", corpus.ECMAScript, 1, ""},
	{`a(?<=^(a|a)*b)`, "", "", corpus.DotNet, 1, ""},
	// Lookbehinds of unbounded length: what is entered everywhere and walks far
	// back, only rarely, once; what walks back in many ways; what succeeds first.
	{`a(?<=x[^y]*)`, "", "", corpus.ECMAScript, 2, "assertion"},
	{`y(?<=x[^y]*y)`, "", "", corpus.ECMAScript, 1, ""},
	{`(?<=^a*b)c`, "", "", corpus.DotNet, 1, ""},
	{`^(?<=x*)b`, "", "", corpus.ECMAScript, 1, ""},
	{`(?<!\/\*.*)x`, "", "", corpus.ECMAScript, 2, "assertion"},
	{`(?<=a+?)b`, "", "", corpus.DotNet, 1, ""},
	{`(?<=a+)b`, "", "", corpus.DotNet, 2, "assertion"},
	{`z(?<=c[xy]*x[xy]*z)`, "", "", corpus.ECMAScript, 2, "assertion"},
	{`(?<=c[xy]*x[xy]*)z`, "", "", corpus.ECMAScript, 3, "assertion"},
	{`(?:x(?<=a.*x)|y)*z`, "", "", corpus.DotNet, 3, "assertion"},
	{`(?<=^(a|a)*b)c`, "", "", corpus.ECMAScript, exp, "assertion"},
	{`b(?<=^(?:a|aa)*b)c`, "", "", corpus.DotNet, exp, "assertion"},
	{`z(?<=(?:x+x+)+y+z)`, "", "", corpus.ECMAScript, 1, ""},
	{`z(?<=c(?:x+x+)+y+z)`, "", "", corpus.ECMAScript, exp, "assertion"},
	{`(?<=^(?:a?){20})b`, "", "", corpus.ECMAScript, 2, "counter"},
	{`a(?<=b*a)`, "", corpus.Global, corpus.ECMAScript, 1, ""},
	{`b(?<=a*b)(?<=a*b)`, "", corpus.Full, corpus.DotNet, 1, ""},
	{`(?:\w|\d)*x`, "", "", corpus.ECMAScript, exp, "nested"},
	{`^(?:ab|ab)*c`, "", "", corpus.DotNet, exp, "nested"},
	{`^(?:a()*a)*$`, "", "", corpus.Python, exp, "nested"},
	// A claim would be false, or its exponent too high.
	{`^(a+)\1*b`, "", "", "", 2, "backreference"},
	{`^(a*)\1\1\1b`, "", "", "", 2, "backreference"},
	{`(a*)\1\1b`, "", "", "", 3, "backreference"},
	{`^(a+)(a+)\1\2c`, "", "", "", 3, "backreference"},
	{`.*.*=.*`, "s", "", "", 3, "adjacent"},
	{`(?:.*=.*)`, "", "", "", 2, "adjacent"},
	{`\s*a?\s*b?\s*$`, "", "", "", 4, "adjacent"},
	{`^\s*a?\s*b?\s*$`, "", "", "", 3, "adjacent"},
	{`(?:.*a){3}b`, "", "", "", 4, "adjacent"},
	{`^(?:.*a){3}b`, "", "", "", 3, "adjacent"},
	{`(?:(?=a*b)a)*c`, "", "", "", 3, "assertion"},
	{`^(?:(?=a*b)a)*c`, "", "", "", 2, "assertion"},
	{`^x*x*;y*y*z`, "", "", "", 3, "adjacent"},
	{`^(?>(?:ab)*)(?:ab)*c`, "", "", "", 1, ""},
	{`^(?:aaa|(?:a|aa)*b)`, "", "", "", 1, ""},
	// Priority and success.
	{`^(?:(a+)+b|a*)`, "", "", "", exp, "nested"},
	{`.*.*`, "", "", "", 1, ""},
	{`(a+)+`, "", "", "", 1, ""},
	{`(a+)+`, "", corpus.Full, "", exp, "nested"},
	{`(a*)*b`, "", "", "", exp, "nested"},
	{`^(a|a)*$`, "", "", "", exp, "nested"},
	{`(a+)\1c`, "", "", "", 3, "backreference"},
	{`\s+$`, "", "", "", 2, "rescan"},
	{`^\s*\w+=x`, "s", "", "", 1, ""},
	{`^\s*\w+=x`, "sm", "", "", 2, "rescan"},
	{`^\s*x`, "", "", "", 1, ""},
	{`^\s*x`, "m", "", "", 2, "rescan"},
	// The shapes of the incident of July 2019.
	{`^.*.*=.*`, "s", "", "", 2, "adjacent"},
	{`^(a+)+$`, "", "", "", exp, "nested"},
	{`^a+b+$`, "", "", "", 1, ""},
	{`a+b+$`, "", "", "", 2, "rescan"},
	{"(?:(?:\\\"|'|\\]|\\}|\\\\|\\d|(?:nan|infinity|true|false|null|undefined|symbol|math)|\\`|\\-|\\+)+[)]*;?((?:\\s|-|~|!|{}|\\|\\||\\+)*.*(?:.*=.*)))", "s", "", "", 5, "adjacent"},
	// The exponent hides behind a success of lower priority, or needs several
	// pumps.
	{`.* start=(?:"((?:\\.|[^\"])*)"|([^;\s]*))`, "", "", "", exp, "nested"},
	{`(?:\s*,)?\s*(\w+)=("(?:[^\\"]+|\\.)*"|[^,]+)\s*`, "", "", "", exp, "nested"},
	{`(<br\s*/?>\s*\n*){3,}`, "", "", "", 3, "adjacent"},
	{`^(\d+\.?\d*)\s+(\d+\.?\d*)\s+(\d+\.?\d*)`, "", "", "", 3, "adjacent"},
	// Links of a chain that share their word are pumped apart where something
	// stands between them.
	{`-----([^-]+) ECDSA ([^-]+)-----([^-]*)-----([^-]+) ECDSA ([^-]+)-----`, "", "", "", 3, "adjacent"},
	{`\s*([^=]+)\s*=\s*\[\s*([^\]]+)\s*\]`, "", "", "", 6, "adjacent"},
	// The worst attack of all takes most of the budget.
	{`(.*) on (.*) type (.*) \((.*)\)`, "", "", "", 5, "adjacent"},
	{`^[@]+|[@]+$`, "", "", "", 2, "rescan"},
	{`(?<=STATUS\()\w+`, "", "", "", 1, ""},
	{`.+(?<=id=)`, "", "", "", 2, "rescan"},
}

func TestTraps(t *testing.T) {
	for _, tr := range traps {
		p := corpus.Pattern{Text: tr.pattern, Dialect: tr.dialect, Mode: tr.mode}
		if p.Dialect == "" {
			p.Dialect = corpus.PCRE
		}
		if p.Mode == "" {
			p.Mode = corpus.Search
		}
		p.Flags, _ = corpus.ParseFlags(tr.flags)
		t.Run(fmt.Sprintf("%s %s %s %s", tr.pattern, tr.flags, tr.mode, p.Dialect), func(t *testing.T) {
			v := Analyze(p, Options{})
			switch {
			case v.Kind != Linear && v.Kind != Superlinear:
				t.Fatalf("%s: %+v", v.Kind, *v.Reason)
			case v.Kind == Linear && v.Proof == "" || v.Kind == Superlinear && len(v.Witnesses) == 0:
				t.Fatalf("%s without evidence", v.Kind)
			}
			exponent := v.Growth.Exponent
			if v.Growth.Class == engines.Exponential {
				exponent = exp
			}
			if exponent != tr.exponent || v.Cause != tr.cause {
				t.Errorf("got exponent %d cause %q, want %d %q (%+v)", exponent, v.Cause, tr.exponent, tr.cause, v.Witnesses)
			}
		})
	}
}

// TestCounters: no loop at all, and more steps for each byte than any host can
// pay.
func TestCounters(t *testing.T) {
	for _, text := range []string{`^(?:a?){20}b`, `(a?){30}b`, `(a?){30}a{30}b`, `(?:a{1,100}){1,100}b`, `^(?:a?b?c?){20}d`} {
		v := Analyze(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Mode: corpus.Search}, Options{})
		if v.Kind != Superlinear || v.Cause != "counter" {
			t.Errorf("%s: %s %q %+v", text, v.Kind, v.Cause, v.Reason)
			continue
		}
		last := v.Samples[len(v.Samples)-1]
		if last.Cost.Steps < counterPerByte*uint64(last.Bytes) && v.Growth.Class != engines.Exponential {
			t.Errorf("%s: %d steps for %d bytes", text, last.Cost.Steps, last.Bytes)
		}
	}
}

// TestIncidentOnEngines: under DOTALL no byte keeps the required "=" from
// completing a match, so every attack that fails lacks it, and PCRE2 gives up
// at once. What the incident cost it is paid by a search that matches.
func TestIncidentOnEngines(t *testing.T) {
	p := corpus.Pattern{
		Text:    "(?:(?:\\\"|'|\\]|\\}|\\\\|\\d|(?:nan|infinity|true|false|null|undefined|symbol|math)|\\`|\\-|\\+)+[)]*;?((?:\\s|-|~|!|{}|\\|\\||\\+)*.*(?:.*=.*)))",
		Dialect: corpus.PCRE, Mode: corpus.Search, Flags: corpus.DotAll | corpus.DollarEndOnly,
	}
	v := Analyze(p, Options{Engines: []string{"pcre2", "pcre2-jit"}})
	for _, target := range v.Targets {
		if target.Model != TargetSuperlinear || target.Growth.Class == engines.Linear {
			t.Errorf("%+v", target)
		}
	}
	if len(v.Targets) != 2 {
		t.Errorf("targets %+v", v.Targets)
	}
}
