package verdict

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// A Safety says how sure a fix is. Only what is proved may be applied without
// being looked at.
type Safety string

// The safeties.
const (
	// Proved: it matches what the pattern matched as far as the use needs it,
	// under the flags of every profile, by a proof that was verified again; and
	// its growth is proved linear, or lower and replayed.
	Proved Safety = "proved"
	// Tested: no difference was seen on Fix.Tested inputs.
	Tested Safety = "tested"
	// Hint: it keeps less than the use needs.
	Hint Safety = "hint"
)

// A Fix is a rewrite of a pattern that costs less.
type Fix struct {
	// Pattern is the whole text, Edits turn the pattern's text into it.
	Pattern string
	Edits   []fix.Edit
	Safety  Safety
	// Message says why it is the same, and what it costs now.
	Message string
	// Use is what the fix keeps.
	Use fix.Use
	// Target is the set of engines it is written for.
	Target fix.Target
	// Growth is what is left: linear, or lower than before.
	Growth engines.Growth
	// Proof is the chain of rewrites.
	Proof fix.Proof
	// Tested is the number of inputs it was compared on, 0 where it is proved.
	Tested int
}

// FixOptions say what a fix must keep.
type FixOptions struct {
	Options
	// Use is what the rule takes from a match.
	Use fix.Use
	// Target is the set of engines that the fix is written for.
	Target fix.Target
	// Flags are those of the other profiles that read the same text: a fix
	// holds under each.
	Flags []corpus.Flags
}

// Limits of the search for a fix.
const (
	// maxExpansions is the number of patterns that rewrites are proposed for,
	// the first included: fixes seen so far take one to four rewrites.
	maxExpansions = 10
	// maxProofs bounds the comparisons: most take less than a millisecond.
	maxProofs = 500
	// maxAnalyses bounds the patterns that are analysed on the way.
	maxAnalyses = 150
)

// Fixes looks for a rewrite of a super-linear pattern that matches the same and
// costs less. It returns the best one, with its safety, or nothing.
func Fixes(v Verdict, o FixOptions) []Fix {
	re, err := syntax.Parse(v.Pattern)
	if err != nil || v.Kind != Superlinear {
		return nil
	}
	m := &mender{v: v, re: re, o: o}
	for use := fix.Captures; ; use-- {
		if n := m.search(use, m.proved); n != nil && (n.final.Kind == Linear || use == o.Use) {
			return []Fix{m.fix(n, use, Proved)}
		}
		if use == o.Use {
			break
		}
	}
	for use := o.Use; use > fix.Match; {
		use--
		if n := m.search(use, m.proved); n != nil {
			return []Fix{m.fix(n, use, Hint)}
		}
	}
	return nil
}

// A mender looks for the fix of one pattern.
type mender struct {
	v  Verdict
	re *syntax.Regexp
	o  FixOptions

	proofs, analyses int
}

// A rewrite is a pattern on the way to a fix.
type rewrite struct {
	text   string
	steps  []fix.Step
	growth engines.Growth // an upper bound by the analysis
	linear bool
	hot    []syntax.Span
	loops  int
	final  Verdict
}

// A judge says whether a rewrite of a pattern keeps what a use needs.
type judge func(old, next string, use fix.Use) (fix.Method, bool)

// search is a best-first search over rewrites that a judge accepts: the lowest
// growth first, of equal ones the one with the fewest loops. A search written
// anew as one expression is what it falls back on.
func (m *mender) search(use fix.Use, accepts judge) *rewrite {
	m.proofs, m.analyses = 0, 0
	first := &rewrite{text: m.v.Pattern.Text, growth: m.v.Growth, hot: m.v.Spans, loops: loops(m.re)}
	open, seen := []*rewrite{first}, map[string]bool{first.text: true}
	var lower, rebuilt *rewrite
	for range maxExpansions {
		if len(open) == 0 {
			break
		}
		at := open[0]
		open = open[1:]
		re, err := m.parse(at.text, m.v.Pattern.Flags)
		if err != nil {
			continue
		}
		for _, c := range fix.Candidates(re, at.hot, use, m.o.Target) {
			if seen[c.Text] || use > m.o.Use && c.Idea == fix.Rebuild || rebuilt != nil && c.Idea == fix.Determine {
				continue
			}
			seen[c.Text] = true
			n := m.try(at, c, use, accepts)
			if n == nil {
				continue
			}
			switch {
			case !n.linear:
				open = append(open, n)
			case !m.confirm(n):
			case c.Idea == fix.Determine:
				rebuilt = n
			default:
				return n
			}
		}
		slices.SortStableFunc(open, better)
		if len(open) > 0 && m.v.Growth.Worse(open[0].growth) && (lower == nil || lower.growth.Worse(open[0].growth)) {
			lower = open[0]
		}
	}
	if rebuilt != nil {
		return rebuilt
	}
	if lower != nil && m.confirm(lower) {
		return lower
	}
	return nil
}

