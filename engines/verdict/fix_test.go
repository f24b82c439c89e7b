package verdict

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A fix that is linear under a pattern's own flags may be of lower growth under
// those of another profile, where the pattern costs more, too.
func TestFixesOfProfiles(t *testing.T) {
	p := corpus.Pattern{Text: `^(?:file|https?).*?[?]+$`, Dialect: corpus.PCRE, Flags: corpus.DotAll | corpus.DollarEndOnly}
	multiline := corpus.DotAll | corpus.Multiline
	o := FixOptions{Use: fix.Match, Flags: []corpus.Flags{p.Flags, multiline}}
	fs := Fixes(Analyze(p, Options{}), o)
	if len(fs) != 1 || fs[0].Safety != Proved {
		t.Fatalf("%q: %+v, want a proved fix", p.Text, fs)
	}
	q := p
	q.Flags = multiline
	before := Analyze(q, Options{})
	p.Text, q.Text = fs[0].Pattern, fs[0].Pattern
	if v := Analyze(p, Options{}); v.Kind != Linear {
		t.Errorf("%q: %s %v under its own flags", p.Text, v.Kind, v.Growth)
	}
	v := Analyze(q, Options{})
	if v.Kind == Superlinear && !before.Growth.Worse(v.Growth) || v.Growth != fs[0].Growth {
		t.Errorf("%q in several lines: %v, %v before, %v said", q.Text, v.Growth, before.Growth, fs[0].Growth)
	}
	if v.Kind == Superlinear && (fs[0].Under == nil || *fs[0].Under != multiline) {
		t.Errorf("%q: left under the flags %v, want %v", p.Text, fs[0].Under, multiline)
	}
}

// What each pattern is fixed to, for a use.
func TestFixes(t *testing.T) {
	for _, c := range []struct {
		text, flags string
		use         fix.Use
		target      fix.Target
		want        string // "" for no fix
		safety      Safety
	}{
		{`(?:a+)+b`, "", fix.Match, fix.RE2, `ab`, Proved},
		{`^(a+)+$`, "", fix.Span, fix.RE2, `^(a)+$`, Proved},
		{`\s+$`, "", fix.Match, fix.RE2, `\s$`, Proved},
		{`\s+$`, "", fix.Span, fix.RE2, `\s$`, Hint},
		{`\s+$`, "", fix.Span, fix.PCRE2, `(?<!\s)\s+$`, Proved},
		{`^(?:[^"\\]+|\\.)*$`, "", fix.Captures, fix.RE2, `^(?:[^"\\]|\\.)*$`, Proved},
		{`<[^>]*>x`, "", fix.Match, fix.RE2, `<[^<>]*>x`, Proved},
		{`\w+@\w+`, "", fix.Match, fix.RE2, `\b\w+@\w+`, Proved},
		{`^[ab]*[bc]*$`, "", fix.Captures, fix.RE2, `^[ab]*(?:c[bc]*)?$`, Proved},
		{`.*.*=.*`, "s", fix.Match, fix.RE2, `=.*`, Proved},
		{`^(?:q+)+$`, "", fix.Captures, fix.RE2, `^q+$`, Proved},
		{`ab.*c`, "s", fix.Match, fix.RE2, `ab[^a]*(?:a(?:[^ab][^a]*)?)*c`, Proved},
		{`ab.*c`, "s", fix.Match, fix.PCRE2, `ab(?:.(?<!ab))*c`, Proved},
		{`ab.*c`, "s", fix.Span, fix.RE2, `ab[^a]*(?:a(?:[^ab][^a]*)?)*c`, Hint},
		// As docs/fixes.md says.
		{`java.*class`, "s", fix.Match, fix.RE2, `java[^j]*(?:j(?:[^aj][^j]*|a(?:[^jv][^j]*|v(?:[^aj][^j]*)?)?)?)*class`, Proved},
		{`java.*class`, "s", fix.Match, fix.PCRE2, `java(?:.(?<!java))*class`, Proved},
		// The word holds its first letter again; the loop stands in an optional part;
		// what stands before the loop holds a loop.
		{`aba.*c`, "s", fix.Match, fix.RE2, `aba[^a]*(?:a(?:[^ab][^a]*|b[^a]+)?)*(?:ab)?c`, Proved},
		{`/ad(?:.*\.)?\d+/s`, "s", fix.Match, fix.RE2, `/ad(?:[^/]*(?:/(?:[^/a][^/]*|a(?:[^/d][^/]*)?)?)*\.)?\d+/s`, Proved},
		{`\dx+ab.*c`, "s", fix.Match, fix.RE2, `\dx+ab(?:\D|\d(?:(?:x+a?)?\d)*(?:[^\dx]|x+(?:[^\dax]|a[^\db])))*(?:\d(?:(?:x+a?)?\d)*(?:x+(?:ab?)?)?)?c`, Proved},
		{`ab.+c`, "s", fix.Match, fix.RE2, `ab[^a]*(?:a(?:[^ab][^a]*)?)*.c`, Proved},
		{`x|ab.*c.*|d+e`, "s", fix.Match, fix.RE2, `x|ab[^a]*(?:a(?:[^ab][^a]*)?)*c.*|de`, Proved},
		{`(?:abc|cd).*e`, "s", fix.Match, fix.PCRE2, `(?:abc|cd)(?:[^ac]|c+[^acd]|c*a(?:(?:b|c+)?a)*(?:[^a-c]|b[^ac]|c+[^acd]))*(?:c+d?|c*a(?:(?:b|c+)?a)*(?:bc?|c+d?)?)?e`, Proved},
		{`aba.*c`, "s", fix.Match, fix.PCRE2, `aba(?:.(?<!aba))*c`, Proved},
		{`<b>.*ab`, "s", fix.Match, fix.RE2, `<b>[^<]*(?:<(?:[^<b][^<]*|b(?:[^<>][^<]*)?)?)*ab`, Proved},
	} {
		flags, err := corpus.ParseFlags(c.flags)
		if err != nil {
			t.Fatal(err)
		}
		v := Analyze(corpus.Pattern{Text: c.text, Dialect: corpus.PCRE, Flags: flags}, Options{})
		if v.Kind != Superlinear {
			t.Errorf("%q: %s", c.text, v.Kind)
		}
		got, safety := "", Safety("")
		if fs := Fixes(v, FixOptions{Use: c.use, Target: c.target}); len(fs) > 0 {
			got, safety = fs[0].Pattern, fs[0].Safety
		}
		if got != c.want || safety != c.safety {
			t.Errorf("%q for %s on %s: %s %q, want %s %q", c.text, c.use, c.target, safety, got, c.safety, c.want)
		}
	}
}
