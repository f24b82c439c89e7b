package verdict

import (
	"errors"
	"slices"
	"sync"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// What a model says of a pattern: the values of Target.Model.
const (
	TargetSuperlinear = "superlinear" // a replayed attack grows on the engine's model
	TargetLatent      = "latent"      // it grows on the reference; the engine's shortcuts stop every variant tried
	TargetLinear      = "linear"      // the pattern is linear, or the engine is by construction
	TargetUnsupported = "unsupported" // the engine does not read the pattern
	TargetNone        = "none"        // the engine has no model: judged as the reference
)

// limitedEngine is the engine whose match limit its model counts.
const limitedEngine = "pcre2"

// linearByConstruction are engines whose time is linear whatever the pattern.
var linearByConstruction = []string{"stdlib", "re2"}

// onTargets says of each engine named in the options what its model does with
// the verdict's witnesses and their variants. A verdict that is neither linear
// nor superlinear has no targets.
//
// others are attacks to try on an engine once none of the verdict's grows.
func (v Verdict) onTargets(re *syntax.Regexp, others func() []attack.Witness, o Options) Verdict {
	if v.Kind == Linear || v.Kind == Superlinear {
		for _, name := range o.Engines {
			v.Targets = append(v.Targets, v.target(re, name, others, o))
		}
	}
	return v
}

// target is what becomes of the pattern on one engine.
func (v Verdict) target(re *syntax.Regexp, name string, others func() []attack.Witness, o Options) Target {
	t := Target{Engine: name, Growth: engines.Growth{Class: engines.Linear, Exponent: 1}}
	if slices.Contains(linearByConstruction, name) {
		t.Model = TargetLinear
		return t
	}
	m, err := backtrack.NewModel(re, name)
	var wrong *backtrack.ModelError
	switch {
	case errors.As(err, &wrong) && wrong.Dialect != "":
		t.Model = TargetUnsupported
		return t
	case err != nil:
		t.Model = TargetNone
		return t
	case v.Kind == Linear:
		// The runs of a model are some of those of the reference.
		t.Model = TargetLinear
		return t
	}
	s := newTrial(m, o.InputLimit)
	s.counter = v.Cause == string(analyzer.Counter)
	best := s.worst(v)
	if best == nil {
		best = s.further(v, others())
	}
	if best == nil {
		best = s.outgrown(re, v)
	}
	if best == nil {
		t.Model, t.SavedBy = TargetLatent, savers(re, m, v)
		if o.Curves && len(v.Witnesses) > 0 {
			_, samples := s.measure(v.Witnesses[0], trialRun)
			t.Samples = table(samples)
		}
		return t
	}
	t.Model, t.Growth, t.Witness, t.Sizes = TargetSuperlinear, best.growth, best.witness, s.sizes(best)
	if o.Curves {
		t.Samples = table(best.samples)
	}
	if name == limitedEngine {
		t.BytesToLimit = s.limits(best, o.MatchLimits)
	}
	return t
}

// unneeded are the attacks that the analysis claims and the verdict does not
// keep, the reference having worse ones. They are looked for once, when asked
// for: few patterns need them. first is what the analysis said, nil where it was
// not asked.
func (v Verdict) unneeded(re *syntax.Regexp, first *analyzer.Result) func() []attack.Witness {
	return sync.OnceValue(func() []attack.Witness {
		if first == nil {
			r := analyzer.Analyze(re)
			first = &r
		}
		return v.beside(*first)
	})
}

// beside are the attacks of a result that are none of the verdict's.
func (v Verdict) beside(r analyzer.Result) []attack.Witness {
	var more []attack.Witness
	for _, c := range slices.Concat(r.Claims, r.Sharpen(false).Claims) {
		for _, w := range c.Witnesses {
			if !slices.ContainsFunc(v.Witnesses, w.Equal) && !slices.ContainsFunc(more, w.Equal) {
				more = append(more, w)
			}
		}
	}
	return more
}

// further tries other attacks than those of the verdict: where an engine asks
// for a character that completes the worst attack, a lesser one may do without.
func (t *trial) further(v Verdict, others []attack.Witness) *trialled {
	v.Witnesses = others
	t.most = t.spent + furtherTrial
	defer func() { t.most = 0 }()
	return t.worst(v)
}

// savers are the shortcuts of which one alone makes the best attack linear;
// all that are on where only several together do.
func savers(re *syntax.Regexp, m *backtrack.Model, v Verdict) []string {
	all := m.SavedBy()
	var out []string
	for _, s := range all {
		only, err := backtrack.NewModelWith(re, m.Name(), s)
		if err != nil || len(only.SavedBy()) == 0 {
			continue
		}
		one := newTrial(only, 0)
		saved := true
		for _, w := range v.Witnesses {
			saved = saved && !one.grows(w)
		}
		if saved {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}
