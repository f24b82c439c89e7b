package verdict

import (
	"errors"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// A Move says whether a pattern can move to an engine of linear time.
type Move struct {
	// To is the engine.
	To string
	// Taken says that the engine takes a text for the pattern: Text, with
	// Flags. Respelled says that it is not the pattern's own but its tree,
	// written out with every flag, class and assertion resolved.
	Taken, Respelled bool
	Text             string
	Flags            corpus.Flags
	// Stops are the constructs that no text for the engine can say, in the
	// order of the pattern.
	Stops []Stop
	// Refusal is the engine's word on the pattern's own text, "" where it takes
	// it.
	Refusal string
	// Subjects is the number of subjects on which both were compared, and
	// Attacks how many of them are attacks; the rest are short words over the
	// pattern's alphabet, and random words that match or nearly match it.
	Subjects, Attacks int
	// Differs is a subject on which the engine does another thing, nil where
	// none was found.
	Differs *Differs
}

// A Stop is a construct that an engine lacks.
type Stop struct {
	Construct string
	Span      syntax.Span
}

// A Differs is a subject on which two engines differ: what each matches and
// captures, as offsets, nil for no match.
type Differs struct {
	Subject []byte
	Was, Is []int
}

// compared is the number of subjects of a Move, attacks apart: some seconds of
// a thousandth part each.
const compared = 20_000

// MoveTo asks an engine of linear time for the verdict's pattern: as it stands,
// or, where that is refused or does another thing, written out. What it takes
// is compared with the reference matcher, subject by subject. The pattern is to
// parse.
func (v Verdict) MoveTo(e engines.Engine) Move {
	m := Move{To: e.Name()}
	re, err := syntax.Parse(v.Pattern)
	if err != nil {
		m.Refusal = err.Error()
		return m
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		m.Refusal = err.Error()
		return m
	}
	m.Stops = stops(re)
	own := v.tryMove(m, e, re, prog, v.Pattern)
	if own.Taken && own.Differs == nil || len(m.Stops) > 0 {
		return own
	}
	q := *re
	q.Pattern.Dialect = corpus.Go
	p := syntax.Print(&q)
	p.Dialect, p.Flags = v.Pattern.Dialect, p.Flags&corpus.Unicode
	if re.Unit == syntax.Rune {
		p.Dialect = corpus.Go
	}
	respelled := v.tryMove(m, e, re, prog, p)
	respelled.Respelled, respelled.Refusal = true, own.Refusal
	if !respelled.Taken || respelled.Differs != nil && own.Taken {
		return own
	}
	return respelled
}

// tryMove compares one text on the engine with the pattern.
func (v Verdict) tryMove(m Move, e engines.Engine, re *syntax.Regexp, prog *backtrack.Program, p corpus.Pattern) Move {
	m.Text, m.Flags = p.Text, p.Flags
	matcher, err := e.Compile(p)
	if err != nil {
		m.Refusal = err.Error()
		if cause := errors.Unwrap(err); cause != nil && !errors.Is(cause, engines.ErrUnsupported) {
			m.Refusal = cause.Error()
		}
		return m
	}
	defer matcher.Close()
	m.Taken = true
	runner := prog.NewRunner()
	compare := func(subject []byte) bool {
		was := outcomeOf(runner, subject)
		is := matcher.Match(subject, engines.Limits{})
		if !was.known || is.State != engines.Matched && is.State != engines.NoMatch {
			return false
		}
		m.Subjects++
		if was.matched == (is.State == engines.Matched) && slices.Equal(was.caps, is.Caps) {
			return false
		}
		m.Differs = &Differs{Subject: subject, Is: is.Caps}
		if was.matched {
			m.Differs.Was = was.caps
		}
		return true
	}
	for _, w := range v.Witnesses {
		for n := range 16 {
			before := m.Subjects
			differs := compare(w.Bytes(n))
			if m.Attacks += m.Subjects - before; differs {
				return m
			}
		}
	}
	in := newInputs(re)
	if in == nil {
		return m
	}
	for range compared {
		if compare(in.next()) {
			return m
		}
	}
	return m
}

// maxCount is the largest bound of a repeat that RE2 and Go take.
const maxCount = 1000

// stops lists the constructs of a tree that no text in Go's dialect can say.
func stops(re *syntax.Regexp) []Stop {
	var out []Stop
	var walk func(n *syntax.Node)
	walk = func(n *syntax.Node) {
		if c := stop(n); c != "" {
			s := Stop{c, n.Span}
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
		for _, sub := range n.Sub {
			walk(sub)
		}
	}
	walk(re.Root)
	if o := re.Options; o.NotEmpty || o.NotEmptyAtStart {
		out = append(out, Stop{"refusal of empty matches", syntax.Span{}})
	}
	slices.SortStableFunc(out, func(a, b Stop) int { return a.Span.Start - b.Span.Start })
	return out
}

// stop names what a node needs of an engine beyond RE2, "" for nothing.
func stop(n *syntax.Node) string {
	switch n.Op {
	case syntax.OpAtomic:
		return "atomic group"
	case syntax.OpLook:
		word := "lookahead"
		if n.Behind {
			word = "lookbehind"
		}
		if n.Negate {
			word = "negative " + word
		}
		return word
	case syntax.OpRepeat:
		switch {
		case n.Greed == syntax.Possessive:
			return "possessive quantifier"
		case n.Min > maxCount || n.Max > maxCount:
			return "repeat of more than 1,000"
		}
	case syntax.OpAssert:
		switch n.Assert {
		case syntax.EndTextOptional:
			return "end before a final newline"
		case syntax.BeginLineNotEnd:
			return "start of a line, but not of an empty last one"
		case syntax.WordStart, syntax.WordEnd:
			return "start or end of a word"
		case syntax.SearchStart:
			return "start of the search"
		}
	case syntax.OpBackref:
		return "backreference"
	case syntax.OpConditional:
		return "conditional"
	case syntax.OpCall:
		return "recursion or subroutine call"
	case syntax.OpVerb:
		return "backtracking verb"
	case syntax.OpKeep:
		return "reset of the match's start"
	case syntax.OpGrapheme:
		return "grapheme cluster"
	case syntax.OpAbsent:
		return "absent operator"
	case syntax.OpScriptRun:
		return "script run"
	case syntax.OpBalance:
		return "balancing group"
	case syntax.OpCallout:
		return "callout"
	}
	return ""
}
