package verdict

import (
	"math/rand/v2"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// inputs makes subjects on which two patterns may differ: every short word over
// their common alphabet, then random words that one of them matches or nearly
// matches. The same patterns give the same inputs.
type inputs struct {
	automata []*nfa.Automaton
	classes  *charset.Partition
	unit     syntax.Unit
	random   *rand.Rand
	short    int // words made so far of the short ones
	most     int // short words in all
}

// shortWords bounds the short words: with four classes all of up to five
// characters.
const shortWords = 1_500

// newInputs prepares inputs for patterns of one unit; nil where they have no
// automata.
func newInputs(res ...*syntax.Regexp) *inputs {
	as, err := nfa.LowerTogether(res...)
	if err != nil {
		return nil
	}
	in := &inputs{automata: as, classes: as[0].Classes, unit: res[0].Unit, random: rand.New(rand.NewPCG(1, 2))}
	for words := 1; in.most+words <= shortWords; words *= in.classes.Len() {
		in.most += words
		if in.classes.Len() == 1 && in.most == maxWalk {
			break
		}
	}
	return in
}

// next is one more input.
func (in *inputs) next() []byte {
	if in.short < in.most {
		in.short++
		return in.word(in.short - 1)
	}
	w := in.walk(in.automata[in.random.IntN(len(in.automata))])
	for in.random.IntN(2) == 0 {
		w = in.mutate(w)
	}
	var out []byte
	for _, c := range w {
		out = in.append(out, c)
	}
	return out
}

// word is the n-th word over the representatives of the classes, by length.
func (in *inputs) word(n int) []byte {
	var out []byte
	k := in.classes.Len()
	if k == 1 {
		for range n {
			out = in.append(out, in.classes.Representative(0))
		}
		return out
	}
	for ; n > 0; n = (n - 1) / k {
		out = in.append(out, in.classes.Representative((n-1)%k))
	}
	return out
}

// maxWalk is the length of a random word in characters.
const maxWalk = 24

// walk is a random word on which an automaton comes far.
func (in *inputs) walk(a *nfa.Automaton) []rune {
	var out []rune
	at := int32(0)
	for len(out) < maxWalk {
		edges := a.States[at].Out
		if len(edges) == 0 {
			break
		}
		e := &edges[in.random.IntN(len(edges))]
		switch {
		case e.Kind == nfa.Accept || e.Kind == nfa.Exit:
			if in.random.IntN(3) == 0 {
				return out
			}
		case e.On.IsEmpty():
		case e.Kind == nfa.Step && e.Atom < 0 && in.random.IntN(4) > 0:
			// Mostly the pattern, seldom the search before it.
		default:
			k := in.random.IntN(e.On.Len())
			for class := range e.On.All {
				if k--; k < 0 {
					out = append(out, in.char(class))
					break
				}
			}
			at = e.To
		}
		if in.random.IntN(64) == 0 {
			break
		}
	}
	return out
}

// char is a character of a class.
func (in *inputs) char(class int) rune {
	if in.random.IntN(4) > 0 {
		return in.classes.Representative(class)
	}
	ranges := in.classes.Class(class).Ranges()
	r := ranges[in.random.IntN(len(ranges))]
	return r.Lo + rune(in.random.IntN(int(r.Hi-r.Lo)+1))
}

// mutate changes one place of a word: a character goes, comes, or is another;
// a piece is repeated.
func (in *inputs) mutate(w []rune) []rune {
	out := append([]rune(nil), w...)
	i := in.random.IntN(len(w) + 1)
	c := in.char(in.random.IntN(in.classes.Len()))
	switch in.random.IntN(4) {
	case 0:
		return append(append(out[:i:i], c), w[i:]...)
	case 1:
		return out[:i]
	case 2:
		j := i + in.random.IntN(len(w)-i+1)
		return append(append(out[:j:j], w[i:j]...), w[j:]...)
	}
	if i < len(out) {
		out[i] = c
	}
	return out
}

// append writes a character in the patterns' unit; what has no valid form
// there is left out.
func (in *inputs) append(out []byte, c rune) []byte {
	if in.unit == syntax.Byte {
		return append(out, byte(c))
	}
	if !utf8.ValidRune(c) {
		return out
	}
	return utf8.AppendRune(out, c)
}

// An outcome is what a pattern does with a subject: the offsets of match and
// groups. Where the run passed its budget of steps, known is false.
type outcome struct {
	known, matched bool
	caps           []int
}

// trialSteps bounds one run of a comparison.
const trialSteps = 100_000

func outcomeOf(r *backtrack.Runner, subject []byte) outcome {
	res := r.Run(subject, backtrack.Options{Steps: trialSteps})
	return outcome{
		known:   res.Outcome == backtrack.Matched || res.Outcome == backtrack.NoMatch,
		matched: res.Outcome == backtrack.Matched,
		caps:    append([]int(nil), res.Caps...),
	}
}

// compareOn compares what two patterns do with inputs of both, as far as a use
// goes: how many runs ended on both sides, and the first subject on which they
// differ, nil for none.
func compareOn(x, y *syntax.Regexp, use fix.Use, count int) (compared int, differs []byte) {
	in := newInputs(x, y)
	p, errP := backtrack.Compile(x)
	q, errQ := backtrack.Compile(y)
	if in == nil || errP != nil || errQ != nil {
		return 0, nil
	}
	left, right := p.NewRunner(), q.NewRunner()
	for range count {
		s := in.next()
		a, b := outcomeOf(left, s), outcomeOf(right, s)
		if differ(a, b, use) {
			return compared, append([]byte{}, s...)
		}
		if a.known && b.known {
			compared++
		}
	}
	return compared, nil
}
