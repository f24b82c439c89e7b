package fix

import (
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// merge makes alternatives exclude each other: single characters become one
// class, an alternative that others cover goes, and what two share is left to
// one of them.
func merge(d *draft, at *place) {
	n := at.node
	if n.Op != syntax.OpAlternate {
		return
	}
	var union charset.Set
	single := true
	for _, s := range n.Sub {
		single = single && s.Op == syntax.OpSet
		if s.Op == syntax.OpSet {
			union = charset.Union(union, s.Set)
		}
	}
	if single {
		from, to := n.Span.Start, n.Span.End
		if p := at.parent; p != nil && p.node.Op == syntax.OpGroup && p.node.Index == 0 && strings.HasPrefix(d.text[p.node.Span.Start:], "(?:") {
			from, to = p.node.Span.Start, p.node.Span.End
		}
		d.propose("alternatives of one character each are a class", Edit{from, to, d.spell.set(union)})
	}
	for i, s := range n.Sub {
		from, to := s.Span.Start, s.Span.End
		if i > 0 {
			from = n.Sub[i-1].Span.End // with the bar before it
		} else {
			to = n.Sub[1].Span.Start
		}
		d.propose("the other alternatives match all that this one matches", Edit{from, to, ""})
		x, ok := runOf(s)
		if !ok {
			continue
		}
		for j, o := range n.Sub {
			set, _, known := first(o)
			if rest := x.set.Minus(set); j != i && known && !rest.IsEmpty() && !rest.Equal(x.set) {
				d.propose("what both alternatives match is left to one of them", replace(x.node, times(d.spell.set(rest), x.min, x.max)))
			}
		}
	}
}

// collapse makes one class of a loop over classes: (?:a*b*)* is [ab]*.
func collapse(d *draft, at *place) {
	n := at.node
	if n.Op != syntax.OpRepeat || n.Max != syntax.Infinite || captures(n) && d.use > Match || bare(n.Sub[0]).Op == syntax.OpSet {
		return
	}
	var union charset.Set
	plain := true
	syntax.Walk(n.Sub[0], func(n *syntax.Node) bool {
		switch n.Op {
		case syntax.OpSet:
			union = charset.Union(union, n.Set)
		case syntax.OpConcat, syntax.OpAlternate, syntax.OpRepeat, syntax.OpGroup, syntax.OpEmpty:
		default:
			plain = false
		}
		return plain
	})
	begin, _, ok := first(n.Sub[0])
	if !plain || !ok || union.IsEmpty() || begin.IsEmpty() {
		return
	}
	const why = "every word over these characters is read, in whatever pieces"
	all := times(d.spell.set(union), 0, syntax.Infinite)
	texts := []string{all, times(d.spell.set(union), 1, syntax.Infinite)}
	if !begin.Equal(union) {
		texts = append(texts, d.spell.set(begin)+all)
	}
	for _, text := range texts {
		d.propose(why, replace(n, text))
		if g := n.Sub[0]; g.Op == syntax.OpGroup && g.Index > 0 {
			d.propose(why, replace(n, "("+text+")"))
		}
	}
	d.propose(why, replace(n, "(?:"+d.spell.set(begin)+all+")?"))
}

// stagger lets the pieces of a loop meet in one way only: (?:a+,?)+ is
// a+(?:,a+)*,?, and (?:\s*a\s*)+ is \s*(?:a\s*)+.
func stagger(d *draft, at *place) {
	n := at.node
	body := bare(n)
	if n.Op == syntax.OpRepeat {
		body = bare(n.Sub[0])
	}
	if n.Op != syntax.OpRepeat || n.Max != syntax.Infinite || n.Min > 1 || body.Op != syntax.OpConcat || captures(n) && d.use > Match {
		return
	}
	const why = "the pieces of the loop meet in one way only"
	put := func(text string) {
		if n.Min == 0 {
			text = "(?:" + text + ")?"
		}
		d.propose(why, replace(n, text))
	}
	k := len(body.Sub) - 1
	head, tail := body.Sub[0], body.Sub[k]
	if nullable(tail) {
		rest := d.between(body.Sub[0], body.Sub[k-1])
		put("(?:" + rest + ")+" + d.src(tail))
		if t := bare(tail); t.Op == syntax.OpRepeat && t.Min == 0 {
			put(rest + "(?:" + times(d.atom(t.Sub[0]), 1, t.Max) + rest + ")*" + d.src(tail))
		}
	}
	if nullable(head) {
		rest := d.between(body.Sub[1], body.Sub[k])
		put(d.src(head) + "(?:" + rest + ")+")
		if t := bare(head); t.Op == syntax.OpRepeat && t.Min == 0 {
			put(d.src(head) + rest + "(?:" + times(d.atom(t.Sub[0]), 1, t.Max) + rest + ")*")
		}
	}
}
