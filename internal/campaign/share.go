package campaign

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

// Limits of the second pass.
const (
	// maxShared is how many attacks are shared, of at most maxSharedBytes each:
	// 256 of 256 bytes, more than a pattern's budget tries.
	maxShared      = 256
	maxSharedBytes = 256
	// sharedShare is the budget of the second pass for a pattern, one part in so
	// many of that of its search, and minSharedSteps the least of it: enough
	// for some sixty attacks on a pattern that none of them hurts.
	sharedShare    = 10
	minSharedSteps = 100_000
)

// A Collection is the attacks of a run that are worth a try on its other
// patterns: the fittest of all, by growth, length and text. It is the same
// whatever the order in which its rows come, and whatever comes twice.
type Collection struct{ best map[string]collected }

type collected struct {
	gate.SharedAttack
	growth engines.Growth
}

// Add looks at the attacks of a row. Those of rows that nobody is to attack are
// left out.
func (c *Collection) Add(r gate.Row) {
	if r.Verdict.Kind != verdict.Superlinear || r.Hide {
		return
	}
	if c.best == nil {
		c.best = map[string]collected{}
	}
	for _, w := range r.Verdict.Witnesses {
		if w.Len(1) > maxSharedBytes || w.PumpLen() == 0 {
			continue
		}
		now := collected{gate.SharedAttack{Seq: r.Seq, Witness: w}, r.Verdict.Growth}
		key := textOf(w)
		if was, known := c.best[key]; !known || now.before(was) {
			c.best[key] = now
		}
	}
	if len(c.best) > 16*maxShared {
		c.cut()
	}
}

// before is the order of a collection: total, up to equal attacks on one row.
func (a collected) before(b collected) bool {
	switch {
	case a.growth.Worse(b.growth):
		return true
	case b.growth.Worse(a.growth):
		return false
	}
	return cmp.Or(
		cmp.Compare(a.Witness.Len(1), b.Witness.Len(1)),
		strings.Compare(textOf(a.Witness), textOf(b.Witness)),
		cmp.Compare(a.Seq, b.Seq),
	) < 0
}

// cut keeps the fittest. An attack that is dropped has maxShared before it,
// and only a row on which it does better can bring it back.
func (c *Collection) cut() []collected {
	all := slices.SortedFunc(maps.Values(c.best), func(a, b collected) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	for _, a := range all[min(len(all), maxShared):] {
		delete(c.best, textOf(a.Witness))
	}
	return all[:min(len(all), maxShared)]
}

// Attacks are those of the rows so far, fittest first.
func (c *Collection) Attacks() []gate.SharedAttack {
	out := []gate.SharedAttack{}
	for _, a := range c.cut() {
		out = append(out, a.SharedAttack)
	}
	return out
}

// textOf is a family as a text that no other has.
func textOf(w attack.Witness) string {
	var b []byte
	for _, p := range w.Pumps {
		b = strconv.AppendQuote(strconv.AppendQuote(b, string(p.Prefix)), string(p.Pump))
	}
	return string(strconv.AppendQuote(b, string(w.Suffix)))
}

// Share tries the attacks of a run on a pattern of it, whose row is known. Where
// one grows faster than what that row says, the pattern is judged again with
// those that do, the row is the new one and names them; else changed is false.
// Rows, attacks and options alike, the result is the same on every machine.
func (u Unit) Share(p corpus.Pattern, known gate.Row, attacks []gate.SharedAttack) (row gate.Row, changed bool) {
	v := known.Verdict
	if v.Kind == verdict.Invalid || v.Growth.Class == engines.Exponential || v.Reason != nil && v.Reason.Code == gate.ReasonInternal {
		return known, false
	}
	o := u.options(p)
	search := *o.Search
	o.Search = &search
	search.SharedSteps = max(search.Steps/sharedShare, minSharedSteps)
	for _, a := range attacks {
		search.Shared = append(search.Shared, a.Witness)
	}
	growth := engines.Growth{Class: engines.Linear, Exponent: 1}
	if v.Kind == verdict.Superlinear {
		growth = v.Growth
	}
	if search.Shared = gate.Share(p, growth, o); len(search.Shared) == 0 {
		return known, false
	}
	row = u.row(p, o)
	if row.Verdict.Kind != verdict.Superlinear || !row.Verdict.Growth.Worse(growth) {
		return known, false
	}
	row.Seq, row.Shared = known.Seq, &gate.Shared{}
	for _, a := range attacks {
		if slices.ContainsFunc(search.Shared, a.Witness.Equal) {
			row.Shared.Attacks = append(row.Shared.Attacks, a)
		}
	}
	return row, true
}
