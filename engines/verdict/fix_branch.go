package verdict

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// maxBranches bounds the alternatives of one pattern that are mended by
// themselves: the rules of OWASP CRS have up to thirty that hold a loop.
const maxBranches = 60

// A pool bounds what all alternatives of a pattern may take together: as much as
// the pattern by itself.
type pool struct {
	branches, effort int
	budget           *language.Budget
}

// branches mends the alternatives of a pattern one by one, each without those
// beside it: what is left is small, and has few findings of its own. It returns
// what became of the pattern, at itself where that is nothing.
func (m *mender) branches(at *rewrite) *rewrite {
	if m.pool == nil {
		m.pool = &pool{budget: &language.Budget{Pairs: maxPairs, Work: maxWork}}
	}
	done, linear := at, true
	var re *syntax.Regexp
	for i := -1; ; i-- {
		var err error
		if re, err = m.parse(done.text, m.v.Pattern.Flags); err != nil {
			return at
		}
		all := m.within(fix.Branches(re), done.text)
		if len(all)+i < 0 {
			break
		}
		b := all[len(all)+i]
		n, touched := m.branch(b)
		linear = linear && (!touched || n != nil && n.linear)
		if n == nil {
			continue
		}
		next := &rewrite{text: b.Join(n.text), steps: slices.Clone(done.steps)}
		for _, s := range n.steps {
			s.From, s.To = b.Join(s.From), b.Join(s.To)
			next.steps = append(next.steps, s)
		}
		done = next
	}
	if done == at || !m.analyze(done, re) || !m.sharpen(done) {
		return at
	}
	done.linear = done.linear || linear
	return done
}

// within are the branches of a text that stand in the alternative that is
// mended.
func (m *mender) within(all []fix.Branch, text string) []fix.Branch {
	if m.inside == nil {
		return all
	}
	return slices.DeleteFunc(all, func(b fix.Branch) bool {
		return !m.inside.Keeps(text, []fix.Edit{{Start: b.From, End: b.To}})
	})
}

// branch mends one alternative; nil where it needs no mending, or gets none.
// touched says that it needs it.
func (m *mender) branch(b fix.Branch) (n *rewrite, touched bool) {
	if m.pool.branches++; m.pool.branches > maxBranches || m.pool.effort > maxEffort {
		return nil, true
	}
	p := m.v.Pattern
	re, err := m.parse(b.Text, p.Flags)
	if err != nil {
		return nil, true
	}
	p.Text = b.Text
	sub := &mender{v: Verdict{Pattern: p, Kind: Superlinear}, re: re, o: m.o, inside: &b, pool: m.pool}
	sub.o.Use, sub.o.Flags = fix.Match, m.flags()
	var now rewrite
	sub.analyze(&now, re)
	sub.v.Growth, sub.v.Spans = now.growth, now.hot
	touched = slices.ContainsFunc(now.hot, func(s syntax.Span) bool { return s.Start < b.End && b.Start < s.End })
	sub.sharpen(&now)
	if now.result.Proof == analyzer.Unambiguous || !touched {
		return nil, !now.linear
	}
	sub.sample()
	n = sub.search(fix.Match)
	return n, n != nil || !now.linear
}
