package campaign

import (
	"time"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// A Unit turns one pattern into one row. The same pattern and options give the
// same row on every machine, but for Elapsed.
type Unit struct {
	Analyze gate.Analyze
	Options verdict.Options
	// Policy says which engines are a pattern's targets, and where the levels'
	// borders are.
	Policy policy.Policy
	// Clock takes the time of each verdict; nil leaves it out.
	Clock func() time.Time
}

// Row judges a pattern. A fault of nearmiss itself is a row, too.
func (u Unit) Row(p corpus.Pattern) gate.Row {
	return u.row(p, u.options(p))
}

// options are those of a pattern, as its rule and the policy have them.
func (u Unit) options(p corpus.Pattern) verdict.Options {
	o := u.Options
	o.InputLimit = p.Context.ByteLimit
	o.Engines, o.MatchLimits = u.Policy.Targets(p)
	o.Hosts, o.Field = policy.TransformHosts(p), policy.InField(p)
	return o
}

func (u Unit) row(p corpus.Pattern, o verdict.Options) gate.Row {
	var from time.Time
	if u.Clock != nil {
		from = u.Clock()
	}
	r := gate.Row{Verdict: gate.Guard(u.Analyze)(p, o)}
	if u.Clock != nil {
		r.Elapsed = u.Clock().Sub(from)
	}
	r.Verdict.Pattern = p
	r.Level = u.Policy.Lines.Level(r.Verdict)
	return r
}
