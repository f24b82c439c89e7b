package fix

import (
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// An expression is a regular expression over classes of characters, made while
// the states of an automaton are eliminated; nil matches nothing.
type expression struct {
	kind shape
	on   charset.Set // of a set
	sub  []*expression
	text string // of an anchor
}

type shape uint8

const (
	shapeEmpty  shape = iota // the empty word
	shapeSet                 // one character
	shapeAnchor              // an assertion, as written
	shapeCat                 // sub in order
	shapeAlt                 // one of sub
	shapeStar                // sub[0], any number of times
)

var empty = &expression{kind: shapeEmpty}

func set(on charset.Set) *expression { return &expression{kind: shapeSet, on: on} }

// equal compares by content.
func (e *expression) equal(o *expression) bool {
	if e == nil || o == nil || e.kind != o.kind || !e.on.Equal(o.on) || e.text != o.text || len(e.sub) != len(o.sub) {
		return e == o
	}
	for i := range e.sub {
		if !e.sub[i].equal(o.sub[i]) {
			return false
		}
	}
	return true
}

// pieces are the factors of an expression.
func (e *expression) pieces() []*expression {
	switch e.kind {
	case shapeCat:
		return e.sub
	case shapeEmpty:
		return nil
	}
	return []*expression{e}
}

// cat joins expressions.
func cat(parts ...*expression) *expression {
	var sub []*expression
	for _, p := range parts {
		if p == nil {
			return nil
		}
		sub = append(sub, p.pieces()...)
	}
	switch len(sub) {
	case 0:
		return empty
	case 1:
		return sub[0]
	}
	return &expression{kind: shapeCat, sub: sub}
}

// either is one expression or another: sets are united, and what both begin or
// end with is written once.
func either(a, b *expression) *expression {
	switch {
	case a == nil:
		return b
	case b == nil || a.equal(b):
		return a
	}
	var sub []*expression
	for _, e := range []*expression{a, b} {
		alts := []*expression{e}
		if e.kind == shapeAlt {
			alts = e.sub
		}
		for _, x := range alts {
			sub = united(sub, x)
		}
	}
	if len(sub) == 1 {
		return sub[0]
	}
	if len(sub) == 2 {
		if e := shared(sub[0], sub[1]); e != nil {
			return e
		}
	}
	return &expression{kind: shapeAlt, sub: sub}
}

// united adds an alternative to others.
func united(sub []*expression, x *expression) []*expression {
	for i, y := range sub {
		if y.equal(x) {
			return sub
		}
		if y.kind == shapeSet && x.kind == shapeSet {
			sub[i] = set(charset.Union(y.on, x.on))
			return sub
		}
	}
	return append(sub, x)
}

// shared takes out what two alternatives begin or end with; nil for nothing.
func shared(a, b *expression) *expression {
	x, y := a.pieces(), b.pieces()
	i := 0
	for i < len(x) && i < len(y) && x[i].equal(y[i]) {
		i++
	}
	j := 0
	for j < len(x)-i && j < len(y)-i && x[len(x)-1-j].equal(y[len(y)-1-j]) {
		j++
	}
	if i+j == 0 {
		// X X* or nothing is X*.
		if e, ok := plus(x); ok && len(y) == 0 {
			return star(e)
		}
		if e, ok := plus(y); ok && len(x) == 0 {
			return star(e)
		}
		return nil
	}
	mid := either(cat(x[i:len(x)-j]...), cat(y[i:len(y)-j]...))
	return cat(cat(x[:i]...), mid, cat(x[len(x)-j:]...))
}

// plus reads X X* or X* X as X.
func plus(x []*expression) (*expression, bool) {
	if len(x) < 2 {
		return nil, false
	}
	first, last := x[0], x[len(x)-1]
	if last.kind == shapeStar && last.sub[0].equal(cat(x[:len(x)-1]...)) {
		return last.sub[0], true
	}
	if first.kind == shapeStar && first.sub[0].equal(cat(x[1:]...)) {
		return first.sub[0], true
	}
	return nil, false
}

// star repeats an expression.
func star(e *expression) *expression {
	switch {
	case e == nil || e.kind == shapeEmpty:
		return empty
	case e.kind == shapeStar:
		return e
	}
	return &expression{kind: shapeStar, sub: []*expression{e}}
}

// size estimates the length of the text.
func (e *expression) size() int {
	if e == nil {
		return 0
	}
	n := 2
	for _, s := range e.sub {
		n += s.size()
	}
	return n
}

// A writer writes expressions as text.
type writer struct {
	spell *speller
	b     strings.Builder
}

func (w *writer) text(e *expression) string {
	w.b.Reset()
	w.write(e)
	return w.b.String()
}

func (w *writer) write(e *expression) {
	switch e.kind {
	case shapeEmpty:
	case shapeSet:
		w.b.WriteString(w.spell.set(e.on))
	case shapeAnchor:
		w.b.WriteString(e.text)
	case shapeCat:
		for i := 0; i < len(e.sub); i++ {
			i = w.factor(e.sub, i)
		}
	case shapeAlt:
		w.alternatives(e.sub)
	case shapeStar:
		w.item(e.sub[0])
		w.b.WriteByte('*')
	}
}

// factor writes the factor at i, together with the next where the two are X X*
// or X* X, and returns the last one written.
func (w *writer) factor(sub []*expression, i int) int {
	e := sub[i]
	if i+1 < len(sub) {
		next := sub[i+1]
		if next.kind == shapeStar && next.sub[0].equal(e) {
			w.item(e)
			w.b.WriteByte('+')
			return i + 1
		}
		if e.kind == shapeStar && e.sub[0].equal(next) {
			w.item(next)
			w.b.WriteByte('+')
			return i + 1
		}
	}
	// Several factors and a loop over just them.
	for k := i + 2; k < len(sub); k++ {
		if s := sub[k]; s.kind == shapeStar && s.sub[0].equal(cat(sub[i:k]...)) {
			w.item(s.sub[0])
			w.b.WriteByte('+')
			return k
		}
	}
	w.write(e)
	return i
}

// alternatives writes a group.
func (w *writer) alternatives(sub []*expression) {
	optional := false
	var rest []*expression
	for _, s := range sub {
		if s.kind == shapeEmpty {
			optional = true
			continue
		}
		rest = append(rest, s)
	}
	if optional && len(rest) == 1 {
		w.item(rest[0])
	} else {
		w.b.WriteString("(?:")
		for i, s := range rest {
			if i > 0 {
				w.b.WriteByte('|')
			}
			w.write(s)
		}
		w.b.WriteByte(')')
	}
	if optional {
		w.b.WriteByte('?')
	}
}

// item writes what a quantifier may follow.
func (w *writer) item(e *expression) {
	if e.kind == shapeSet || e.kind == shapeAlt && !holdsEmpty(e.sub) {
		w.write(e)
		return
	}
	w.b.WriteString("(?:")
	w.write(e)
	w.b.WriteByte(')')
}

func holdsEmpty(sub []*expression) bool {
	for _, s := range sub {
		if s.kind == shapeEmpty {
			return true
		}
	}
	return false
}

// anchor is an assertion as it is written.
func anchor(text string) *expression {
	return &expression{kind: shapeAnchor, text: text}
}

// part is a pattern that consists of consecutive nodes of another.
func part(re *syntax.Regexp, nodes []*syntax.Node) *syntax.Regexp {
	out := *re
	out.Root = nodes[0]
	if len(nodes) != 1 {
		out.Root = &syntax.Node{Op: syntax.OpConcat, Sub: nodes, Span: syntax.Span{Start: nodes[0].Span.Start, End: nodes[len(nodes)-1].Span.End}}
	}
	return &out
}
