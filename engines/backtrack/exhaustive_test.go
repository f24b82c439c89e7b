package backtrack_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/enginetest"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
	"github.com/nearmiss-dev/nearmiss/engines/regexp2"
)

// campaign asks for the large sizes of the exhaustive comparisons: minutes
// instead of seconds.
var campaign = flag.Bool("campaign", false, "run the large exhaustive comparisons")

// An expr is a pattern with how tightly it binds.
type expr struct {
	text string
	bind int // 0: alternation, 1: concatenation, 2: quantified, 3: atom
}

func (e expr) at(bind int) string {
	if e.bind < bind {
		return "(?:" + e.text + ")"
	}
	return e.text
}

// A grammar makes every pattern of a size: the number of atoms and operators.
type grammar struct {
	atoms []string
	wraps []string // %s stands for the operand
	posts []string // quantifiers
	lead  string   // before the whole pattern
	sizes [][]expr
}

// of is every pattern of the size, without repetition.
func (g *grammar) of(size int) []expr {
	for len(g.sizes) <= size {
		g.sizes = append(g.sizes, g.make(len(g.sizes)))
	}
	return g.sizes[size]
}

func (g *grammar) make(size int) []expr {
	var out []expr
	if size == 1 {
		for _, a := range g.atoms {
			out = append(out, expr{a, 3})
		}
	}
	if size < 2 {
		return out
	}
	for _, e := range g.sizes[size-1] {
		out = append(out, g.unary(e)...)
	}
	for i := 1; i < size-1; i++ {
		for _, a := range g.sizes[i] {
			for _, b := range g.sizes[size-1-i] {
				out = append(out, expr{a.at(1) + b.at(1), 1}, expr{a.at(0) + "|" + b.at(0), 0})
			}
		}
	}
	return out
}

func (g *grammar) unary(e expr) []expr {
	var out []expr
	for _, w := range g.wraps {
		out = append(out, expr{strings.Replace(w, "%s", e.text, 1), 3})
	}
	for _, p := range g.posts {
		out = append(out, expr{e.at(3) + p, 2})
	}
	return out
}

// random is a random pattern of the size.
func (g *grammar) random(r *rand.Rand, size int) expr {
	if size == 1 {
		return expr{g.atoms[r.IntN(len(g.atoms))], 3}
	}
	if k := r.IntN(2*(len(g.wraps)+len(g.posts)) + 8); k < len(g.wraps)+len(g.posts) || size == 2 {
		all := g.unary(g.random(r, size-1))
		return all[r.IntN(len(all))]
	}
	i := 1 + r.IntN(size-2)
	a, b := g.random(r, i), g.random(r, size-1-i)
	if r.IntN(2) == 0 {
		return expr{a.at(1) + b.at(1), 1}
	}
	return expr{a.at(0) + "|" + b.at(0), 0}
}

// words is every word over the alphabet up to a length.
func words(alphabet string, length int) []string {
	out := []string{""}
	for from := 0; length > 0; length-- {
		to := len(out)
		for _, w := range out[from:to] {
			for _, c := range alphabet {
				out = append(out, w+string(c))
			}
		}
		from = to
	}
	return out
}

// A judge is a real engine for the comparison.
type judge struct {
	name    string
	dialect corpus.Dialect
	// compile returns what the engine says of a subject, in show's words.
	compile func(p corpus.Pattern) (func(subject string) string, error)
}

// compare runs a pattern on the reference and on the judge, on every subject.
func (c *tally) compare(j judge, p corpus.Pattern, subjects []string) {
	c.patterns++
	ask, err := j.compile(p)
	re, perr := syntax.Parse(p)
	if (err == nil) != (perr == nil) {
		if excused(c.known, j.name, "accept", p.Text) {
			c.excused++
			return
		}
		c.fault("%s: /%s/%s: engine says %v, parser %v", j.name, p.Text, p.Flags, err, perr)
		return
	}
	c.compileAgree++
	if err != nil {
		c.refused++
		return
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		c.fault("%s: /%s/%s: %v", j.name, p.Text, p.Flags, err)
		return
	}
	r := prog.NewRunner()
	for _, s := range subjects {
		b := ask(s) // of every subject, in turn
		got := r.Run([]byte(s), backtrack.Options{Steps: 200_000})
		if got.Outcome == backtrack.StepLimit {
			c.outOfBudget++
			continue
		}
		c.pairs++
		a := show(stateOf(got), got.Caps)
		if b == engineFault {
			c.pairs--
			c.outOfBudget++
			continue
		}
		if a != b {
			if c.excuses(j, p, prog, s, a, b) {
				c.excused++
				return
			}
			c.fault("%s: /%s/%s %s on %q: %s, the engine says %s", j.name, p.Text, p.Flags, p.Mode, s, a, b)
			return
		}
		c.agree++
	}
}

