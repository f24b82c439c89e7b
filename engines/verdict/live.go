package verdict

import (
	"context"
	"errors"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// A Live is what one real engine on this machine does with an attack, beside
// what its model says. It is advice: no verdict rests on it.
type Live struct {
	// Target is the model's word, for the pattern's text as the engine reads it.
	Target Target
	// ReadAs is the engine's dialect where it does not speak the pattern's, and
	// its text means what it means there; "" where it does.
	ReadAs corpus.Dialect
	// Witness is the attack that is sent.
	Witness attack.Witness
	// Measurement is set once it was measured; Measured says so.
	engines.Measurement
	Measured bool
	// Fault is set where the engine's own count exceeds its model.
	Fault *ModelFault
}

// A ModelFault is a search in which an engine made more choices than its model
// makes steps: the model leaves something out. Both counts are deterministic.
type ModelFault struct {
	Bytes             int // of the subject
	Counted, Modelled uint64
	// ModelVersion is the version of the engine that the model was made for.
	ModelVersion string
}

// Ask says of each named engine what its model does with the pattern and what
// is to be sent to it. An engine that does not speak the pattern's dialect
// reads its text in its own. The verdict is to be superlinear, and o what it
// was given with.
func (v Verdict) Ask(names []string, o Options) []Live {
	var out []Live
	for _, name := range names {
		out = append(out, v.ask(name, o))
	}
	return out
}

func (v Verdict) ask(name string, o Options) Live {
	l := Live{Target: Target{Engine: name, Model: TargetUnsupported, Growth: engines.Growth{Class: engines.Linear, Exponent: 1}}}
	l.Engine = name
	if len(v.Witnesses) > 0 {
		l.Witness = v.Witnesses[0]
	}
	o.Engines = []string{name}
	p := v.Pattern
	if own := dialectOf(name, p.Dialect); own != p.Dialect {
		p.Dialect, l.ReadAs = own, own
	}
	re, err := syntax.Parse(p)
	if err != nil {
		return l
	}
	asked := v
	if l.ReadAs != "" {
		asked = Analyze(p, o)
	} else {
		asked.Targets = nil
		asked = asked.onTargets(re, asked.unneeded(re, nil), o)
	}
	if len(asked.Targets) == 0 {
		return l
	}
	l.Target = asked.Targets[0]
	switch {
	case l.Target.Model == TargetSuperlinear:
		l.Witness = l.Target.Witness
	case l.Target.Model == TargetLatent:
		l.Witness = asked.almost(re, l.Target, o)
	case len(asked.Witnesses) > 0:
		l.Witness = asked.Witnesses[0]
	}
	return l
}

// almost is the attack that comes furthest with an engine that is saved: one
// that would grow without one of the shortcuts that save it.
func (v Verdict) almost(re *syntax.Regexp, t Target, o Options) attack.Witness {
	for _, saver := range t.SavedBy {
		m, err := backtrack.NewModelWithout(re, t.Engine, saver)
		if err != nil {
			continue
		}
		if best := newTrial(m, o.InputLimit).worst(v); best != nil {
			return best.witness
		}
	}
	return v.Witnesses[0]
}

// dialectOf is the dialect in which an engine reads a pattern of the given
// one.
func dialectOf(engine string, d corpus.Dialect) corpus.Dialect {
	for _, e := range linearByConstruction {
		if e == engine {
			return corpus.Go
		}
	}
	re, err := syntax.Parse(corpus.Pattern{Dialect: d})
	if err != nil {
		return d
	}
	var wrong *backtrack.ModelError
	if _, err := backtrack.NewModel(re, engine); errors.As(err, &wrong) && len(wrong.Expected) > 0 {
		return wrong.Expected[0]
	}
	return d
}

// Measure runs what was asked on the real engines, one after the other, and
// holds their counts against their models. It ends early with ctx: those not
// reached stay unmeasured.
func (v Verdict) Measure(ctx context.Context, m engines.Measurer, asked []Live) {
	if limit := v.Pattern.Context.ByteLimit; limit > 0 {
		m.Input = limit
	}
	for i := range asked {
		l := &asked[i]
		p := v.Pattern
		if l.ReadAs != "" {
			p.Dialect = l.ReadAs
		}
		for _, got := range m.Measure(ctx, p, l.Witness, []string{l.Engine}) {
			l.Measurement, l.Measured = got, true
			l.Fault = fault(p, l)
		}
	}
}

// fault compares the totals of a measurement with the steps of the model.
func fault(p corpus.Pattern, l *Live) *ModelFault {
	if len(l.Totals) == 0 {
		return nil
	}
	re, err := syntax.Parse(p)
	if err != nil {
		return nil
	}
	model, err := backtrack.NewModel(re, l.Engine)
	if err != nil {
		return nil
	}
	for i, total := range l.Totals {
		if total == 0 {
			continue // not counted
		}
		s := l.Curve.Samples[i]
		steps := model.Run(l.Witness.Bytes(s.N), backtrack.Options{Steps: total}).Steps
		if steps < total {
			return &ModelFault{Bytes: s.Bytes, Counted: total, Modelled: steps, ModelVersion: model.Version()}
		}
	}
	return nil
}
