package verdict

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
)

// Limits of the search for the length that passes a match limit, where the
// counts of the first samples obey no law.
const (
	// limitRun bounds one run in steps of the model, levelRun one that is to go
	// past the bound of a counter, and limitRuns how many there are, each half as
	// long again.
	limitRun  = 5_000_000
	levelRun  = 20_000_000
	limitRuns = 16
)

// limits are the lengths of the attack in bytes that pass given match limits:
// by the growth of what the model counts against them. It is -1 for one that
// is not passed within the input limit: a loop made possessive counts nothing.
// It is OpenLimit for one that a counter's growth might still pass, beyond what
// was run.
func (t *trial) limits(best *trialled, limits []uint64) map[uint64]int {
	if len(limits) == 0 {
		return nil
	}
	var samples []engines.Sample
	all := true // that say anything
	for _, s := range best.samples {
		samples = append(samples, best.counted(s.N, trialRun))
	}
	if growth, _, _ := engines.Fit(samples); !engines.Known(growth) {
		samples, all = t.longer(best, samples)
	}
	if len(samples) == 0 {
		return t.steep(best, limits)
	}
	out := map[uint64]int{}
	for _, limit := range limits {
		out[limit] = -1
		n, ok := engines.Extrapolate(samples, limit)
		if !ok {
			n, ok = reach(samples, limit)
		}
		if most := samples[len(samples)-1].Cost.Steps; t.counter && !all && most < limit {
			out[limit] = OpenLimit
			continue
		}
		if bytes := max(best.witness.Len(n), best.least); ok && bytes <= t.input {
			out[limit] = bytes
		}
	}
	return out
}

// steep are the lengths of an attack whose every sample costs too much: that of
// the shortest, as far as it is run.
func (t *trial) steep(best *trialled, limits []uint64) map[uint64]int {
	shortest := best.counted(t.tooShort(best.witness)+1, levelRun)
	out := map[uint64]int{}
	for _, limit := range limits {
		out[limit] = OpenLimit
		if shortest.Cost.Steps >= limit {
			out[limit] = max(shortest.Bytes, best.least)
		}
	}
	return out
}

// counted is a sample of what the model counts against the match limit.
func (t *trialled) counted(n int, steps uint64) engines.Sample {
	subject := t.witness.Bytes(n)
	calls, out := t.model.Calls(subject, backtrack.Options{Steps: steps})
	return engines.Sample{N: n, Bytes: len(subject), Cost: engines.Cost{Steps: calls}, State: fuzz.StateOf(out)}
}

// longer are samples and further ones of longer attacks, while those can be
// paid; all says that they could, as far as was looked.
func (t *trial) longer(best *trialled, samples []engines.Sample) (out []engines.Sample, all bool) {
	n, most := 1, uint64(limitRun)
	if t.counter {
		most = levelRun
	}
	for _, s := range samples {
		if s.State == engines.Matched || s.State == engines.NoMatch {
			n = max(n, s.N)
		}
	}
	for range limitRuns {
		n += 1 + n/2
		if best.witness.Len(n) > t.input {
			break
		}
		s := best.counted(n, most)
		if s.State == engines.StepLimit {
			return samples, false
		}
		samples = append(samples, s)
	}
	return samples, true
}

// reach is the smallest pump count that costs so much, on the straight lines
// between samples in the log-log plot and, behind them, on the last one: where
// their slope rises, less would do. It is false where the cost does not rise.
func reach(samples []engines.Sample, limit uint64) (n int, ok bool) {
	var last, before engines.Sample
	for _, s := range samples {
		if s.State != engines.Matched && s.State != engines.NoMatch || s.N <= last.N {
			continue
		}
		if before, last = last, s; last.Cost.Steps >= limit {
			break
		}
	}
	if before.N < 1 || last.Cost.Steps <= before.Cost.Steps || before.Cost.Steps == 0 {
		return last.N, last.N > 0 && last.Cost.Steps >= limit
	}
	slope := math.Log(float64(last.Cost.Steps)/float64(before.Cost.Steps)) / math.Log(float64(last.N)/float64(before.N))
	pumps := math.Ceil(float64(last.N) * math.Pow(float64(limit)/float64(last.Cost.Steps), 1/slope))
	return int(min(pumps, math.MaxInt32)), pumps > 0
}
