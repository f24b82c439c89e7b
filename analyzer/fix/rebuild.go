package fix

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Limits of the parts that are rebuilt.
const (
	// maxRebuilt bounds the states of the automaton of a part: more make an
	// expression that nobody reads.
	maxRebuilt = 24
	// maxDetermined bounds those of the automaton before it is made minimal.
	maxDetermined = 400
	// maxItems bounds the items of a sequence that are rebuilt together.
	maxItems = 24
	// longer is how much a part may grow in bytes, besides doubling.
	longer = 80
	// maxLarge and maxLargest are the states of a loop, and of its automaton before
	// that is made minimal, where the length counts less: an exponential loop over
	// three kinds of quoted text has 33 of up to 800. largest bounds its bytes.
	maxLarge   = 60
	maxLargest = 2_000
	largest    = 3_000
)

// rebuild writes a small ambiguous part anew from its deterministic automaton:
// what comes out has one way to read a word.
func rebuild(d *draft, at *place) {
	n := at.node
	const why = "the same words, read in one way only"
	switch n.Op {
	case syntax.OpRepeat:
		if b := bare(n.Sub[0]); b.Op != syntax.OpSet {
			d.rebuilt([]*syntax.Node{n}, why)
		}
	case syntax.OpConcat:
		for i := range n.Sub {
			for j := i + 1; j < len(n.Sub) && j < i+maxItems && d.touches(n.Sub[i]) && n.Sub[i].Op != syntax.OpSet; j++ {
				if d.touches(n.Sub[j]) && n.Sub[j].Op != syntax.OpSet {
					d.rebuilt(n.Sub[i:j+1], why)
				}
			}
		}
	case syntax.OpAlternate:
		if d.touches(n) {
			d.rebuilt([]*syntax.Node{n}, why)
		}
	}
}

// touches reports whether a node shares a byte with a competing part.
func (d *draft) touches(n *syntax.Node) bool {
	for _, h := range d.hot {
		if n.Span.Start < h.End && h.Start < n.Span.End {
			return true
		}
	}
	return false
}

// rebuilt proposes consecutive nodes from their automaton.
func (d *draft) rebuilt(nodes []*syntax.Node, why string) {
	from, to := nodes[0].Span.Start, nodes[len(nodes)-1].Span.End
	for _, n := range nodes {
		if captures(n) && d.use > Match {
			return
		}
	}
	determined, states, most := maxDetermined, maxRebuilt, 2*(to-from)+longer
	if d.large && len(nodes) == 1 && nodes[0].Op == syntax.OpRepeat {
		determined, states, most = maxLargest, maxLarge, max(most, largest)
	}
	m, reason := language.DeterminizePart(part(d.re, nodes), determined, d.budget)
	if reason != nil || len(m.Next) > states {
		return
	}
	g := newGraph(m)
	for q := range m.Next {
		if m.End[q] {
			g.add(q, g.last, empty)
		}
	}
	text, ok := d.eliminate(g, most)
	if !ok {
		return
	}
	d.propose(why, Edit{from, to, text})
}

// whole proposes the search itself as one deterministic expression from the
// subject's start, where only the existence of a match counts: nothing starts
// anew then.
func (d *draft) whole() {
	if d.use > Match || !d.searches() {
		return
	}
	begin, end, ok := d.anchors()
	if !ok {
		return
	}
	m, reason := language.Determinize(d.re, maxDetermined, d.budget)
	if reason != nil || len(m.Next) > maxRebuilt {
		return
	}
	g := newGraph(m)
	for q, row := range m.Next {
		certain := m.End[q]
		for _, to := range row {
			certain = certain && to == language.Matched
		}
		switch {
		case certain:
			g.cut(q)
			g.add(q, g.last, empty)
		case m.End[q]:
			g.add(q, g.last, anchor(end))
		}
	}
	if text, ok := d.eliminate(g, 2*len(d.text)+longer); ok {
		d.idea, d.name = len(ideas()), Determine
		d.propose("the search as one expression from the start, which never begins anew", Edit{0, len(d.text), begin + text})
	}
}

