package ambiguity

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// A round is a pair of states p, q of two components.
type round struct{ p, q int32 }

// rounds is the product of two components, as far as it has cycles: a word that
// leads p to p and q to q stays inside one of its strongly connected parts.
type rounds struct {
	list []round
	arcs [][]roundArc
	// part is the strongly connected part of each pair.
	part []int32
	// starts are the pairs on a cycle.
	starts []int32
}

type roundArc struct {
	to int32
	on charset.Mask
}

// rounds builds the product of components c and d over the classes of loops.
func (s *search) rounds(c, d int32, loops charset.Mask) (*rounds, error) {
	r := &rounds{}
	from, to := s.r.Components[c].States, s.r.Components[d].States
	if err := s.spend(len(from) * len(to)); err != nil {
		return nil, err
	}
	r.list = make([]round, 0, len(from)*len(to))
	for _, p := range from {
		for _, q := range to {
			r.list = append(r.list, round{p, q})
		}
	}
	index := func(p, q int32) int32 { return s.place[p]*int32(len(to)) + s.place[q] }
	var all []roundArc
	ends := make([]int, len(r.list))
	for i, at := range r.list {
		var err error
		s.inner(at.p, c, func(e *nfa.Edge) bool {
			on := e.On.And(loops)
			if on.IsEmpty() {
				return true
			}
			if err = s.spend(len(s.a.States[at.q].Out)); err != nil {
				return false
			}
			s.inner(at.q, d, func(f *nfa.Edge) bool {
				if both := on.And(f.On); !both.IsEmpty() {
					all = append(all, roundArc{index(e.To, f.To), both})
				}
				return true
			})
			return true
		})
		if err != nil {
			return nil, err
		}
		ends[i] = len(all)
	}
	r.arcs = make([][]roundArc, len(r.list))
	for i, from := 0, 0; i < len(ends); i++ {
		r.arcs[i], from = all[from:ends[i]:ends[i]], ends[i]
	}
	var count int32
	r.part, count = Strong(len(r.list), func(v int32, i int) (int32, bool) {
		if i >= len(r.arcs[v]) {
			return 0, false
		}
		return r.arcs[v][i].to, true
	})
	cyclic := make([]bool, count)
	for v, arcs := range r.arcs {
		r.arcs[v] = slices.DeleteFunc(arcs, func(a roundArc) bool { return r.part[a.to] != r.part[v] })
		cyclic[r.part[v]] = cyclic[r.part[v]] || len(r.arcs[v]) > 0
	}
	for v := range r.list {
		if cyclic[r.part[v]] {
			r.starts = append(r.starts, int32(v))
		}
	}
	return r, nil
}

// triples is the product of a pair (a, b) going round and the states m between
// their components, searched for a path (p, p, q) → (p, q, q). With virtual
// edges (p, q, q) → (p, p, q) such a path exists exactly when a strongly
// connected component holds one of them: a cycle through several virtual edges
// composes to a cycle through one, since p₁ →v₁ q₂ →v₂ q₁ is a run as well.
type triples struct {
	*search
	d     int32
	pairs *rounds
	leads []bool // states from which component d can be reached

	index map[triple]int32
	nodes []triple
	edges [][]arc
}

// A triple is a pair, by number, and a state between.
type triple struct{ pair, m int32 }

// An arc reads a class; a virtual one reads none.
type arc struct {
	to      int32
	class   uint8
	virtual bool
}

func (t *triples) run() (*Link, error) {
	t.leads = t.leadsTo(t.d)
	t.index = map[triple]int32{}
	for _, pair := range t.pairs.starts {
		if p := t.pairs.list[pair].p; t.leads[p] {
			t.node(triple{pair, p})
		}
	}
	for i := 0; i < len(t.nodes); i++ {
		if err := t.expand(int32(i)); err != nil {
			return nil, err
		}
	}
	t.r.Pairs += len(t.nodes)
	ids, _ := Strong(len(t.nodes), func(v int32, i int) (int32, bool) {
		if i >= len(t.edges[v]) {
			return 0, false
		}
		return t.edges[v][i].to, true
	})
	for i, n := range t.nodes {
		at := t.pairs.list[n.pair]
		if n.m != at.q {
			continue
		}
		start, found := t.index[triple{n.pair, at.p}]
		if found && ids[start] == ids[i] {
			word := t.word(start, int32(i))
			return &Link{From: at.p, To: at.q, Word: word, FromComponent: t.r.of[at.p], ToComponent: t.d}, nil
		}
	}
	return nil, nil
}