// excuses reports whether a disagreement, of a on the reference and b on the
// engine, is a known one.
func (c *tally) excuses(j judge, p corpus.Pattern, prog *backtrack.Program, subject, a, b string) bool {
	for _, d := range c.known {
		if d.engine != j.name || p.Flags&d.flags != d.flags {
			continue
		}
		text := p.Text
		if d.what == "match-program" {
			text = prog.String()
		}
		if d.patterns.MatchString(text) && d.covers(j, p, subject, a, b) {
			return true
		}
	}
	return false
}

// covers reports whether a disagreement on a pattern that the deviation is
// about is of its kind.
func (d deviation) covers(j judge, p corpus.Pattern, subject, a, b string) bool {
	switch d.what {
	case "match", "match-program":
		return true
	case "captures":
		return spanOf(a) == spanOf(b)
	case "match-jit":
		return a == askJIT(p, subject)
	case "match-possess":
		return a == askUnpossessed(j, p, subject)
	}
	return false
}

// spanOf is the whole match of an answer, without its groups.
func spanOf(answer string) string {
	f := strings.Fields(strings.Trim(answer, "[]"))
	if len(f) < 2 || strings.HasPrefix(answer, "no") {
		return answer
	}
	return f[0] + " " + f[1]
}

// engineFault is the answer of an engine that says itself that it is wrong.
const engineFault = "fault"

// askJIT is what PCRE2's JIT compiler says.
func askJIT(p corpus.Pattern, subject string) string {
	m, err := pcre2.NewJIT(pcre2.With(pcre2.NoStartOptimize)).Compile(p)
	if err != nil {
		return err.Error()
	}
	defer m.Close()
	out := m.Match([]byte(subject), engines.Limits{})
	return show(out.State, out.Caps)
}

// askUnpossessed is what PCRE2 says when it makes no repeat possessive by
// itself.
func askUnpossessed(j judge, p corpus.Pattern, subject string) string {
	p.Text = "(*NO_AUTO_POSSESS)" + p.Text
	ask, err := j.compile(p)
	if err != nil {
		return err.Error()
	}
	return ask(subject)
}

// maxFaults is how many disagreements are shown.
const maxFaults = 40

func (c *tally) fault(format string, args ...any) {
	if len(c.wrong) <= maxFaults {
		c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
	}
}

func (c *tally) report(t *testing.T, name string) {
	t.Helper()
	t.Logf("%s: %s", name, c)
	enginetest.Count(t, name, c.pairs, c.outOfBudget)
	for _, w := range c.wrong {
		t.Error(w)
	}
	if c.pairs == 0 {
		t.Error("nothing was compared")
	}
}

// engineJudge makes a judge of an adapter.
func engineJudge(e engines.Engine, d corpus.Dialect) judge {
	return judge{name: e.Name(), dialect: d, compile: func(p corpus.Pattern) (func(string) string, error) {
		m, err := e.Compile(p)
		if err != nil {
			return nil, err
		}
		return func(s string) string {
			out := m.Match([]byte(s), engines.Limits{})
			return show(out.State, out.Caps)
		}, nil
	}}
}

// goJudge is Go's regexp.
var goJudge = judge{name: "stdlib", dialect: corpus.Go, compile: func(p corpus.Pattern) (func(string) string, error) {
	re, err := regexp.Compile(p.Text)
	if err != nil {
		return nil, err
	}
	return func(s string) string {
		caps := re.FindStringSubmatchIndex(s)
		if caps == nil {
			return "no match"
		}
		return fmt.Sprint(caps)
	}, nil
}}

var (
	quantifiers = []string{"*", "+", "?", "{1,2}", "{0,2}", "{2,}"}
	lazy        = []string{"*?", "+?", "??", "{1,2}?", "{2,}?"}
	possessive  = []string{"*+", "++", "?+", "{1,2}+"}
	looks       = []string{"(?=%s)", "(?!%s)", "(?<=%s)", "(?<!%s)", "(?>%s)"}
)

