// Package nfa lowers a parsed pattern to the automaton that the ambiguity
// criteria are stated on: ε-free, ordered by priority, with multiplicities,
// and without guards.
//
// Guards (anchors, word boundaries, one-character lookaround) are compiled
// away: a state is a position of the pattern together with what the previous
// character was, as far as a guard asks, and with what the next characters are
// obliged to be. What is then left is a plain ordered automaton over classes
// of characters, whose runs on a word are exactly the attempts that a naive
// backtracking matcher makes on it, as long as no edge is marked Over.
package nfa

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// An Automaton is an ordered automaton in which every state counts as
// accepting: the cost of a backtracking search is, up to a constant factor,
// the number of its runs on the prefixes of the subject.
type Automaton struct {
	// Classes is the alphabet.
	Classes *charset.Partition
	// Never are classes that occur in no subject.
	Never charset.Mask
	// Unit says how a character is written in a subject.
	Unit syntax.Unit
	// States are numbered in the order of their discovery; state 0 is where
	// the matcher stands at offset 0.
	States []State
	// Search is the state of the implicit loop over start offsets (entered
	// after at least one character), -1 when the mode has none. State 0 is the
	// same loop at offset 0.
	Search int32
	// Atoms are the places in the pattern that consume characters.
	Atoms []Atom
	// Loops are the unbounded repeats of the pattern.
	Loops []Loop
	// Pasts are bags of places where a matcher may be kept from going on.
	Pasts [][]int32
	// Over are the constructs that were over-approximated, in the order of
	// their places. Proofs may rest on them, pruning may not.
	Over []Construct
	// Counters are bounded repeats too large to expand, which stand as
	// unbounded ones.
	Counters []Loop
	// Copied are the regions whose body stands in several places: that two runs
	// enter one at one position does not say that they enter it together.
	Copied Regions
	// Ends are the places at the ends of regions, one of those of a copied one.
	Ends [MaxRegions]int32
	// NoPrune says that no run can be known to be cut off by the success of
	// another: verbs occur, or every match is wanted.
	NoPrune bool
	// Global says that every match is wanted: a match ends no search.
	Global bool
	// Walks are the lookbehinds of unbounded length: the runs of the automaton
	// say what they cost only together with those of the walks.
	Walks []*Walk
	// Copies is the number of automata that this one stands for, one for each
	// character that a group of many may capture, 0 where it stands for itself.
	// Captures are the atoms of the group: its characters here are one of each
	// class. There are no runs that captured another, so that only their number
	// may be told from this one's.
	Copies   float64
	Captures []int32
	// Edges is the total number of edges.
	Edges int

	// entry is the state in which the body of a lookahead is entered, by the
	// class before it.
	entry []int32
}

// A State is a position of the pattern after a character was consumed.
type State struct {
	// Out are the edges by priority, highest first.
	Out []Edge
	// Weight is the number of ε-instructions that a naive matcher executes
	// when it arrives here and every attempt fails.
	Weight float64
	// In are the regions whose body the state stands in.
	In Regions
	// Arrivals are the walks that begin here.
	Arrivals []Arrival
	// Free marks a state of a walk on its way (ambiguity.Walking): coming there
	// costs nothing by itself.
	Free bool
	// Copy is the place at the end of the copy of a backreference that the state
	// stands in, 0 for none: what was captured says where a matcher leaves it.
	Copy int32
	// Wins marks a state of the path that ends the search
	// (ambiguity.Explored.Split): at any time one run at most stands in such.
	Wins bool
}

// Regions is a set of regions: bodies of atomic groups and lookaheads, which
// accept by themselves. Once a run has ended a body, the runs of lower
// priority that entered it with it are given up. A region has a number below
// MaxRegions; bodies beyond that have none, which only loses precision.
type Regions uint64

// MaxRegions is the number of regions that an automaton tells apart.
const MaxRegions = 64

// Has reports whether a region is in the set.
func (r Regions) Has(region uint8) bool { return r&(1<<region) != 0 }

// A Kind is what an edge does.
type Kind uint8

// The kinds of edges.
const (
	// Step consumes one character of On.
	Step Kind = iota
	// Accept reports a match if the next character is in On, or if there is
	// none and AtEnd holds.
	Accept
	// Exit ends the body of a region under the same conditions as Accept.
	Exit
	// Ghost follows a condition on the characters after a match: it consumes
	// nothing for the matcher, and leads to the rest of the condition.
	Ghost
)

// An Edge is a transition.
type Edge struct {
	On   charset.Mask
	To   int32
	Atom int32 // index into Atoms, -1 for the search loop
	Kind Kind
	// Region is what an Exit ends, Place the place where it does.
	Region uint8
	Place  int32
	AtEnd  bool
	// Over marks an edge that a matcher may be kept from taking: pruning may
	// not rely on it. Past is the set of places on its ε-path where that may
	// happen, an index into Automaton.Pasts; 0 is the empty one. A place that
	// is passed twice counts twice.
	Over bool
	// Falls marks an edge of a winning state that leaves a match to fall back to,
	// before some class at least.
	Falls bool
	Past  int32
	// Left are the regions whose body the ε-path to this step ended, Not those
	// of negative lookaheads that must have failed for it.
	Left, Not Regions
	// Mult is the number of ε-paths that lead to this very step, saturating:
	// two inside a loop are exponential at once.
	Mult uint32
}

