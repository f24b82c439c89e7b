package ambiguity

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

var (
	campaign = flag.Int("campaign", 0, "random automata for each property; 0 is the everyday number")
	seed     = flag.Uint64("seed", 1, "seed of the random automata")
)

// letters is the number of classes of a random automaton.
const letters = 2

// An arrow is an edge of a small automaton: From → To on a set of letters.
type arrow struct {
	from, to int32
	on       uint64
	mult     uint32
}

// A sketch is a small automaton that is easily cut down.
type sketch struct {
	states int
	arrows []arrow
	// accepts[q] are the letters before which q accepts, as bits, the end of
	// the word being bit letters; last[q] is how many of q's arrows stand
	// before it.
	accepts []uint64
	before  []int
}

func (s sketch) String() string {
	var b strings.Builder
	for _, a := range s.arrows {
		fmt.Fprintf(&b, "%d -%02b×%d→ %d  ", a.from, a.on, a.mult, a.to)
	}
	for q, on := range s.accepts {
		if on != 0 {
			fmt.Fprintf(&b, "%d accepts %03b behind %d edges  ", q, on, s.before[q])
		}
	}
	return b.String()
}

// automaton builds the sketch: the edges of a state stand in the order of its
// arrows.
func (s sketch) automaton(t testing.TB) *nfa.Automaton {
	classes, ok := charset.NewPartition(letters-1, []charset.Set{charset.Runes(0)})
	if !ok || classes.Len() != letters {
		t.Fatalf("%d classes", classes.Len())
	}
	a := &nfa.Automaton{Classes: classes, States: make([]nfa.State, s.states), Search: -1, Pasts: [][]int32{nil}}
	for i := range a.States {
		a.States[i].Weight = 1
	}
	place := func(q int) {
		if on := s.accepts[q]; on != 0 && len(a.States[q].Out) == s.before[q] {
			a.States[q].Out = append(a.States[q].Out, nfa.Edge{
				Kind: nfa.Accept, Mult: 1, Atom: -1, On: charset.Mask{on & (1<<letters - 1)}, AtEnd: on>>letters&1 == 1,
			})
		}
	}
	for q := range s.states {
		place(q)
		for _, r := range s.arrows {
			if int(r.from) == q {
				a.States[q].Out = append(a.States[q].Out, nfa.Edge{On: charset.Mask{r.on}, To: r.to, Mult: r.mult, Atom: -1})
				place(q)
			}
		}
		a.Edges += len(a.States[q].Out)
	}
	return a
}

// random is a sketch whose states are all reached from state 0. One in ten
// has an edge that counts two.
func random(r *rand.Rand, states int) sketch {
	for {
		s := sketch{states: states, accepts: make([]uint64, states), before: make([]int, states)}
		for range states + r.IntN(states+1) {
			on := uint64(1) << r.IntN(letters)
			if r.IntN(4) == 0 {
				on = 1<<letters - 1
			}
			s.arrows = append(s.arrows, arrow{int32(r.IntN(states)), int32(r.IntN(states)), on, 1})
		}
		if r.IntN(10) == 0 {
			s.arrows[r.IntN(len(s.arrows))].mult = 2
		}
		reached := []int32{0}
		for i := 0; i < len(reached); i++ {
			for _, a := range s.arrows {
				if a.from == reached[i] && !slices.Contains(reached, a.to) {
					reached = append(reached, a.to)
				}
			}
		}
		if len(reached) == states {
			return s
		}
	}
}

// layered is a random sketch of loops in a row: it seldom is exponential, and
// may have a high degree.
func layered(r *rand.Rand, states int) sketch {
	s := sketch{states: states, accepts: make([]uint64, states), before: make([]int, states)}
	some := func() uint64 { return 1 + uint64(r.IntN(1<<letters-1)) }
	for q := range int32(states) {
		if r.IntN(4) > 0 {
			s.arrows = append(s.arrows, arrow{q, q, some(), 1})
		}
		if q > 0 {
			s.arrows = append(s.arrows, arrow{r.Int32N(q), q, some(), 1}, arrow{q - 1, q, some(), 1})
		}
	}
	return s
}

// shrink removes arrows and acceptances while the fault stays.
func shrink(s sketch, faulty func(sketch) string) sketch {
	for again := true; again; {
		again = false
		for i := range s.arrows {
			small := s
			small.arrows = slices.Delete(slices.Clone(s.arrows), i, i+1)
			if faulty(small) != "" {
				s, again = small, true
				break
			}
		}
		for q := range s.accepts {
			small := s
			small.accepts = slices.Clone(s.accepts)
			small.accepts[q] = 0
			if s.accepts[q] != 0 && faulty(small) != "" {
				s, again = small, true
			}
		}
	}
	return s
}

