package fuzz

import (
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// An entry is a probed family.
type entry struct {
	w     attack.Witness
	score score
}

// An archive keeps the families worth mutating: for each instruction the one
// that executes it most often for its length, and those that cost most in all.
type archive struct {
	hottest []entry   // by instruction
	counts  []float64 // by instruction: executions for each byte
	top     []entry   // by rate
}

// maxTop is the number of most expensive families that are kept.
const maxTop = 16

func newArchive(instructions int) archive {
	return archive{hottest: make([]entry, instructions), counts: make([]float64, instructions)}
}

// add offers a family with the profile of its middle run.
func (a *archive) add(w attack.Witness, sc score, profile []uint64) {
	size := float64(w.Len(probeSizes[1]) + 1)
	for pc, n := range profile {
		if rate := float64(n) / size; rate > 1.05*a.counts[pc] {
			a.counts[pc], a.hottest[pc] = rate, entry{w, sc}
		}
	}
	i := len(a.top)
	for i > 0 && a.top[i-1].score.rate < sc.rate {
		i--
	}
	if i < maxTop {
		a.top = slices.Insert(a.top, i, entry{w, sc})
		a.top = a.top[:min(len(a.top), maxTop)]
	}
}

// inputs are the archive's families at their middle size, each once.
func (a *archive) inputs() [][]byte {
	var out [][]byte
	known := map[string]bool{}
	for _, e := range slices.Concat(a.top, a.hottest) {
		if len(out) >= maxInputs {
			break
		}
		if in := e.w.Bytes(probeSizes[1]); len(e.w.Pumps) > 0 && !known[string(in)] {
			known[string(in)] = true
			out = append(out, in)
		}
	}
	return out
}

// maxInputs bounds the interesting inputs of a result.
const maxInputs = 64

// evolve mutates remarkable families until the budget is spent.
func (g *search) evolve() {
	g.dictionary()
	for idle := 0; !g.over() && idle < maxIdle; idle++ {
		before := g.s.spent
		switch g.rng.IntN(8) {
		case 0:
			g.fresh()
		case 1:
			g.near()
		default:
			w, ok := g.parent()
			if !ok {
				g.fresh()
				break
			}
			for range 1 + g.rng.IntN(3) {
				w = g.mutate(w)
			}
			g.try(w)
		}
		if g.s.spent > before {
			idle = -1
		}
	}
}

// maxIdle bounds the mutations in a row that give nothing new.
const maxIdle = 2_000

// dictionary collects the words that mutations insert.
func (g *search) dictionary() {
	g.dict = slices.Clone(g.abc.reps)
	syntax.Walk(g.re.Root, func(n *syntax.Node) bool {
		if len(g.dict) >= maxDictionary {
			return false
		}
		switch n.Op {
		case syntax.OpConcat, syntax.OpAlternate, syntax.OpRepeat, syntax.OpLook, syntax.OpGroup:
			words := g.lex.of(n)
			if n.Op == syntax.OpLook {
				words = g.lex.of(n.Sub[0])
			}
			for _, w := range words {
				if w != "" && len(w) <= maxPump && !slices.Contains(g.dict, w) {
					g.dict = append(g.dict, w)
				}
			}
		}
		return true
	})
}

// maxDictionary bounds the words that mutations insert.
const maxDictionary = 400

// parent picks a family to mutate.
func (g *search) parent() (attack.Witness, bool) {
	switch k := g.rng.IntN(4); {
	case k == 0 && len(g.findings) > 0:
		return g.findings[g.rng.IntN(min(len(g.findings), kept))].Witness, true
	case k <= 1 && len(g.bent) > 0:
		return g.bent[g.rng.IntN(len(g.bent))].w, true
	case k <= 2 && len(g.archive.top) > 0:
		return g.archive.top[g.rng.IntN(len(g.archive.top))].w, true
	}
	for range 4 {
		if e := g.archive.hottest[g.rng.IntN(len(g.archive.hottest))]; len(e.w.Pumps) > 0 {
			return e.w, true
		}
	}
	return attack.Witness{}, false
}

// fresh derives a family with one or two random repeats pumped.
func (g *search) fresh() {
	loops := g.loops()
	if len(loops) == 0 {
		return
	}
	set := map[*syntax.Node]bool{}
	for range 1 + g.rng.IntN(2) {
		set[loops[g.rng.IntN(len(loops))]] = true
	}
	w := g.derive(set, true)
	ends := g.ends(w)
	g.try(ends[g.rng.IntN(len(ends))])
}

// loops is the repeats of the pattern.
func (g *search) loops() []*syntax.Node {
	if g.repeats == nil {
		syntax.Walk(g.re.Root, func(n *syntax.Node) bool {
			if n.Op == syntax.OpRepeat && (n.Max == syntax.Infinite || n.Max > 1) {
				g.repeats = append(g.repeats, n)
			}
			return true
		})
	}
	return g.repeats
}

// near derives an input that should match, spoils it, and pumps its factors.
func (g *search) near() {
	w := g.derive(nil, true)
	chars := g.abc.split(string(w.Suffix))
	if len(chars) == 0 {
		return
	}
	at := g.rng.IntN(len(chars))
	rep := g.abc.reps[g.rng.IntN(len(g.abc.reps))]
	switch g.rng.IntN(4) {
	case 0:
		chars[at] = rep
	case 1:
		chars = slices.Delete(chars, at, at+1)
	case 2:
		chars = append(chars, rep)
	}
	g.pumpFactors(token{text: strings.Join(chars, "")}, 4)
}

// maxFactor is the length in characters of the factors that are pumped.
const maxFactor = 8

// pumpFactors repeats some factors of an input.
func (g *search) pumpFactors(t token, tries int) {
	chars := g.abc.split(first(t.text, maxFixed))
	for range tries {
		if len(chars) == 0 || g.over() {
			return
		}
		from := g.rng.IntN(len(chars))
		to := min(len(chars), from+1+g.rng.IntN(maxFactor))
		g.try(single(strings.Join(chars[:from], ""), strings.Join(chars[from:to], ""), strings.Join(chars[to:], "")))
	}
}

// mutate changes one thing in a family.
func (g *search) mutate(w attack.Witness) attack.Witness {
	ts := tokens(w)
	if len(ts) == 0 {
		return w
	}
	i := g.rng.IntN(len(ts))
	chars := g.abc.split(ts[i].text)
	at := g.rng.IntN(len(chars))
	word := g.dict[g.rng.IntN(len(g.dict))]
	switch op := g.rng.IntN(11); op {
	case 0: // exchange a character
		chars[at] = g.abc.reps[g.rng.IntN(len(g.abc.reps))]
	case 1, 2: // insert a word
		chars = slices.Insert(chars, at+g.rng.IntN(2), word)
	case 3: // delete a stretch
		to := min(len(chars), at+1+g.rng.IntN(3))
		chars = slices.Delete(chars, at, to)
	case 4: // repeat a stretch
		to := min(len(chars), at+1+g.rng.IntN(maxFactor))
		chars = slices.Insert(chars, to, chars[at:to]...)
	case 5: // another end
		w.Suffix = []byte(word)
		if g.rng.IntN(2) == 0 {
			w.Suffix = append(slices.Clone(tokensSuffix(ts)), word...)
		}
		return bounded(w)
	case 6: // the pumps of another family behind
		if other, ok := g.parent(); ok && len(other.Pumps)+len(w.Pumps) <= maxPumps {
			return bounded(join(w, other))
		}
	case 7: // a factor becomes a pump, or a pump a factor
		if ts[i].pump {
			if len(w.Pumps) > 1 {
				ts[i].pump = false
			}
			return bounded(witness(ts))
		}
		to := min(len(chars), at+1+g.rng.IntN(maxFactor))
		parts := []token{
			{text: strings.Join(chars[:at], "")},
			{text: strings.Join(chars[at:to], ""), pump: true},
			{text: strings.Join(chars[to:], "")},
		}
		return bounded(witness(slices.Replace(ts, i, i+1, parts...)))
	case 8: // the word in front
		return bounded(witness(slices.Insert(ts, 0, token{text: word})))
	case 9: // the word as the pump, or as a further one
		if ts[i].pump {
			chars = []string{word}
		} else {
			return bounded(witness(slices.Insert(ts, i, token{text: word, pump: true})))
		}
	case 10: // the prefix or suffix away
		if !ts[i].pump {
			chars = nil
		}
	}
	ts[i].text = strings.Join(chars, "")
	return bounded(witness(ts))
}

// tokensSuffix is the literal behind the last pump.
func tokensSuffix(ts []token) []byte {
	if t := ts[len(ts)-1]; !t.pump {
		return []byte(t.text)
	}
	return nil
}

// bounded is the family, or none where it grew beyond the limits.
func bounded(w attack.Witness) attack.Witness {
	if w.Len(0) > maxFixed || w.PumpLen() > maxPumps*maxPump {
		return attack.Witness{}
	}
	return w
}
