package verdict

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
)

// counter looks for an attack on a pattern whose runs are bounded, but by a
// constant so large that no host can pay it: (?:a?){30}a{30} has no loop, and
// stops a CPU. The attack leads to the most expensive position and stays there.
//
// The bound counts every run, also those that a match comes before: where no
// attack is as costly as it says, the guided search says what a byte does
// cost: worst is the input of the largest that it saw.
func (r *replay) counter(re *syntax.Regexp, claim analyzer.Claim) (best *finding, worst engines.Sample) {
	for _, w := range claim.Witnesses {
		if f := r.costly(claim, w); f != nil {
			return f, engines.Sample{}
		}
	}
	found := fuzz.Search(re, r.prog, fuzz.Options{Steps: searchSteps, InputLimit: r.input, Hints: claim.Witnesses})
	r.spent += found.Steps
	for _, w := range found.Witnesses() {
		if f := r.costly(claim, w); f != nil {
			return f, engines.Sample{}
		}
	}
	cost := found.StepsPerByte * float64(len(found.Worst)+1)
	return nil, engines.Sample{Bytes: len(found.Worst), Cost: engines.Cost{Steps: uint64(cost)}}
}

// costly runs an attack at growing sizes until a byte costs too much, and on to
// where the bound is reached: from there on each pump costs the same.
func (r *replay) costly(claim analyzer.Claim, w attack.Witness) *finding {
	f := &finding{claim: claim, witness: w}
	shown := false
	for n := 1; w.Len(n) <= min(r.input, counterInput) && r.spent <= r.budget+counterSteps; n += 1 + n/8 {
		s := r.run(w, n, counterSteps)
		if s.State != engines.Matched && s.State != engines.NoMatch {
			if shorter, ok := unrolled(w, r.unit); ok && n == 1 {
				return r.costly(claim, shorter)
			}
			if !shown && tooCostly(s) {
				f.samples = append(f.samples, s)
				f.growth, shown = r.upTo(f), true
			}
			break
		}
		f.samples = append(f.samples, s)
		if !shown && tooCostly(s) {
			f.growth, shown = r.upTo(f), true
		}
		if f.perPump, f.levelled = levelled(f.samples); shown && f.levelled {
			break
		}
	}
	if !shown {
		return nil
	}
	if i := slices.IndexFunc(f.samples, tooCostly); i >= 0 && !tooCostly(f.samples[len(f.samples)-1]) {
		return r.again(claim, w.Bytes(f.samples[i].N))
	}
	f.length = f.bytesFor(sizeSteps[2])
	r.findings = append(r.findings, *f)
	return f
}

// again looks for an attack that repeats a short input, which costs too much while
// longer ones of its family do not: what it costs is paid once otherwise. Between
// the repetitions stands a character that ends the attempts before it. It is nil
// where none was found.
func (r *replay) again(claim analyzer.Claim, subject []byte) *finding {
	until := r.spent + 2*counterSteps
	for _, between := range []string{"\n", "", " ", "!", "~", "0", "a"} {
		f := &finding{claim: claim, witness: attack.Witness{Pumps: []attack.Pump{{Pump: append(slices.Clone(subject), between...)}}}}
		for n := 1; n <= repetitions && f.witness.Len(n) <= r.input && r.spent < until; n++ {
			s := r.run(f.witness, n, counterSteps)
			if s.State != engines.Matched && s.State != engines.NoMatch || !tooCostly(s) {
				break
			}
			f.samples = append(f.samples, s)
		}
		if len(f.samples) < repetitions {
			continue
		}
		f.growth = claim.Growth
		f.perPump, f.levelled = levelled(f.samples)
		f.length = f.bytesFor(sizeSteps[2])
		r.findings = append(r.findings, *f)
		return f
	}
	return nil
}

// unrolled is an attack that begins at a lesser cost: where the longest run of
// one character in the prefix was, there the pump is.
func unrolled(w attack.Witness, u syntax.Unit) (attack.Witness, bool) {
	if len(w.Pumps) != 1 {
		return w, false
	}
	from, to := 0, 0
	prefix := w.Pumps[0].Prefix
	for i := 0; i < len(prefix); {
		j := i + 1
		for j < len(prefix) && prefix[j] == prefix[i] {
			j++
		}
		if j-i > to-from && (u == syntax.Byte || prefix[i] < utf8.RuneSelf) {
			from, to = i, j
		}
		i = j
	}
	if to-from < 2 {
		return w, false
	}
	return attack.Witness{
		Pumps:  []attack.Pump{{Prefix: prefix[:from:from], Pump: prefix[from : from+1 : from+1]}},
		Suffix: slices.Concat(prefix[to:], w.Pumps[0].Pump, w.Suffix),
	}, true
}

// levelled reports whether the last three samples cost the same for each
// further pump, and how much.
func levelled(samples []engines.Sample) (perPump float64, ok bool) {
	n := len(samples)
	if n < 4 {
		return 0, false
	}
	slope := func(i int) float64 {
		a, b := samples[i-1], samples[i]
		return (float64(b.Cost.Steps) - float64(a.Cost.Steps)) / float64(b.N-a.N)
	}
	const same = 0.01 // of the larger
	last := slope(n - 1)
	for _, before := range []float64{slope(n - 2), slope(n - 3)} {
		if math.Abs(last-before) > same*max(math.Abs(last), math.Abs(before)) {
			return 0, false
		}
	}
	return last, true
}

// tooCostly reports whether an input costs more for each of its bytes than any
// host can pay. A pattern's fixed costs, on an input of two bytes, do not count.
func tooCostly(s engines.Sample) bool {
	return s.Cost.Steps > max(uint64(s.Bytes)*counterPerByte, counterLeast)
}

// doubtful reports whether an input costs too much for each of its bytes, or
// would if longer ones went on like that.
func doubtful(s engines.Sample) bool {
	return s.Cost.Steps > max(uint64(s.Bytes)*counterPerByte, counterDoubt)
}

// upTo is the growth below the bound: what the samples show, at least
// quadratic, since the cost of a byte rises with their number.
func (r *replay) upTo(f *finding) engines.Growth {
	if growth, _, _ := engines.Fit(f.samples); engines.Known(growth) && growth.Class != engines.Linear {
		return growth
	}
	return f.claim.Growth
}
