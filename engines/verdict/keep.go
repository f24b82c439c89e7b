package verdict

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// An attack whose growth no automaton foretells, and whose samples end below
// fewPumps and below the number of characters in the pattern, or obey no law (in a
// pattern with bounded repeats no law of a polynomial), must go on growing beyond
// them: with keepFar times as many pumps a byte must cost keepRise times as much,
// and so keepTimes over, and on to keepBytes of input. Some attacks work for every
// second or third length only: keepPeriods lengths are tried each time.
const (
	fewPumps    = 32
	keepFar     = 2
	keepRise    = 1.3
	keepTimes   = 2
	keepPeriods = 4
	keepBytes   = counterLeast / counterPerByte
	// keepBounded is the least limit of a run where the pattern has bounded
	// repeats, which may cost as much once.
	keepBounded = 2_000_000
)

// keeps reports whether an attack goes on growing beyond few samples, as far as
// the input limit lets it: what bounded parts of a pattern cost is paid once by
// short inputs, and looks like any growth until then. A constant cost for each
// byte that no host can pay need not grow.
func (r *replay) keeps(w attack.Witness, samples []engines.Sample) bool {
	if len(samples) == 0 {
		return true
	}
	last := samples[len(samples)-1]
	if last.N >= fewPumps {
		return true
	}
	law, ok := engines.ReadLaw(samples)
	if characters, bounded := extent(r.re); ok && last.N > characters && (law.Growth().Class == engines.Polynomial || !bounded) {
		return true
	}
	for times := 0; times < keepTimes || last.Bytes < keepBytes; times++ {
		next, ok := r.beyond(w, last)
		if !ok {
			return false
		}
		if next.State != engines.NoMatch && next.State != engines.Matched {
			return true
		}
		last = next
	}
	return true
}

// beyond is a sample behind one of an attack, in which a byte costs more by the
// factor keepRise, or more than any host can pay; one without a state where it
// would be longer than the input limit, and one whose run did not end where it
// costs too much.
func (r *replay) beyond(w attack.Witness, last engines.Sample) (engines.Sample, bool) {
	rate := keepRise * float64(last.Cost.Steps) / float64(max(last.Bytes, 1))
	least := uint64(counterLeast)
	if _, bounded := extent(r.re); bounded {
		least = keepBounded
	}
	for k := range keepPeriods {
		n := keepFar*max(last.N, 1) + k
		size := w.Len(n)
		if size > r.input {
			return engines.Sample{}, true
		}
		before := r.spent
		s := r.run(w, n, max(2*uint64(rate*float64(size)), least))
		r.followed, r.spent = r.followed+r.spent-before, before
		if s.State == engines.StepLimit || float64(s.Cost.Steps) >= rate*float64(size) || size >= keepBytes && tooCostly(s) {
			return s, true
		}
	}
	return engines.Sample{}, false
}

// extent is the number of places in a pattern that take a character, and whether
// it has a repeat that is bounded, or takes more than one round at least.
func extent(re *syntax.Regexp) (characters int, bounded bool) {
	syntax.Walk(re.Root, func(n *syntax.Node) bool {
		switch n.Op {
		case syntax.OpSet, syntax.OpBackref, syntax.OpCall, syntax.OpGrapheme:
			characters++
		case syntax.OpRepeat:
			bounded = bounded || n.Min > 1 || n.Max > 1
		}
		return true
	})
	return characters, bounded
}
