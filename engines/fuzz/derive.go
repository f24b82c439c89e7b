package fuzz

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A derivation writes one whole input from the tree: a string that the pattern
// would match if its assertions hold, with the bodies of chosen repeats as
// pumps. Backreferences repeat what their group wrote, pumps included.
type derivation struct {
	g      *search
	pumped map[*syntax.Node]bool
	random bool
	out    []token
	groups map[int][2]int // tokens [from, to) written by a group
	calls  int
	depth  int
	size   int
}

// A token is a literal or a pump.
type token struct {
	text string
	pump bool
}

// derive writes a family with the given repeats pumped; random chooses among
// alternatives and counts, else the usual words are taken.
func (g *search) derive(pumped map[*syntax.Node]bool, random bool) attack.Witness {
	d := &derivation{g: g, pumped: pumped, random: random, groups: map[int][2]int{}}
	d.node(g.re.Root)
	return witness(d.out)
}

// witness joins tokens to a family.
func witness(tokens []token) attack.Witness {
	var w attack.Witness
	var literal []byte
	for _, t := range tokens {
		if !t.pump || t.text == "" || len(w.Pumps) == maxPumps {
			literal = append(literal, t.text...)
			continue
		}
		w.Pumps = append(w.Pumps, attack.Pump{Prefix: literal, Pump: []byte(t.text)})
		literal = nil
	}
	w.Suffix = literal
	return w
}

// tokens is a family as a sequence of literals and pumps.
func tokens(w attack.Witness) []token {
	var out []token
	for _, p := range w.Pumps {
		if len(p.Prefix) > 0 {
			out = append(out, token{text: string(p.Prefix)})
		}
		out = append(out, token{text: string(p.Pump), pump: true})
	}
	if len(w.Suffix) > 0 {
		out = append(out, token{text: string(w.Suffix)})
	}
	return out
}

func (d *derivation) write(s string) {
	if s == "" || d.size+len(s) > maxFixed {
		return
	}
	d.size += len(s)
	d.out = append(d.out, token{text: s})
}

func (d *derivation) node(n *syntax.Node) {
	if d.depth++; d.depth > maxDepth || d.size >= maxFixed {
		d.depth--
		return
	}
	defer func() { d.depth-- }()
	switch n.Op {
	case syntax.OpSet:
		if words := d.g.abc.of(n.Set); len(words) > 0 {
			d.write(words[d.choose(len(words))])
		}
	case syntax.OpConcat:
		for _, sub := range n.Sub {
			d.node(sub)
		}
	case syntax.OpAlternate:
		d.node(d.branch(n.Sub))
	case syntax.OpConditional:
		if n.Cond != syntax.CondDefine {
			d.node(d.branch(n.Sub[:2]))
		}
	case syntax.OpRepeat:
		d.repeat(n)
	case syntax.OpGroup, syntax.OpBalance:
		from := len(d.out)
		d.node(n.Sub[0])
		if n.Index > 0 {
			d.groups[n.Index] = [2]int{from, len(d.out)}
		}
	case syntax.OpAtomic, syntax.OpScriptRun:
		d.node(n.Sub[0])
	case syntax.OpBackref:
		for _, r := range n.Refs {
			if span, ok := d.groups[r]; ok {
				for _, t := range d.out[span[0]:span[1]] {
					if d.size += len(t.text); d.size > maxFixed {
						return
					}
					d.out = append(d.out, t)
				}
				return
			}
		}
	case syntax.OpCall:
		d.call(n.Index)
	case syntax.OpGrapheme:
		words := d.g.lex.of(n)
		d.write(words[d.choose(len(words))])
	case syntax.OpLook:
		// What a lookahead asks for may as well be written: an assertion is
		// satisfied more often when its words are there.
		if d.random && !n.Negate && d.g.rng.IntN(4) == 0 {
			d.node(n.Sub[0])
		}
	}
}

func (d *derivation) call(g int) {
	if d.calls >= maxCalls || g >= len(d.g.re.Groups) {
		return
	}
	d.calls++
	defer func() { d.calls-- }()
	if g == 0 {
		d.node(d.g.re.Root)
		return
	}
	for _, n := range d.g.re.Groups[g].Nodes {
		if len(n.Sub) > 0 {
			d.node(n.Sub[0])
			return
		}
	}
}

// branch picks an alternative, one with a pump in it where there is one.
func (d *derivation) branch(subs []*syntax.Node) *syntax.Node {
	k := d.choose(len(subs))
	for i := range subs {
		if sub := subs[(k+i)%len(subs)]; holds(sub, d.pumped) {
			return sub
		}
	}
	return subs[k]
}

// choose picks one of n: the first, or at random the first half of the time.
func (d *derivation) choose(n int) int {
	if !d.random || n < 2 || d.g.rng.IntN(2) == 0 {
		return 0
	}
	return d.g.rng.IntN(n)
}

func (d *derivation) repeat(n *syntax.Node) {
	if d.pumped[n] {
		words := d.g.lex.of(n.Sub[0])
		k := d.choose(len(words))
		for i := range words {
			if w := words[(k+i)%len(words)]; w != "" && len(w) <= maxPump {
				d.size += len(w)
				d.out = append(d.out, token{text: w, pump: true})
				return
			}
		}
	}
	times := n.Min
	if d.random && d.g.rng.IntN(2) == 0 {
		times += d.g.rng.IntN(3)
	} else if times == 0 && holds(n.Sub[0], d.pumped) {
		times = 1
	}
	if n.Max != syntax.Infinite {
		times = min(times, n.Max)
	}
	for range times {
		if d.size >= maxFixed {
			return
		}
		d.node(n.Sub[0])
	}
}

// holds reports whether one of the chosen repeats stands within n.
func holds(n *syntax.Node, chosen map[*syntax.Node]bool) bool {
	found := false
	if len(chosen) > 0 {
		syntax.Walk(n, func(m *syntax.Node) bool {
			found = found || chosen[m]
			return !found
		})
	}
	return found
}
