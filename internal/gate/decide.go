package gate

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// The codes of a judgement.
const (
	CodeLinear     = "linear"        // accept: proved
	CodeLatent     = "latent"        // accept: linear on every engine of the profiles
	CodeUnreached  = "unreachable"   // accept: linear on what the transformations let arrive
	CodeNoWorse    = "no-worse"      // debt: as bad as the base was
	CodeBudget     = "within-budget" // debt: below the policy's step budget
	CodeAllowed    = "allowed"       // debt: growth that the policy allows
	CodeWaived     = "waived"        // debt: by the base's policy
	CodeExempt     = "exempt"        // debt: by a comment in the base's file
	CodeNew        = "new"           // reject: super-linear, and new
	CodeExp        = "exponential"   // reject: exponential, whatever the base was
	CodeGrowth     = "worse-growth"  // reject: a higher class or exponent than the base
	CodeSteps      = "worse-steps"   // reject: same growth, more steps at the input limit
	CodeUndecided  = "base-unknown"  // reject: the base has no growth to compare with
	CodeOldWitness = "old-witness"   // reject: an attack on the base works on the new pattern
	CodeStrict     = "strict"        // reject: the policy accepts no super-linear growth
	CodeOverrun    = "budget"        // error: the run's budget was used up
)

// evidence is everything a decision rests on.
type evidence struct {
	head verdict.Verdict
	base *verdict.Verdict // nil for a new pattern
	// old is the worst growth that a witness of the base showed on the head,
	// nil when none did.
	old *Replayed
}

// decide applies the policy to the evidence. It reads no clock, no file and
// no engine: the same evidence gets the same answer everywhere.
func decide(p policy.Policy, e evidence) (d Decision, code, message string) {
	worst := e.head
	// The proof that nothing arrives holds for the base's attacks, too.
	byOld := e.old != nil && !policy.Unreachable(worst) && (worst.Kind != verdict.Superlinear || e.old.Growth.Worse(worst.Growth))
	if byOld {
		worst.Kind, worst.Growth, worst.Samples, worst.Sizes, worst.Reach = verdict.Superlinear, e.old.Growth, e.old.Samples, nil, nil
	}
	if worst.Kind != verdict.Superlinear {
		return undisputed(worst)
	}
	growth := Describe(worst.Growth)
	if p.Strict {
		return Reject, CodeStrict, growth + "; the policy is strict"
	}
	if policy.Latent(worst) {
		return Accept, CodeLatent, growth + " on the reference matcher, linear on every engine of its profiles"
	}
	if policy.Unreachable(worst) {
		return Accept, CodeUnreached, fmt.Sprintf("%s, and not reached through %s: %s", growth, verdict.Through(worst.Reach.By), worst.Reach.Reason)
	}
	if p.LargestGrowth.Allows(worst.Growth) {
		return Debt, CodeAllowed, growth + ", which the policy allows"
	}
	growth += reached(worst)
	if steps := policy.StepsAt(worst, inputLimit(worst)); worst.Growth.Class == engines.Polynomial && steps > 0 && steps <= float64(p.StepBudget) {
		return Debt, CodeBudget, fmt.Sprintf("%s; about %.0f steps at the input limit, within the policy's budget of %d", growth, steps, p.StepBudget)
	}
	if byOld {
		return againstBase(p, worst, *e.base, CodeOldWitness, "an attack on the base's pattern works on the new one: ")
	}
	if e.base == nil {
		return Reject, CodeNew, growth + " in a new pattern"
	}
	return againstBase(p, worst, *e.base, "", "")
}

// reached says, where it is not certain, that a finding stands although the
// rule's transformations may keep every attack from it.
func reached(v verdict.Verdict) string {
	if v.Reach == nil || v.Reach.State != verdict.ReachUnknown {
		return ""
	}
	return " (whether it is reached is unknown: " + v.Reach.Reason + ")"
}

// undisputed decides what is not super-linear.
func undisputed(v verdict.Verdict) (Decision, string, string) {
	if v.Kind == verdict.Linear {
		return Accept, CodeLinear, "proved linear"
	}
	code, message := string(v.Kind), string(v.Kind)
	if r := v.Reason; r != nil {
		code, message = r.Code, string(v.Kind)+": "+r.Message
	}
	return Error, code, message
}

// againstBase decides a changed pattern by what it was before. A reject
// carries the given code instead of its own, where there is one.
func againstBase(p policy.Policy, head, base verdict.Verdict, instead, prefix string) (Decision, string, string) {
	now, before := Describe(head.Growth)+reached(head), Describe(base.Growth)
	reject := func(code, message string) (Decision, string, string) {
		if instead != "" {
			code = instead
		}
		return Reject, code, prefix + message
	}
	switch {
	case head.Growth.Class == engines.Exponential:
		return reject(CodeExp, now)
	case base.Kind == verdict.Unknown || base.Kind == verdict.Invalid:
		return reject(CodeUndecided, fmt.Sprintf("%s; the base's pattern is %s and gives nothing to compare with", now, base.Kind))
	case base.Kind == verdict.Linear || policy.Latent(base):
		return reject(CodeGrowth, now+"; the base's pattern is linear")
	case policy.Unreachable(base):
		return reject(CodeGrowth, fmt.Sprintf("%s; the base's pattern was not reached through %s", now, verdict.Through(base.Reach.By)))
	case head.Growth.Worse(base.Growth):
		return reject(CodeGrowth, fmt.Sprintf("%s; the base's pattern is %s", now, before))
	}
	a, b := policy.StepsAt(head, inputLimit(head)), policy.StepsAt(base, inputLimit(base))
	if base.Growth == head.Growth && a > p.Tolerance*b {
		return reject(CodeSteps, fmt.Sprintf("%s as before, and %.2g times the steps at the input limit", now, a/b))
	}
	return Debt, CodeNoWorse, fmt.Sprintf("%s, and no worse than the base's pattern (%s)", now, before)
}

func inputLimit(v verdict.Verdict) int {
	if l := v.Pattern.Context.ByteLimit; l > 0 {
		return l
	}
	return policy.DefaultLines().Warning
}

// Describe names a growth: "linear", "quadratic", "cubic", "polynomial of
// exponent 4", "exponential".
func Describe(g engines.Growth) string {
	switch {
	case g.Class == engines.Linear:
		return "linear"
	case g.Class == engines.Exponential:
		return "exponential"
	case g.Exponent == 2:
		return "quadratic"
	case g.Exponent == 3:
		return "cubic"
	}
	return fmt.Sprintf("polynomial of exponent %d", g.Exponent)
}
