package fuzz

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// A Speaker is an engine and the dialect it reads every text in.
type Speaker struct {
	Engine  engines.Engine
	Dialect corpus.Dialect
}

// An Answer is what one reader of a pattern says of an input.
type Answer struct {
	// Engine is its name, "reference" for the reference matcher.
	Engine  string
	Dialect corpus.Dialect
	Matched bool
	// Start and End are byte offsets of the match.
	Start, End int
}

func (a Answer) String() string {
	if !a.Matched {
		return "no match"
	}
	return fmt.Sprintf("%d–%d", a.Start, a.End)
}

// same reports whether two answers say the same.
func (a Answer) same(b Answer) bool {
	return a.Matched == b.Matched && (!a.Matched || a.Start == b.Start && a.End == b.End)
}

// The kinds of differences.
const (
	// DiffersByEngine: an engine says of its own dialect what the reference
	// matcher does not: a fault of the engine, of its adapter, or of the
	// reference.
	DiffersByEngine = "engine"
	// DiffersByDialect: every engine is right by its own dialect, and the
	// dialects read the text in two ways. It bites whoever moves a pattern from
	// one engine to another.
	DiffersByDialect = "dialect"
)

// A Difference is a pattern and an input, as small as they could be made, of
// which two readers say different things.
type Difference struct {
	Kind string
	// Where names the readers: "pcre → go", "regexp2-v1".
	Where string
	// Construct names what the smallest pattern is made of.
	Construct string
	Pattern   corpus.Pattern
	Input     []byte
	// Want is what the pattern's own dialect says, or the reference in the
	// engine's; Got the other answer.
	Want, Got Answer
}

// Limits of a comparison. None is a time: what the reference cannot decide
// within its steps is not compared, so that no engine runs long.
const (
	// answerSteps bounds the reference on one input: an engine without any
	// shortcut takes a fraction of a millisecond for as much.
	answerSteps = 20_000
	// answerInput is the longest input compared, in bytes: differences of
	// answers show on short ones.
	answerInput = 64
	// maxAnswers bounds the inputs of one pattern.
	maxAnswers = 320
	// shrinkChecks bounds the pairs tried to make a difference smaller.
	shrinkChecks = 400
)

// answerLimits are those of the live engines: far above what an input that the
// reference decides needs. regexp2 alone has a timeout, and needs none.
var answerLimits = engines.Limits{Steps: 2_000_000, Depth: 200_000, Memory: 64 << 20}

// Compare asks engines about a pattern and inputs, and returns where they
// disagree on match or span. Inputs are those
// of a search, if there was one; others are made from the pattern.
//
// Each engine reads the text in its own dialect, under the flags that mean the
// same there; one that does not take the text, or a flag, is left out. Inputs
// are ASCII, in which every engine counts characters as bytes.
func Compare(p corpus.Pattern, speakers []Speaker, inputs [][]byte) []Difference {
	c := comparison{own: p}
	if !c.open(p, speakers) {
		return nil
	}
	defer c.close()
	var seen []Difference
	for _, in := range c.inputs(inputs) {
		for _, d := range c.differences(in) {
			if fresh(seen, d) {
				seen = append(seen, d)
			}
		}
	}
	var out []Difference
	for _, d := range seen {
		d = smallest(d, speakers)
		if !slices.ContainsFunc(out, func(o Difference) bool { return o.Kind == d.Kind && o.Where == d.Where && o.Construct == d.Construct }) {
			out = append(out, d)
		}
	}
	return out
}

// maxOfKind is how many differences of one kind between the same readers are
// made small for one pattern: each takes some hundred runs.
const maxOfKind = 4

// fresh reports whether a difference may be another than those before: of
// other readers, or on an input with other edges in it.
func fresh(seen []Difference, d Difference) bool {
	same := 0
	for _, o := range seen {
		if o.Kind != d.Kind || o.Where != d.Where {
			continue
		}
		if same++; same >= maxOfKind || marksOf(o.Input) == marksOf(d.Input) {
			return false
		}
	}
	return true
}

// marksOf is the edges that stand in an input, as bits.
func marksOf(in []byte) (bits uint) {
	for i, e := range edges {
		if strings.Contains(string(in), e) {
			bits |= 1 << i
		}
	}
	return bits
}

// A reading is a text read in one dialect, by the reference and by the live
// engines that take it.
type reading struct {
	pattern  corpus.Pattern
	re       *syntax.Regexp
	runner   *backtrack.Runner
	names    []string
	matchers []engines.Matcher
}

// A comparison is a pattern read in every dialect of the speakers, its own
// first.
type comparison struct {
	own      corpus.Pattern
	readings []*reading
}