func (t *triples) node(n triple) int32 {
	id, found := t.index[n]
	if !found {
		id = int32(len(t.nodes))
		t.index[n] = id
		t.nodes = append(t.nodes, n)
		t.edges = append(t.edges, nil)
	}
	return id
}

func (t *triples) expand(id int32) error {
	n := t.nodes[id]
	out := t.a.States[n.m].Out
	if s := &t.a.States[n.m]; n.m == t.pairs.list[n.pair].p && (s.Wins || !t.loose && s.Copy != 0) {
		return t.part(id)
	}
	for _, round := range t.pairs.arcs[n.pair] {
		if err := t.spend(len(out)); err != nil {
			return err
		}
		for i := range out {
			f := &out[i]
			if f.Kind == nfa.Step && t.leads[f.To] && f.On.Overlaps(round.on) {
				to := t.node(triple{round.to, f.To})
				t.edges[id] = append(t.edges[id], arc{to: to, class: uint8(f.On.And(round.on).First())})
			}
		}
	}
	t.back(id)
	return nil
}

// back adds the virtual edge of a node that has one.
func (t *triples) back(id int32) {
	n := t.nodes[id]
	if at := t.pairs.list[n.pair]; n.m == at.q {
		if start, found := t.index[triple{n.pair, at.p}]; found {
			t.edges[id] = append(t.edges[id], arc{to: start, virtual: true})
		}
	}
}

// part expands a node in which the run between has not parted yet from the one
// that goes round, and may do so in some ways only: in a copy where a matcher has
// the choice, and from the path that ends the search before it.
func (t *triples) part(id int32) error {
	n := t.nodes[id]
	p := t.pairs.list[n.pair].p
	out := t.a.States[p].Out
	for _, round := range t.pairs.arcs[n.pair] {
		if err := t.spend(len(out)); err != nil {
			return err
		}
		to := t.pairs.list[round.to].p
		for k := range out {
			e := &out[k]
			on := e.On.And(round.on)
			if e.To != to || e.Kind != nfa.Step || on.IsEmpty() {
				continue
			}
			if err := t.spend(len(out)); err != nil {
				return err
			}
			for i := range out {
				f := &out[i]
				if both := on.And(f.On); f.Kind == nfa.Step && t.leads[f.To] && !both.IsEmpty() && t.parts(p, e, f) {
					node := t.node(triple{round.to, f.To})
					t.edges[id] = append(t.edges[id], arc{to: node, class: uint8(both.First())})
				}
			}
		}
	}
	t.back(id)
	return nil
}

// parts reports whether a run may take edge f of a state where another takes e,
// or both the same.
func (t *triples) parts(state int32, e, f *nfa.Edge) bool {
	if t.a.States[state].Wins && e != f && !t.aside(state, e, f) {
		return false
	}
	return !t.forced(state, e, f)
}

// word is a shortest word between two nodes that reads no virtual edge.
func (t *triples) word(from, to int32) Word {
	type visit struct {
		node, parent int32
		class        uint8
	}
	queue := []visit{{from, -1, 0}}
	seen := map[int32]bool{from: true}
	for i := 0; i < len(queue); i++ {
		for _, e := range t.edges[queue[i].node] {
			if e.virtual || seen[e.to] {
				continue
			}
			seen[e.to] = true
			queue = append(queue, visit{e.to, int32(i), e.class})
			if e.to != to {
				continue
			}
			var w Word
			for j := int32(len(queue) - 1); queue[j].parent >= 0; j = queue[j].parent {
				w = append(w, queue[j].class)
			}
			slices.Reverse(w)
			return w
		}
	}
	return nil
}
