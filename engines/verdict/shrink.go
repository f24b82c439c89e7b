package verdict

import (
	"slices"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// shrink cuts characters out of an attack for as long as what is left grows in
// the same way and costs as much for fewer bytes. Every cut is replayed.
func (r *replay) shrink(f *finding) *finding {
	best := *f
	until := r.spent + brieflyShrink
	if r.verify {
		until = r.spent + shrinkSteps
	}
	for again := true; again; {
		again = false
		for w := range shorter(best.witness, r.unit) {
			if r.spent > until {
				break
			}
			f := r.forecast.Forecast(w)
			if best.growth.Worse(f.Most) {
				continue
			}
			growth, samples := r.lasting(candidate{best.claim, w, f})
			if growth != best.growth {
				continue
			}
			cut := finding{claim: best.claim, witness: w, growth: growth, samples: samples}
			if cut.length = cut.bytesFor(sizeSteps[2]); cut.length < best.length {
				best, again = cut, true
				break
			}
		}
	}
	return &best
}

// shorter yields the witnesses with one part cut: a suffix or prefix as a
// whole, then half of it, then single characters; of a pump single characters
// only.
func shorter(w attack.Witness, u syntax.Unit) func(func(attack.Witness) bool) {
	return func(yield func(attack.Witness) bool) {
		with := func(change func(*attack.Witness)) bool {
			v := attack.Witness{Pumps: slices.Clone(w.Pumps), Suffix: w.Suffix}
			change(&v)
			return yield(v)
		}
		for part := range cuts(w.Suffix, u, true) {
			if !with(func(v *attack.Witness) { v.Suffix = part }) {
				return
			}
		}
		for i, p := range w.Pumps {
			for part := range cuts(p.Prefix, u, true) {
				if !with(func(v *attack.Witness) { v.Pumps[i].Prefix = part }) {
					return
				}
			}
			for part := range cuts(p.Pump, u, false) {
				if len(part) > 0 && !with(func(v *attack.Witness) { v.Pumps[i].Pump = part }) {
					return
				}
			}
		}
	}
}

// maxSingle is the length in characters up to which single ones are cut.
const maxSingle = 12

// cuts yields what is left of a text when a part of it is cut out.
func cuts(text []byte, u syntax.Unit, large bool) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		chars := characters(text, u)
		if large && len(chars) > 0 {
			half := len(chars) / 2
			if !yield(nil) || half > 0 && (!yield(join(chars[:half])) || !yield(join(chars[half:]))) {
				return
			}
		}
		if len(chars) < 2 || len(chars) > maxSingle {
			return
		}
		for i := range chars {
			if !yield(join(slices.Delete(slices.Clone(chars), i, i+1))) {
				return
			}
		}
	}
}

func characters(text []byte, u syntax.Unit) [][]byte {
	var out [][]byte
	for len(text) > 0 {
		n := 1
		if u != syntax.Byte {
			_, n = utf8.DecodeRune(text)
		}
		out = append(out, text[:n:n])
		text = text[n:]
	}
	return out
}

func join(chars [][]byte) []byte { return slices.Concat(chars...) }
