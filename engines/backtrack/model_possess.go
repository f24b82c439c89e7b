package backtrack

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A follow is what stands behind a loop: a list of items, innermost group
// first. Its end is the pattern's.
type follow struct {
	n    *syntax.Node // nil where a group ends
	end  groupEnd
	rest *follow
}

// A groupEnd says how a group ends for what is inside.
type groupEnd uint8

const (
	endPlain   groupEnd = iota
	endCapture          // of a capture group
	endAtomic           // of an atomic group or a lookaround: nothing outside counts
	endLoop             // the group may be entered again
)

// autoPossess makes loops over a single character possessive where what
// follows cannot begin inside what the loop took: giving back is in vain
// then. The first character that a following item can begin with decides, by
// the rules of pcre2_auto_possess.c of 10.42, which also say where PCRE2 does
// not look (a word boundary, the way back in a repeated group).
func autoPossess() shortcut {
	return shortcut{"auto-possessification", func(b *modelBuilder) bool {
		if b.options().NoAutoPossess {
			return false
		}
		p := possessor{b: b}
		p.walk(b.re.Root, nil)
		return p.changed
	}}
}

// autoAtomic is .NET's form of it: sets are compared whatever they were
// written as, also with the assertions behind them, and the pattern's end is
// left to another rule (RegexNode.CanBeMadeAtomic).
func autoAtomic() shortcut {
	return shortcut{"atomic loops", func(b *modelBuilder) bool {
		if b.re.Flags.Has(corpus.RightToLeft) {
			return false
		}
		p := possessor{b: b, sets: true}
		p.walk(b.re.Root, nil)
		return p.changed
	}}
}

type possessor struct {
	b       *modelBuilder
	sets    bool // .NET's rules
	changed bool
}

func (p *possessor) walk(n *syntax.Node, f *follow) {
	switch n.Op {
	case syntax.OpConcat:
		for i := len(n.Sub) - 1; i >= 0; i-- {
			p.walk(n.Sub[i], f)
			f = &follow{n: n.Sub[i], rest: f}
		}
	case syntax.OpAlternate:
		for _, sub := range n.Sub {
			p.walk(sub, f)
		}
	case syntax.OpGroup:
		end := endPlain
		if n.Index > 0 {
			end = endCapture
		}
		p.walk(n.Sub[0], &follow{end: end, rest: f})
	case syntax.OpAtomic, syntax.OpLook:
		end := endAtomic
		if n.NonAtomic || n.Behind {
			end = endLoop
		}
		p.walk(n.Sub[0], &follow{end: end})
	case syntax.OpConditional:
		for i, sub := range n.Sub {
			if i == 2 {
				p.walk(sub, &follow{end: endLoop})
				continue
			}
			p.walk(sub, &follow{rest: f})
		}
	case syntax.OpScriptRun, syntax.OpBalance, syntax.OpAbsent:
		p.walk(n.Sub[0], &follow{end: endLoop})
	case syntax.OpRepeat:
		if n.Sub[0].Op == syntax.OpSet {
			p.loop(n, f)
			return
		}
		if n.Max > 1 || n.Max == syntax.Infinite {
			f = &follow{end: endLoop}
		}
		p.walk(n.Sub[0], f)
	}
}

func (p *possessor) loop(n *syntax.Node, f *follow) {
	if n.Greed == syntax.Possessive || n.Min == n.Max {
		return
	}
	w, _ := p.b.writing(n.Sub[0])
	q := possession{p: p, set: n.Sub[0].Set, written: w, greedy: n.Greed == syntax.Greedy, left: maxFollow}
	if q.holds(f, false) {
		n.Greed = syntax.Possessive
		p.changed = true
	}
}

// maxFollow bounds the items looked at behind one loop, as PCRE2's rec_limit
// does.
const maxFollow = 1000

// A possession asks whether one loop may be possessive.
type possession struct {
	p       *possessor
	set     charset.Set
	written writing
	greedy  bool
	left    int
}

// holds reports whether nothing of f can begin inside the loop. entered says
// that a group behind the loop was entered.
func (q *possession) holds(f *follow, entered bool) bool {
	for {
		if q.left--; q.left < 0 {
			return false
		}
		if f == nil {
			return q.greedy && !q.p.sets // the pattern's end
		}
		n := f.n
		if n == nil {
			switch f.end {
			case endCapture:
				if q.p.b.hasCalls {
					return false
				}
			case endAtomic:
				return !entered
			case endLoop:
				return false
			}
			f = f.rest
			continue
		}
		switch n.Op {
		case syntax.OpEmpty, syntax.OpCallout:
			f = f.rest
		case syntax.OpConcat:
			f = spread(n, f.rest)
		case syntax.OpGroup, syntax.OpAtomic:
			subs := branches(n.Sub[0])
			end := &follow{end: endPlain, rest: f.rest}
			if n.Op == syntax.OpAtomic {
				end = &follow{end: endAtomic}
			} else if n.Index > 0 {
				end = &follow{end: endCapture, rest: f.rest}
			}
			for _, sub := range subs[:len(subs)-1] {
				if !q.holds(&follow{n: sub, rest: end}, entered) {
					return false
				}
			}
			entered = true
			f = &follow{n: subs[len(subs)-1], rest: end}
		case syntax.OpRepeat:
			if n.Max == 0 {
				f = f.rest
				continue
			}
			body := n.Sub[0]
			if body.Op == syntax.OpSet {
				if !q.apart(body) {
					return false
				}
				if n.Min > 0 {
					return true
				}
				f = f.rest
				continue
			}
			if body.Op != syntax.OpGroup && body.Op != syntax.OpAtomic || q.p.b.widths.of(body).min == 0 && n.Max != 1 {
				return false
			}
			if n.Min == 0 && !q.holds(f.rest, entered) {
				return false
			}
			rest := f.rest
			if n.Max != 1 {
				rest = &follow{end: endLoop}
			}
			f = &follow{n: body, rest: rest}
		case syntax.OpSet:
			return q.apart(n)
		case syntax.OpAssert:
			return q.beside(n)
		default:
			return false
		}
	}
}

func spread(n *syntax.Node, rest *follow) *follow {
	for i := len(n.Sub) - 1; i >= 0; i-- {
		rest = &follow{n: n.Sub[i], rest: rest}
	}
	return rest
}

// apart reports whether an item of a single character has none in common with
// the loop. A dot is not compared with what is not one.
func (q *possession) apart(n *syntax.Node) bool {
	w, _ := q.p.b.writing(n)
	if !q.p.sets && (q.written == asDot || w == asDot) {
		return false
	}
	return q.set.Intersect(n.Set).IsEmpty()
}

// beside reports whether an assertion fails inside the loop.
func (q *possession) beside(n *syntax.Node) bool {
	switch n.Assert {
	case syntax.EndText:
		return q.p.sets || q.written != asClass
	case syntax.EndTextOptional, syntax.EndLine:
		if q.p.sets {
			return q.set.Intersect(n.Set).IsEmpty()
		}
		return q.written != asClass && q.written != asNot && q.written != asDot && q.set.Intersect(n.Set).IsEmpty()
	}
	return false
}
