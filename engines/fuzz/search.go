package fuzz

import (
	"math/rand/v2"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// Options say how much to search, and where to begin. The zero value is the
// default search.
type Options struct {
	// Seed of the random choices; the same seed gives the same result.
	Seed uint64
	// Steps is the budget of reference steps, all runs together; DefaultSteps
	// when 0.
	Steps uint64
	// InputLimit is the largest subject in bytes, 128 KiB when 0.
	InputLimit int
	// Inputs are subjects worth a look, such as matches or known attacks: the
	// search repeats their factors.
	Inputs [][]byte
	// Hints are families worth a look, such as attacks that did not grow as
	// claimed.
	Hints []attack.Witness
	// Only looks at Inputs and Hints and at nothing else, and leaves what it
	// finds as it was given.
	Only bool
	// Enough ends the search at the first witness that grows at least so fast.
	// The zero value is exponential growth: nothing is worse.
	Enough engines.Growth
}

// A Finding is a family whose cost was seen to grow faster than its length.
type Finding struct {
	Witness attack.Witness
	// Growth is what engines.Fit reads off Samples.
	Growth  engines.Growth
	Samples []engines.Sample
}

// A Result is what a search found.
type Result struct {
	// Findings are the witnesses, fittest first: the worst growth, then the
	// fewest bytes for ten million steps. There are none where the search saw
	// linear growth only, which is no proof of it.
	Findings []Finding
	// Steps is the number of reference steps of all runs.
	Steps uint64
	// StepsPerByte is the largest cost of an input divided by its length plus
	// one, over all runs, and Worst the input.
	StepsPerByte float64
	Worst        []byte
	// Interesting are inputs that cost most, in all or in one instruction: what a
	// comparison of engines should begin with.
	Interesting [][]byte
	// Hot are the parts of the pattern in which the fittest witness, or else
	// Worst, spends its steps, most first.
	Hot []syntax.Span
}

// Growth is that of the fittest witness, linear where there is none.
func (r Result) Growth() engines.Growth {
	if len(r.Findings) == 0 {
		return engines.Growth{Class: engines.Linear, Exponent: 1}
	}
	return r.Findings[0].Growth
}

// Witnesses are those of the findings.
func (r Result) Witnesses() []attack.Witness {
	var out []attack.Witness
	for _, f := range r.Findings {
		out = append(out, f.Witness)
	}
	return out
}

// A search is one run of Search.
type search struct {
	re   *syntax.Regexp
	prog *backtrack.Program
	o    Options
	s    *Sampler
	rng  *rand.Rand
	abc  *alphabet
	lex  *lexicon // words with optional parts left out
	full *lexicon // words with optional parts taken

	profile    []uint64
	probeSteps uint64
	seen       map[string]bool // families probed
	measured   map[string]bool // families measured
	findings   []Finding
	bends      []float64 // of the findings
	archive    archive
	bent       []entry          // families whose cost bends, worst first
	steep      []attack.Witness // families too expensive for a usual measurement
	reserve    uint64           // steps kept for shrinking
	dict       []string
	repeats    []*syntax.Node
}

// Search looks for inputs of a pattern whose cost grows faster than their
// length. prog is re compiled.
func Search(re *syntax.Regexp, prog *backtrack.Program, o Options) Result {
	if o.Steps == 0 {
		o.Steps = DefaultSteps
	}
	if !engines.Known(o.Enough) {
		o.Enough = engines.Growth{Class: engines.Exponential}
	}
	abc := newAlphabet(re)
	g := &search{
		re: re, prog: prog, o: o, abc: abc, lex: newLexicon(re, abc, false), full: newLexicon(re, abc, true),
		s:          NewSampler(re, prog, o.InputLimit, o.Steps-min(hotSteps, o.Steps/20)),
		rng:        rand.New(rand.NewPCG(o.Seed, 0x6e6561726d697373)),
		profile:    make([]uint64, prog.Len()),
		probeSteps: min(probeSteps, max(o.Steps/50, 1)),
		seen:       map[string]bool{}, measured: map[string]bool{},
		reserve: o.Steps / 5,
	}
	g.s.runSteps = min(sampleSteps, max(o.Steps/6, 1))
	g.archive = newArchive(prog.Len())
	g.hints()
	if !o.Only {
		g.structure()
		g.insist()
		g.combine()
		g.evolve()
	}
	g.insist()
	if !o.Only {
		g.finish()
	}
	g.s.budget = o.Steps
	return g.result()
}

// over reports whether the search has to stop: its budget is spent up to the
// reserve, or enough was found.
func (g *search) over() bool {
	if g.s.Left() <= g.reserve {
		return true
	}
	return len(g.findings) > 0 && !g.o.Enough.Worse(g.findings[0].Growth)
}

// hints looks at what the caller gave.
func (g *search) hints() {
	for _, w := range g.o.Hints {
		g.try(w)
	}
	for _, in := range g.o.Inputs {
		g.pumpFactors(token{text: string(in)}, 64)
	}
}

// structure goes through the families of every site, a few of each in turn,
// so that no part of a large pattern takes the whole budget.
func (g *search) structure() {
	sites := g.sites()
	type queue struct {
		families [][2]string
		suffixes []string
	}
	var queues []queue
	for _, s := range sites {
		queues = append(queues, queue{s.families(), g.suffixes(s)})
	}
	g.chains(sites)
	limit := g.s.Left() - g.s.Left()*structureShare/100
	for more := true; more; {
		more = false
		for i := range queues {
			q := &queues[i]
			if len(q.families) == 0 || g.over() || g.s.Left() < limit {
				continue
			}
			more = true
			f := q.families[0]
			q.families = q.families[1:]
			g.around(f[0], f[1], q.suffixes)
		}
	}
}

// structureShare is the part of the budget, in per cent, for families made
// from the pattern's structure alone: half, since evolution starts from them.
const structureShare = 50

// taste is the pump count at which suffixes are compared, and best how many of
// those that end are probed.
const (
	taste = 6
	best  = 2
)

// pairTries is how many ends of two random characters are tried where all
// others let the pattern match.
const pairTries = 24

// around tries the suffixes behind x yⁿ at one size, and probes the families of
// the most expensive ones. Those too expensive for a taste are compared by
// length: of an exponential the shortest one is the easiest to measure.
func (g *search) around(x, y string, suffixes []string) {
	type tasted struct {
		w    attack.Witness
		cost uint64
	}
	var ended, capped []tasted
	fails := false
	sample := func(z string) {
		w := single(x, y, z)
		if g.over() || g.seen[key(w)] {
			return
		}
		cost, st := g.s.Run(w.Bytes(taste), g.probeSteps, nil)
		fails = fails || st != engines.Matched
		if st == engines.StepLimit {
			capped = append(capped, tasted{w, cost})
		} else {
			ended = append(ended, tasted{w, cost})
		}
	}
	for _, z := range suffixes {
		sample(z)
	}
	for tries := 0; !fails && tries < pairTries && !g.over(); tries++ {
		n := len(g.abc.reps)
		sample(g.abc.reps[g.rng.IntN(n)] + g.abc.reps[g.rng.IntN(n)])
	}
	shorter := func(a, b tasted) int { return len(a.w.Suffix) - len(b.w.Suffix) }
	slices.SortStableFunc(capped, shorter)
	slices.SortStableFunc(ended, func(a, b tasted) int {
		if a.cost != b.cost {
			if a.cost > b.cost {
				return -1
			}
			return 1
		}
		return shorter(a, b)
	})
	for _, t := range ended[:min(best, len(ended))] {
		g.try(t.w)
	}
	if len(capped) > 0 {
		g.try(capped[0].w)
	}
}

// chainShare is the part of the budget, in per cent, for families with several
// pumps made from the structure.
const chainShare = 10

// chains pumps several repeats of one derivation: all of them, and each pair
// of neighbours.
func (g *search) chains(sites []site) {
	var loops []*syntax.Node
	for _, s := range sites {
		if s.node.Op == syntax.OpRepeat {
			loops = append(loops, s.node)
		}
	}
	if len(loops) < 2 {
		return
	}
	sets := []map[*syntax.Node]bool{{}}
	for _, n := range loops {
		sets[0][n] = true
	}
	for i := 1; i < len(loops); i++ {
		sets = append(sets, map[*syntax.Node]bool{loops[i-1]: true, loops[i]: true})
	}
	limit := g.s.Left() - g.s.Left()*chainShare/100
	for _, w := range segments(sites) {
		if g.over() || g.s.Left() < limit {
			break
		}
		g.try(w)
		g.try(attack.Witness{Pumps: w.Pumps, Suffix: []byte(g.breaking())})
	}
	limit = g.s.Left() - g.s.Left()*chainShare/100
	for _, set := range sets {
		w := g.derive(set, false)
		if len(w.Pumps) < 2 || g.over() || g.s.Left() < limit {
			continue
		}
		for _, end := range g.ends(w) {
			g.try(end)
		}
	}
}

// ends is a family with its suffix as it is, cut behind the last pump, and
// with a breaking character in its place or behind it.
func (g *search) ends(w attack.Witness) []attack.Witness {
	breaking := g.breaking()
	with := func(z string) attack.Witness {
		return attack.Witness{Pumps: w.Pumps, Suffix: []byte(z)}
	}
	return []attack.Witness{with(""), with(breaking), with(string(w.Suffix) + breaking), w}
}

// try probes a family once, keeps it where it is remarkable, and measures it
// where its cost bends more than that of what was found before.
func (g *search) try(w attack.Witness) {
	k := key(w)
	if g.seen[k] || w.PumpLen() == 0 || g.over() {
		return
	}
	g.seen[k] = true
	sc := g.probe(w)
	g.archive.add(w, sc, g.profile)
	if sc.bend < minBend {
		return
	}
	if !sc.steep() {
		again := g.bend(w, retrySizes, 8*g.probeSteps, false)
		if sc.bend = again.bend; sc.bend < minRetry {
			return
		}
	}
	g.keepBent(entry{w, sc})
	if g.surpasses(w, sc) && !g.measure(w, sc.bend) && sc.steep() {
		g.keepSteep(w)
		if !g.o.Only {
			g.soften(w)
		}
	}
}

// surpasses reports whether a family seems to grow faster than the fittest
// finding: by its bend, or, where one of the two is too steep for the usual
// sizes, by that at small ones.
func (g *search) surpasses(w attack.Witness, sc score) bool {
	if len(g.findings) == 0 {
		return true
	}
	known := g.bends[0]
	if !sc.steep() && known < steepest/2 {
		return sc.bend > known+clearly
	}
	small := g.bend(w, smallSizes, 2*g.probeSteps, false)
	return small.steep() || small.bend > bendOf(g.findings[0].Samples)+clearly
}

// clearly is the difference of two bends that makes a measurement worth its
// cost.
const clearly = 0.1

// bendOf is the bend of measured costs at small sizes.
func bendOf(samples []engines.Sample) float64 {
	var f [3]float64
	for _, s := range samples {
		for i, n := range smallSizes {
			if s.N == n {
				f[i] = float64(s.Cost.Steps)
			}
		}
	}
	return curvature(f)
}

// keepSteep keeps a family that costs too much to be measured with a run's
// budget, the shortest ones.
func (g *search) keepSteep(w attack.Witness) {
	i := 0
	for i < len(g.steep) && g.steep[i].Len(2) <= w.Len(2) {
		i++
	}
	g.steep = slices.Insert(g.steep, i, w)
	g.steep = g.steep[:min(len(g.steep), maxSteep)]
}

// maxSteep is the number of such families that are kept.
const maxSteep = 6

// insist measures the steep families with larger runs: exponentials of a large
// base, and counters.
func (g *search) insist() {
	g.s.patient = true
	for i, w := range g.steep {
		if len(g.findings) > 0 && (i > 1 || g.findings[0].Growth.Class == engines.Exponential) {
			break
		}
		delete(g.measured, key(w))
		g.measure(w, steepest/2)
	}
	g.s.patient = false
	g.steep = nil
}

// soften tries smaller relatives of a family that costs too much to be
// measured: an exponential shows with fewer parts of it, at more sizes.
func (g *search) soften(w attack.Witness) {
	if len(w.Suffix) > 0 {
		g.try(attack.Witness{Pumps: w.Pumps})
		return
	}
	if len(w.Pumps) > 1 {
		last := len(w.Pumps) - 1
		g.try(attack.Witness{Pumps: w.Pumps[:last]})
		g.try(attack.Witness{Pumps: w.Pumps[last:]})
	}
}

// measure reads the growth of a family, and keeps it as a finding.
func (g *search) measure(w attack.Witness, bend float64) bool {
	k := key(w)
	if g.measured[k] {
		return false
	}
	g.measured[k] = true
	growth, samples, ok := g.s.Measure(w)
	if !ok {
		return false
	}
	f := Finding{w, growth, samples}
	i := 0
	for i < len(g.findings) && !fitter(f, g.findings[i]) {
		i++
	}
	g.findings = slices.Insert(g.findings, i, f)
	g.bends = slices.Insert(g.bends, i, bend)
	return true
}

// goal is the cost for which the length of attacks is compared.
const goal = 10_000_000

// fitter reports whether one finding is a better attack than another.
func fitter(f, h Finding) bool {
	if f.Growth != h.Growth {
		return f.Growth.Worse(h.Growth)
	}
	return f.bytesFor(goal) < h.bytesFor(goal)
}

// bytesFor is the length of the input that costs so many steps, by the law of
// the samples.
func (f Finding) bytesFor(steps uint64) int {
	n, ok := engines.Extrapolate(f.Samples, steps)
	if !ok {
		return int(^uint(0) >> 1)
	}
	return f.Witness.Len(n)
}

// keepBent keeps the families that bend most.
func (g *search) keepBent(e entry) {
	i := 0
	for i < len(g.bent) && g.bent[i].score.bend >= e.score.bend {
		i++
	}
	if i < maxBent {
		g.bent = slices.Insert(g.bent, i, e)
		g.bent = g.bent[:min(len(g.bent), maxBent)]
	}
}

// maxBent is the number of bending families that are combined and mutated.
const maxBent = 12

// combine joins bending families: pumps of both, one after the other.
func (g *search) combine() {
	limit := g.s.Left() - g.s.Left()*combineShare/100
	bent := slices.Clone(g.bent)
	for i, a := range bent {
		for j, b := range bent {
			if i == j || len(a.w.Pumps)+len(b.w.Pumps) > maxPumps || g.s.Left() < limit {
				continue
			}
			g.try(join(a.w, b.w))
		}
	}
}

// combineShare is the part of the remaining budget for combinations.
const combineShare = 20

// join is the pumps of two families, one after the other, with the suffix of
// the second.
func join(a, b attack.Witness) attack.Witness {
	return attack.Witness{Pumps: slices.Concat(a.Pumps, b.Pumps), Suffix: b.Suffix}
}

// result puts together what was found.
func (g *search) result() Result {
	r := Result{StepsPerByte: g.s.perByte, Worst: g.s.worst, Interesting: g.archive.inputs()}
	r.Findings = g.findings[:min(len(g.findings), kept)]
	input := r.Worst
	if len(r.Findings) > 0 {
		w := r.Findings[0].Witness
		input = w.Bytes(min(hotPumps, max(1, len(r.Findings[0].Samples))))
	}
	r.Hot = g.hot(input)
	r.Steps = g.s.spent
	return r
}

// hotPumps is the size at which the hot parts of a pattern are looked for, and
// hotSteps bounds that run; a twentieth of the budget is kept for it.
const (
	hotPumps = 24
	hotSteps = 20_000
)

// hot is the spans of the instructions that an input spends its steps in.
func (g *search) hot(input []byte) []syntax.Span {
	clear(g.profile)
	g.s.Run(input, hotSteps, g.profile)
	var total uint64
	var order []int
	for pc, n := range g.profile {
		if total += n; n > 0 {
			order = append(order, pc)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if g.profile[a] > g.profile[b] {
			return -1
		}
		return 1
	})
	var out []syntax.Span
	for _, pc := range order {
		if span := g.prog.Span(pc); g.profile[pc]*hotShare >= total && !slices.Contains(out, span) && span.End > span.Start {
			out = append(out, span)
		}
	}
	return out
}

// hotShare is the least part of the steps, one in so many, that makes an
// instruction hot.
const hotShare = 10
