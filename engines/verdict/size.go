package verdict

import (
	"math"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// sizes finds the smallest attack for each budget of steps: by the exact law
// of the samples, confirmed by a run where that is cheap or asked for.
func (r *replay) sizes(f *finding) []Size {
	var out []Size
	for _, steps := range sizeSteps {
		out = append(out, r.size(f, steps))
	}
	return out
}

func (r *replay) size(f *finding, steps uint64) Size {
	s := Size{Steps: steps, Bytes: -1}
	for _, sample := range f.samples {
		if sample.Cost.Steps >= steps {
			s.Bytes, s.Verified = sample.Bytes, true
			return s
		}
	}
	n, ok := f.pumpsFor(steps)
	if !ok || f.witness.Len(n) > r.input {
		return s
	}
	s.Bytes = f.witness.Len(n)
	if steps <= settledSteps || r.verify && steps <= verifySteps {
		s.Verified = r.settle(f, n, steps, &s)
	}
	return s
}

// pumpsFor is the number of pumps that cost so many steps: by the law of the
// samples; below a counter's bound, where no law holds, by their last slope;
// and past it by what each further pump costs.
func (f *finding) pumpsFor(steps uint64) (n int, ok bool) {
	if f.claim.Cause != analyzer.Counter {
		return engines.Extrapolate(f.samples, steps)
	}
	for _, s := range f.samples {
		if s.Cost.Steps >= steps {
			return s.N, true
		}
	}
	if !f.levelled {
		if n, ok := engines.Extrapolate(f.samples, steps); ok || len(f.samples) < 2 {
			return n, ok
		}
	}
	last, before := f.samples[len(f.samples)-1], f.samples[max(0, len(f.samples)-2)]
	pumps := float64(last.N) + math.Ceil(float64(steps-last.Cost.Steps)/f.perPump)
	if !f.levelled {
		slope := math.Log(float64(last.Cost.Steps)/float64(before.Cost.Steps)) / math.Log(float64(last.N)/float64(before.N))
		pumps = math.Ceil(float64(last.N) * math.Pow(float64(steps)/float64(last.Cost.Steps), 1/slope))
	}
	if !(pumps > 0 && pumps < math.MaxInt32) { // also where it is no number
		return 0, false
	}
	return int(pumps), true
}

// settle runs the attack at the size that the law gave, and corrects it. An
// exact law is only asked whether its size costs enough: that one repetition
// less does not is what the law says.
func (r *replay) settle(f *finding, n int, steps uint64, s *Size) bool {
	const tries = 6
	_, exact := engines.ReadLaw(f.samples)
	costs := func(n int) bool {
		return r.run(f.witness, n, steps).Cost.Steps >= steps
	}
	for range tries {
		switch {
		case !costs(n):
			n++
			exact = false
		case !exact && n > 0 && costs(n-1):
			n--
		default:
			s.Bytes = f.witness.Len(n)
			return true
		}
	}
	return false
}

// tableRows is how many samples a verdict shows at the most, leastRows at the
// least (DESIGN section 7), where an attack allows as many within the input.
const (
	tableRows = 8
	leastRows = 6
)

// table is a growth in a few rows, each longer and more expensive than the one
// before: samples, thinned to those whose cost stands apart.
func table(all []engines.Sample) []engines.Sample {
	all = rising(all)
	if len(all) <= tableRows {
		return all
	}
	out := make([]engines.Sample, 0, tableRows)
	for i := range tableRows {
		out = append(out, all[i*(len(all)-1)/(tableRows-1)])
	}
	return out
}

// rising is samples without those that cost no less than a larger one.
func rising(samples []engines.Sample) []engines.Sample {
	samples = slices.SortedStableFunc(slices.Values(samples), func(a, b engines.Sample) int { return a.N - b.N })
	var out []engines.Sample
	for _, s := range slices.Backward(samples) {
		if k := len(out) - 1; k < 0 || s.Cost.Steps < out[k].Cost.Steps && s.N < out[k].N {
			out = append(out, s)
		}
	}
	slices.Reverse(out)
	return out
}

// table is the table of a finding. A growth that was read off fewer samples
// than make a table, or did not rise in all of them, gets more: larger ones
// while those can be paid, then what lies between and before.
func (r *replay) table(f *finding) []engines.Sample {
	rows := rising(f.samples)
	sampled := map[int]bool{}
	for _, s := range f.samples {
		sampled[s.N] = true
	}
	add := func(n int) bool {
		if sampled[n] || f.witness.Len(n) > r.input {
			return false
		}
		sampled[n] = true
		s := r.run(f.witness, n, tableSteps)
		if s.State != engines.Matched && s.State != engines.NoMatch {
			return false
		}
		rows = rising(append(rows, s))
		return true
	}
	last := rows[len(rows)-1].N
	for n := last + 1; len(rows) < leastRows && n <= last+tableTries && add(n); {
		n++
	}
	last = rows[len(rows)-1].N
	stride := max(1, last/tableTries)
	for n := last - stride; len(rows) < leastRows && n >= 0; n -= stride {
		add(n)
	}
	return table(rows)
}
