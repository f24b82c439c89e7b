package redos

import (
	"fmt"
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// fixes are rewrites that provably keep matches, their ends and every capture:
// what a program takes from a match is not followed. They are linear on the
// engine, and the engine compiles them.
func (c *checker) fixes(call call, p candidate, a answer) []analysis.SuggestedFix {
	targets := []fix.Target{fix.RE2}
	if !linear(call.engine()) {
		targets = append(targets, fix.PCRE2)
	}
	o := verdict.FixOptions{Use: fix.Captures}
	for _, r := range p.readings {
		o.Flags = append(o.Flags, r.Flags)
	}
	for _, o.Target = range targets {
		for _, f := range verdict.Fixes(a.Verdict, o) {
			if f.Safety != verdict.Proved || f.Use != fix.Captures || !c.better(call, p.readings, f.Pattern) {
				continue
			}
			if edits, ok := p.edits(call.pattern(), f.Edits); ok {
				return []analysis.SuggestedFix{{
					Message:   fmt.Sprintf("write %s, which provably matches and captures the same", f.Pattern),
					TextEdits: edits,
				}}
			}
		}
	}
	return nil
}

// better reports whether the engine compiles a rewrite, and runs it in linear
// time, under every reading.
func (c *checker) better(call call, readings []corpus.Pattern, text string) bool {
	for _, r := range readings {
		r.Text = text
		if a := c.judge.ask(r, call.engine()); a.refused != nil || a.grows || a.Kind == verdict.Unknown {
			return false
		}
	}
	return true
}

// edits are edits of a pattern's text as edits of its literals. Only literals
// inside the argument are touched: others may have other uses. ok is false
// where an edit goes through something that is no literal, or through half an
// escape, or cannot be written there.
func (t text) edits(arg ast.Expr, in []fix.Edit) (out []analysis.TextEdit, ok bool) {
	for _, e := range in {
		at := e.Start
		if e.Start == e.End && at == len(t.at) {
			at-- // inserted at the end: after the last byte
		}
		if at < 0 || at >= len(t.at) {
			return nil, false
		}
		first := t.at[at]
		lit := first.lit
		if lit == nil || first.pos < arg.Pos() || first.end > arg.End() {
			return nil, false
		}
		for _, q := range t.at[at:max(at, e.End)] {
			if q.lit != lit {
				return nil, false
			}
		}
		i := first.i + e.Start - at
		j := i + e.End - e.Start
		quoted, fits := lit.Quote(e.Text)
		if !lit.Whole(i, j) || !fits {
			return nil, false
		}
		start, end := lit.Span(i, j)
		out = append(out, analysis.TextEdit{Pos: lit.file.Pos(start), End: lit.file.Pos(end), NewText: []byte(quoted)})
	}
	return out, len(out) > 0
}
