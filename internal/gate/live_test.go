package gate

import (
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// TestLive: measurements decide nothing, an engine's own count that exceeds
// its model turns what would pass into an error, and a canary is not measured.
func TestLive(t *testing.T) {
	latent := []verdict.Target{{Engine: "pcre2", Model: verdict.TargetLatent}}
	c := config(memory{"a.l": "1 Q"}, memory{"a.l": "1 Qb\n2 x\n3 K\n4 LQ"})
	old := c.Analyze
	c.Analyze = func(p corpus.Pattern, o verdict.Options) verdict.Verdict {
		v := old(p, o)
		if strings.HasPrefix(p.Text, "L") {
			v.Targets = latent
		}
		return v
	}
	want := "1 debt no-worse pattern hidden; 2 accept linear ; 3 reject new ; 4 accept latent "
	if got, _ := result(t, c); got != want {
		t.Fatal(got)
	}
	slow := verdict.Live{Measured: true, Measurement: engines.Measurement{Engine: "pcre2", Version: "10.42", Curve: engines.Curve{
		Growth: engines.Growth{Class: engines.Exponential},
	}}}
	for _, outcome := range []engines.Measured{engines.Complete, engines.Killed, engines.Crashed, engines.Unavailable, engines.TooNoisy} {
		var asked []string
		c.Live = func(v verdict.Verdict) []verdict.Live {
			asked = append(asked, v.Pattern.Text)
			l := slow
			l.Outcome = outcome
			return []verdict.Live{l}
		}
		if got, _ := result(t, c); got != want {
			t.Errorf("%s: %s", outcome, got)
		}
		if got := strings.Join(asked, " "); got != "Qb K LQ" {
			t.Errorf("measured %s", got)
		}
	}
	c.Live = func(verdict.Verdict) []verdict.Live {
		l := slow
		l.Fault = &verdict.ModelFault{Bytes: 40, Counted: 900, Modelled: 80, ModelVersion: "10.42"}
		return []verdict.Live{l}
	}
	if got, s := result(t, c); got != "1 error model-fault pattern; 2 accept linear ; 3 reject new ; 4 error model-fault " || s.Decisions[Error] != 2 {
		t.Error(got)
	}
	c.Policy.Waivers = []policy.Waiver{{Rule: "4", Reason: "r", Owner: "o", Expires: "9999-01-01"}}
	if got, _ := result(t, c); !strings.HasSuffix(got, "4 debt waived ") {
		t.Error(got)
	}
}
