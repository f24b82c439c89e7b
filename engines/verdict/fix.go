package verdict

import (
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
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
	// Growth is what is left: linear, or lower than before. Under are the flags of
	// another profile under which it is left, where the pattern's own leave less;
	// nil elsewhere.
	Growth engines.Growth
	Under  *corpus.Flags
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
	// maxIdle bounds the comparisons for rewrites that change nothing of the
	// findings: most fixes need none of them, some need one on the way.
	maxIdle = 40
	// maxPairs and maxWork bound one comparison and all of them (language.Budget):
	// about a fifth of a second.
	maxPairs = 4_000
	maxWork  = 12_000_000
	// maxEffort bounds the edges and pairs of the analyses on the way: a quarter
	// of a second.
	maxEffort = 1_000_000
	// lesser is the part of these that an alternative, or a use that is stronger
	// than needed, may take.
	lesser = 4
)

// Fixes looks for a rewrite of a super-linear pattern that matches the same and
// costs less. It returns the best one, with its safety, or nothing.
func Fixes(v Verdict, o FixOptions) []Fix {
	re, err := syntax.Parse(v.Pattern)
	if err != nil || v.Kind != Superlinear {
		return nil
	}
	m := &mender{v: v, re: re, o: o}
	m.sample()
	for use := fix.Captures; ; use-- {
		if n := m.search(use); n != nil && (n.final.Kind == Linear || use == o.Use) {
			return []Fix{m.fix(m.further(n, use), use, Proved)}
		}
		if use == o.Use {
			break
		}
	}
	for use := o.Use; use > fix.Match; {
		use--
		if n := m.search(use); n != nil {
			return []Fix{m.weaker(m.further(n, use), use)}
		}
	}
	return nil
}

// A mender looks for the fix of one pattern.
type mender struct {
	v  Verdict
	re *syntax.Regexp
	o  FixOptions

	// samples are subjects with what the pattern does with them.
	samples  [][]byte
	outcomes []outcome

	proofs, idle, effort int
	budget               *language.Budget
	others               map[corpus.Flags]Verdict // of the pattern, by the flags of other profiles
	seen                 map[string]bool
	keys                 map[string]int // the shortest text of each tree

	// inside is the alternative that is mended by itself, nil for a whole
	// pattern; pool is what all alternatives share.
	inside *fix.Branch
	pool   *pool
}

// UseOf is what the rule around a pattern takes from a match, as far as its
// reader knows: the groups where it keeps them, the span where every match is
// looked for, else whether there is one.
func UseOf(p corpus.Pattern) fix.Use {
	switch {
	case p.Context.Captures:
		return fix.Captures
	case p.Mode == corpus.Global:
		return fix.Span
	}
	return fix.Match
}

// maxFurther is how often a fix that is not linear yet is mended again: each
// time its growth is lower.
const maxFurther = 3

// further mends what is left of the growth of a rewrite, so that a fix that was
// applied leaves nothing to do.
func (m *mender) further(n *rewrite, use fix.Use) *rewrite {
	for range maxFurther {
		if n.final.Kind == Linear {
			break
		}
		re, err := syntax.Parse(n.final.Pattern)
		if err != nil {
			break
		}
		again := &mender{v: n.final, re: re, o: m.o}
		again.o.Flags = m.flags()
		again.sample()
		more := again.search(use)
		if more == nil {
			break
		}
		more.steps = append(slices.Clone(n.steps), more.steps...)
		n = more
	}
	return n
}

// testedInputs is the number of subjects that a fix is compared on where a
// proof keeps less than the use needs.
const testedInputs = 20_000

// weaker is a fix whose proof keeps less than the use needs. Where spans are
// proved and groups are needed, the groups are compared on inputs: no
// difference makes it tested.
func (m *mender) weaker(n *rewrite, use fix.Use) Fix {
	if use == fix.Span && m.o.Use == fix.Captures {
		if tested := m.tested(n.text); tested > 0 {
			f := m.fix(n, fix.Captures, Tested)
			f.Proof.Use, f.Tested = fix.Span, tested
			return f
		}
	}
	return m.fix(n, use, Hint)
}

