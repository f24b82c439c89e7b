// Package ambiguity decides how the number of runs of an automaton grows with
// the length of its input.
//
// Every state counts as accepting, since a backtracking matcher pays for every
// attempt, not only for those that succeed. Then (Weber & Seidl 1991, "On the
// degree of ambiguity of finite automata"):
//
//   - the number of runs is exponential exactly when some useful state p has
//     two different runs p → p on one word (EDA, their Theorem 4.1);
//   - otherwise it is polynomial of the degree of the longest chain of pairs
//     p ≠ q with runs p → p, p → q, q → q on one word (IDA, Theorem 4.2);
//   - otherwise it is bounded.
//
// A degree of ambiguity d gives matching time of exponent d+1, since the runs
// on every prefix of the input are paid for.
package ambiguity

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// A Word is a sequence of classes of the automaton's alphabet.
type Word []uint8

// maxWork bounds the comparisons of edges in the products for one automaton,
// about 0.2 s where each makes a new state of a product.
const maxWork = 8_000_000

// A LimitError says that the products of an automaton were larger than the
// limit.
type LimitError struct {
	Limit string
	Value int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("products of the automaton need more than %d %s", e.Value, e.Limit)
}

// A Report is what the criteria found.
type Report struct {
	// Components are the loops: strongly connected components with at least
	// one edge, in topological order.
	Components []Component
	// EDA are exponential loops, at most one for each component.
	EDA []Fork
	// IDA are polynomial pairs, at most one for each pair of components.
	IDA []Link
	// Pairs is the number of product states visited.
	Pairs int
	// Forced counts the places where two runs of the automaton part and a
	// matcher has no choice: where there are some, the number of its runs may be
	// bounded though the automaton's is not.
	Forced int

	of     []int32   // state → component, -1 for none
	reach  [][]int32 // component → later components it leads to
	degree []int     // component → links on the best chain that ends there
	free   []bool    // component → its runs cost nothing by themselves
	via    []int32   // component → index into IDA or ^component it came from
}

// A Component is a loop of the automaton.
type Component struct{ States []int32 }

// A Fork is a state with two different runs back to itself on one word.
type Fork struct {
	State int32
	Word  Word
	// Atoms are where the two runs part: indices into the automaton's atoms.
	Atoms [2]int32
	// Component is where it was found.
	Component int32
}

// A Link is a pair of states with runs From → From, From → To, To → To on one
// word.
type Link struct {
	From, To int32
	Word     Word
	// Loops are classes on which both go round by themselves: Word may go on in
	// any of them. It is empty where only Word is known.
	Loops charset.Mask
	// FromComponent and ToComponent are where they stand.
	FromComponent, ToComponent int32
}

// Analyze applies the criteria. Where a product is larger than the limit it
// fails with a *LimitError, and the report holds what the other products show.
func Analyze(a *nfa.Automaton) (*Report, error) { return analyze(a, maxWork, false) }

// Bounded reports whether the number of runs of the automaton itself is
// bounded, not only that of a matcher's, which has no choice in a copy.
func Bounded(a *nfa.Automaton) bool {
	r, err := analyze(a, maxWork, true)
	return err == nil && !r.Exponential() && r.Degree() == 0
}

// AnalyzeBriefly is Analyze with a fortieth of its limit, for questions whose
// answer only refines what is known.
func AnalyzeBriefly(a *nfa.Automaton) (*Report, error) { return analyze(a, maxWork/40, false) }

func analyze(a *nfa.Automaton, limit int, loose bool) (*Report, error) {
	s := &search{a: a, loose: loose, limit: limit, r: &Report{}, stamp: make([]int32, len(a.States)), leads: map[int32][]bool{}}
	s.components()
	s.forks()
	s.links()
	s.chains()
	return s.r, s.failed
}

// Exponential reports whether EDA holds.
func (r *Report) Exponential() bool { return len(r.EDA) > 0 }

// Degree is the degree of ambiguity: the number of links on the longest chain,
// one less for a chain that ends on a walk. It is meaningless when Exponential.
func (r *Report) Degree() int {
	best := 0
	for c := range r.degree {
		best = max(best, r.paid(c))
	}
	return best
}

// paid is the degree of the runs in a component that are paid for at every
// character: those of a walk are paid for where it begins.
func (r *Report) paid(component int) int {
	if r.free[component] {
		return r.degree[component] - 1
	}
	return r.degree[component]
}

// Exponent is that of the matching time which the longest chain to a component
// makes.
func (r *Report) Exponent(component int32) int { return r.paid(int(component)) + 1 }

// ComponentOf is the loop that a state belongs to, -1 for none.
func (r *Report) ComponentOf(state int32) int32 { return r.of[state] }

type search struct {
	a    *nfa.Automaton
	r    *Report
	work int
	// loose says that runs part in copies as they like.
	loose bool
	// limit bounds work, until that of the product in hand.
	limit, until int
	// failed is that a product was given up.
	failed error

	// place is the place of each state among those of its component.
	place []int32
	// stamp[v] == stamped marks v as visited by the current path search.
	stamp   []int32
	stamped int32
	// into are the edges backwards; leads, by component, the states from which
	// it can be reached. Both are made when first asked for.
	into  [][]int32
	leads map[int32][]bool
}

// share is the part of the remaining work, one in so many, that one product
// leaves to the others: they may still show something.
const share = 4

// begin opens a product, end closes it.
func (s *search) begin() { s.until = s.limit - (s.limit-min(s.work, s.limit))/share }

func (s *search) end(err error) {
	if err != nil {
		s.failed = err
	}
}

func (s *search) spend(n int) error {
	if s.work += n; s.work > s.until {
		return &LimitError{"comparisons of edges", int64(s.limit)}
	}
	return nil
}

// inner yields the edges of state p that stay in component c.
func (s *search) inner(p, c int32, yield func(*nfa.Edge) bool) {
	out := s.a.States[p].Out
	for i := range out {
		if e := &out[i]; e.Kind == nfa.Step && s.r.of[e.To] == c {
			if !yield(e) {
				return
			}
		}
	}
}
