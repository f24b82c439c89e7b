package attack

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// A Builder makes witnesses for the claims of an ambiguity report.
type Builder struct {
	// Graph is the automaton that the report speaks of: the pattern's own, or
	// its explored part.
	Graph  *nfa.Automaton
	Report *ambiguity.Report
	// Base is the pattern's own automaton, on which suffixes are searched.
	Base *nfa.Automaton
	// Runs gives the states of Base whose runs must all fail for a state of
	// Graph to be explored in full; nil when that is every run on the word.
	Runs func(state int32) []int32
	// Walking is Graph where it has walks, nil elsewhere.
	Walking *ambiguity.Walking
	// Forecaster foretells what witnesses cost, nil where nothing does.
	Forecaster *Forecaster
}

// maxSettle bounds how often a pump is repeated to see which states it leads
// to: enough for loops whose lengths have a small common multiple.
const maxSettle = 24

// Suffixes is how many failing suffixes are made for one chain of pumps.
const Suffixes = 3

// Fork is the witnesses of an exponential loop.
func (b *Builder) Fork(f ambiguity.Fork) []Witness {
	prefix, ok := b.path(0, f.State)
	if !ok {
		return nil
	}
	return b.finish([][2][]uint8{{prefix, f.Word}}, f.State)
}

// Chain is the witnesses of a chain of links: with a single pump where one
// word may serve all of them, or the rest from some link on, then with a pump
// for each.
func (b *Builder) Chain(links []ambiguity.Link) []Witness {
	if len(links) == 0 {
		return nil
	}
	start, ok := b.start(links[0])
	if !ok {
		return nil
	}
	last := links[len(links)-1].To
	var ws []Witness
	var tried [][]uint8
	try := func(prefix []uint8, l ambiguity.Link) {
		for _, w := range b.finish([][2][]uint8{{prefix, l.Word}}, last) {
			if !slices.ContainsFunc(ws, w.Equal) {
				ws = append(ws, w)
			}
		}
	}
	for _, l := range links {
		if !slices.ContainsFunc(tried, func(w []uint8) bool { return slices.Equal(w, l.Word) }) {
			tried = append(tried, l.Word)
			try(start, l)
		}
	}
	for _, l := range links[1:] {
		if prefix, ok := b.path(0, l.From); ok {
			try(prefix, l)
		}
	}
	b.vary(links, start, &ws)
	if len(tried) > 1 {
		all := links[0]
		all.Word = slices.Concat(tried...)
		try(start, all)
	}
	// A word is pumped once where the links that share it meet.
	pumps := [][2][]uint8{{start, links[0].Word}}
	for i, l := range links[1:] {
		between, ok := b.path(links[i].To, l.From)
		if !ok {
			return ws
		}
		meet := len(between) == 0 || links[i].ToComponent == l.FromComponent && len(tried) < 2
		if n := len(pumps) - 1; meet && slices.Equal(pumps[n][1], l.Word) {
			continue
		}
		pumps = append(pumps, [2][]uint8{between, l.Word})
	}
	if len(pumps) > 1 && (len(tried) > 1 || len(pumps) <= maxPumps) {
		ws = append(ws, b.finish(pumps, last)...)
	}
	return ws
}

// maxPumps bounds the places at which one word is pumped: with more of them
// already the shortest attack costs too much to be measured, and so do those
// with one less.
const maxPumps = 6

// maxVaried bounds the words of a chain's links that are varied.
const maxVaried = 24

// vary adds witnesses whose pump goes on in another class after the word of a
// link, where none so far surely grows: the word alone may let the pattern
// match.
func (b *Builder) vary(links []ambiguity.Link, start []uint8, ws *[]Witness) {
	if b.Forecaster == nil || slices.ContainsFunc(*ws, b.surelyGrows) {
		return
	}
	last := links[len(links)-1].To
	tries := 0
	for _, l := range links {
		for class := range l.Loops.All {
			if tries++; tries > maxVaried {
				return
			}
			word := append(slices.Clone(l.Word), uint8(class))
			for _, w := range b.finish([][2][]uint8{{start, word}}, last) {
				if b.surelyGrows(w) {
					*ws = append(*ws, w)
					return
				}
			}
		}
	}
}

func (b *Builder) surelyGrows(w Witness) bool {
	return b.Forecaster.Forecast(w).Least.Class != ambiguity.Linear
}

// Repeat is the witness that repeats a pump behind a prefix, without what the
// prefix already ends in.
func (b *Builder) Repeat(prefix, pump ambiguity.Word) Witness {
	for len(pump) > 0 && len(prefix) >= len(pump) && slices.Equal(prefix[len(prefix)-len(pump):], pump) {
		prefix = prefix[:len(prefix)-len(pump)]
	}
	return Witness{Pumps: []Pump{{b.encode(prefix), b.encode(pump)}}}
}

