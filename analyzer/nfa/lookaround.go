package nfa

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// look builds a lookaround. One that asks about a neighbouring character or is
// an assertion itself is a guard, and exact. The body of a wider lookahead is a
// branch that ends in nothing, entered at every arrival; whether the matcher
// then goes on is known where a few characters decide it. A
// lookbehind of bounded length costs a constant at every arrival.
func (l *lowering) look(n *syntax.Node, next int32) int32 {
	body := n.Sub[0]
	if g, ok := l.simple(body, n.Behind); ok {
		if n.Negate {
			g = g.not(l.all)
		}
		pc := l.guarded(g, next)
		l.p.code[pc].cost = nodes(body)
		return pc
	}
	if n.Behind {
		return l.lookbehind(n, next)
	}
	var inside int32
	var number uint8
	var numbered bool
	l.inside(InLookaround, func() int32 {
		inside, number, numbered = l.region(n, l.dead)
		return inside
	})
	var rest int32
	if g, ok := l.window(body); ok {
		if n.Negate {
			g = g.not(l.all)
		}
		rest = l.guarded(g, next)
	} else if id, ok := l.foreseen(n); ok {
		rest = l.emit(instruction{op: opAhead, guard: id, negate: n.Negate, next: next})
	} else {
		rest = l.over(Lookahead, n.Span, next)
	}
	if n.Negate && numbered {
		rest = l.emit(instruction{op: opNot, region: number, next: rest})
	}
	return l.emit(instruction{op: opAlt, alts: []int32{inside, rest}})
}

// nodes is the number of nodes of a body: each is tried at most once where
// nothing in it repeats.
func nodes(n *syntax.Node) float64 {
	total := 0.0
	syntax.Walk(n, func(*syntax.Node) bool {
		total++
		return true
	})
	return total
}

// simple reads a lookaround body that is a guard.
func (l *lowering) simple(n *syntax.Node, behind bool) (guard, bool) {
	if in, edge, ok := l.neighbour(n, behind); ok {
		if behind {
			return guard{[]branch{{prev: look{in, edge}}}}, true
		}
		return guard{[]branch{{look{l.all, true}, []look{{in, edge}}}}}, true
	}
	n = bare(n)
	switch {
	case n.Op == syntax.OpAssert && n.Assert != syntax.SearchStart && !l.lineStart(n):
		return l.assertion(n), true
	case n.Op == syntax.OpLook:
		g, ok := l.simple(n.Sub[0], n.Behind)
		if ok && n.Negate {
			g = g.not(l.all)
		}
		return g, ok
	}
	return guard{}, false
}

// Limits of the lookaheads that become guards.
const (
	// maxWindow is the number of characters that a guard looks at.
	maxWindow = 4
	// maxPhrases is the number of sequences of sets that a body may stand for.
	maxPhrases = 24
)

// window reads a lookahead body whose success at most maxWindow characters
// decide: alternatives of sequences of sets, with an end of the subject or of
// a line behind them, or with something behind them that may be empty.
func (l *lowering) window(n *syntax.Node) (guard, bool) {
	phrases, ok := l.phrases([]*syntax.Node{n}, phrase{})
	if !ok {
		return guard{}, false
	}
	none := guard{[]branch{{prev: look{l.all, true}}}}
	for _, p := range phrases {
		g := guard{[]branch{{look{l.all, true}, p.looks}}}.not(l.all)
		if none, ok = none.both(g, l.all); !ok {
			return guard{}, false
		}
	}
	return none.not(l.all), true
}

// A phrase is a sequence of conditions on the next characters. It is done when
// nothing more is asked.
type phrase struct {
	looks []look
	done  bool
}

func (p phrase) with(l look) phrase {
	return phrase{append(append([]look{}, p.looks...), l), l.edge}
}

