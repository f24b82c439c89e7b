package attack

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// A Forecast is what an automaton says of the cost of a witness for large n: it
// grows at least as Least and at most as Most. Both are exact classes and
// exponents of the number of runs on all prefixes of x₁ y₁ⁿ … z.
//
// The runs on yⁿ are the paths of a graph: nodes are a state and a place in y.
// A path through k of its cycles can be had in about n^(k−1) ways; a strongly
// connected part that is more than one cycle has exponentially many (the
// criteria of Weber & Seidl 1991, for a single word). Where no run can report a
// match on the way, none is cut off, and those over exact edges surely are
// tried: that is Least.
type Forecast struct{ Least, Most ambiguity.Growth }

// Exact reports whether the growth is known before any replay.
func (f Forecast) Exact() bool {
	return f.Least == f.Most && f.Least.Class != ambiguity.Linear
}

// Limits of a forecast: maxPlaces bounds the nodes of a graph, maxIndex the
// places there are, maxFollowed the edges followed, about 0.5 ms.
const (
	maxPlaces   = 20_000
	maxIndex    = 4_000_000
	maxFollowed = 60_000
)

// A Forecaster makes forecasts for witnesses of one automaton. It serves one
// goroutine.
type Forecaster struct {
	a *nfa.Automaton
	// copied marks the atoms that stand for the text of a whole construct, a
	// backreference or \X: a matcher has fewer ways through it.
	copied []bool
	// known are the forecasts made.
	known map[string]Forecast
	// pumped is the flow behind the pumps of the last witness, over all edges
	// and over exact ones: witnesses often differ in their suffix only.
	pumps  []Pump
	pumped [2]*flow
	// index is the node of each place in the current graph plus one, 0 for
	// none.
	index []int32
}

// NewForecaster makes a Forecaster of a pattern's own automaton, not of its
// explored part. Without an automaton it knows nothing, nor of one that stands
// for more.
func NewForecaster(a *nfa.Automaton) *Forecaster {
	if a != nil && a.Copies > 0 {
		a = nil
	}
	f := &Forecaster{a: a, known: map[string]Forecast{}}
	if a == nil || len(a.Over) == 0 {
		return f
	}
	f.copied = make([]bool, len(a.Atoms))
	for i, atom := range a.Atoms {
		f.copied[i] = slices.ContainsFunc(a.Over, func(c nfa.Construct) bool { return c.Span == atom.Span })
	}
	return f
}

// sure reports whether a matcher in the state before an edge surely tries it.
func (f *Forecaster) sure(e *nfa.Edge) bool {
	return !e.Over && (f.copied == nil || e.Atom < 0 || !f.copied[e.Atom])
}

// Forecast is the growth of a witness's cost.
func (f *Forecaster) Forecast(w Witness) Forecast {
	unknown := Forecast{
		Least: ambiguity.Growth{Class: ambiguity.Linear, Exponent: 1},
		Most:  ambiguity.Growth{Class: ambiguity.Exponential},
	}
	if f.a == nil {
		return unknown
	}
	key := w.key()
	out, found := f.known[key]
	if !found {
		out = f.forecast(w, unknown)
		f.known[key] = out
	}
	return out
}

func (f *Forecaster) forecast(w Witness, unknown Forecast) Forecast {
	if f.pumps == nil || !slices.EqualFunc(f.pumps, w.Pumps, Pump.equal) {
		f.pumps, f.pumped = w.Pumps, [2]*flow{}
	}
	words, ok := f.decode(w)
	if !ok {
		return unknown
	}
	all := f.follow(words, false)
	if all.failed {
		return unknown
	}
	out := Forecast{Least: unknown.Least, Most: all.growth()}
	if len(f.a.Walks) > 0 {
		out.Most = unknown.Most // what the walks cost comes on top
	}
	switch {
	case all.cut || f.a.NoPrune && !f.a.Global || len(f.a.Counters) > 0:
	case !all.over:
		out.Least = out.Most
	default:
		if exact := f.follow(words, true); !exact.failed {
			out.Least = exact.growth()
		}
	}
	return out
}

// words are the factors of a witness as classes: xs[i] before each pump ys[i],
// and the suffix.
type words struct {
	xs, ys [][]uint8
	z      []uint8
}

