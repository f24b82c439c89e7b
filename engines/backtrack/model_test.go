package backtrack_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// modelDialects are the engines of each dialect.
var modelDialects = map[corpus.Dialect][]string{
	corpus.PCRE:       {"pcre2", "pcre2-jit", "pcre2-jit+fallback"},
	corpus.DotNet:     {"regexp2-v1", "regexp2-v2"},
	corpus.ECMAScript: {"v8"},
	corpus.Python:     {"cpython"},
}

// A writer makes random small patterns that shortcuts have an eye on.
type writer struct{ *rand.Rand }

func (w writer) pattern(depth int) string {
	atoms := []string{"a", "b", "a", "ab", ".", "[ab]", "[^a]", `\w`, "$", "^", `\b`, "c"}
	quantifiers := []string{"", "", "", "*", "+", "?", "*?", "+?", "{2}", "{0,2}", "{2,}"}
	pick := func(from []string) string { return from[w.IntN(len(from))] }
	if depth == 0 {
		a := pick(atoms)
		if strings.ContainsAny(a, "$^") || a == `\b` {
			return a
		}
		return a + pick(quantifiers)
	}
	var parts []string
	for range 1 + w.IntN(3) {
		switch w.IntN(8) {
		case 0:
			parts = append(parts, "("+w.pattern(depth-1)+"|"+w.pattern(depth-1)+")"+pick(quantifiers))
		case 1:
			parts = append(parts, "(?:"+w.pattern(depth-1)+"|"+w.pattern(depth-1)+"|"+w.pattern(depth-1)+")"+pick(quantifiers))
		case 2:
			parts = append(parts, "(?:"+w.pattern(depth-1)+")"+pick(quantifiers))
		case 3:
			parts = append(parts, "(?="+w.pattern(depth-1)+")")
		default:
			parts = append(parts, w.pattern(0))
		}
	}
	return strings.Join(parts, "")
}

// TestModelsMatchAlike: a shortcut saves work and changes no match. Every
// model finds what the reference finds, on every subject of up to five
// characters and some longer ones, for no more than four times the steps; it
// also does so with each shortcut alone.
func TestModelsMatchAlike(t *testing.T) {
	subjects := shortWords("ab\n", 5)
	subjects = append(subjects, "aaaaaaab", "abababac", "aacaacb\naab", "bbbbbbbbbbc")
	rounds := 200
	if testing.Short() {
		rounds = 60
	}
	seed := uint64(5)
	w := writer{rand.New(rand.NewPCG(seed, seed))}
	flags := []corpus.Flags{0, corpus.DotAll, corpus.Multiline, corpus.Caseless}
	for i := range rounds {
		text := w.pattern(2)
		for dialect, names := range modelDialects {
			p := corpus.Pattern{Text: text, Dialect: dialect, Flags: flags[i%len(flags)]}
			re, err := syntax.Parse(p)
			if err != nil {
				continue
			}
			ref, err := backtrack.Compile(re)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				m, err := backtrack.NewModel(re, name)
				if err != nil {
					t.Fatal(err)
				}
				all := []*backtrack.Model{m}
				if i%4 == 0 {
					for _, s := range m.SavedBy() {
						one, err := backtrack.NewModelWith(re, name, s)
						if err != nil {
							t.Fatal(err)
						}
						all = append(all, one)
					}
				}
				for _, m := range all {
					compareModel(t, fmt.Sprintf("%s %v", name, m.SavedBy()), p, ref, m, subjects)
				}
			}
		}
	}
}

func compareModel(t *testing.T, name string, p corpus.Pattern, ref *backtrack.Program, m *backtrack.Model, subjects []string) {
	t.Helper()
	for _, s := range subjects {
		want := ref.Run([]byte(s), backtrack.Options{Steps: 100_000})
		got := m.Run([]byte(s), backtrack.Options{Steps: 1_000_000})
		if want.Outcome == backtrack.StepLimit {
			continue
		}
		if got.Outcome != want.Outcome || !slices.Equal(span(got), span(want)) {
			t.Errorf("%s: /%s/%s on %q: %v %v, reference %v %v", name, p.Text, p.Flags, s, got.Outcome, got.Caps, want.Outcome, want.Caps)
			return
		}
		// What looks ahead costs too, and never much: a few steps a byte, and
		// each loop that remembers runs twice.
		if got.Steps > 4*want.Steps+4*uint64(len(s)+1) {
			t.Errorf("%s: /%s/%s on %q: %d steps, reference %d", name, p.Text, p.Flags, s, got.Steps, want.Steps)
			return
		}
	}
}

func span(r backtrack.Result) []int {
	if r.Caps == nil {
		return nil
	}
	return r.Caps[:2]
}

// shortWords are all strings over an alphabet up to a length.
func shortWords(alphabet string, most int) []string {
	out := []string{""}
	for from := 0; ; {
		last := out[len(out)-1]
		if len(last) == most {
			return out
		}
		end := len(out)
		for _, s := range out[from:end] {
			for _, c := range alphabet {
				out = append(out, s+string(c))
			}
		}
		from = end
	}
}