// forRandom asks a property of random sketches, and reports a small one that
// lacks it.
func forRandom(t *testing.T, everyday int, make func(*rand.Rand) sketch, property func(sketch) string) {
	t.Helper()
	n := everyday
	if *campaign > 0 {
		n = *campaign
	}
	r := rand.New(rand.NewPCG(*seed, 0))
	for i := range n {
		s := make(r)
		if property(s) == "" {
			continue
		}
		small := shrink(s, property)
		t.Fatalf("seed %d, automaton %d: %s\n%s", *seed, i, property(small), small)
	}
}

// runsAfter is the number of runs in each state after one more letter.
func runsAfter(a *nfa.Automaton, v []float64, letter int) []float64 {
	w := make([]float64, len(v))
	for q, n := range v {
		for i := range a.States[q].Out {
			if e := &a.States[q].Out[i]; n > 0 && e.Kind == nfa.Step && e.On.Has(letter) {
				w[e.To] += n * float64(e.Mult)
			}
		}
	}
	return w
}

func total(v []float64) float64 {
	sum := 0.0
	for _, n := range v {
		sum += n
	}
	return sum
}

// most is the largest number of runs on words of each length up to the last,
// over every word.
func most(a *nfa.Automaton, length int) []float64 {
	best := make([]float64, length+1)
	seen := map[string]bool{}
	var visit func(v []float64, depth int)
	visit = func(v []float64, depth int) {
		key := fmt.Sprint(depth, v)
		if seen[key] {
			return
		}
		seen[key] = true
		best[depth] = max(best[depth], total(v))
		for letter := range letters {
			if depth < length {
				visit(runsAfter(a, v, letter), depth+1)
			}
		}
	}
	start := make([]float64, len(a.States))
	start[0] = 1
	visit(start, 0)
	return best
}

// A matrix is the number of runs between each two states on one word, cut to
// 2: row p, column q at p·states + q.
type matrix string

// monoid is the matrices of all words but the empty one; false when there are
// too many.
func monoid(a *nfa.Automaton) (all []matrix, ok bool) {
	const most = 20_000
	n := len(a.States)
	seen := map[matrix]bool{}
	times := func(m matrix, letter int) matrix {
		out := make([]byte, n*n)
		for p := range n {
			for q := range n {
				for _, e := range a.States[q].Out {
					if m[p*n+q] > 0 && e.Kind == nfa.Step && e.On.Has(letter) {
						out[p*n+int(e.To)] = byte(min(2, int(out[p*n+int(e.To)])+int(m[p*n+q])*int(min(e.Mult, 2))))
					}
				}
			}
		}
		return matrix(out)
	}
	one := make([]byte, n*n)
	for p := range n {
		one[p*n+p] = 1
	}
	queue := []matrix{matrix(one)}
	for i := 0; i < len(queue); i++ {
		for letter := range letters {
			m := times(queue[i], letter)
			if seen[m] {
				continue
			}
			if len(all) == most {
				return nil, false
			}
			seen[m] = true
			all = append(all, m)
			queue = append(queue, m)
		}
	}
	return all, true
}

// defined is the degree of ambiguity by the definitions: -1 when some state
// has two runs back to itself on one word (EDA), else the most pairs (p, q),
// p ≠ q, with runs p → p, p → q, q → q on one word each, such that each q leads
// to the next p.
func defined(a *nfa.Automaton) (degree int, ok bool) {
	all, ok := monoid(a)
	if !ok {
		return 0, false
	}
	n := len(a.States)
	leads := make([]bool, n*n)
	linked := make([]bool, n*n)
	for p := range n {
		leads[p*n+p] = true
	}
	for _, m := range all {
		for p := range n {
			if m[p*n+p] > 1 {
				return -1, true
			}
			for q := range n {
				leads[p*n+q] = leads[p*n+q] || m[p*n+q] > 0
				linked[p*n+q] = linked[p*n+q] || p != q && m[p*n+p] > 0 && m[p*n+q] > 0 && m[q*n+q] > 0
			}
		}
	}
	var chain func(p int) int
	chain = func(from int) int {
		best := 0
		for p := range n {
			for q := range n {
				if leads[from*n+p] && linked[p*n+q] {
					best = max(best, 1+chain(q))
				}
			}
		}
		return best
	}
	return chain(0), true
}