func (f *Forecaster) decode(w Witness) (words, bool) {
	var out words
	ok := true
	classes := func(text []byte) []uint8 {
		var cs []uint8
		for len(text) > 0 {
			c, size := firstChar(text, f.a.Unit)
			if size == 0 {
				ok = false
				return nil
			}
			cs = append(cs, uint8(f.a.Classes.Of(c)))
			text = text[size:]
		}
		return cs
	}
	for _, p := range w.Pumps {
		out.xs, out.ys = append(out.xs, classes(p.Prefix)), append(out.ys, classes(p.Pump))
	}
	out.z = classes(w.Suffix)
	return out, ok
}

// Degrees beside the numbers 0, 1, 2, …: the runs that are in a state after a
// factor number about n to its degree.
const (
	// absent: no run.
	absent = -2
	// ghost: only what follows a condition behind a match, which costs nothing.
	ghost = -1
	// manifold: exponentially many.
	manifold = 1 << 20
)

// A flow is the states that runs are in, and what was met on the way.
type flow struct {
	states []int32
	degree map[int32]int
	// exponent is that of the total cost so far.
	exponent int
	// cut says that some run may report a match, or end a body; over that an
	// approximated edge was followed; failed that a limit was reached.
	cut, over, failed bool
	// followed counts the edges looked at.
	followed int
}

func (w *flow) growth() ambiguity.Growth {
	switch {
	case w.exponent >= manifold:
		return ambiguity.Growth{Class: ambiguity.Exponential}
	case w.exponent > 1:
		return ambiguity.Growth{Class: ambiguity.Polynomial, Exponent: w.exponent}
	}
	return ambiguity.Growth{Class: ambiguity.Linear, Exponent: 1}
}

// raise gives a state at least a degree.
func (w *flow) raise(state int32, degree int) {
	old, found := w.degree[state]
	if !found {
		w.states = append(w.states, state)
		old = absent
	}
	w.degree[state] = max(old, degree)
}

// follow reads a witness. exact leaves approximated edges out.
func (f *Forecaster) follow(w words, exact bool) *flow {
	behind := &f.pumped[0]
	if exact {
		behind = &f.pumped[1]
	}
	if *behind == nil {
		*behind = f.repeat(w, exact)
	}
	copied := **behind
	at := &copied
	for _, class := range w.z {
		f.read(at, class, exact)
	}
	for _, s := range at.states {
		for i := range f.a.States[s].Out {
			e := &f.a.States[s].Out[i]
			at.cut = at.cut || e.AtEnd && (e.Kind == nfa.Accept || e.Kind == nfa.Exit)
		}
	}
	at.failed = at.failed || at.followed > maxFollowed
	return at
}

// repeat reads the pumps of a witness.
func (f *Forecaster) repeat(w words, exact bool) *flow {
	at := &flow{}
	at.reset()
	at.raise(0, 0)
	for i := range w.ys {
		for _, class := range w.xs[i] {
			f.read(at, class, exact)
		}
		if len(w.ys[i]) > 0 {
			f.pump(at, w.ys[i], exact)
		}
	}
	return at
}

func (w *flow) reset() { w.states, w.degree = nil, map[int32]int{} }

// edges yields the edges of a state that read a class, with the degree that
// they pass on.
func (f *Forecaster) edges(at *flow, state int32, degree int, class uint8, exact bool, yield func(to int32, degree int, times uint32)) {
	out := f.a.States[state].Out
	at.followed += len(out)
	for i := range out {
		e := &out[i]
		if !e.On.Has(int(class)) {
			continue
		}
		switch e.Kind {
		case nfa.Accept, nfa.Exit:
			at.cut = true
		case nfa.Ghost:
			yield(e.To, ghost, 1)
		default:
			sure := f.sure(e)
			if at.over = at.over || !sure; sure || !exact {
				yield(e.To, degree, e.Mult)
			}
		}
	}
}

// read moves a flow over one character.
func (f *Forecaster) read(at *flow, class uint8, exact bool) {
	states, degree := at.states, at.degree
	at.reset()
	for _, s := range states {
		if at.followed > maxFollowed {
			return
		}
		f.edges(at, s, degree[s], class, exact, func(to int32, degree int, _ uint32) { at.raise(to, degree) })
	}
	for _, s := range at.states {
		at.exponent = max(at.exponent, at.degree[s])
	}
}
