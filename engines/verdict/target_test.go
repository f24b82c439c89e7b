package verdict

import (
	"fmt"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// TestTargets holds each model's verdict on the patterns that are known to
// refute the obvious shortcut. A row says what was measured on the engine.
func TestTargets(t *testing.T) {
	for _, test := range []struct {
		text, flags string
		dialect     corpus.Dialect
		want        map[string]string // by engine: model and exponent
	}{
		// PCRE2: required byte and implicit anchor.
		{`(?s).*x`, "", corpus.PCRE, map[string]string{"pcre2": "latent", "pcre2-jit": "latent"}},
		{`.*x`, "", corpus.PCRE, map[string]string{"pcre2": "latent", "pcre2-jit": "latent"}},
		{`(.*)x`, "s", corpus.PCRE, map[string]string{"pcre2": "latent"}},
		// Anchored: 5,000 bytes outgrow the check.
		{`(?:.*)+a`, "s", corpus.PCRE, map[string]string{"pcre2": "superlinear 0"}},
		{`(.*)a(?1)`, "s", corpus.PCRE, map[string]string{"pcre2": "latent"}},
		{`(?|.*a|.*b)`, "s", corpus.PCRE, map[string]string{"pcre2": "latent"}},
		{`(.*)a\1b`, "s", corpus.PCRE, map[string]string{"pcre2": "superlinear 3"}},
		{`(?=.*a)b`, "s", corpus.PCRE, map[string]string{"pcre2": "superlinear 2", "pcre2-jit": "superlinear 2"}},
		{`\b.*[xy]`, "s", corpus.PCRE, map[string]string{"pcre2": "superlinear 2"}},
		{`(?:.*)?[xy]`, "s", corpus.PCRE, map[string]string{"pcre2": "superlinear 2"}},
		{`.*[xy](*PRUNE)`, "s", corpus.PCRE, map[string]string{"pcre2": "superlinear 2"}},
		{`.+[xy]`, "s", corpus.PCRE, map[string]string{"pcre2": "superlinear 2", "pcre2-jit": "latent"}},
		{`[\s\S]*[xy]`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 2", "pcre2-jit": "latent"}},
		{`(?s:.)*[xy]`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 2", "pcre2-jit": "superlinear 2"}},
		{`(?:a|b)+c`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 2", "pcre2-jit": "superlinear 2"}},
		{`\s+$`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 2", "pcre2-jit": "latent", "pcre2-jit+fallback": "latent"}},
		{`\s+x`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 2", "pcre2-jit": "latent"}},
		{`(?:ab|\s)+$`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 2", "pcre2-jit": "superlinear 2", "pcre2-jit+fallback": "superlinear 2"}},
		{`^(?:a|aa)*c`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 0", "pcre2-jit": "superlinear 0"}},
		{`^(a()*a)*$`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 0", "pcre2-jit": "superlinear 0"}},
		{`^x*x*;y*y*z`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 3"}},
		{`(?:(?:"|'|\]|\}|\\|\d|(?:nan|infinity|true|false|null|undefined|symbol|math)|` + "`" + `|\-|\+)+[)]*;?((?:\s|-|~|!|\{\}|\|\||\+)*.*(?:.*=.*)))`, "", corpus.PCRE,
			map[string]string{"pcre2": "superlinear 5"}},
		// An attack shorter than any match costs nothing; the required character
		// completes the worst attack, and a lesser one works.
		{`(?:(?:\w|\s|[.,!?:'"()\$])*(?:&(?:[A-Za-z0-9]{2,}|\#(?:[0-9]{2,5}|x[0-9A-F]{2,4}));\s*)+){10}`, "i", corpus.PCRE, map[string]string{"pcre2": "superlinear 2"}},
		{`\b[a-z\d][a-z\d-]*::?(?:(?:\S+)??\[(?:[^\]\\"']|(["'])(?:(?!\1)[^\\]|\\.)*\1|\\.)*\])`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 2"}},
		// A class of the two cases of a letter is that letter. The shortest match
		// has 54 bytes, and short attacks cost nothing.
		{`(\+?\d+)[wW]`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 2", "pcre2-jit": "latent"}},
		{`^I run "vagrant (\w+)(?:\s)?([^"]*)?" and answer the confirmation with "(\w+)"$`, "", corpus.PCRE,
			map[string]string{"pcre2": "superlinear 2", "pcre2-jit": "superlinear 2"}},
		// regexp2: version 2 has .NET's optimisations, version 1 hardly any.
		{`(?s).*x`, "", corpus.DotNet, map[string]string{"regexp2-v1": "superlinear 2", "regexp2-v2": "latent"}},
		{`^(?:ab|ab)*c`, "", corpus.DotNet, map[string]string{"regexp2-v1": "superlinear 0", "regexp2-v2": "latent"}},
		{`\s+$`, "", corpus.DotNet, map[string]string{"regexp2-v1": "superlinear 2", "regexp2-v2": "latent"}},
		{`\s+x`, "", corpus.DotNet, map[string]string{"regexp2-v1": "superlinear 2", "regexp2-v2": "latent"}},
		{`^(?:a|a)*$`, "", corpus.DotNet, map[string]string{"regexp2-v1": "latent", "regexp2-v2": "latent"}},
		{`^(a()*a)*$`, "", corpus.DotNet, map[string]string{"regexp2-v1": "superlinear 0", "regexp2-v2": "superlinear 0"}},
		{`^(a+)+b`, "", corpus.DotNet, map[string]string{"regexp2-v1": "superlinear 0", "regexp2-v2": "superlinear 0"}},
		{`^a*a*a*b`, "", corpus.DotNet, map[string]string{"regexp2-v1": "superlinear 3", "regexp2-v2": "latent"}},
		// V8 merges single characters of three alternatives, CPython sets.
		{`^(?:a|b|a)*c`, "", corpus.ECMAScript, map[string]string{"v8": "latent"}},
		{`^(?:a|a)*c`, "", corpus.ECMAScript, map[string]string{"v8": "superlinear 0"}},
		{`^(?:\w|\d)*x`, "", corpus.ECMAScript, map[string]string{"v8": "superlinear 0"}},
		{`^(?:ab|ab)*c`, "", corpus.ECMAScript, map[string]string{"v8": "superlinear 0"}},
		{`(?:.)*x`, "s", corpus.ECMAScript, map[string]string{"v8": "superlinear 2"}},
		{`^(?:a|b|a)*c`, "", corpus.Python, map[string]string{"cpython": "latent"}},
		{`^(?:\w|\d)*x`, "", corpus.Python, map[string]string{"cpython": "latent"}},
		{`^(?:ab|ab)*c`, "", corpus.Python, map[string]string{"cpython": "superlinear 0"}},
		{`.*x`, "s", corpus.Python, map[string]string{"cpython": "superlinear 2"}},
		{`.*x`, "s", corpus.ECMAScript, map[string]string{"v8": "superlinear 2"}},
		{`(?=.*x)b`, "", corpus.PCRE, map[string]string{"pcre2": "superlinear 2"}},
		{`(.*)a\1`, "s", corpus.PCRE, map[string]string{"pcre2": "superlinear 2"}},
		{`(?>.*)a`, "s", corpus.PCRE, map[string]string{"pcre2": "superlinear 2"}},
		{`(?=a).*[xy]`, "s", corpus.PCRE, map[string]string{"pcre2": "superlinear 2"}},
		{`^(a()*a)*$`, "", corpus.Python, map[string]string{"cpython": "superlinear 0"}},
	} {
		flags, err := corpus.ParseFlags(test.flags)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for name := range test.want {
			names = append(names, name)
		}
		p := corpus.Pattern{Text: test.text, Dialect: test.dialect, Flags: flags}
		re, err := syntax.Parse(p)
		if err != nil {
			t.Fatal(err)
		}
		v := Analyze(p, Options{Engines: names})
		if v.Kind != Superlinear {
			t.Errorf("/%s/%s: %s, %v", test.text, test.flags, v.Kind, v.Reason)
			continue
		}
		for _, target := range v.Targets {
			got := target.Model
			switch {
			case got == TargetSuperlinear && target.Growth.Class == engines.Exponential:
				got += " 0"
			case got == TargetSuperlinear:
				got += fmt.Sprintf(" %d", target.Growth.Exponent)
			case len(target.Witness.Pumps) > 0 || target.Growth.Class != engines.Linear:
				t.Errorf("/%s/%s on %s: %s, and yet %v by %q", test.text, test.flags, target.Engine, got, target.Growth, target.Witness)
			}
			if target.Model == TargetSuperlinear && !replayed(t, re, target) {
				t.Errorf("/%s/%s on %s: %q does not cost what its sizes say: %+v", test.text, test.flags, target.Engine, target.Witness, target.Sizes)
			}
			if got != test.want[target.Engine] {
				t.Errorf("/%s/%s on %s: %s %q, want %s (reference %v %q)", test.text, test.flags, target.Engine, got, target.SavedBy, test.want[target.Engine], v.Growth, v.Witnesses[0])
			}
		}
	}
}

// replayed reports whether a target's attack, at the length that is to cost
// 10⁵ steps, costs about as many on the engine's model.
func replayed(t *testing.T, re *syntax.Regexp, target Target) bool {
	t.Helper()
	m, err := backtrack.NewModel(re, target.Engine)
	if err != nil {
		t.Fatal(err)
	}
	w := target.Witness
	for _, s := range target.Sizes {
		if s.Steps == 100_000 && s.Bytes > 0 {
			n := (s.Bytes - w.Len(0)) / w.PumpLen()
			steps := newTrial(m, 0).run(w, n, 2*s.Steps).Cost.Steps
			return steps > s.Steps/2
		}
	}
	return false
}