// anchors are the beginning and the end of a subject as the dialect writes
// them under the pattern's flags.
func (d *draft) anchors() (begin, end string, ok bool) {
	begin, end = `\A`, `\z`
	multiline := d.re.Flags.Has(corpus.Multiline)
	switch d.re.Pattern.Dialect {
	case corpus.ECMAScript:
		return "^", "$", !multiline
	case corpus.Python:
		end = `\Z`
	case corpus.Ruby:
		multiline = true
	}
	if !multiline {
		begin = "^"
	}
	return begin, end, true
}

// A graph is an automaton with expressions on its edges, on its way to one
// expression.
type graph struct {
	edge []map[int]*expression
	last int // the only final state
}

func emptyGraph(states int) *graph {
	g := &graph{last: states, edge: make([]map[int]*expression, states+1)}
	for q := range g.edge {
		g.edge[q] = map[int]*expression{}
	}
	return g
}

func newGraph(m *language.Machine) *graph {
	g := emptyGraph(len(m.Next))
	for q, row := range m.Next {
		on := map[int][]charset.Set{}
		for class, to := range row {
			p := int(to)
			if to == language.Matched {
				p = g.last
			}
			on[p] = append(on[p], m.Classes.Class(class))
		}
		for p, sets := range on {
			g.edge[q][p] = set(charset.Union(sets...))
		}
	}
	return g
}

func (g *graph) add(from, to int, e *expression) { g.edge[from][to] = either(g.edge[from][to], e) }

// cut drops all edges that leave a state.
func (g *graph) cut(q int) { g.edge[q] = map[int]*expression{} }

// prune drops the states from which the end is not reached.
func (g *graph) prune() {
	alive := map[int]bool{g.last: true}
	for grown := true; grown; {
		grown = false
		for q, out := range g.edge {
			for to := range out {
				if alive[to] && !alive[q] {
					alive[q], grown = true, true
				}
			}
		}
	}
	for q, out := range g.edge {
		for to := range out {
			if !alive[to] || !alive[q] {
				delete(out, to)
			}
		}
	}
}

// eliminate removes state after state, the one with the smallest detours first
// (Brzozowski & McCluskey 1963), until one expression is left. It gives up
// where the text grows above a number of bytes.
func (d *draft) eliminate(g *graph, most int) (string, bool) {
	g.prune()
	start := len(g.edge)
	g.edge = append(g.edge, map[int]*expression{0: empty})
	left := map[int]bool{}
	for q := range g.last {
		left[q] = true
	}
	for len(left) > 0 {
		best, weight := -1, 0
		for q := range g.edge {
			if !left[q] {
				continue
			}
			if w := g.weight(q); best < 0 || w < weight {
				best, weight = q, w
			}
		}
		g.remove(best)
		delete(left, best)
		if g.size() > 8*most {
			return "", false
		}
	}
	e := g.edge[start][g.last]
	if e == nil {
		return "", false
	}
	w := &writer{spell: d.spell}
	text := w.text(e)
	return text, len(text) <= most
}

// weight estimates what removing a state adds to the text.
func (g *graph) weight(q int) int {
	in, out, loop := 0, 0, 0
	nin, nout := 0, 0
	for p, edges := range g.edge {
		if e := edges[q]; e != nil && p != q {
			in += e.size()
			nin++
		}
	}
	for p, e := range g.edge[q] {
		if p == q {
			loop = e.size()
			continue
		}
		out += e.size()
		nout++
	}
	return in*(nout-1) + out*(nin-1) + loop*(nin*nout-1)
}

func (g *graph) remove(q int) {
	loop := star(g.edge[q][q])
	for p, edges := range g.edge {
		in := edges[q]
		if in == nil || p == q {
			continue
		}
		delete(edges, q)
		for to := range len(g.edge) {
			if out := g.edge[q][to]; out != nil && to != q {
				g.add(p, to, cat(in, loop, out))
			}
		}
	}
	g.cut(q)
}

func (g *graph) size() int {
	n := 0
	for _, out := range g.edge {
		for _, e := range out {
			n += e.size()
		}
	}
	return n
}