// tested compares the groups of a pattern and its rewrite on inputs of both,
// and returns their number, 0 where one differs.
func (m *mender) tested(text string) int {
	total := 0
	for _, flags := range m.flags() {
		x, errX := m.parse(m.v.Pattern.Text, flags)
		y, errY := m.parse(text, flags)
		if errX != nil || errY != nil || len(x.Groups) != len(y.Groups) {
			return 0
		}
		n, differs := compareOn(x, y, fix.Captures, testedInputs)
		if differs != nil {
			return 0
		}
		total += n
	}
	return total
}

// sampled is the number of subjects on which a rewrite must agree before a
// proof is tried.
const sampled = 400

// sample runs the pattern on subjects of its own.
func (m *mender) sample() {
	in := newInputs(m.re)
	prog, err := backtrack.Compile(m.re)
	if in == nil || err != nil {
		return
	}
	in.most = min(in.most, sampled/2)
	runner := prog.NewRunner()
	for range sampled {
		s := in.next()
		m.samples, m.outcomes = append(m.samples, s), append(m.outcomes, outcomeOf(runner, s))
	}
}

// refuted reports whether a rewrite differs from the pattern on a sample.
func (m *mender) refuted(re *syntax.Regexp, use fix.Use) bool {
	prog, err := backtrack.Compile(re)
	if err != nil {
		return true
	}
	runner := prog.NewRunner()
	for i, s := range m.samples {
		if differ(m.outcomes[i], outcomeOf(runner, s), use) {
			return true
		}
	}
	return false
}

// differ reports whether two outcomes differ as far as a use goes.
func differ(a, b outcome, use fix.Use) bool {
	switch {
	case !a.known || !b.known:
		return false
	case a.matched != b.matched:
		return true
	case use == fix.Match || !a.matched:
		return false
	case use == fix.Span:
		return !slices.Equal(a.caps[:2], b.caps[:2])
	}
	return !slices.Equal(a.caps, b.caps)
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
	// rough and findings are what the analysis of all runs said.
	rough    engines.Growth
	findings int
	result   analyzer.Result
}

// search looks for a rewrite: alternatives by themselves where only the
// existence of a match counts, then the pattern that is left.
func (m *mender) search(use fix.Use) *rewrite {
	m.proofs, m.idle, m.effort = 0, 0, 0
	m.budget = &language.Budget{Pairs: maxPairs, Work: maxWork}
	switch {
	case m.inside != nil:
		m.budget = m.pool.budget
		m.effort = maxEffort - maxEffort/lesser
	case use > m.o.Use:
		m.budget.Work /= lesser
		m.effort = maxEffort - maxEffort/lesser
	}
	first := &rewrite{text: m.v.Pattern.Text}
	m.analyze(first, m.re)
	first.hot = append(slices.Clone(m.v.Spans), first.hot...)
	first.growth, first.linear = m.v.Growth, false
	if use == fix.Match {
		first = m.branches(first)
	}
	if first.linear && m.confirm(first, use) {
		return first
	}
	n := m.edited(first, use)
	if n != nil && n.linear || m.inside != nil || use > m.o.Use {
		return n
	}
	if p := m.inPlace(first, use); p != nil && m.confirm(p, use) && (n == nil || n.left().Worse(p.left())) {
		return p
	}
	return n
}

// edited looks for a rewrite by edits, then for one that is made from automata.
func (m *mender) edited(first *rewrite, use fix.Use) *rewrite {
	plain := m.from(first, use, true)
	if plain != nil && plain.linear {
		return plain
	}
	m.proofs, m.idle = 0, 0
	n := m.from(first, use, false)
	if n == nil || plain != nil && !n.linear && !plain.left().Worse(n.left()) {
		return plain
	}
	return n
}