// TestShortcuts lists which shortcuts each engine has for a pattern.
func TestShortcuts(t *testing.T) {
	for _, test := range []struct {
		name, text, flags string
		dialect           corpus.Dialect
		want              string
	}{
		{"pcre2", `(?:a|b)+c`, "", corpus.PCRE, "start set, minimum length, required byte"},
		{"pcre2", `.*x`, "", corpus.PCRE, "implicit anchor, required byte"},
		{"pcre2", `.*?[xy]`, "s", corpus.PCRE, "implicit anchor"},
		{"pcre2", `.*+[xy]`, "s", corpus.PCRE, "implicit anchor"},
		{"pcre2", `.{0,}[xy]`, "s", corpus.PCRE, "implicit anchor"},
		{"pcre2", `(.*)[xy]`, "s", corpus.PCRE, "implicit anchor"},
		{"pcre2", `(?:.*)+[xy]`, "s", corpus.PCRE, "implicit anchor"},
		{"pcre2", `(.*)[xy]\1`, "s", corpus.PCRE, ""},
		{"pcre2", `(.*)[xy](?1)`, "s", corpus.PCRE, "implicit anchor"},
		{"pcre2", `(?|.*a|.*b)`, "s", corpus.PCRE, "implicit anchor"},
		{"pcre2", `(?>.*)[xy]`, "s", corpus.PCRE, "auto-possessification"},
		{"pcre2", `(?=.*x)[xy]`, "s", corpus.PCRE, ""},
		{"pcre2", `(?=a).*`, "s", corpus.PCRE, "auto-possessification, first byte"},
		{"pcre2", `\b.*[xy]`, "s", corpus.PCRE, ""},
		{"pcre2", `(?:.*)?[xy]`, "s", corpus.PCRE, ""},
		{"pcre2", `.*[xy](*PRUNE)`, "s", corpus.PCRE, ""},
		{"pcre2", `.+[xy]`, "s", corpus.PCRE, "minimum length"},
		{"pcre2", `[\s\S]*[xy]`, "s", corpus.PCRE, ""},
		{"pcre2", `(?s:.)*[xy]`, "", corpus.PCRE, ""},
		{"pcre2", `^a+b`, "", corpus.PCRE, "auto-possessification, anchor, first byte, minimum length, required byte"},
		{"pcre2", `^ab`, "", corpus.PCRE, "anchor, first byte, minimum length"},
		{"pcre2", `(?m)^[ab]+c`, "", corpus.PCRE, "auto-possessification, line start, minimum length, required byte"},
		{"pcre2", `[0-9]+[wW]`, "", corpus.PCRE, "auto-possessification, start set, minimum length, required byte"},
		{"pcre2", `[0-9]+[kK]`, "", corpus.PCRE, "auto-possessification, start set, minimum length"}, // the Kelvin sign
		{"pcre2", `[0-9]+[wWw]`, "", corpus.PCRE, "auto-possessification, start set, minimum length"},
		{"pcre2", `[0-9]+[^wW]`, "", corpus.PCRE, "start set, minimum length"},
		{"pcre2", `[xy]+k`, "i", corpus.PCRE, "auto-possessification, start set, minimum length, required byte"},
		{"pcre2", `[xy]+k`, "iu", corpus.PCRE, "auto-possessification, start set, minimum length"},
		{"pcre2", `(*NO_START_OPT)[xy]+k`, "", corpus.PCRE, "auto-possessification"},
		{"pcre2", `(*NO_DOTSTAR_ANCHOR).*[xy]`, "s", corpus.PCRE, ""},
		{"pcre2", `(*NO_AUTO_POSSESS)a+[xy]`, "", corpus.PCRE, "first byte, minimum length"},
		{"pcre2-jit", `\s+$`, "", corpus.PCRE, "start set, jit loop memory"},
		{"pcre2-jit", `^\s+$`, "", corpus.PCRE, "anchor, start set"},
		{"regexp2-v2", `(?:ab|ab)*c`, "", corpus.DotNet, "common prefix, start set"},
		{"regexp2-v1", `(?:ab|ab)*c`, "", corpus.DotNet, "start set"},
		{"v8", `(?:a|b|a)*c`, "", corpus.ECMAScript, "merged alternation, start set"},
		{"v8", `(?:a|a)*c`, "", corpus.ECMAScript, "start set"},
		{"cpython", `(?:\w|\d)*-`, "", corpus.Python, "merged alternation, start set"},
		{"cpython", `(?:a|a)*-`, "", corpus.Python, "common prefix, start set"},
	} {
		flags, err := corpus.ParseFlags(test.flags)
		if err != nil {
			t.Fatal(err)
		}
		re, err := syntax.Parse(corpus.Pattern{Text: test.text, Dialect: test.dialect, Flags: flags})
		if err != nil {
			t.Fatal(err)
		}
		m, err := backtrack.NewModel(re, test.name)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(m.SavedBy(), ", "); got != test.want {
			t.Errorf("%s /%s/%s: %q, want %q", test.name, test.text, test.flags, got, test.want)
		}
	}
}