// phrases reads nodes in sequence, behind what a phrase already asks.
func (l *lowering) phrases(nodes []*syntax.Node, p phrase) ([]phrase, bool) {
	if p.done || len(nodes) == 0 || !slices.ContainsFunc(nodes, func(n *syntax.Node) bool { return !optional(n) }) {
		return []phrase{p}, true
	}
	n, rest := bare(nodes[0]), nodes[1:]
	switch n.Op {
	case syntax.OpEmpty:
		return l.phrases(rest, p)
	case syntax.OpFail:
		return nil, true
	case syntax.OpSet:
		if len(p.looks) == maxWindow {
			return nil, false
		}
		return l.phrases(rest, p.with(look{in: l.mask(n.Set)}))
	case syntax.OpBackref:
		text, ok := l.repeated(n)
		if !ok || len(p.looks)+len(text) > maxWindow {
			return nil, false
		}
		for _, c := range text {
			p = p.with(look{in: charset.Bit(l.a.Classes.Of(c))})
		}
		return l.phrases(rest, p)
	case syntax.OpConcat:
		return l.phrases(append(append([]*syntax.Node{}, n.Sub...), rest...), p)
	case syntax.OpAssert:
		return l.endPhrases(n, rest, p)
	case syntax.OpAlternate:
		var out []phrase
		for _, s := range n.Sub {
			more, ok := l.phrases(append([]*syntax.Node{s}, rest...), p)
			if out = append(out, more...); !ok || len(out) > maxPhrases {
				return nil, false
			}
		}
		return out, true
	case syntax.OpRepeat:
		if n.Max != n.Min && len(rest) > 0 && slices.ContainsFunc(rest, func(n *syntax.Node) bool { return !optional(n) }) && (n.Max == syntax.Infinite || n.Max-n.Min > 1) {
			return nil, false
		}
		if n.Min > maxWindow {
			return nil, false
		}
		var seq []*syntax.Node
		for range n.Min {
			seq = append(seq, n.Sub[0])
		}
		out, ok := l.phrases(append(slices.Clone(seq), rest...), p)
		if !ok || n.Max == n.Min || n.Max == syntax.Infinite || len(rest) == 0 {
			return out, ok
		}
		more, ok := l.phrases(append(append(seq, n.Sub[0]), rest...), p)
		return append(out, more...), ok && len(out)+len(more) <= maxPhrases
	}
	return nil, false
}

// endPhrases reads an assertion about the end of the subject or of a line,
// behind which only what may be empty stands.
func (l *lowering) endPhrases(n *syntax.Node, rest []*syntax.Node, p phrase) ([]phrase, bool) {
	if n.CRLF || slices.ContainsFunc(rest, func(n *syntax.Node) bool { return !optional(n) }) || len(p.looks) >= maxWindow-1 {
		return nil, false
	}
	end := look{edge: true}
	switch n.Assert {
	case syntax.EndText:
		return []phrase{p.with(end)}, true
	case syntax.EndLine:
		return []phrase{p.with(look{l.mask(n.Set), true})}, true
	case syntax.EndTextOptional:
		return []phrase{p.with(end), p.with(look{in: l.mask(n.Set)}).with(end)}, true
	}
	return nil, false
}

