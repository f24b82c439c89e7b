package engines_test

import (
	"context"
	"flag"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/incidents"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

var (
	stable        = flag.Int("stability", 0, "incidents that are measured again and again; 0 for none")
	stableEngines = flag.String("stability-engines", "pcre2", "the engines, separated by commas: pcre2, pcre2-jit, regexp2-v1, regexp2-v2, re2, stdlib")
	stableEnough  = flag.Duration("stability-enough", 0, "Measurer.Enough; 0 for the default")
	stableRuns    = flag.Int("stability-runs", 10, "runs of each")
)

// TestStability measures incidents again and again: how many change their
// class, or their exponent, from run to run. It is a campaign, to be run while
// another process loads a core: -stability=50.
func TestStability(t *testing.T) {
	if *stable == 0 {
		t.Skip("a campaign: run with -stability=50, and a loaded core")
	}
	for name := range strings.SplitSeq(*stableEngines, ",") {
		t.Run(name, func(t *testing.T) { stability(t, name) })
	}
}

// stability measures on one engine.
func stability(t *testing.T, engine string) {
	var c commands
	m := engines.Measurer{Command: c.make, Runs: 3, Enough: *stableEnough}
	o := verdict.Options{Engines: []string{engine}}
	patterns, runs, classes, exponents, told := 0, 0, 0, 0, 0
	outcomes := map[engines.Measured]int{}
	for _, i := range incidents.All() {
		p := i.Pattern
		p.Dialect = corpus.PCRE
		v := verdict.Analyze(p, o)
		if v.Kind != verdict.Superlinear || len(v.Targets) == 0 || patterns == *stable {
			continue
		}
		patterns++
		seen := map[engines.Class]bool{}
		grown := map[engines.Growth]bool{}
		asked := v.Ask([]string{engine}, verdict.Options{})
		for range *stableRuns {
			v.Measure(context.Background(), m, asked)
			runs++
			outcomes[asked[0].Outcome]++
			if asked[0].Outcome == engines.Complete {
				seen[asked[0].Curve.Growth.Class], grown[asked[0].Curve.Growth] = true, true
			}
		}
		again := verdict.Analyze(p, o)
		if again.Kind != v.Kind || again.Growth != v.Growth {
			t.Errorf("%s: the verdict changed from %v to %v", p.ID, v.Growth, again.Growth)
		}
		if len(seen) > 1 {
			classes++
		}
		if len(grown) > 1 {
			exponents++
		}
		model := asked[0].Target
		if len(grown) == 1 && grown[model.Growth] {
			told++
		}
		t.Logf("%s: %v, the model %s %v", p.ID, grown, model.Model, model.Growth)
	}
	t.Logf("%d patterns, %d runs: %d changed class, %d changed exponent, %d always told what the model says; outcomes %v", patterns, runs, classes, exponents, told, outcomes)
	c.ended(t)
	if classes > 0 {
		t.Errorf("%d of %d patterns changed class", classes, patterns)
	}
}