// An Atom is a place in the pattern that consumes one character.
type Atom struct {
	Span syntax.Span
	// Loops are the unbounded repeats around it, outermost first, as indices
	// into Automaton.Loops.
	Loops []int32
	// In is the construct the atom stands in, as far as the cause of a growth
	// depends on it.
	In Place
	// Copy is the place at the end of the copy that the atom belongs to, 0 for
	// none.
	Copy int32
}

// A Place is a kind of surroundings, as bits.
type Place uint8

// The places.
const (
	InLookaround Place = 1 << iota
	InAtomic
	InBackref
	InRecursion
)

// A Loop is a repeat of the pattern.
type Loop struct {
	Span     syntax.Span
	Min, Max int
}

// A Construct is a part of a pattern that the automaton over-approximates.
type Construct struct {
	Name string
	Span syntax.Span
}

// Lookahead is the name of a lookahead that is approximated.
const Lookahead = "lookahead"

// Follows reports whether a matcher that takes edge e has tried edge f before,
// where both leave one state and f stands first: f may be kept back only where
// e would have been too.
func (a *Automaton) Follows(f, e *Edge) bool {
	return !f.Over || f.Past == e.Past || within(a.Pasts[f.Past], a.Pasts[e.Past])
}

// Ended is how often the ε-path of an edge comes to the end of a region whose
// body stands in one place: twice counts for more.
func (a *Automaton) Ended(e *Edge, region uint8) (times int) {
	for _, place := range a.Pasts[e.Past] {
		if place == a.Ends[region] {
			times++
		}
	}
	return times
}

// Passed reports whether the ε-path of edge e goes through the end of a body
// that edge f, an Exit of the same state, stands for.
func (a *Automaton) Passed(f, e *Edge) bool {
	if e.Past == 0 {
		return false
	}
	past := slices.Clone(a.Pasts[f.Past])
	k, _ := slices.BinarySearch(past, f.Place)
	return within(slices.Insert(past, k, f.Place), a.Pasts[e.Past])
}

// Forced reports whether a matcher has no choice between two edges of a state:
// one goes on in a copy that the other has left, and what was captured says
// which of them is right. Two runs that came to the state in one way do not part
// there.
func (a *Automaton) Forced(state int32, e, f *Edge) bool {
	end := a.States[state].Copy
	return end != 0 && a.copies(e, end) != a.copies(f, end)
}

// copies reports whether an edge goes on in the copy with the given end.
func (a *Automaton) copies(e *Edge, end int32) bool {
	if e.Kind != Step || e.Atom < 0 || a.Atoms[e.Atom].Copy != end {
		return false
	}
	_, left := slices.BinarySearch(a.Pasts[e.Past], end)
	return !left
}

// within reports whether every number of a bag is in another, as often.
func within(bag, other []int32) bool {
	k := 0
	for _, n := range bag {
		for k < len(other) && other[k] < n {
			k++
		}
		if k == len(other) || other[k] != n {
			return false
		}
		k++
	}
	return true
}

// String lists the automaton, a line for each edge, for tests.
func (a *Automaton) String() string {
	var b strings.Builder
	for i := range a.States {
		mark := ""
		if int32(i) == a.Search {
			mark = " search"
		}
		fmt.Fprintf(&b, "%d%s%s:\n", i, mark, a.States[i].In.label(" in"))
		for _, r := range a.States[i].Arrivals {
			fmt.Fprintf(&b, "  walk %d on %s", r.Walk, a.describe(r.On))
			if r.AtEnd {
				b.WriteString(" end")
			}
			if r.Mult > 1 {
				fmt.Fprintf(&b, " ×%d", r.Mult)
			}
			b.WriteByte('\n')
		}
		for _, e := range a.States[i].Out {
			fmt.Fprintf(&b, "  %s", [...]string{"step", "accept", "exit", "ghost"}[e.Kind])
			if e.Kind == Exit {
				fmt.Fprintf(&b, " region %d", e.Region)
			}
			if e.Kind != Accept && e.Kind != Exit || !e.On.IsEmpty() {
				fmt.Fprintf(&b, " %s", a.describe(e.On))
			}
			if e.AtEnd {
				b.WriteString(" end")
			}
			if e.Kind == Step || e.Kind == Ghost {
				fmt.Fprintf(&b, " -> %d", e.To)
			}
			if e.Mult > 1 {
				fmt.Fprintf(&b, " ×%d", e.Mult)
			}
			b.WriteString(e.Left.label(" left") + e.Not.label(" not"))
			if e.Over {
				b.WriteString(" over")
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// label is a word with the regions of the set behind it, "" for none.
func (r Regions) label(word string) string {
	if r == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(word)
	for region := range uint8(MaxRegions) {
		if r.Has(region) {
			fmt.Fprintf(&b, " %d", region)
		}
	}
	return b.String()
}

func (a *Automaton) describe(m charset.Mask) string {
	if m == a.Classes.All() {
		return "any"
	}
	var sets []charset.Set
	for c := range m.All {
		sets = append(sets, a.Classes.Class(c))
	}
	return charset.Union(sets...).String()
}
