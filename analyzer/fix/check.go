package fix

import (
	"errors"
	"fmt"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Check verifies a proof again: that each of its steps keeps what the use
// needs, from the pattern to next. It shares the parser and the comparison of
// trees with Prove, and nothing of how languages are compared: its matchers
// walk the trees themselves, and see the next characters instead of being
// obliged to them. The error says which step could not be verified, and why;
// the proof may hold all the same where a limit was reached.
func Check(old corpus.Pattern, next string, proof Proof) error {
	at := old.Text
	for i, s := range proof.Steps {
		if s.From != at {
			return fmt.Errorf("step %d begins with another text than the one before it ends with", i+1)
		}
		if err := checkStep(old, s, proof.Use); err != nil {
			return fmt.Errorf("step %d (%s): %w", i+1, s.Idea, err)
		}
		at = s.To
	}
	if at != next {
		return errors.New("the steps end with another text than the fix")
	}
	return nil
}

// checkStep verifies one step.
func checkStep(p corpus.Pattern, s Step, use Use) error {
	p.Text = s.From
	old, err := syntax.Parse(p)
	if err != nil {
		return err
	}
	p.Text = s.To
	next, err := syntax.Parse(p)
	if err != nil {
		return err
	}
	if old.Unit != next.Unit || old.Options != next.Options {
		return errors.New("the texts are read in different ways")
	}
	switch s.By {
	case SameSubjects:
		if use > Match {
			return errors.New("the same subjects are less than the use needs")
		}
		if x, y, ok := sliced(old.Root, next.Root); ok {
			a, b := *old, *next
			a.Root, b.Root = x, y
			if checkWhole(&a, &b, false) == nil {
				return nil
			}
		}
		return checkWhole(old, next, false)
	case SameSpans:
		if use == Captures && len(old.Groups)+len(next.Groups) > 2 {
			return errors.New("the same spans are less than the use needs")
		}
		return checkWhole(old, next, true)
	case SameWords, SameEnds:
		return checkPart(old, next, s.By, use)
	}
	return fmt.Errorf("unknown argument %q", s.By)
}

// checkWhole compares whole patterns.
func checkWhole(old, next *syntax.Regexp, spans bool) error {
	switch mode := old.Pattern.Mode; {
	case old.Options != (syntax.Options{}):
		return errors.New("leading options change how the pattern is searched")
	case mode == corpus.Global:
		return errors.New("a global search")
	}
	w, err := newLockstep(old, next)
	if err != nil {
		return err
	}
	if spans {
		return w.spans()
	}
	return w.subjects()
}

// checkPart verifies that the trees differ in one part only, that nothing
// around it asks for more than the argument gives, and compares the part.
func checkPart(old, next *syntax.Regexp, by Method, use Use) error {
	if by == SameWords && use > Match {
		return errors.New("the same words are less than the use needs")
	}
	var last error
	for _, c := range changes(old.Root, next.Root) {
		if last = c.check(old, next, by, use); last == nil {
			return nil
		}
	}
	return last
}

func (c change) check(old, next *syntax.Regexp, by Method, use Use) error {
	var references, verbs bool
	for _, re := range []*syntax.Regexp{old, next} {
		syntax.Walk(re.Root, func(n *syntax.Node) bool {
			references = references || n.Op == syntax.OpBackref || n.Op == syntax.OpConditional || n.Op == syntax.OpBalance
			verbs = verbs || n.Op == syntax.OpVerb || n.Op == syntax.OpCall
			return true
		})
	}
	if verbs {
		return errors.New("verbs and calls reach beyond a part")
	}
	for _, n := range c.path {
		switch {
		case n.Op == syntax.OpLook && n.Behind:
			return errors.New("the part stands in a lookbehind")
		case by == SameEnds, n.Op == syntax.OpConcat, n.Op == syntax.OpAlternate, n.Op == syntax.OpGroup:
		case n.Op == syntax.OpRepeat && n.Greed != syntax.Possessive && !references, n.Op == syntax.OpLook && !references:
		default:
			return errors.New("what stands around the part keeps its first end")
		}
	}
	x, y := fragment(old, c.old), fragment(next, c.next)
	for _, re := range []*syntax.Regexp{x, y} {
		if captures(re.Root) && (use == Captures || references) {
			return errors.New("the part captures")
		}
		if asserts(re.Root) {
			return errors.New("the part asks what is around it")
		}
	}
	w, err := newLockstep(x, y)
	if err != nil {
		return err
	}
	if by == SameWords {
		return w.words()
	}
	return w.ends()
}
