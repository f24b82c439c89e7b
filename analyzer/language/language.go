// Package language compares what two patterns match: as sets of subjects, as
// the spans that a search reports, and as the ends that a part of a pattern
// offers to what follows it.
//
// The comparison walks two ordered automata (analyzer/nfa) in lockstep, over
// one alphabet. Begin, end and neighbouring characters are exact there; where
// an automaton over-approximates, nothing is concluded. Every walk is bounded
// by counts.
package language

import (
	"errors"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Limits of a comparison without a budget of its own.
const (
	// maxPairs bounds the pairs of states that a walk visits: the rules of OWASP
	// CRS v4.0.0 that can be compared at all need fewer than 10,000 each.
	maxPairs = 40_000
	// maxWork bounds the edges that a walk follows, counted once for each class
	// of characters: about a second.
	maxWork = 60_000_000
	// edgeWork is what an edge of an automaton counts when it is made.
	edgeWork = 10
)

// A Budget bounds comparisons: one by its Pairs of states, all that share the
// budget by the Work that is left, in edges followed. A nil Budget gives one
// comparison the default limits.
type Budget struct{ Pairs, Work int }

// orDefault is the budget itself, or a new one.
func (b *Budget) orDefault() *Budget {
	if b == nil {
		return &Budget{Pairs: maxPairs, Work: maxWork}
	}
	return b
}

// spend takes work from the budget; it is the reason to stop once nothing is
// left.
func (b *Budget) spend(work int) *Reason {
	if b.Work -= work; b.Work < 0 {
		return &Reason{Limit: "work", Value: maxWork, Message: "the comparison takes too many steps"}
	}
	return nil
}

// A Relation says how the language of a new pattern relates to that of an old
// one.
type Relation string

// The relations.
const (
	Same      Relation = "same"
	Wider     Relation = "wider"     // the new one matches more
	Narrower  Relation = "narrower"  // the new one matches less
	Other     Relation = "other"     // each matches what the other does not
	Undecided Relation = "undecided" // Difference.Reason says why
)

// A Difference is the outcome of a comparison of two languages.
type Difference struct {
	Relation Relation
	// Gained is a shortest subject that only the new pattern matches, Lost one
	// that only the old one matches; nil where there is none or none was found.
	// They are written in the patterns' unit: bytes, or UTF-8.
	Gained, Lost []byte
	// Reason is why the comparison is undecided, nil otherwise.
	Reason *Reason
}

// A Reason is what kept a comparison from an answer.
type Reason struct {
	// Limit and Value name a limit that was reached, "" when none was.
	Limit string
	Value int64
	// Message says it in a sentence.
	Message string
}

func (r *Reason) Error() string { return r.Message }

// Compare compares the subjects in which two patterns match, each in its own
// mode: anywhere, from the start, or in full.
func Compare(old, next *syntax.Regexp, budget *Budget) Difference {
	budget = budget.orDefault()
	a, b, reason := lowered(budget, old, next)
	if reason != nil {
		return Difference{Relation: Undecided, Reason: reason}
	}
	return compare(a, b, budget)
}

// lowered are the automata of two patterns over one alphabet.
func lowered(budget *Budget, old, next *syntax.Regexp) (a, b *nfa.Automaton, reason *Reason) {
	for _, re := range []*syntax.Regexp{old, next} {
		if why := unmodelled(re); why != "" {
			return nil, nil, &Reason{Message: why}
		}
	}
	if old.Unit != next.Unit {
		return nil, nil, &Reason{Message: "the patterns read subjects in different units: bytes and characters"}
	}
	as, err := nfa.LowerTogether(old, next)
	if err != nil {
		var limit *nfa.LimitError
		if errors.As(err, &limit) {
			return nil, nil, &Reason{Limit: limit.Limit, Value: limit.Value, Message: err.Error()}
		}
		return nil, nil, &Reason{Message: err.Error()}
	}
	for _, x := range as {
		if len(x.Over) > 0 {
			return nil, nil, &Reason{Message: x.Over[0].Name + " has no exact automaton"}
		}
		if !x.Exact() {
			return nil, nil, &Reason{Message: "a repeat is too large to be expanded"}
		}
	}
	return as[0], as[1], budget.spend(edgeWork * (as[0].Edges + as[1].Edges))
}

// unmodelled names what a pattern asks that its automaton does not know.
func unmodelled(re *syntax.Regexp) string {
	switch o := re.Options; {
	case re.Pattern.Context.Macro:
		return "the host expands a %{macro} in the pattern"
	case o.NotEmpty || o.NotEmptyAtStart:
		return "the pattern refuses empty matches"
	case o.SkipCRLF:
		return "the search skips places between \\r and \\n"
	case re.Flags.Has(corpus.RightToLeft):
		return "the pattern runs from right to left"
	}
	return ""
}
