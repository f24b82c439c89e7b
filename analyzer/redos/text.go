package redos

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/nearmiss-dev/nearmiss/corpus/golang"
)

// A text is a string that a program builds of its constants, with the place of
// each byte.
type text struct {
	s  string
	at []place
}

// A place is the source of one byte. In a literal it is the byte, or the escape
// that stands for it; elsewhere (a constant of another package, a formatted
// number) the expression the byte comes from.
type place struct {
	pos, end token.Pos
	// lit is the literal, nil elsewhere; i is the byte's index in its text.
	lit *literal
	i   int
}

// A literal is a string literal with its file.
type literal struct {
	golang.Literal
	file *token.File
}

// newText is what stands at an expression as a whole.
func newText(s string, e ast.Expr) text {
	t := text{s: s, at: make([]place, len(s))}
	for i := range t.at {
		t.at[i] = place{pos: e.Pos(), end: e.End()}
	}
	return t
}

// readLiteral reads a literal from its file. The syntax tree does not do: it
// drops carriage returns of raw literals.
func readLiteral(p *analysis.Pass, lit *ast.BasicLit, read func(name string) ([]byte, error)) (text, bool) {
	f := p.Fset.File(lit.Pos())
	if f == nil {
		return text{}, false
	}
	data, err := read(f.Name())
	if err != nil {
		return text{}, false
	}
	l, err := golang.Read(data, f.Offset(lit.Pos()))
	if err != nil {
		return text{}, false
	}
	t := text{s: l.Text, at: make([]place, len(l.Text))}
	held := &literal{l, f}
	for i := range t.at {
		start, end := l.Span(i, i+1)
		t.at[i] = place{f.Pos(start), f.Pos(end), held, i}
	}
	return t, true
}

func join(a, b text) text {
	return text{a.s + b.s, append(a.at[:len(a.at):len(a.at)], b.at...)}
}

func (t text) slice(i, j int) text { return text{t.s[i:j], t.at[i:j]} }

// span is the source of bytes i to before j. Where these come from several
// literals it is the first run of bytes that stand one after the other in one
// file.
func (t text) span(i, j int) (pos, end token.Pos, ok bool) {
	if i < 0 || i >= len(t.at) {
		return 0, 0, false
	}
	pos, end = t.at[i].pos, t.at[i].end
	for _, p := range t.at[i+1 : max(i+1, min(j, len(t.at)))] {
		if p.lit != t.at[i].lit || p.pos < pos || p.end < end {
			break
		}
		end = p.end
	}
	return pos, end, true
}
