package redos

import (
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/seclang"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// A candidate is one pattern of a call, with every set of flags it may be read
// with: a finding must hold under each.
type candidate struct {
	text
	readings []corpus.Pattern
	// rule names the rule of a configuration, "" elsewhere.
	rule string
}

// patterns are those in a text that a sink is given.
func (c call) patterns(p *analysis.Pass, t text) []candidate {
	if c.Form == SecLang {
		return directives(t)
	}
	out := candidate{text: t, readings: c.readings(p, t.s)}
	if c.Only == OnlyBacktracking && !backtracks(out.readings[0]) {
		return nil
	}
	return []candidate{out}
}

// readings are the pattern under the options of the call, or, where these are
// not known, under the usual ones.
func (c call) readings(p *analysis.Pass, s string) []corpus.Pattern {
	base := corpus.Pattern{Text: s, Dialect: c.Dialect, Flags: c.Flags, Mode: corpus.Search}
	if c.Options == nil || c.Opt == NoOptions {
		return []corpus.Pattern{base}
	}
	if bits, ok := c.bits(p); ok {
		if d, f, ok := c.Options.read(bits, c.Dialect, c.Flags); ok {
			base.Dialect, base.Flags = d, f
			return []corpus.Pattern{base}
		}
	}
	var out []corpus.Pattern
	for _, f := range usual {
		q := base
		q.Flags |= f
		out = append(out, q)
	}
	return out
}

// bits are the options of the call; ok is false where they are not constant.
func (c call) bits(p *analysis.Pass) (bits int64, ok bool) {
	if c.expr.Ellipsis.IsValid() {
		return 0, false
	}
	args := c.expr.Args[min(c.Opt, len(c.expr.Args)):]
	if fn := callee(p.TypesInfo, c.expr); fn != nil && !fn.Signature().Variadic() {
		args = args[:min(1, len(args))]
	}
	for _, a := range args {
		tv := p.TypesInfo.Types[a]
		if tv.Value == nil {
			if _, other := ast.Unparen(a).(*ast.CallExpr); other && !number(tv.Type) {
				continue // an option that is no bit: a size, a cache
			}
			return 0, false
		}
		n, exact := constant.Int64Val(constant.ToInt(tv.Value))
		if !exact {
			return 0, false
		}
		bits |= n
	}
	return bits, true
}

func number(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// backtracks reports whether a pattern holds what Go's regexp lacks.
func backtracks(p corpus.Pattern) bool {
	re, err := syntax.Parse(p)
	if err != nil {
		return false
	}
	return holdsBacktracking(re.Root)
}

func holdsBacktracking(n *syntax.Node) bool {
	switch n.Op {
	case syntax.OpLook, syntax.OpBackref:
		return true
	}
	for _, sub := range n.Sub {
		if holdsBacktracking(sub) {
			return true
		}
	}
	return false
}

// directives are the patterns of a configuration, as Coraza compiles them.
func directives(t text) (out []candidate) {
	for _, p := range (seclang.Reader{Quoting: seclang.Coraza}).Read("", []byte(t.s)).Patterns {
		if p.Context.Macro {
			continue
		}
		at := text{s: p.Text, at: make([]place, len(p.Text))}
		for i := range at.at {
			at.at[i] = t.at[min(p.Source.At(i).Offset, len(t.at)-1)]
		}
		out = append(out, candidate{text: at, readings: policy.Expand(p, []string{"coraza"}, policy.Host{}), rule: p.Source.Rule})
	}
	return out
}
