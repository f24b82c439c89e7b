package report

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus/transform"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

// reach says in one line whether an attack comes through the rule's
// transformations; "" where there are none and the attack is sent as it is.
func reach(r gate.Row) string {
	v := r.Verdict
	if v.Reach == nil {
		return ""
	}
	asItIs := v.Reach.Sent.Equal(v.Reach.Arrives)
	through := shown(verdict.Through(v.Reach.Through))
	switch {
	case v.Reach.State == verdict.Unreachable:
		return fmt.Sprintf("unreachable through %s: %s", shown(verdict.Through(v.Reach.By)), shown(v.Reach.Reason))
	case v.Reach.State == verdict.ReachUnknown:
		return "unknown: " + shown(v.Reach.Reason)
	case v.Reach.Reason != "":
		return "as it is sent: " + v.Reach.Reason
	case len(v.Reach.Through) == 0 && asItIs:
		return ""
	case asItIs:
		return "as it is sent, through " + through
	case r.Hide:
		return "through " + through
	}
	return fmt.Sprintf("through %s, as %s", through, v.Reach.Arrives.String())
}

// parents names the rules of a chain that must match before the pattern runs;
// "" for none.
func parents(v verdict.Verdict) string {
	var names []string
	for _, p := range v.Pattern.Context.Parents {
		if p == "" {
			p = "without id"
		}
		names = append(names, shown(p))
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "rule " + names[0] + " must match first"
	}
	return "rules " + strings.Join(names, ", ") + " must match first"
}

// jsonReach says whether an attack comes through the rule's transformations.
type jsonReach struct {
	State verdict.ReachState `json:"state"`
	Host  *string            `json:"host"`
	// Through are the transformations on the way, By those that decide.
	Through []string `json:"through"`
	By      []string `json:"by"`
	Reason  *string  `json:"reason"`
	// Sent and the others are null unless reachable, Sent and Arrives where
	// attacks are hidden.
	Sent         *jsonWitness         `json:"sent"`
	Arrives      *jsonWitness         `json:"arrives"`
	Growth       *string              `json:"growth"`
	Exponent     *int                 `json:"exponent"`
	Samples      []jsonSample         `json:"samples"`
	BytesToSteps map[string]*jsonSize `json:"bytes_to_steps"`
}

// jsonSent is what to send to one engine.
type jsonSent struct {
	Witness      *jsonWitness         `json:"witness"`
	BytesToSteps map[string]*jsonSize `json:"bytes_to_steps"`
	BytesToLimit map[string]*int      `json:"bytes_to_limit"`
}

func reachRow(r gate.Row) *jsonReach {
	v := r.Verdict
	if v.Reach == nil {
		return nil
	}
	out := &jsonReach{
		State: v.Reach.State, Host: text(string(v.Reach.Host)), Through: list(v.Reach.Through), By: list(v.Reach.By), Reason: text(v.Reach.Reason),
		Samples: samples(v.Reach.Samples),
	}
	if v.Reach.State == verdict.Reachable {
		// Growth and exponent are read as those of a verdict.
		out.Growth, out.Exponent = growth(verdict.Verdict{Kind: v.Kind, Growth: v.Reach.Growth})
		out.BytesToSteps = sizes(v.Reach.Sizes)
		if !r.Hide {
			out.Sent, out.Arrives = encodeWitness(v.Pattern, v.Reach.Sent), encodeWitness(v.Pattern, v.Reach.Arrives)
		}
	}
	return out
}

func sentRow(r gate.Row, t verdict.Target) *jsonSent {
	if t.Sent == nil {
		return nil
	}
	out := &jsonSent{BytesToSteps: sizes(t.Sent.Sizes), BytesToLimit: limits(t.Sent.BytesToLimit)}
	if !r.Hide {
		out.Witness = encodeWitness(r.Verdict.Pattern, t.Sent.Witness)
	}
	return out
}

// reachOf is the inverse of reachRow; ok is false where a witness is not in
// its encoding.
func reachOf(j *jsonReach) (r *verdict.Reach, ok bool) {
	if j == nil {
		return nil, true
	}
	r = &verdict.Reach{
		State: j.State, Host: transform.Host(value(j.Host)), Through: j.Through, By: j.By, Reason: value(j.Reason),
		Growth: growthOf(j.Growth, j.Exponent), Samples: samplesOf(j.Samples), Sizes: sizesOf(j.BytesToSteps),
	}
	if j.Sent == nil || j.Arrives == nil {
		return r, true
	}
	var read bool
	r.Sent, ok = witnessOf(j.Sent)
	r.Arrives, read = witnessOf(j.Arrives)
	return r, ok && read
}

// sentOf is the inverse of sentRow.
func sentOf(j *jsonSent, growth engines.Growth) (a *verdict.Attack, ok bool) {
	if j == nil {
		return nil, true
	}
	a = &verdict.Attack{Growth: growth, Sizes: sizesOf(j.BytesToSteps), BytesToLimit: limitsOf(j.BytesToLimit)}
	if j.Witness == nil {
		return a, true
	}
	a.Witness, ok = witnessOf(j.Witness)
	return a, ok
}
