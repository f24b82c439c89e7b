package verdict

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// Exponential loops between long lists of words: the loop is mended where it
// stands, and what is left is polynomial at most.
func TestInPlace(t *testing.T) {
	const commands = `(?:l[\\'"]*(?:s(?:[\\'"]*(?:b[\\'"]*_[\\'"]*r|c[\\'"]*p[\\'"]*u))?|e[\\'"]*s[\\'"]*s)|w[\\'"]*(?:(?:\s|<|>).*|h[\\'"]*o))\b`
	for _, c := range []struct {
		text     string
		exponent int
	}{
		// The prefix of commands in the rules 9321xx of OWASP CRS v3.3.2.
		{`(?:;|\{|\||&|\n|\r|\$\(|` + "`" + `)\s*(?:{|\s*\(\s*|\w+=(?:[^\s]*|\$.*|<.*|'.*'|".*")\s+|!\s*|\$)*\s*(?:'|")*(?:[?*\w'"./\\]+/)?[\\'"]*` + commands, 3},
		// The comments of the rules 9331xx.
		{`(?i)\b(?:i(?:s_(?:in(?:t(?:eger)?|finite)|array)|mplode)|s(?:tr(?:len|rev)|leep)|virtual)(?:\s|/\*.*\*/|//.*|#.*)*\(.*\)`, 2},
	} {
		p := corpus.Pattern{Text: c.text, Dialect: corpus.PCRE, Flags: corpus.DotAll}
		v := Analyze(p, Options{})
		if v.Growth.Class != engines.Exponential {
			t.Fatalf("%q: %v before", c.text, v.Growth)
		}
		fs := Fixes(v, FixOptions{Use: fix.Match, Target: fix.RE2})
		if len(fs) != 1 || fs[0].Safety != Proved || fs[0].Growth.Class == engines.Exponential || fs[0].Growth.Exponent > c.exponent {
			t.Errorf("%q: %+v, want proved with exponent %d at most", c.text, fs, c.exponent)
			continue
		}
		old, err := syntax.Parse(p)
		if err != nil {
			t.Fatal(err)
		}
		p.Text = fs[0].Pattern
		next, err := syntax.Parse(p)
		if err != nil {
			t.Fatal(err)
		}
		if n, differs := compareOn(old, next, fix.Match, 5_000); n == 0 || differs != nil {
			t.Errorf("%q and %q differ on %q", c.text, p.Text, differs)
		}
	}
}
