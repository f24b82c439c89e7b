package verdict

import (
	"flag"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

var campaign = flag.Int("campaign", 0, "size of the patterns of the soundness campaign; 0 is the everyday size")

// everydaySize is the largest pattern of the everyday run, in operators and
// atoms, and everydayShare the share of those that stand in a context: 4,200
// patterns, 8 s on one core.
const (
	everydaySize  = 3
	everydayShare = 2
)

// grammar enumerates every pattern of a size, each once. Atoms and postfix
// operators count one, as do concatenation and alternation.
type grammar struct {
	atoms, postfix, wrap []string
	bySize               [][]string
}

var small = grammar{
	atoms:   []string{"a", "b", "[ab]", "^", "$", `\b`, `\1`},
	postfix: []string{"*", "+", "?", "*?", "{2}", "{1,2}", "*+", "{2,}"},
	wrap:    []string{"(%s)", "(?>%s)", "(?=%s)", "(?!%s)"},
}

func (g *grammar) size(n int) []string {
	for len(g.bySize) <= n {
		k := len(g.bySize)
		var out []string
		switch k {
		case 0:
		case 1:
			out = g.atoms
		default:
			for _, p := range g.size(k - 1) {
				for _, op := range g.postfix {
					out = append(out, "(?:"+p+")"+op)
				}
				for _, w := range g.wrap {
					out = append(out, fmt.Sprintf(w, p))
				}
			}
			for i := 1; i < k-1; i++ {
				for _, p := range g.size(i) {
					for _, q := range g.size(k - 1 - i) {
						out = append(out, p+q, "(?:"+p+"|"+q+")")
					}
				}
			}
		}
		g.bySize = append(g.bySize, out)
	}
	return g.bySize[n]
}

// TestSoundness holds every verdict on small patterns against brute force.
//
//   - linear: on every subject over {a, b} up to length 7 the steps stay
//     within steps_per_byte·(n+1), where that is proved, and on no family
//     x yⁿ z of short words do they grow faster than the input;
//   - superlinear: the witness, replayed far beyond the sizes it was found at,
//     keeps growing faster than the input.
func TestSoundness(t *testing.T) {
	size := everydaySize
	if *campaign > 0 {
		size = *campaign
	}
	var patterns []corpus.Pattern
	add := func(mode corpus.Mode, texts ...string) {
		for _, text := range texts {
			patterns = append(patterns, corpus.Pattern{Text: text, Dialect: corpus.PCRE, Mode: mode})
		}
	}
	for k := 1; k <= size; k++ {
		add(corpus.Search, small.size(k)...)
		if k < size {
			add(corpus.Full, small.size(k)...)
			add(corpus.Global, small.size(k)...)
		}
	}
	for _, head := range []string{"", "^", "a+"} {
		for _, tail := range []string{"", "c"} {
			if head == "" && tail == "" {
				continue
			}
			for i, p := range small.size(size) {
				if *campaign > 0 || i%everydayShare == 0 {
					add(corpus.Search, head+"(?:"+p+")"+tail)
					if tail == "c" && i%(10*everydayShare) == 0 {
						add(corpus.Global, head+"(?:"+p+")"+tail)
						add(corpus.Full, head+"(?:"+p+")"+tail)
					}
				}
			}
		}
	}
	counts, unknown := holdAll(patterns, subjectsUpTo("ab", 7), func(i int, fault string) {
		t.Errorf("%s (%s): %s", patterns[i].Text, patterns[i].Mode, fault)
	})
	t.Logf("%d patterns up to size %d: %v; unknown: %v", len(patterns), size, counts, unknown)
}

// holdAll checks the verdicts on patterns, on all cores: how many there are of
// each, and why those are unknown that are.
func holdAll(patterns []corpus.Pattern, subjects [][]byte, found func(i int, fault string)) (counts map[Kind]int, unknown map[string]int) {
	counts, unknown = map[Kind]int{}, map[string]int{}
	families := families()
	var mu sync.Mutex
	var wg sync.WaitGroup
	work := make(chan int)
	for range runtime.NumCPU() {
		wg.Go(func() {
			for i := range work {
				v, fault := holds(patterns[i], subjects, families)
				mu.Lock()
				counts[v.Kind]++
				if v.Kind == Unknown {
					unknown[v.Reason.Message]++
				}
				mu.Unlock()
				if fault != "" {
					found(i, fault)
				}
			}
		})
	}
	for i := range patterns {
		work <- i
	}
	close(work)
	wg.Wait()
	return counts, unknown
}

// holds judges one pattern and checks the verdict; fault says what is wrong.
func holds(p corpus.Pattern, subjects [][]byte, families []family) (v Verdict, fault string) {
	v = Analyze(p, Options{})
	if v.Kind == Invalid || v.Kind == Unknown {
		return v, ""
	}
	re, err := syntax.Parse(p)
	if err != nil {
		return v, err.Error()
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return v, err.Error()
	}
	run := prog.NewRunner()
	if v.Kind == Superlinear {
		return v, keepsGrowing(run, v)
	}
	for _, s := range subjects {
		steps := run.Run(s, backtrack.Options{}).Steps
		if v.StepsPerByteProved && float64(steps) > v.StepsPerByte*float64(len(s)+1) {
			return v, fmt.Sprintf("linear with %.0f steps a byte, but %q takes %d", v.StepsPerByte, s, steps)
		}
	}
	for _, f := range families {
		if fault := explodesOn(run, f); fault != "" {
			return v, "linear, but " + fault
		}
	}
	return v, ""
}

// explodesOn says how the cost on a family grows faster than its length, "" when
// it does not: twice in a row, since bounded repeats may take some more before
// they are full.
func explodesOn(run *backtrack.Runner, f family) string {
	const budget = 1 << 22
	var before, last uint64
	for n := 24; n <= 96; n *= 2 {
		steps := run.Run(f.bytes(n), backtrack.Options{Steps: budget}).Steps
		switch {
		case steps >= budget:
			return fmt.Sprintf("%q(%q)ⁿ%q takes more than %d steps for n=%d", f.x, f.y, f.z, budget, n)
		case n > 24 && steps <= 3*last:
			return ""
		}
		before, last = last, steps
	}
	return fmt.Sprintf("%q(%q)ⁿ%q takes %d steps for n=48 and %d for n=96", f.x, f.y, f.z, before, last)
}

// keepsGrowing checks that the cost for each byte still rises when the attack
// becomes many times as long as the largest sample, within a budget. Some
// attacks work for every second or third length only, or grow from a large
// linear part.
func keepsGrowing(run *backtrack.Runner, v Verdict) string {
	last := v.Samples[len(v.Samples)-1]
	const budget, periods = 1 << 22, 6
	w := v.Witnesses[0]
	before := float64(last.Cost.Steps) / float64(last.Bytes)
	most, at := uint64(0), 0
	for _, n := range []int{8 * last.N, 32 * last.N, 128 * last.N} {
		for k := range periods {
			s := w.Bytes(n + k)
			steps := run.Run(s, backtrack.Options{Steps: budget}).Steps
			if steps >= budget || float64(steps)/float64(len(s)) >= before*1.3 {
				return ""
			}
			// A counter levels out, at more than any host can pay for a byte, or
			// behind a blow-up that costs too much once.
			if v.Cause == "counter" && (steps >= counterLeast || steps >= counterPerByte*uint64(len(s))) {
				return ""
			}
			most, at = max(most, steps), n
		}
	}
	return fmt.Sprintf("%v %d by %+v, but %d steps for n=%d after %d for n=%d", v.Growth.Class, v.Growth.Exponent, w, most, at, last.Cost.Steps, last.N)
}

type family struct{ x, y, z string }

func (f family) bytes(n int) []byte { return []byte(f.x + strings.Repeat(f.y, n) + f.z) }

func families() []family {
	var out []family
	for _, x := range []string{"", "a", "b", "ab"} {
		for _, y := range []string{"a", "b", "ab", "aab", "abb"} {
			for _, z := range []string{"", "c", "a", "b"} {
				out = append(out, family{x, y, z})
			}
		}
	}
	return out
}

func subjectsUpTo(letters string, length int) [][]byte {
	out := [][]byte{{}}
	for from, k := 0, 0; k < length; k++ {
		to := len(out)
		for _, s := range out[from:to] {
			for i := range letters {
				out = append(out, append(append([]byte(nil), s...), letters[i]))
			}
		}
		from = to
	}
	return out
}