// open reads the pattern; it is false where its own dialect does not take it,
// or no engine does.
func (c *comparison) open(p corpus.Pattern, speakers []Speaker) bool {
	dialects := []corpus.Dialect{p.Dialect}
	for _, s := range speakers {
		if !slices.Contains(dialects, s.Dialect) {
			dialects = append(dialects, s.Dialect)
		}
	}
	live := 0
	for _, d := range dialects {
		q, ok := as(p, d)
		if !ok {
			continue
		}
		r := newReading(q)
		if r == nil {
			if d == p.Dialect {
				return false
			}
			continue
		}
		for _, s := range speakers {
			if s.Dialect != d {
				continue
			}
			if m, err := s.Engine.Compile(q); err == nil {
				r.names, r.matchers = append(r.names, s.Engine.Name()), append(r.matchers, m)
				live++
			}
		}
		if d == p.Dialect || len(r.matchers) > 0 {
			c.readings = append(c.readings, r)
		}
	}
	if live == 0 {
		c.close()
	}
	return live > 0
}

func newReading(p corpus.Pattern) *reading {
	re, err := syntax.Parse(p)
	if err != nil {
		return nil
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return nil
	}
	return &reading{pattern: p, re: re, runner: prog.NewRunner()}
}

func (c *comparison) close() {
	for _, r := range c.readings {
		for _, m := range r.matchers {
			m.Close()
		}
	}
}

// as is the pattern's text read in another dialect, with the flags that mean
// the same there; ok is false where one has no such flag.
func as(p corpus.Pattern, d corpus.Dialect) (q corpus.Pattern, ok bool) {
	q = p
	q.Dialect = d
	if p.Mode == corpus.Global {
		q.Mode = corpus.Search
	}
	if d == p.Dialect {
		return q, true
	}
	flags := p.Flags &^ (corpus.Unicode | corpus.Indices | corpus.GlobalFlag) // inputs are ASCII
	if flags&corpus.DollarEndOnly != 0 && (d == corpus.Go || !strings.Contains(p.Text, "$")) {
		flags &^= corpus.DollarEndOnly // Go's $ stands at the very end
	}
	ascii := strings.IndexFunc(p.Text, func(r rune) bool { return r >= 0x80 }) < 0
	common := corpus.Caseless | corpus.Multiline | corpus.DotAll
	switch d {
	case corpus.PCRE:
		common |= corpus.Extended | corpus.ExplicitCapture
		if !ascii {
			flags |= corpus.Unicode
			common |= corpus.Unicode
		}
	case corpus.DotNet:
		common |= corpus.Extended | corpus.ExplicitCapture
	}
	if !ascii && p.Dialect == corpus.PCRE && !p.Flags.Has(corpus.Unicode) {
		return q, false // the text is bytes
	}
	q.Flags = flags
	return q, flags&^common == 0
}

// reference is the reference matcher's answer; ok is false where it has none
// within its steps.
func (r *reading) reference(in []byte) (a Answer, ok bool) {
	res := r.runner.Run(in, backtrack.Options{Steps: answerSteps})
	a = Answer{Engine: "reference", Dialect: r.pattern.Dialect}
	switch res.Outcome {
	case backtrack.Matched:
		a.Matched, a.Start, a.End = true, res.Caps[0], res.Caps[1]
		return a, true
	case backtrack.NoMatch:
		return a, true
	}
	return a, false
}

// live is an engine's answer; ok is false where it stopped for a reason of its
// own.
func (r *reading) live(i int, in []byte) (a Answer, ok bool) {
	out := r.matchers[i].Match(in, answerLimits)
	a = Answer{Engine: r.names[i], Dialect: r.pattern.Dialect}
	switch out.State {
	case engines.Matched:
		a.Matched, a.Start, a.End = true, out.Caps[0], out.Caps[1]
		return a, true
	case engines.NoMatch:
		return a, true
	}
	return a, false
}

// differences are those of one input.
func (c *comparison) differences(in []byte) []Difference {
	var out []Difference
	var own Answer
	for i, r := range c.readings {
		want, ok := r.reference(in)
		if !ok {
			if i == 0 {
				return nil
			}
			continue
		}
		confirmed := ""
		for k := range r.matchers {
			got, ok := r.live(k, in)
			switch {
			case !ok:
			case want.same(got):
				confirmed = got.Engine
			default:
				out = append(out, Difference{Kind: DiffersByEngine, Where: got.Engine, Pattern: r.pattern, Input: in, Want: want, Got: got})
			}
		}
		switch {
		case i == 0:
			if own = want; confirmed != "" {
				own.Engine = confirmed
			}
		case confirmed != "" && !own.same(want):
			want.Engine = confirmed
			where := fmt.Sprintf("%s → %s", own.Dialect, want.Dialect)
			out = append(out, Difference{Kind: DiffersByDialect, Where: where, Pattern: c.readings[0].pattern, Input: in, Want: own, Got: want})
		}
	}
	return out
}
