package verdict

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// lookbehindBody is a random body of bounded length.
func lookbehindBody(r *rand.Rand, size int) string {
	atoms := []string{"a", "[ab]", "^", "$", `\b`, "ab", "(a)", "b"}
	posts := []string{"?", "{1,2}", "{0,3}", "{2}", "??", "?+", "{1,5}+", "{3,9}"}
	if size <= 1 {
		return atoms[r.IntN(len(atoms))]
	}
	switch i := 1 + r.IntN(size-1); r.IntN(5) {
	case 0, 1:
		return "(?:" + lookbehindBody(r, size-1) + ")" + posts[r.IntN(len(posts))]
	case 2:
		return "(?=" + lookbehindBody(r, size-1) + ")"
	case 3:
		return lookbehindBody(r, i) + lookbehindBody(r, size-i)
	default:
		return "(?:" + lookbehindBody(r, i) + "|" + lookbehindBody(r, size-i) + ")"
	}
}

// TestJavaLookbehindsStayInTheirBounds holds, for lookbehinds that Java tries
// at each of several lengths, that no subject costs more than what a proof
// promises, and that the lengths are those that the automaton is made of.
func TestJavaLookbehindsStayInTheirBounds(t *testing.T) {
	const seed = 20261128
	r := rand.New(rand.NewPCG(seed, 1))
	subjects := []string{"", "a", "ba", strings.Repeat("a", 40), strings.Repeat("ab", 30), strings.Repeat("aab", 20) + "b"}
	for range 12 {
		b := make([]byte, 50)
		for i := range b {
			b[i] = "aab"[r.IntN(3)]
		}
		subjects = append(subjects, string(b))
	}
	proved := 0
	for range 250 {
		text := []string{"(?<=", "(?<!"}[r.IntN(2)] + lookbehindBody(r, 1+r.IntN(6)) + ")" + []string{"a", "(?:a|b)*c", "b$"}[r.IntN(3)]
		p := corpus.Pattern{Text: text, Dialect: corpus.Java}
		re, err := syntax.Parse(p)
		if err != nil {
			continue
		}
		measure := syntax.NewMeasure(re)
		syntax.Walk(re.Root, func(n *syntax.Node) bool {
			if n.Op == syntax.OpLook && n.Behind && (n.Min != measure.Min(n.Sub[0]) || n.Max != measure.Max(n.Sub[0])) {
				t.Errorf("/%s/: Java tries the lengths %d to %d, the body has %d to %d", text, n.Min, n.Max, measure.Min(n.Sub[0]), measure.Max(n.Sub[0]))
			}
			return true
		})
		v := Analyze(p, Options{})
		if v.Kind != Linear || !v.StepsPerByteProved {
			continue
		}
		proved++
		prog, err := backtrack.Compile(re)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range subjects {
			res := prog.Run([]byte(s), backtrack.Options{})
			if bound := v.StepsPerByte * float64(len(s)+1); float64(res.Steps) > bound {
				t.Errorf("/%s/ on %q: %d steps, the proof says at most %.0f", text, s, res.Steps, bound)
			}
		}
	}
	if proved < 50 {
		t.Errorf("%d of 250 patterns have a proved bound", proved)
	}
	t.Logf("seed %d: %d proved bounds", seed, proved)
}