// optional reports whether a node matches the empty string wherever it stands.
func optional(n *syntax.Node) bool {
	n = bare(n)
	switch n.Op {
	case syntax.OpEmpty:
		return true
	case syntax.OpRepeat:
		return n.Min == 0 || optional(n.Sub[0])
	case syntax.OpConcat:
		return !slices.ContainsFunc(n.Sub, func(s *syntax.Node) bool { return !optional(s) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(n.Sub, optional)
	}
	return false
}

// lookbehind builds a lookbehind that is no guard. What it says is exact where
// a small automaton remembers it.
func (l *lowering) lookbehind(n *syntax.Node, next int32) int32 {
	if !l.boundedBehind(n) {
		id, ok := l.walk(n)
		if !ok {
			return l.fail(&UnsupportedError{Construct{unwalked(n), n.Span}})
		}
		return l.emit(instruction{op: opWalk, guard: id, next: l.holds(n, next, nodes(n))})
	}
	cost := l.backwardCost(n.Sub[0])
	if cost > maxBehind {
		if id, ok := l.walk(n); ok {
			return l.emit(instruction{op: opWalk, guard: id, next: l.holds(n, next, nodes(n))})
		}
	}
	return l.holds(n, next, cost)
}

// maxBehind is the number of instructions up to which every arrival at a
// lookbehind of bounded length is taken to cost the most that it may; what may
// cost more is looked at as a walk, where a dialect has them.
const maxBehind = 1_000

// holds goes on to next where a lookbehind holds. A body that is entered behind
// any text would have to remember all of it, and approximates instead.
func (l *lowering) holds(n *syntax.Node, next int32, cost float64) int32 {
	m, found := l.remembered[n]
	if !found && !l.entered {
		if m = l.remember(n.Sub[0]); m != nil && m.small() {
			l.p.memories = append(l.p.memories, m)
		} else {
			m = nil
		}
		l.remembered[n] = m
	}
	if m != nil {
		id := int32(slices.Index(l.p.memories, m))
		return l.emit(instruction{op: opBehind, guard: id, negate: n.Negate, next: next, cost: cost})
	}
	pc := l.over("lookbehind", n.Span, next)
	l.p.code[pc].cost = cost
	return pc
}

// boundedBehind reports whether a lookbehind reads a bounded number of
// characters: its body does, and every lookaround in it.
func (l *lowering) boundedBehind(n *syntax.Node) bool {
	bounded := true
	syntax.Walk(n, func(s *syntax.Node) bool {
		if s.Op == syntax.OpLook && l.measure.Max(s.Sub[0]) == syntax.Infinite {
			bounded = false
		}
		return bounded
	})
	return bounded
}

// backwardCost bounds the instructions of matching the body of a lookbehind in
// every way at every length that it may have.
func (l *lowering) backwardCost(n *syntax.Node) float64 {
	_, cost := trials(n)
	return cost * float64(l.measure.Max(n)-l.measure.Min(n)+1)
}

// trials bounds the ways in which a body of bounded length matches at one
// place, and the instructions of trying all of them.
func trials(n *syntax.Node) (ways, cost float64) {
	const top = 1e18
	ways, cost = 1, 1
	follow := func(w, c float64) {
		cost = min(cost+ways*c, top)
		ways = min(ways*w, top)
	}
	switch n.Op {
	case syntax.OpAlternate:
		ways = 0
		for _, s := range n.Sub {
			w, c := trials(s)
			ways, cost = min(ways+w, top), min(cost+c+1, top)
		}
	case syntax.OpRepeat:
		// Without a bound the body is empty, and is tried once more at the most.
		count, total := max(n.Max, n.Min+1), 0.0
		w, c := trials(n.Sub[0])
		for i := range count {
			if i >= n.Min {
				total += ways
			}
			if follow(w, c+1); cost == top {
				break
			}
		}
		ways = min(total+ways, top)
	default:
		for _, s := range n.Sub {
			follow(trials(s))
		}
	}
	return ways, cost
}

// neighbour reads a lookaround body that asks about one character: a set, an
// edge of the subject, or alternatives of these.
func (l *lowering) neighbour(n *syntax.Node, behind bool) (in charset.Mask, edge, ok bool) {
	n = bare(n)
	switch n.Op {
	case syntax.OpSet:
		return l.mask(n.Set), false, true
	case syntax.OpBackref:
		if text, ok := l.repeated(n); ok && len(text) == 1 {
			return charset.Bit(l.a.Classes.Of(text[0])), false, true
		}
	case syntax.OpAssert:
		if behind && n.Assert == syntax.BeginText || !behind && n.Assert == syntax.EndText {
			return in, true, true
		}
		if !n.CRLF && (behind && n.Assert == syntax.BeginLine || !behind && n.Assert == syntax.EndLine) {
			return l.mask(n.Set), true, true
		}
	case syntax.OpAlternate:
		for _, s := range n.Sub {
			m, e, one := l.neighbour(s, behind)
			if !one {
				return in, false, false
			}
			in, edge = in.Or(m), edge || e
		}
		return in, edge, true
	}
	return in, false, false
}
