package redos

import (
	"errors"
	"fmt"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/regexp2"
	"github.com/nearmiss-dev/nearmiss/engines/stdlib"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// A judge gives patterns their verdicts, each once.
type judge struct{ seen map[question]answer }

// A question is a pattern on an engine.
type question struct {
	text    string
	dialect corpus.Dialect
	flags   corpus.Flags
	mode    corpus.Mode
	engine  string
}

// An answer is what is known of a pattern on one engine.
type answer struct {
	verdict.Verdict
	// refused is the engine's error where it does not compile the pattern.
	refused error
	// grows says that the pattern is super-linear on the engine.
	grows bool
	// growth and witness are those on the engine, where it grows.
	growth  engines.Growth
	witness *attack.Witness
	level   policy.Level
}

func newJudge() *judge { return &judge{seen: map[question]answer{}} }

// ask judges a pattern on an engine: on its model, or on the reference matcher
// where it has none. Of a linear engine it says what the reference does.
func (j *judge) ask(p corpus.Pattern, engine string) answer {
	q := question{p.Text, p.Dialect, p.Flags, p.Mode, engine}
	if a, ok := j.seen[q]; ok {
		return a
	}
	a := decide(p, engine)
	j.seen[q] = a
	return a
}

func decide(p corpus.Pattern, engine string) (a answer) {
	var o verdict.Options
	if engine != "" && !linear(engine) {
		o.Engines = []string{engine}
	}
	a.Verdict = guarded(p, o)
	a.refused = refusal(p, engine, a.Verdict)
	a.growth = a.Growth
	if a.Kind != verdict.Superlinear || a.refused != nil {
		return a
	}
	a.grows = true
	if len(a.Witnesses) > 0 {
		a.witness = &a.Witnesses[0]
	}
	for _, t := range a.Targets {
		switch t.Model {
		case verdict.TargetLatent, verdict.TargetLinear, verdict.TargetUnsupported:
			a.grows = false
		case verdict.TargetSuperlinear:
			a.growth, a.witness = t.Growth, &t.Witness
		}
	}
	if a.grows {
		a.level = policy.DefaultLines().Level(a.Verdict)
	}
	return a
}

// guarded is verdict.Analyze; a panic in it is a fault of nearmiss, and must
// not end a build.
func guarded(p corpus.Pattern, o verdict.Options) (v verdict.Verdict) {
	defer func() {
		if r := recover(); r != nil {
			v = verdict.Verdict{Pattern: p, Kind: verdict.Unknown, Reason: &verdict.Reason{
				Code: "internal", Offset: -1, Message: fmt.Sprintf("nearmiss itself failed on this pattern: %v", r),
			}}
		}
	}()
	return verdict.Analyze(p, o)
}

func linear(engine string) bool { return policy.LinearEngine(engine) }

// refusal is the error of an engine that does not compile a pattern. Engines
// written in Go are asked themselves; of others the parser of their dialect
// says it.
func refusal(p corpus.Pattern, engine string, v verdict.Verdict) error {
	var e engines.Engine
	switch engine {
	case "regexp2-v1":
		e = regexp2.NewV1()
	case "regexp2-v2":
		e = regexp2.NewV2()
	case "stdlib":
		if p.Dialect != corpus.Go {
			return nil
		}
		e = stdlib.New()
	default:
		if v.Kind == verdict.Invalid && v.Reason.Code == "syntax" {
			return errors.New(v.Reason.Message)
		}
		return nil
	}
	m, err := e.Compile(p)
	if err != nil {
		if v.Kind == verdict.Invalid && v.Reason.Code == "syntax" {
			return errors.New(v.Reason.Message) // in our words, with the offset
		}
		return err
	}
	m.Close()
	return nil
}