// TestCriteria holds EDA, IDA and the degree against their definitions, on
// every word there is (by the finite monoid of its matrices), and against the
// growth that they stand for (Weber & Seidl 1991, theorems 4.1 and 4.2): the
// words that a report gives make the runs grow so, and no word more.
func TestCriteria(t *testing.T) {
	counts := map[int]int{}
	large := 0
	forRandom(t, 600, func(r *rand.Rand) sketch {
		if r.IntN(2) == 0 {
			return layered(r, 1+r.IntN(6))
		}
		return random(r, 1+r.IntN(6))
	}, func(s sketch) string {
		a := s.automaton(t)
		report, err := Analyze(a)
		if err != nil {
			return err.Error()
		}
		degree := report.Degree()
		if report.Exponential() {
			degree = -1
		}
		if want, ok := defined(a); !ok {
			large++
		} else if degree != want {
			return fmt.Sprintf("degree %d, by the definition %d (-1: exponential)", degree, want)
		}
		counts[degree]++
		if degree < 0 {
			return exponentialHolds(a, report)
		}
		return polynomialHolds(a, report)
	})
	t.Logf("automata by degree, -1 for exponential: %v; %d with too many matrices", counts, large)
}

// exponentialHolds: every fork has two runs back to its state on its word.
func exponentialHolds(a *nfa.Automaton, r *Report) string {
	for _, f := range r.EDA {
		v := make([]float64, len(a.States))
		v[f.State] = 1
		for _, letter := range f.Word {
			v = runsAfter(a, v, int(letter))
		}
		if v[f.State] < 2 {
			return fmt.Sprintf("EDA at %d on %v has %v runs back", f.State, f.Word, v[f.State])
		}
		if r.ComponentOf(f.State) != f.Component {
			return fmt.Sprintf("EDA at %d of component %d is said to be in %d", f.State, r.ComponentOf(f.State), f.Component)
		}
	}
	return ""
}

// polynomialHolds: every link has its three runs, the chains are as long as the
// degree, some family grows with the degree, and none faster.
func polynomialHolds(a *nfa.Automaton, r *Report) string {
	from := func(state int32, w Word) []float64 {
		v := make([]float64, len(a.States))
		v[state] = 1
		for _, letter := range w {
			v = runsAfter(a, v, int(letter))
		}
		return v
	}
	for _, l := range r.IDA {
		if v, w := from(l.From, l.Word), from(l.To, l.Word); v[l.From] < 1 || v[l.To] < 1 || w[l.To] < 1 {
			return fmt.Sprintf("IDA from %d to %d on %v: %v, %v", l.From, l.To, l.Word, v, w)
		}
	}
	for _, end := range r.Ends() {
		chain := r.Chain(end)
		for i := 1; i < len(chain); i++ {
			if c, d := chain[i-1].ToComponent, chain[i].FromComponent; c != d && !slices.Contains(r.reach[c], d) {
				return fmt.Sprintf("chain %v breaks between components %d and %d", chain, c, d)
			}
		}
	}
	if fault := chainGrows(a, r); fault != "" {
		return fault
	}
	// The most runs over all words of each length grow no faster: three times
	// the length makes them at most 3^d as many, times what bounded branches add.
	const few, many, slack = 4, 12, 8
	runs := most(a, many)
	if bound := slack * runs[few] * math.Pow(many/few, float64(r.Degree())); runs[many] > bound {
		return fmt.Sprintf("degree %d, but up to %v runs at length %d after %v at %d", r.Degree(), runs[many], many, runs[few], few)
	}
	return ""
}

// chainGrows pumps the words of the longest chain, each with its own count.
func chainGrows(a *nfa.Automaton, r *Report) string {
	ends := r.Ends()
	if len(ends) == 0 {
		if r.Degree() != 0 {
			return fmt.Sprintf("degree %d without a chain", r.Degree())
		}
		return ""
	}
	chain := r.Chain(ends[0])
	if len(chain) != r.Degree() {
		return fmt.Sprintf("degree %d with a chain of %d", r.Degree(), len(chain))
	}
	grown := func(n int) float64 {
		v := make([]float64, len(a.States))
		v[0] = 1
		read := func(w Word) {
			for _, letter := range w {
				v = runsAfter(a, v, int(letter))
			}
		}
		read(path(a, 0, chain[0].From))
		for i, l := range chain {
			if i > 0 {
				read(path(a, chain[i-1].To, l.From))
			}
			for range n {
				read(l.Word)
			}
		}
		return v[chain[len(chain)-1].To]
	}
	// Each link multiplies the runs by the number of its repetitions.
	for _, n := range []int{1, 2, 4, 8} {
		if want := math.Pow(float64(n), float64(len(chain))); grown(n) < want {
			return fmt.Sprintf("chain %v gives %v runs for %d repetitions", chain, grown(n), n)
		}
	}
	return ""
}

// path is some shortest word between two states.
func path(a *nfa.Automaton, from, to int32) Word {
	via := map[int32]Word{from: {}}
	queue := []int32{from}
	for i := 0; i < len(queue); i++ {
		for _, e := range a.States[queue[i]].Out {
			if _, seen := via[e.To]; e.Kind == nfa.Step && !seen {
				via[e.To] = append(slices.Clone(via[queue[i]]), uint8(e.On.First()))
				queue = append(queue, e.To)
			}
		}
	}
	return via[to]
}
