package report

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

// onEngines is a line for each engine of a super-linear pattern's hosts.
func onEngines(r gate.Row) string {
	if r.Verdict.Kind != verdict.Superlinear {
		return ""
	}
	var b strings.Builder
	for _, t := range r.Verdict.Targets {
		fmt.Fprintf(&b, "\n  engine: %s: %s", t.Engine, onModel(t))
		if w, ok := variant(r, t); ok {
			fmt.Fprintf(&b, "; send %s", w)
		}
	}
	return b.String()
}

// onModel is what an engine's model says.
func onModel(t verdict.Target) string {
	switch {
	case t.Model == verdict.TargetNone:
		return "no model: judged as the reference"
	case t.Model == verdict.TargetSuperlinear:
		return short(t.Growth)
	case len(t.SavedBy) > 0:
		return t.Model + ", saved by " + strings.Join(t.SavedBy, ", ")
	}
	return t.Model
}

// variant is the attack to send to an engine on which the reference's, which
// is printed already, does not grow.
func variant(r gate.Row, t verdict.Target) (formulated string, ok bool) {
	a, _ := r.Verdict.Attack()
	w := t.Witness
	if t.Sent != nil {
		w = t.Sent.Witness
	}
	reached := r.Verdict.Reach != nil && r.Verdict.Reach.State == verdict.Reachable
	if r.Hide || t.Model != verdict.TargetSuperlinear || w.Equal(a.Witness) || reached && t.Sent == nil {
		return "", false
	}
	return w.String(), true
}

// variants are the attacks that engines need instead of the reference's, each
// once: "on pcre2 and pcre2-jit: "x" + "a" × n".
func variants(r gate.Row) []string {
	var attacks []string
	names := map[string][]string{}
	targets := r.Verdict.Targets
	if len(r.Live) > 0 {
		targets = nil
		for _, l := range r.Live {
			targets = append(targets, l.Target)
		}
	}
	for _, t := range targets {
		if w, ok := variant(r, t); ok {
			if names[w] == nil {
				attacks = append(attacks, w)
			}
			names[w] = append(names[w], t.Engine)
		}
	}
	for i, w := range attacks {
		attacks[i] = "on " + strings.Join(names[w], " and ") + ": " + w
	}
	return attacks
}
