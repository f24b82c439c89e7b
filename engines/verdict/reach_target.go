package verdict

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// onTargets are the verdict's targets with what to send to each engine: its
// own attack where that comes through the chain, else a variant of the one
// that reaches the reference.
func (p *push) onTargets(r *Reach, o Options) []Target {
	out := slices.Clone(p.verdict.Targets)
	for i := range out {
		if t := &out[i]; t.Model == TargetSuperlinear {
			if t.Sent = p.through(Attack{t.Witness, t.Growth, nil, t.Sizes, t.BytesToLimit}); t.Sent == nil {
				t.Sent = p.variant(t.Engine, r, o)
			}
		}
	}
	return out
}

// through is what to send so that an attack arrives as it is, nil where
// nothing was found.
func (p *push) through(a Attack) *Attack {
	arrives := a.Witness
	f, stuck := p.chain.Source(familyOf(arrives))
	if stuck >= 0 {
		return nil
	}
	if got, ok := p.chain.Through(f); !ok || !witnessOf(got).Equal(arrives) {
		return nil
	}
	a.Witness = witnessOf(f)
	a.Sizes = p.resized(a.Sizes, arrives, a.Witness)
	limits := map[uint64]int{}
	for limit, bytes := range a.BytesToLimit {
		limits[limit] = p.resizedOne(bytes, arrives, a.Witness)
	}
	a.BytesToLimit = limits
	return &a
}

// variant is an attack that grows on an engine's model and comes through the
// chain, nil where none was found.
func (p *push) variant(engine string, r *Reach, o Options) *Attack {
	m, err := backtrack.NewModel(p.re, engine)
	if err != nil {
		return nil // there was one when the target was judged
	}
	t := newTrial(m, o.InputLimit)
	t.admits = func(w attack.Witness) bool { return p.through(Attack{Witness: w}) != nil }
	v := p.verdict
	v.Witnesses = append([]attack.Witness{r.Arrives}, v.Witnesses...)
	best := t.worst(v)
	if best == nil {
		return nil
	}
	found := Attack{Witness: best.witness, Growth: best.growth, Sizes: t.sizes(best)}
	if engine == limitedEngine {
		found.BytesToLimit = t.limits(best, o.MatchLimits)
	}
	return p.through(found)
}