// from is a best-first search over rewrites that are proved: the lowest growth
// first, of equal ones the one with the fewest findings. Plain rewrites are
// edits: no expression is made from an automaton. A search written anew as one
// expression is what it falls back on.
func (m *mender) from(first *rewrite, use fix.Use, plain bool) *rewrite {
	open := []*rewrite{first}
	m.seen, m.keys = map[string]bool{first.text: true}, map[string]int{}
	var lower, rebuilt, pruned *rewrite
	// What the pattern may cost by its analysis is often more than what was
	// replayed: a bound below the first of these is worth a verdict.
	less := func(n *rewrite) bool { return m.v.Growth.Worse(n.growth) || first.rough.Worse(n.growth) }
	if m.v.Growth.Worse(first.growth) {
		lower = first
	}
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
			if m.seen[c.Text] || plain && c.Made() || use > m.o.Use && c.Idea == fix.Rebuild || rebuilt != nil && c.Idea == fix.Determine {
				continue
			}
			m.seen[c.Text] = true
			n := m.try(at, c, use)
			if n == nil {
				continue
			}
			switch {
			case !n.linear:
				open = append(open, n)
			case m.inside != nil && n.result.Proof == analyzer.Unexplored:
				// Beside other alternatives that is harder to see: another step may
				// leave nothing to explore.
				if open = append(open, n); pruned == nil {
					pruned = n
				}
			case !m.confirm(n, use):
			case c.Idea == fix.Determine:
				rebuilt = n
			default:
				return n
			}
		}
		slices.SortStableFunc(open, better)
		for _, n := range open {
			if less(n) && (lower == nil || lower.growth.Worse(n.growth) || n.growth == lower.growth && len(n.text) < len(lower.text)) {
				lower = n
			}
		}
	}
	switch {
	case pruned != nil:
		return pruned
	case rebuilt != nil:
		return rebuilt
	}
	if lower != nil && m.confirm(lower, use) {
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
	case len(a.hot) != len(b.hot):
		return len(a.hot) - len(b.hot)
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

// try looks at one candidate: nil where it is not proved.
func (m *mender) try(at *rewrite, c fix.Candidate, use fix.Use) *rewrite {
	if m.proofs == maxProofs || m.effort > maxEffort || m.budget.Work < 0 {
		return nil
	}
	if m.inside != nil && !m.inside.Keeps(at.text, c.Edits) {
		return nil
	}
	re, err := m.parse(c.Text, m.v.Pattern.Flags)
	if err != nil || !m.readable(re) {
		return nil
	}
	key := fix.Key(re)
	if short, found := m.keys[key]; found && short <= len(c.Text) {
		return nil
	}
	m.keys[key] = len(c.Text)
	if m.refuted(re, use) {
		return nil
	}
	n := &rewrite{text: c.Text}
	if !m.analyze(n, re) {
		return nil
	}
	switch d := promising(n, at); {
	case d > 0:
		return nil
	case d == 0:
		if m.idle++; m.idle > maxIdle {
			return nil
		}
	}
	m.proofs++
	by, ok := m.proved(at.text, c.Text, use)
	if !ok {
		return nil
	}
	if c.Idea == fix.Drop && by == fix.SameEnds {
		c.Why = "what stands beside it, or the loop around it, takes what it would take"
	}
	if !m.sharpen(n) {
		return nil
	}
	n.steps = append(slices.Clone(at.steps), fix.Step{From: at.text, To: c.Text, Idea: c.Idea, Why: c.Why, By: by})
	return n
}

// promising compares a rewrite with the one it was made from: less than 0 where
// it grows less or has fewer findings, more than 0 where it grows more.
func promising(n, at *rewrite) int {
	switch {
	case n.linear || at.rough.Worse(n.rough):
		return -1
	case n.rough.Worse(at.rough):
		return 1
	}
	return n.findings - at.findings
}

// analyze says what a rewrite costs by the static analysis of all its runs;
// sharpen asks again, for those that are explored. Both are false where there
// is no answer.
func (m *mender) analyze(n *rewrite, re *syntax.Regexp) bool {
	n.result = analyzer.Sketch(re)
	n.loops = loops(re)
	m.took(n.result.Edges + n.result.Pairs)
	n.read()
	n.rough, n.findings = n.growth, len(n.hot)
	return n.result.Incomplete == nil
}

func (m *mender) sharpen(n *rewrite) bool {
	if n.linear {
		return true
	}
	before := n.result.Pairs
	sharper := n.result.Sharpen(true)
	m.took(sharper.Pairs - before)
	if sharper.Incomplete == nil {
		n.result = sharper
		n.read()
	}
	return n.result.Incomplete == nil
}

// took counts what an analysis took.
func (m *mender) took(effort int) {
	m.effort += effort
	if m.inside != nil {
		m.pool.effort += effort
	}
}

// left is the growth that is left: that of the verdict, where there is one.
func (n *rewrite) left() engines.Growth {
	if n.final.Kind == Superlinear {
		return n.final.Growth
	}
	return n.growth
}

// read takes over what the analysis said.
func (n *rewrite) read() {
	n.linear, n.growth, n.hot = n.result.Proof != "", n.result.Growth(), nil
	for _, claim := range n.result.Claims {
		for _, s := range claim.Spans {
			if !slices.Contains(n.hot, s) {
				n.hot = append(n.hot, s)
			}
		}
	}
}

// readable reports whether the target's engines read a rewrite, if they read
// the pattern itself.
func (m *mender) readable(re *syntax.Regexp) bool {
	return m.o.Target == fix.PCRE2 || constructs(re) <= constructs(m.re)
}

// constructs counts what RE2 has not: lookaround, atomic groups, possessive
// quantifiers, references, conditionals.
func constructs(re *syntax.Regexp) int {
	n := 0
	syntax.Walk(re.Root, func(x *syntax.Node) bool {
		switch x.Op {
		case syntax.OpLook, syntax.OpAtomic, syntax.OpBackref, syntax.OpConditional, syntax.OpCall, syntax.OpVerb, syntax.OpAbsent, syntax.OpBalance:
			n++
		case syntax.OpRepeat:
			if x.Greed == syntax.Possessive {
				n++
			}
		}
		return true
	})
	return n
}

// proved looks for a proof under the flags of every profile.
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
		if by, ok = fix.Prove(x, y, use, m.budget); !ok {
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

// confirm verifies a rewrite's proof again, gives it its own verdict under the
// flags of every profile, and replays the pattern's attacks on it: it must be
// linear, or grow less than the pattern does there.
func (m *mender) confirm(n *rewrite, use fix.Use) bool {
	if m.inside != nil {
		return true // the whole is confirmed
	}
	for _, flags := range m.flags() {
		p := m.v.Pattern
		p.Flags = flags
		if fix.Check(p, n.text, fix.Proof{Use: use, Steps: n.steps}) != nil {
			return false
		}
		p.Text = n.text
		before, v := m.before(flags), Analyze(p, m.o.Options)
		switch {
		case v.Kind == Linear:
		case v.Kind == Superlinear && before.Kind == Superlinear && before.Growth.Worse(v.Growth):
		default:
			return false
		}
		if n.final.Kind == "" || v.Kind == Superlinear && (n.final.Kind == Linear || v.Growth.Worse(n.final.Growth)) {
			n.final = v
		}
		for _, w := range m.v.Witnesses {
			if r := Replay(p, w, m.o.Options); r.Confirmed && !before.Growth.Worse(r.Growth) {
				return false
			}
		}
	}
	return true
}

// before is the verdict of the pattern under the flags of one profile.
func (m *mender) before(flags corpus.Flags) Verdict {
	if flags == m.v.Pattern.Flags {
		return m.v
	}
	v, found := m.others[flags]
	if !found {
		p := m.v.Pattern
		p.Flags = flags
		v = Analyze(p, m.o.Options)
		if m.others == nil {
			m.others = map[corpus.Flags]Verdict{}
		}
		m.others[flags] = v
	}
	return v
}

func (m *mender) fix(n *rewrite, use fix.Use, safety Safety) Fix {
	f := Fix{
		Pattern: n.text, Edits: fix.Edits(m.v.Pattern.Text, n.steps), Safety: safety, Use: use, Target: m.o.Target,
		Growth: n.final.Growth, Proof: fix.Proof{Use: use, Steps: n.steps},
	}
	f.Message = because(n.steps)
	if flags := n.final.Pattern.Flags; flags != m.v.Pattern.Flags && n.final.Kind == Superlinear {
		p := m.v.Pattern
		p.Text = n.text
		if own := Analyze(p, m.o.Options); own.Kind == Linear || n.final.Growth.Worse(own.Growth) {
			f.Under = &flags
		}
	}
	return f
}

// because joins what the steps say, each thing once.
func because(steps []fix.Step) string {
	var whys []string
	for _, s := range steps {
		if !slices.Contains(whys, s.Why) {
			whys = append(whys, s.Why)
		}
	}
	return strings.Join(whys, "; ")
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
