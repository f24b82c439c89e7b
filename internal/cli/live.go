package cli

import (
	"context"
	"slices"
	"sync"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// addLive is the flag that asks for measurements.
func addLive(fs *pflag.FlagSet, live *bool, otherwise bool) {
	fs.BoolVar(live, "live", otherwise, "time super-linear patterns on the engines of this machine: advice, which decides nothing")
}

// mover asks whether patterns can move to the named engine of linear time; nil
// where none is named.
func mover(name string) (func(verdict.Verdict) *verdict.Move, error) {
	if name == "" {
		return nil, nil
	}
	var linear []string
	for _, e := range liveEngines() {
		switch {
		case e.Backtracking():
		case e.Name() == name:
			return func(v verdict.Verdict) *verdict.Move {
				m := v.MoveTo(e)
				return &m
			}, nil
		default:
			linear = append(linear, e.Name())
		}
	}
	return nil, usagef("--to %q: expected an engine of linear time: %s", name, commaList(linear))
}

// live measures super-linear patterns on the real engines of this machine, one
// pattern at a time: another one beside it would be noise. It is nil where the
// program cannot start workers.
func (c Command) live(pol policy.Policy) gate.Live {
	m, ok := c.measurer()
	if !ok {
		return nil
	}
	var one sync.Mutex
	return func(v verdict.Verdict) []verdict.Live {
		o := verdict.Options{InputLimit: v.Pattern.Context.ByteLimit}
		var targets []string
		targets, o.MatchLimits = pol.Targets(v.Pattern)
		asked := v.Ask(runnable(targets), o)
		one.Lock()
		defer one.Unlock()
		v.Measure(context.Background(), m, asked)
		return asked
	}
}

// runnable are the engines of a pattern's hosts that a worker can run; where
// the JIT falls back to the interpreter, each is run by itself.
func runnable(targets []string) []string {
	var out []string
	for _, name := range liveEngineNames() {
		if slices.Contains(targets, name) || name == "pcre2-jit" && slices.Contains(targets, "pcre2-jit+fallback") {
			out = append(out, name)
		}
	}
	return out
}

// needLive is live for a flag that may ask for it.
func (c Command) needLive(asked bool, pol policy.Policy) (gate.Live, error) {
	if !asked {
		return nil, nil
	}
	f := c.live(pol)
	if f == nil {
		return nil, usagef("--live: this program does not know its own file, and can start no worker")
	}
	return f, nil
}

// matrix asks every engine, whatever the pattern's hosts are, and measures
// those of this machine if timed.
func (c Command) matrix(timed bool) gate.Live {
	m, ok := c.measurer()
	return func(v verdict.Verdict) []verdict.Live {
		o := verdict.Options{InputLimit: v.Pattern.Context.ByteLimit}
		for _, l := range policy.MatchLimits(v.Pattern) {
			o.MatchLimits = append(o.MatchLimits, l.Limit)
		}
		asked := v.Ask(liveEngineNames(), o)
		if timed && ok {
			v.Measure(context.Background(), m, asked)
		}
		return asked
	}
}
