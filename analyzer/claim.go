package analyzer

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A Cause is why matching time grows faster than the input.
type Cause string

// The causes.
const (
	Nested        Cause = "nested"        // EDA: a loop has two ways to read one word
	Adjacent      Cause = "adjacent"      // IDA between two loops of the pattern
	Rescan        Cause = "rescan"        // IDA between the search over start offsets and a loop
	Assertion     Cause = "assertion"     // a loop inside a lookaround or atomic group, entered often
	Backreference Cause = "backreference" // a loop over what a reference repeats
	Counter       Cause = "counter"       // large bounded repeats
)

// maxClaims bounds the claims of one kind that witnesses are made for: the
// first ones are the worst, the others serve when those are not confirmed.
const maxClaims = 6

// claims turns a report into claims, worst first: exponential loops, then the
// longest chains. Without a builder they have no witnesses.
func claims(a *nfa.Automaton, r *ambiguity.Report, b *attack.Builder) []Claim {
	c := &claimer{a: a, r: r}
	var out []Claim
	for _, f := range r.EDA {
		if len(out) == maxClaims {
			break
		}
		one := Claim{
			Cause:  c.cause(Nested, f.Component),
			Growth: ambiguity.Growth{Class: ambiguity.Exponential},
			Spans:  c.forkSpans(f),
		}
		if b != nil {
			one.Witnesses = b.Fork(f)
		}
		out = append(out, one)
	}
	chains := 0
	for _, end := range r.Ends() {
		if chains++; chains > maxClaims {
			break
		}
		links := r.Chain(end)
		one := Claim{
			Cause:  c.chainCause(links),
			Growth: ambiguity.Growth{Class: ambiguity.Polynomial, Exponent: r.Exponent(end)},
			Spans:  c.chainSpans(links),
		}
		if b != nil {
			one.Witnesses = b.Chain(links)
		}
		out = append(out, one)
	}
	return out
}

type claimer struct {
	a *nfa.Automaton
	r *ambiguity.Report
}

// isSearch reports whether a component is the search over start offsets: it
// reads characters that no atom of the pattern takes. The explored part may
// have several.
func (c *claimer) isSearch(component int32) bool { return len(c.atoms(component)) == 0 }

// cause refines a cause by where the component's atoms stand.
func (c *claimer) cause(plain Cause, component int32) Cause {
	var in nfa.Place
	for _, atom := range c.atoms(component) {
		in |= c.a.Atoms[atom].In
	}
	switch {
	case c.isCounter(component):
		return Counter
	case in&nfa.InBackref != 0:
		return Backreference
	case in&(nfa.InLookaround|nfa.InAtomic) != 0:
		return Assertion
	}
	return plain
}

// isCounter reports whether a component is a bounded repeat that stands as an
// unbounded one.
func (c *claimer) isCounter(component int32) bool {
	loop := c.loop(component)
	return loop >= 0 && slices.Contains(c.a.Counters, c.a.Loops[loop])
}

// chainCause tells rescan from the pattern's own ambiguity: a chain with a
// link between two loops of the pattern is adjacent, whatever else it holds.
func (c *claimer) chainCause(links []ambiguity.Link) Cause {
	plain := Rescan
	for _, l := range links {
		if !c.isSearch(l.FromComponent) {
			plain = Adjacent
		}
	}
	for i := len(links) - 1; i >= 0; i-- {
		if cause := c.cause(plain, links[i].ToComponent); cause != plain {
			return cause
		}
	}
	return plain
}

// atoms are the atoms on the edges inside a component.
func (c *claimer) atoms(component int32) []int32 {
	var atoms []int32
	for _, v := range c.r.Components[component].States {
		for _, e := range c.a.States[v].Out {
			if e.Kind == nfa.Step && e.Atom >= 0 && c.r.ComponentOf(e.To) == component {
				atoms = append(atoms, e.Atom)
			}
		}
	}
	return atoms
}

// loop is the innermost repeat around all of a component's atoms, -1 for none.
func (c *claimer) loop(component int32) int32 {
	atoms := c.atoms(component)
	if len(atoms) == 0 {
		return -1
	}
	common := c.a.Atoms[atoms[0]].Loops
	for _, atom := range atoms[1:] {
		loops := c.a.Atoms[atom].Loops
		n := 0
		for n < len(common) && n < len(loops) && common[n] == loops[n] {
			n++
		}
		common = common[:n]
	}
	if len(common) == 0 {
		return -1
	}
	return common[len(common)-1]
}

// chainSpans are the loops of a chain, the last first: that is where the time
// goes.
func (c *claimer) chainSpans(links []ambiguity.Link) []syntax.Span {
	var spans []syntax.Span
	add := func(component int32) {
		if c.isSearch(component) {
			return
		}
		var span syntax.Span
		if l := c.loop(component); l >= 0 {
			span = c.a.Loops[l].Span
		} else if atoms := c.atoms(component); len(atoms) > 0 {
			span = c.a.Atoms[atoms[0]].Span
		}
		if !slices.Contains(spans, span) {
			spans = append(spans, span)
		}
	}
	for i := len(links) - 1; i >= 0; i-- {
		add(links[i].ToComponent)
		add(links[i].FromComponent)
	}
	return spans
}

// forkSpans are the parts between which two runs part, and the loop around
// them.
func (c *claimer) forkSpans(f ambiguity.Fork) []syntax.Span {
	around := c.loop(f.Component)
	var spans []syntax.Span
	add := func(s syntax.Span) {
		if !slices.Contains(spans, s) {
			spans = append(spans, s)
		}
	}
	for _, atom := range f.Atoms {
		if atom < 0 {
			continue
		}
		at := c.a.Atoms[atom]
		span := at.Span
		for i := len(at.Loops) - 1; i >= 0; i-- {
			span = c.a.Loops[at.Loops[i]].Span
			if i == 0 || at.Loops[i-1] == around {
				break
			}
		}
		if len(at.Loops) > 0 && at.Loops[len(at.Loops)-1] == around && f.Atoms[0] != f.Atoms[1] {
			span = at.Span
		}
		add(span)
		for _, l := range at.Loops {
			if l == around {
				add(c.a.Loops[l].Span)
			}
		}
	}
	if around >= 0 {
		add(c.a.Loops[around].Span)
	}
	return spans
}

// maxRepeats is how many bounded repeats a counter claim points at.
const maxRepeats = 4

// repeats are the places that a counter claim points at: the bounded repeats
// of the pattern, those with the most atoms first.
func repeats(a *nfa.Automaton) []syntax.Span {
	count := map[syntax.Span]int{}
	var spans []syntax.Span
	for _, atom := range a.Atoms {
		if count[atom.Span]++; count[atom.Span] == 2 {
			spans = append(spans, atom.Span)
		}
	}
	slices.SortStableFunc(spans, func(x, y syntax.Span) int { return count[y] - count[x] })
	return spans[:min(len(spans), maxRepeats)]
}
