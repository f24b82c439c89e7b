package gate

import (
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// grown is a super-linear verdict: e 0 is exponential; bytes cost 10⁸ steps.
func grown(e, bytes int) verdict.Verdict {
	v := verdict.Verdict{Kind: verdict.Superlinear, Cause: "adjacent", Growth: engines.Growth{Class: engines.Polynomial, Exponent: e}}
	if e == 0 {
		v.Growth.Class = engines.Exponential
	}
	v.Sizes = []verdict.Size{{Steps: policy.StallSteps, Bytes: bytes}}
	return v
}

func undecided(kind verdict.Kind) verdict.Verdict {
	return verdict.Verdict{Kind: kind, Reason: &verdict.Reason{Code: "limit", Offset: -1, Message: "why"}}
}

func TestDecide(t *testing.T) {
	linear := verdict.Verdict{Kind: verdict.Linear}
	safe := grown(0, 30)
	safe.Pattern.Context.Profiles = []string{"coraza"}
	replayed := func(e int) *Replayed {
		v := grown(e, 1)
		return &Replayed{Confirmed: true, Growth: v.Growth, Samples: []engines.Sample{{N: 1, Bytes: 1000, Cost: engines.Cost{Steps: 1_000_000}}}}
	}
	is := func(v verdict.Verdict) *verdict.Verdict { return &v }
	behind := func(v verdict.Verdict, state verdict.ReachState, bytes int) verdict.Verdict {
		v.Reach = &verdict.Reach{State: state, Through: []string{"trim"}, Growth: v.Growth, Sizes: []verdict.Size{{Steps: policy.StallSteps, Bytes: bytes}}, Reason: "why"}
		return v
	}
	std, strict, budget := policy.Default(), policy.Default(), policy.Default()
	strict.Strict = true
	budget.StepBudget = 1_000_000_000_000
	for _, c := range []struct {
		name   string
		policy policy.Policy
		e      evidence
		want   Decision
		code   string
	}{
		{"new linear", std, evidence{head: linear}, Accept, CodeLinear},
		{"new quadratic", std, evidence{head: grown(2, 1<<30)}, Reject, CodeNew},
		{"new unknown", std, evidence{head: undecided(verdict.Unknown)}, Error, "limit"},
		{"new invalid", std, evidence{head: undecided(verdict.Invalid)}, Error, "limit"},
		{"new latent", std, evidence{head: safe}, Accept, CodeLatent},
		{"new latent, strict", strict, evidence{head: safe}, Reject, CodeStrict},
		{"new quadratic, strict", strict, evidence{head: grown(2, 9)}, Reject, CodeStrict},
		{"no worse, strict", strict, evidence{head: grown(2, 9), base: is(grown(2, 9))}, Reject, CodeStrict},
		{"new quadratic within the budget", budget, evidence{head: grown(2, 9000)}, Debt, CodeBudget},
		{"new cubic beyond the budget", budget, evidence{head: grown(3, 900)}, Reject, CodeNew},
		{"an exponential is never within a budget", budget, evidence{head: grown(0, 1<<30)}, Reject, CodeNew},

		{"unreachable", std, evidence{head: behind(grown(0, 9), verdict.Unreachable, 0)}, Accept, CodeUnreached},
		{"unreachable, strict", strict, evidence{head: behind(grown(0, 9), verdict.Unreachable, 0)}, Reject, CodeStrict},
		{"unreachable, whatever the base's attack does", std, evidence{head: behind(grown(2, 9), verdict.Unreachable, 0), base: is(grown(2, 9)), old: replayed(3)}, Accept, CodeUnreached},
		{"whether reached is unknown", std, evidence{head: behind(grown(2, 9), verdict.ReachUnknown, 0)}, Reject, CodeNew},
		{"reached", std, evidence{head: behind(grown(2, 9), verdict.Reachable, 27)}, Reject, CodeNew},
		{"was unreachable", std, evidence{head: grown(2, 9), base: is(behind(grown(2, 9), verdict.Unreachable, 0))}, Reject, CodeGrowth},
		{"was reached", std, evidence{head: grown(2, 9), base: is(behind(grown(2, 9), verdict.Reachable, 9))}, Debt, CodeNoWorse},
		{"was reached with three times the bytes", std, evidence{head: grown(2, 9), base: is(behind(grown(2, 9), verdict.Reachable, 27))}, Reject, CodeSteps},
		{"is reached with three times the bytes", std, evidence{head: behind(grown(2, 9), verdict.Reachable, 27), base: is(grown(2, 9))}, Debt, CodeNoWorse},

		{"was linear", std, evidence{head: grown(2, 9), base: is(linear)}, Reject, CodeGrowth},
		{"was latent", std, evidence{head: grown(2, 9), base: is(safe)}, Reject, CodeGrowth},
		{"was unknown", std, evidence{head: grown(2, 9), base: is(undecided(verdict.Unknown))}, Reject, CodeUndecided},
		{"was invalid", std, evidence{head: grown(2, 9), base: is(undecided(verdict.Invalid))}, Reject, CodeUndecided},
		{"exponential as before", std, evidence{head: grown(0, 30), base: is(grown(0, 30))}, Reject, CodeExp},
		{"exponential to quartic", std, evidence{head: grown(4, 30), base: is(grown(0, 30))}, Debt, CodeNoWorse},
		{"quadratic as before", std, evidence{head: grown(2, 9000), base: is(grown(2, 9000))}, Debt, CodeNoWorse},
		{"cubic to quadratic", std, evidence{head: grown(2, 9000), base: is(grown(3, 900))}, Debt, CodeNoWorse},
		{"quadratic to cubic", std, evidence{head: grown(3, 900), base: is(grown(2, 9000))}, Reject, CodeGrowth},
		{"twice the steps", std, evidence{head: grown(2, 9000), base: is(grown(2, 12728))}, Debt, CodeNoWorse},
		{"four times the steps", std, evidence{head: grown(2, 9000), base: is(grown(2, 18000))}, Reject, CodeSteps},
		{"to linear", std, evidence{head: linear, base: is(grown(0, 30))}, Accept, CodeLinear},
		{"to unknown", std, evidence{head: undecided(verdict.Unknown), base: is(grown(0, 30))}, Error, "limit"},

		{"an old attack works on what looked linear", std, evidence{head: linear, base: is(grown(0, 30)), old: replayed(3)}, Debt, CodeNoWorse},
		{"… and is as bad", std, evidence{head: linear, base: is(grown(0, 30)), old: replayed(0)}, Reject, CodeOldWitness},
		{"… on what was undecided", std, evidence{head: undecided(verdict.Unknown), base: is(grown(2, 9000)), old: replayed(3)}, Reject, CodeOldWitness},
		{"… and is worse than the new one", std, evidence{head: grown(2, 9000), base: is(grown(2, 9000)), old: replayed(3)}, Reject, CodeOldWitness},
		{"… and is no worse than the new one", std, evidence{head: grown(3, 900), base: is(grown(3, 900)), old: replayed(2)}, Debt, CodeNoWorse},
	} {
		d, code, message := decide(c.policy, c.e)
		if d != c.want || code != c.code || message == "" || strings.Contains(message, "\n") {
			t.Errorf("%s: %s %s (%s), want %s %s", c.name, d, code, message, c.want, c.code)
		}
	}
}

func TestDescribe(t *testing.T) {
	for want, g := range map[string]engines.Growth{
		"linear": {Class: engines.Linear, Exponent: 1}, "quadratic": {Class: engines.Polynomial, Exponent: 2}, "cubic": {Class: engines.Polynomial, Exponent: 3},
		"polynomial of exponent 7": {Class: engines.Polynomial, Exponent: 7}, "exponential": {Class: engines.Exponential},
	} {
		if got := Describe(g); got != want {
			t.Errorf("%v: %s", g, got)
		}
	}
}
