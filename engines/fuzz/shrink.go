package fuzz

import (
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
)

// finish shrinks the findings, the fittest first, with what is left of the
// budget.
func (g *search) finish() {
	g.reserve = 0
	var out []Finding
	for i := 0; i < len(g.findings) && len(out) < kept; i++ {
		f := g.findings[i]
		if len(out) > 0 && out[0].Growth.Worse(f.Growth) && f.Growth.Exponent < 2 {
			break
		}
		limit := g.s.Left() / 2
		f = g.shrink(f, limit)
		if !slices.ContainsFunc(out, func(o Finding) bool { return o.Witness.Equal(f.Witness) }) {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		switch {
		case fitter(a, b):
			return -1
		case fitter(b, a):
			return 1
		}
		return a.Witness.Len(1) - b.Witness.Len(1)
	})
	g.findings = out
}

// shrink takes away what a finding does not need: whole pumps, then stretches
// of prefix, pump and suffix, halves first, down to single characters, as long
// as its growth stays.
func (g *search) shrink(f Finding, limit uint64) Finding {
	for again := true; again; {
		again = false
		for _, w := range g.smaller(f.Witness) {
			if g.s.Left() <= limit {
				return f
			}
			if h, ok := g.still(f, w); ok {
				f, again = h, true
				break
			}
		}
	}
	return f
}

// still measures a smaller family, and takes it when it grows as fast.
func (g *search) still(f Finding, w attack.Witness) (Finding, bool) {
	k := key(w)
	if w.PumpLen() == 0 || g.measured[k] {
		return f, false
	}
	g.measured[k] = true
	if sc := g.bend(w, probeSizes, g.probeSteps, false); sc.bend < 1.02 {
		return f, false
	}
	growth, samples, ok := g.s.Measure(w)
	if !ok || f.Growth.Worse(growth) {
		return f, false
	}
	return Finding{w, growth, samples}, true
}

// smaller lists the families that a family without one stretch is, the largest
// stretches first.
func (g *search) smaller(w attack.Witness) []attack.Witness {
	ts := tokens(w)
	var out []attack.Witness
	for i, t := range ts {
		if t.pump && len(w.Pumps) == 1 {
			continue
		}
		out = append(out, witness(slices.Delete(slices.Clone(ts), i, i+1)))
	}
	for i, t := range ts {
		chars := g.abc.split(t.text)
		if len(chars) < 2 {
			continue
		}
		for size := len(chars) / 2; size >= 1; size /= 2 {
			for at := 0; at+size <= len(chars); at += size {
				rest := slices.Clone(ts)
				rest[i].text = strings.Join(chars[:at], "") + strings.Join(chars[at+size:], "")
				out = append(out, witness(rest))
			}
		}
	}
	return out
}
