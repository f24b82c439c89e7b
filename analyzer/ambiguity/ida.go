package ambiguity

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// links decides IDA for each ordered pair of components: states p and q with
// runs p → p, p → q, q → q on one word.
//
// Where both components are one state with a loop, the word may be anything
// over the classes common to both loops, and a path from p to q over those
// classes is enough. Otherwise the triple product is searched.
func (s *search) links() error {
	s.reachability()
	for c := range s.r.Components {
		for _, d := range s.r.reach[c] {
			link, err := s.link(int32(c), d)
			if err != nil {
				return err
			}
			if link != nil {
				s.r.IDA = append(s.r.IDA, *link)
			}
		}
	}
	return nil
}

// reachability fills reach: the components that each leads to.
func (s *search) reachability() {
	s.r.reach = make([][]int32, len(s.r.Components))
	stamp := make([]int32, len(s.a.States))
	var todo []int32
	for c, comp := range s.r.Components {
		mark := int32(c) + 1
		met := make([]bool, len(s.r.Components))
		todo = append(todo[:0], comp.States[0])
		stamp[comp.States[0]] = mark
		for len(todo) > 0 {
			v := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			out := s.a.States[v].Out
			for i := range out {
				e := &out[i]
				if e.Kind != nfa.Step || stamp[e.To] == mark {
					continue
				}
				stamp[e.To] = mark
				todo = append(todo, e.To)
				if d := s.r.of[e.To]; d >= 0 && d != int32(c) {
					met[d] = true
				}
			}
		}
		for d, ok := range met {
			if ok {
				s.r.reach[c] = append(s.r.reach[c], int32(d))
			}
		}
	}
}

func (s *search) link(c, d int32) (*Link, error) {
	from, to := s.r.Components[c].States, s.r.Components[d].States
	if len(from) == 1 && len(to) == 1 {
		return s.simpleLink(c, d)
	}
	loops := s.loopMask(c).And(s.loopMask(d))
	if loops.IsEmpty() {
		return nil, nil
	}
	t := &triples{search: s, c: c, d: d, loops: loops}
	return t.run()
}

// loopMask is the classes of the edges inside a component.
func (s *search) loopMask(c int32) charset.Mask {
	var m charset.Mask
	for _, v := range s.r.Components[c].States {
		s.inner(v, c, func(e *nfa.Edge) bool {
			m = m.Or(e.On)
			return true
		})
	}
	return m
}

func (s *search) simpleLink(c, d int32) (*Link, error) {
	p, q := s.r.Components[c].States[0], s.r.Components[d].States[0]
	loops := s.loopMask(c).And(s.loopMask(d))
	if loops.IsEmpty() {
		return nil, nil
	}
	if err := s.spend(len(s.a.States[p].Out)); err != nil {
		return nil, err
	}
	word := s.path(p, func(v int32) bool { return v == q }, func(e *nfa.Edge) (int, bool) {
		s.work++
		both := e.On.And(loops)
		return both.First(), !both.IsEmpty()
	})
	if word == nil {
		return nil, nil
	}
	return &Link{From: p, To: q, Word: word, FromComponent: c, ToComponent: d}, nil
}

// triples is the product of component c, the states between, and component d,
// searched for a path (p, p, q) → (p, q, q). With virtual edges
// (p, q, q) → (p, p, q) such a path exists exactly when a strongly connected
// component holds one of them: a cycle through several virtual edges composes
// to a cycle through one, since p₁ →v₁ q₂ →v₂ q₁ is a run as well.
type triples struct {
	*search
	c, d  int32
	loops charset.Mask
	leads []bool // states from which component d can be reached

	index map[uint64]int32
	nodes []triple
	edges [][]arc
}

type triple struct{ a, m, b int32 }

// key packs a triple: an automaton has fewer than 2²¹ states.
func (n triple) key() uint64 { return uint64(n.a)<<42 | uint64(n.m)<<21 | uint64(n.b) }

// An arc reads a class; a virtual one reads none.
type arc struct {
	to      int32
	class   uint8
	virtual bool
}

func (t *triples) run() (*Link, error) {
	t.leads = t.leadsTo(t.d)
	t.index = map[uint64]int32{}
	for _, p := range t.r.Components[t.c].States {
		if !t.leads[p] {
			continue
		}
		for _, q := range t.r.Components[t.d].States {
			t.node(triple{p, p, q})
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
		if n.m != n.b {
			continue
		}
		start, found := t.index[triple{n.a, n.a, n.b}.key()]
		if found && ids[start] == ids[i] {
			word := t.word(start, int32(i))
			return &Link{From: n.a, To: n.b, Word: word, FromComponent: t.c, ToComponent: t.d}, nil
		}
	}
	return nil, nil
}

func (t *triples) node(n triple) int32 {
	k := n.key()
	id, found := t.index[k]
	if !found {
		id = int32(len(t.nodes))
		t.index[k] = id
		t.nodes = append(t.nodes, n)
		t.edges = append(t.edges, nil)
	}
	return id
}

func (t *triples) expand(id int32) error {
	n := t.nodes[id]
	var err error
	t.inner(n.a, t.c, func(e *nfa.Edge) bool {
		ab := e.On.And(t.loops)
		if ab.IsEmpty() {
			return true
		}
		t.inner(n.b, t.d, func(g *nfa.Edge) bool {
			abb := ab.And(g.On)
			if abb.IsEmpty() {
				return true
			}
			out := t.a.States[n.m].Out
			if err = t.spend(len(out)); err != nil {
				return false
			}
			for i := range out {
				f := &out[i]
				if f.Kind == nfa.Step && t.leads[f.To] && f.On.Overlaps(abb) {
					to := t.node(triple{e.To, f.To, g.To})
					t.edges[id] = append(t.edges[id], arc{to: to, class: uint8(f.On.And(abb).First())})
				}
			}
			return true
		})
		return err == nil
	})
	if err == nil && n.m == n.b {
		if start, found := t.index[triple{n.a, n.a, n.b}.key()]; found {
			t.edges[id] = append(t.edges[id], arc{to: start, virtual: true})
		}
	}
	return err
}

// leadsTo marks the states from which a component can be reached.
func (s *search) leadsTo(component int32) []bool {
	if leads, found := s.leads[component]; found {
		return leads
	}
	if s.into == nil {
		s.into = make([][]int32, len(s.a.States))
		for v := range s.a.States {
			out := s.a.States[v].Out
			for i := range out {
				if e := &out[i]; e.Kind == nfa.Step {
					s.into[e.To] = append(s.into[e.To], int32(v))
				}
			}
		}
	}
	leads := make([]bool, len(s.a.States))
	todo := append([]int32(nil), s.r.Components[component].States...)
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !leads[v] {
			leads[v] = true
			todo = append(todo, s.into[v]...)
		}
	}
	s.leads[component] = leads
	return leads
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
