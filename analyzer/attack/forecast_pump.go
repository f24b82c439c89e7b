package attack

import "github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"

// A place is a state of the automaton and a place in a pump.
type place struct{ state, at int32 }

// A graph is the places that runs on powers of one pump go through.
type graph struct {
	f      *Forecaster
	length int32 // of the pump
	places []place
	arcs   [][]arc
}

// An arc leads to a place in so many ways; costless arcs follow a condition
// behind a match.
type arc struct {
	to       int32
	times    uint32
	costless bool
}

func (g *graph) node(p place) int32 {
	id := &g.f.index[p.state*g.length+p.at]
	if *id == 0 {
		g.places = append(g.places, p)
		g.arcs = append(g.arcs, nil)
		*id = int32(len(g.places))
	}
	return *id - 1
}

// close forgets the numbers of the places.
func (g *graph) close() {
	for _, p := range g.places {
		g.f.index[p.state*g.length+p.at] = 0
	}
}

// pump moves a flow over a large power of y.
func (f *Forecaster) pump(at *flow, y []uint8, exact bool) {
	if size := len(f.a.States) * len(y); size > maxIndex {
		at.failed = true
		return
	} else if size > len(f.index) {
		f.index = make([]int32, size)
	}
	g := &graph{f: f, length: int32(len(y))}
	defer g.close()
	for _, s := range at.states {
		g.node(place{s, 0})
	}
	for i := 0; i < len(g.places); i++ {
		if at.followed > maxFollowed || len(g.places) > maxPlaces {
			at.failed = true
			return
		}
		p := g.places[i]
		next := (p.at + 1) % int32(len(y))
		f.edges(at, p.state, 0, y[p.at], exact, func(to int32, degree int, times uint32) {
			g.arcs[i] = append(g.arcs[i], arc{g.node(place{to, next}), times, degree == ghost})
		})
	}
	at.through(g)
}

// through finds, for every place, the largest number of cycles on a path to it,
// beginning with the degree that the flow has there.
func (w *flow) through(g *graph) {
	n := len(g.places)
	ids, count := ambiguity.Strong(n, func(v int32, i int) (int32, bool) {
		if i >= len(g.arcs[v]) {
			return 0, false
		}
		return g.arcs[v][i].to, true
	})
	size, inner := make([]int, count), make([]int, count)
	for v := range n {
		size[ids[v]]++
		for _, a := range g.arcs[v] {
			if ids[a.to] == ids[v] {
				inner[ids[v]] = min(inner[ids[v]]+int(a.times), manifold)
			}
		}
	}
	// Components are numbered in reverse topological order. before is the
	// degree on paths without a cycle, round that on paths with one.
	before, round := make([]int, count), make([]int, count)
	for c := range count {
		before[c], round[c] = absent, absent
	}
	for _, s := range w.states {
		c := ids[g.node(place{s, 0})]
		before[c] = max(before[c], w.degree[s])
	}
	members := make([][]int32, count)
	for v := range int32(n) {
		members[ids[v]] = append(members[ids[v]], v)
	}
	for c := count - 1; c >= 0; c-- {
		if inner[c] > 0 {
			round[c] = turn(max(before[c], round[c]), inner[c] > size[c])
			before[c] = absent
		}
		w.exponent = max(w.exponent, before[c], round[c])
		for _, v := range members[c] {
			for _, a := range g.arcs[v] {
				d := ids[a.to]
				if d == c {
					continue
				}
				before[d] = max(before[d], passed(before[c], a.costless))
				round[d] = max(round[d], passed(round[c], a.costless))
			}
		}
	}
	w.reset()
	for v, p := range g.places {
		if degree := round[ids[v]]; p.at == 0 && degree != absent {
			if degree > 0 && degree < manifold {
				degree-- // the number of runs is one degree below their sum
			}
			w.raise(p.state, degree)
		}
	}
}

// turn is the degree of the sum of runs behind a cycle, or behind a component
// that is more than one.
func turn(degree int, many bool) int {
	switch {
	case degree < 0:
		return degree
	case many:
		return manifold
	}
	return min(degree+1, manifold)
}

func passed(degree int, costless bool) int {
	if costless && degree >= 0 {
		return ghost
	}
	return degree
}