// start is the prefix of a chain. The search loop needs none, since a pump
// enters it, unless that would match.
func (b *Builder) start(l ambiguity.Link) ([]uint8, bool) {
	if b.isSearch(l.From) {
		if _, ok := b.settle([][2][]uint8{{nil, l.Word}}); ok {
			return nil, true
		}
		for class := range b.Base.Classes.All().AndNot(b.Base.Never).All {
			prefix := []uint8{uint8(class)}
			if _, ok := b.settle([][2][]uint8{{prefix, l.Word}}); ok {
				return prefix, true
			}
		}
	}
	return b.path(0, l.From)
}

// path is a shortest word between two states.
func (b *Builder) path(from, to int32) ([]uint8, bool) {
	if from == to {
		return nil, true
	}
	type visit struct {
		state, parent int32
		class         uint8
	}
	queue := []visit{{from, -1, 0}}
	seen := map[int32]bool{from: true}
	for i := 0; i < len(queue); i++ {
		out := b.Graph.States[queue[i].state].Out
		for k := range out {
			e := &out[k]
			if e.Kind != nfa.Step || seen[e.To] {
				continue
			}
			seen[e.To] = true
			queue = append(queue, visit{e.To, int32(i), uint8(e.On.First())})
			if e.To != to {
				continue
			}
			var w []uint8
			for j := int32(len(queue) - 1); j > 0; j = queue[j].parent {
				w = append(w, queue[j].class)
			}
			slices.Reverse(w)
			return w, true
		}
	}
	return nil, false
}

// isSearch reports whether a state stands in the implicit loop over start
// offsets.
func (b *Builder) isSearch(state int32) bool {
	return b.Graph.Search >= 0 && b.Report.ComponentOf(state) == b.Report.ComponentOf(b.Graph.Search)
}

// finish adds suffixes to pumps: words after which every run fails that has to
// fail, for any large number of repetitions.
func (b *Builder) finish(pumps [][2][]uint8, last int32) []Witness {
	var heads []Pump
	for _, p := range pumps {
		heads = append(heads, Pump{b.encode(p[0]), b.encode(root(p[1]))})
	}
	from, ok := b.settle(pumps)
	if main := b.main(last); b.Runs != nil && main >= 0 {
		from, ok = b.Runs(main), true
	}
	if !ok {
		return nil
	}
	tail := b.tail(last)
	for _, class := range tail {
		var accepted bool
		if from, accepted = advance(b.Base, from, int(class), atSure); accepted {
			return nil
		}
	}
	var ws []Witness
	// Where the pattern has regions, suffixes that make their bodies fail too
	// come first, then those that let a lookahead succeed and be entered again.
	for _, what := range []stop{atExits, atMatches, atSure} {
		for _, z := range failing(b.Base, from, Suffixes, what) {
			w := Witness{Pumps: heads, Suffix: b.encode(slices.Concat(tail, z))}
			if !slices.ContainsFunc(ws, w.Equal) {
				ws = append(ws, w)
			}
		}
	}
	return ws
}

// main is the state of the pattern's automaton, or of its explored part, that a
// state of Graph stands for; -1 for what is paid.
func (b *Builder) main(state int32) int32 {
	if b.Walking == nil {
		return state
	}
	return b.Walking.Main[state]
}

// tail is what leads a walk on its way to where it begins, and is paid for;
// nothing elsewhere.
func (b *Builder) tail(last int32) []uint8 {
	if b.Walking == nil || !b.Graph.States[last].Free || last == b.Walking.Paid {
		return nil
	}
	if word, ok := b.path(last, b.Walking.Paid); ok {
		return word
	}
	for s := range int32(len(b.Graph.States)) {
		if b.Graph.States[s].Free && b.Graph.States[s].Weight > 0 {
			if word, ok := b.path(last, s); ok {
				return word
			}
		}
	}
	return nil
}

// root is the shortest word of which w is a power: its powers reach every
// length that those of w do.
func root(w []uint8) []uint8 {
	for n := 1; n <= len(w)/2; n++ {
		if len(w)%n == 0 && slices.Equal(w[n:], w[:len(w)-n]) {
			return w[:n]
		}
	}
	return w
}

// settle is the states that some large number of repetitions of the pumps can
// lead to. ok is false when a match is reported on the way.
func (b *Builder) settle(pumps [][2][]uint8) (front, bool) {
	at := front{0}
	read := func(w []uint8) bool {
		for _, class := range w {
			next, accepted := advance(b.Base, at, int(class), atSure)
			if accepted {
				return false
			}
			at = next
		}
		return true
	}
	for _, p := range pumps {
		if !read(p[0]) {
			return nil, false
		}
		var seen []string
		var fronts []front
		word := root(p[1])
		for range maxSettle {
			if !read(word) {
				return nil, false
			}
			k := at.key()
			if i := slices.Index(seen, k); i >= 0 {
				var all front
				for _, f := range fronts[i:] {
					all = append(all, f...)
				}
				slices.Sort(all)
				at = slices.Compact(all)
				break
			}
			seen, fronts = append(seen, k), append(fronts, at)
		}
	}
	return at, true
}