// TestRequiredCharacter: PCRE2 looks for a character that every match holds
// while the rest of the subject is short, and for an anchored pattern only
// behind an item of variable length.
func TestRequiredCharacter(t *testing.T) {
	for _, test := range []struct {
		name, text, flags string
		short, long       int // the last length at which it looks, and one at which it does not
	}{
		{"pcre2", `^[ab]*[ab]*c`, "", 4_990, 5_010},
		{"pcre2-jit", `^[ab]*[ab]*c`, "", 499_990, 500_010},
		{"pcre2", `[ab]*[ab]*c`, "", 4_999_990, 5_000_010},
		{"pcre2-jit", `[ab]*[ab]*c`, "", 499_990, 500_010},
		{"pcre2", `[ab]*[ab]*c`, "i", 4_999_990, 5_000_010},
		// No required character.
		{"pcre2", `^abc`, "", 0, 0},
		{"pcre2", `[ab]*[ab]*k`, "iu", 0, 100},
		{"v8", `[ab]*[ab]*c`, "", 0, 100},
		{"cpython", `[ab]*[ab]*c`, "", 0, 100},
		{"regexp2-v1", `[ab]*[ab]*c`, "", 0, 100},
	} {
		flags, err := corpus.ParseFlags(test.flags)
		if err != nil {
			t.Fatal(err)
		}
		dialect := corpus.PCRE
		for d, names := range modelDialects {
			if slices.Contains(names, test.name) {
				dialect = d
			}
		}
		re, err := syntax.Parse(corpus.Pattern{Text: test.text, Dialect: dialect, Flags: flags})
		if err != nil {
			t.Fatal(err)
		}
		m, err := backtrack.NewModel(re, test.name)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := slices.Contains(m.SavedBy(), "required byte"), test.short > 0; got != want {
			t.Errorf("%s /%s/%s: required byte %v, want %v", test.name, test.text, test.flags, got, want)
		}
		run := func(n int) backtrack.Result {
			return m.Run([]byte(strings.Repeat("a", n)), backtrack.Options{Steps: uint64(4*n + 100)})
		}
		if test.short > 0 && run(test.short).Outcome != backtrack.NoMatch {
			t.Errorf("%s /%s/%s: %d bytes are searched", test.name, test.text, test.flags, test.short)
		}
		if test.long > 0 && run(test.long).Outcome != backtrack.StepLimit {
			t.Errorf("%s /%s/%s: %d bytes are not searched", test.name, test.text, test.flags, test.long)
		}
	}
}

// TestStartSetBehindLookahead: what a match may begin with is looked up before
// any attempt, so that an attack must be made of it: (?=.*x)b pays for each b
// and for nothing else.
func TestStartSetBehindLookahead(t *testing.T) {
	re, err := syntax.Parse(corpus.Pattern{Text: `(?=.*x)b`, Dialect: corpus.PCRE})
	if err != nil {
		t.Fatal(err)
	}
	m, err := backtrack.NewModel(re, "pcre2")
	if err != nil {
		t.Fatal(err)
	}
	steps := func(text string, n int) uint64 {
		return m.Run([]byte(strings.Repeat(text, n)), backtrack.Options{}).Steps
	}
	if a, twice := steps("a", 500), steps("a", 1000); twice > 2*a+10 {
		t.Errorf("a: %d steps, then %d", a, twice)
	}
	if b, twice := steps("b", 500), steps("b", 1000); twice < 3*b {
		t.Errorf("b: %d steps, then %d", b, twice)
	}
}

func TestModelErrors(t *testing.T) {
	re, err := syntax.Parse(corpus.Pattern{Text: "a", Dialect: corpus.Java})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pcre2", "java"} {
		if m, err := backtrack.NewModel(re, name); err == nil {
			t.Errorf("%s: a model %v of a Java pattern", name, m.Name())
		}
	}
}

// TestFallback: ModSecurity 3 runs the JIT on a small stack, and the
// interpreter where that overflows. For this pattern the library does at 1,400
// to 2,000 spaces; the model, which keeps nothing for a last alternative, at
// 4,100.
func TestFallback(t *testing.T) {
	re, err := syntax.Parse(corpus.Pattern{Text: `^(?:ab|\s)+$`, Dialect: corpus.PCRE})
	if err != nil {
		t.Fatal(err)
	}
	steps := func(name string, n int) float64 {
		m, err := backtrack.NewModel(re, name)
		if err != nil {
			t.Fatal(err)
		}
		return float64(m.Run([]byte(strings.Repeat(" ", n)+"x"), backtrack.Options{Steps: 5_000_000}).Steps)
	}
	for n, overflows := range map[int]bool{1300: false, 4500: true} {
		both, jit := steps("pcre2-jit+fallback", n), steps("pcre2-jit", n)
		if again := both != jit; again != overflows {
			t.Errorf("%d spaces: %.0f steps, the JIT alone %.0f: run again %v, want %v", n, both, jit, again, overflows)
		}
	}
}
