package verdict

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// maxPlaces bounds the parts of one pattern that are mended in place, one after
// the other: the rules of OWASP CRS have up to five that compete.
const maxPlaces = 12

// maxPlaceWork bounds the comparisons for one part, so that none takes what
// the others need (language.Budget).
const maxPlaceWork = 200_000

// maxPlaceEffort bounds the edges and pairs of the analyses: a second.
const maxPlaceEffort = 4_000_000

// inPlace mends one competing part after the other, each with a proof of its own
// that does not look at the rest of the pattern: what costs nothing more in a rule
// of ten thousand characters than in a short one. Of all rewrites of a round the
// one with the lowest growth is taken. It is nil where none is lower.
func (m *mender) inPlace(from *rewrite, use fix.Use) *rewrite {
	m.proofs, m.idle, m.effort = 0, 0, 0
	m.budget = &language.Budget{Pairs: maxPairs, Work: 4 * maxWork}
	m.seen = map[string]bool{from.text: true}
	re, err := m.parse(from.text, m.v.Pattern.Flags)
	begin := &rewrite{text: from.text, steps: from.steps}
	if err != nil || !m.analyze(begin, re) {
		return nil
	}
	at := begin
	for range maxPlaces {
		next := m.place(at, use)
		if next == nil {
			break
		}
		at = next
		if at.linear {
			break
		}
	}
	if at == begin || !m.sharpen(at) {
		return nil
	}
	return at
}

// place is the best rewrite of one part, nil where none is better than what is
// there.
func (m *mender) place(at *rewrite, use fix.Use) *rewrite {
	re, err := m.parse(at.text, m.v.Pattern.Flags)
	if err != nil || len(at.result.Claims) == 0 {
		return nil
	}
	var best *rewrite // the best rewrite so far
	bound := standingOf(at)
	for _, c := range fix.Larger(re, at.result.Claims[0].Spans, use, m.o.Target) {
		if m.seen[c.Text] || m.effort > maxPlaceEffort || m.budget.Work < 0 {
			continue
		}
		m.seen[c.Text] = true
		n := m.replaced(at, c, use)
		if n == nil {
			continue
		}
		now := standingOf(n)
		if d := now.compare(bound); d < 0 || d == 0 && best != nil && len(n.text) < len(best.text) {
			best, bound = n, now
		}
	}
	return best
}

// replaced is a rewrite that is proved in place, with its growth; nil where there
// is no proof.
func (m *mender) replaced(at *rewrite, c fix.Candidate, use fix.Use) *rewrite {
	next, err := m.parse(c.Text, m.v.Pattern.Flags)
	if err != nil || !m.readable(next) || m.refuted(next, use) {
		return nil
	}
	var by fix.Method
	for _, flags := range m.flags() {
		x, errX := m.parse(at.text, flags)
		y, errY := m.parse(c.Text, flags)
		if errX != nil || errY != nil {
			return nil
		}
		budget := &language.Budget{Pairs: maxPairs, Work: maxPlaceWork}
		var ok bool
		by, ok = fix.ProveInPlace(x, y, use, budget)
		if m.budget.Work -= maxPlaceWork - budget.Work; !ok {
			return nil
		}
	}
	n := &rewrite{text: c.Text}
	if !m.analyze(n, next) {
		return nil
	}
	n.steps = append(slices.Clone(at.steps), fix.Step{From: at.text, To: c.Text, Idea: c.Idea, Why: c.Why, By: by})
	return n
}

// A standing says how much is left to mend: the worst growth, and how many claims
// have it.
type standing struct {
	growth engines.Growth
	claims int
}

func standingOf(n *rewrite) standing {
	s := standing{growth: n.growth}
	for _, c := range n.result.Claims {
		if !n.growth.Worse(c.Growth) {
			s.claims++
		}
	}
	return s
}

// compare is less than 0 where less is left to mend than in another.
func (s standing) compare(o standing) int {
	switch {
	case s.growth.Worse(o.growth):
		return 1
	case o.growth.Worse(s.growth):
		return -1
	}
	return s.claims - o.claims
}