func join(lists ...[]string) []string {
	var out []string
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// exhaustive compares every pattern of the grammar up to a size, and a number
// of random ones of larger sizes, on the subjects.
func exhaustive(t *testing.T, j judge, g grammar, size, random int, subjects []string, flags corpus.Flags) {
	t.Helper()
	c := &tally{known: deviations(t)}
	for k := 1; k <= size; k++ {
		for _, e := range g.of(k) {
			c.compare(j, corpus.Pattern{Text: g.lead + e.text, Dialect: j.dialect, Flags: flags}, subjects)
		}
	}
	const seed = 20260301
	r := rand.New(rand.NewPCG(seed, uint64(size)))
	for range random {
		mode := []corpus.Mode{corpus.Search, corpus.Search, corpus.Match, corpus.Full}[r.IntN(4)]
		if j.name == goJudge.name {
			mode = corpus.Search
		}
		e := g.random(r, size+1+r.IntN(5))
		c.compare(j, corpus.Pattern{Text: g.lead + e.text, Dialect: j.dialect, Flags: flags, Mode: mode}, subjects)
	}
	c.report(t, j.name)
}

func TestExhaustivePCRE2(t *testing.T) {
	e := plain()
	if _, err := e.Version(); errors.Is(err, engines.ErrUnavailable) {
		t.Skip(err)
	}
	size, random, length := 3, 3000, 4
	if *campaign {
		size, random, length = 4, 300_000, 5
	}
	j := engineJudge(e, corpus.PCRE)
	t.Run("letters", func(t *testing.T) {
		g := grammar{
			atoms: []string{"a", "b", ".", "[ab]", "[^a]", "^", "$", `\b`, `\1`},
			wraps: join([]string{"(%s)"}, looks),
			posts: join(quantifiers, lazy, possessive),
		}
		exhaustive(t, j, g, size, random, words("ab", length), 0)
	})
	t.Run("lines", func(t *testing.T) {
		g := grammar{
			atoms: []string{"a", ".", `\n`, "^", "$", `\Z`, `\z`, `\A`, `\B`, `\G`, `\R`},
			wraps: join([]string{"(%s)"}, looks[:3]),
			posts: []string{"*", "+?", "?"},
		}
		exhaustive(t, j, g, size, random/2, words("a\n", length), corpus.Multiline)
	})
	t.Run("newlines", func(t *testing.T) {
		g := grammar{
			atoms: []string{"a", ".", `\n`, `\r`, `[^a]`, `[^\n]`, `[\na]`, "^", "$", `\R`, `\N`, "(*SKIP)"},
			wraps: []string{"(%s)", "(?=%s)"},
			posts: []string{"*", "+?", "?"},
		}
		for _, lead := range []string{"(*CRLF)", "(*ANYCRLF)", "(*ANY)", "(*CR)"} {
			h := grammar{atoms: g.atoms, wraps: g.wraps, posts: g.posts, lead: lead}
			exhaustive(t, j, h, size-1, random/4, words("a\r\n", length-1), corpus.Multiline)
		}
	})
	t.Run("calls", func(t *testing.T) {
		g := grammar{
			atoms: []string{"a", "b", `\1`, `\2`, "(?1)", `(?R)`, `\K`},
			wraps: []string{"(%s)", "(?>%s)", "(?=%s)", "(?(1)%s)", "(?(?=a)%s|b)", "(?(R)%s)", "(?|%s)"},
			posts: []string{"*", "+?", "?", "{2}", "*+"},
		}
		exhaustive(t, j, g, size, random, words("ab", length-1), 0)
	})
	t.Run("verbs", func(t *testing.T) {
		g := grammar{
			atoms: []string{"a", "b", ".", "(*COMMIT)", "(*PRUNE)", "(*SKIP)", "(*THEN)", "(*ACCEPT)", "(*F)", "(*MARK:m)", "(*SKIP:m)", "(?1)"},
			wraps: []string{"(%s)", "(?:%s|ab)", "(?>%s)", "(?=%s)", "(?!%s)", "(?(?=a)%s|b)"},
			posts: []string{"*", "+?", "?"},
		}
		exhaustive(t, j, g, size, 2*random, words("ab", length-1), 0)
	})
}

func TestExhaustiveGo(t *testing.T) {
	size, random := 4, 8000
	if *campaign {
		size, random = 5, 300_000
	}
	g := grammar{
		atoms: []string{"a", "b", ".", "[ab]", "", "^", "$"},
		wraps: []string{"(%s)"},
		posts: []string{"*", "+", "?", "{0,2}", "*?", "+?", "??", "{2,}"},
	}
	exhaustive(t, goJudge, g, size-1, random, words("ab", 4), 0)
}

func TestExhaustiveDotNet(t *testing.T) {
	size, random := 3, 2000
	if *campaign {
		size, random = 3, 100_000
	}
	for _, e := range []engines.Engine{regexp2.NewV1(), regexp2.NewV2()} {
		t.Run(e.Name(), func(t *testing.T) {
			g := grammar{
				atoms: []string{"a", "b", ".", "[ab]", "^", "$", `\b`, `\1`},
				wraps: join([]string{"(%s)", "(?<2-1>%s)"}, looks),
				posts: join(quantifiers, lazy),
			}
			exhaustive(t, engineJudge(e, corpus.DotNet), g, size, random, words("ab", 4), 0)
		})
	}
}