// better orders rewrites.
func better(a, b *rewrite) int {
	switch {
	case a.growth.Worse(b.growth):
		return 1
	case b.growth.Worse(a.growth):
		return -1
	case a.loops != b.loops:
		return a.loops - b.loops
	}
	return len(a.text) - len(b.text)
}

func (m *mender) parse(text string, flags corpus.Flags) (*syntax.Regexp, error) {
	p := m.v.Pattern
	p.Text, p.Flags = text, flags
	return syntax.Parse(p)
}

// try looks at one candidate: nil where the judge does not accept it.
func (m *mender) try(at *rewrite, c fix.Candidate, use fix.Use, accepts judge) *rewrite {
	if m.proofs == maxProofs || m.analyses == maxAnalyses || !m.readable(c.Text) {
		return nil
	}
	m.proofs++
	by, ok := accepts(at.text, c.Text, use)
	if !ok {
		return nil
	}
	m.analyses++
	re, err := m.parse(c.Text, m.v.Pattern.Flags)
	if err != nil {
		return nil
	}
	n := &rewrite{text: c.Text, steps: append(slices.Clone(at.steps), fix.Step{From: at.text, To: c.Text, Idea: c.Idea, Why: c.Why, By: by}), loops: loops(re)}
	r := analyzer.Analyze(re)
	if r.Proof == "" {
		r = r.Sharpen(false)
	}
	n.linear, n.growth = r.Proof != "", r.Growth()
	if r.Incomplete != nil {
		return nil
	}
	for _, claim := range r.Claims {
		n.hot = append(n.hot, claim.Spans...)
	}
	return n
}

// readable reports whether the target's engines read a text, if they read the
// pattern's own.
func (m *mender) readable(text string) bool {
	if m.o.Target == fix.PCRE2 {
		return true
	}
	in := func(text string) bool {
		_, err := syntax.Parse(corpus.Pattern{Text: text, Dialect: corpus.Go})
		return err == nil
	}
	return in(text) || !in(m.v.Pattern.Text)
}

// proved judges by proof, under the flags of every profile.
func (m *mender) proved(old, next string, use fix.Use) (by fix.Method, ok bool) {
	for _, flags := range m.flags() {
		x, err := m.parse(old, flags)
		if err != nil {
			return "", false
		}
		y, err := m.parse(next, flags)
		if err != nil {
			return "", false
		}
		if by, ok = fix.Prove(x, y, use); !ok {
			return "", false
		}
	}
	return by, true
}

// flags are those of every profile, the verdict's own first.
func (m *mender) flags() []corpus.Flags {
	out := []corpus.Flags{m.v.Pattern.Flags}
	for _, f := range m.o.Flags {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// confirm gives a rewrite its own verdict under the flags of every profile,
// and replays the pattern's attacks on it: it must be linear, or grow less.
func (m *mender) confirm(n *rewrite) bool {
	for _, flags := range m.flags() {
		p := m.v.Pattern
		p.Text, p.Flags = n.text, flags
		v := Analyze(p, m.o.Options)
		switch {
		case v.Kind == Linear:
		case v.Kind == Superlinear && m.v.Growth.Worse(v.Growth):
		default:
			return false
		}
		if n.final.Kind == "" || v.Kind == Superlinear && (n.final.Kind == Linear || v.Growth.Worse(n.final.Growth)) {
			n.final = v
		}
		for _, w := range m.v.Witnesses {
			if r := Replay(p, w, m.o.Options); r.Confirmed && !m.v.Growth.Worse(r.Growth) {
				return false
			}
		}
	}
	return true
}

func (m *mender) fix(n *rewrite, use fix.Use, safety Safety) Fix {
	f := Fix{
		Pattern: n.text, Edits: fix.Between(m.v.Pattern.Text, n.text), Safety: safety, Use: use, Target: m.o.Target,
		Growth: n.final.Growth, Proof: fix.Proof{Use: use, Steps: n.steps},
	}
	f.Message = n.steps[len(n.steps)-1].Why
	return f
}

// loops counts the unbounded repeats of a pattern.
func loops(re *syntax.Regexp) int {
	n := 0
	syntax.Walk(re.Root, func(x *syntax.Node) bool {
		if x.Op == syntax.OpRepeat && x.Max == syntax.Infinite {
			n++
		}
		return true
	})
	return n
}
