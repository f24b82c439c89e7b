package engines

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Anchor writes a pattern's text between anchors: begin for a match that must
// start where the subject starts, end for one that must end where it ends.
// The text itself stands unchanged inside a non-capturing group, so that
// groups, priorities and what assertions see stay as they are.
//
// A full match is the first run, in the engine's own order of priority, that
// ends at the subject's end: begin(?:text)end asks for exactly that, since a
// backtracking engine goes on to its next run where end fails, and RE2 keeps
// the same order. Matching (?:text) first and comparing lengths afterwards
// would be wrong: a|ab does match the whole of "ab".
//
// The texts are to be tried in turn, after the bare text was found to
// compile: the group may be closed directly, or behind a newline where the
// text ends in a comment (in which the first form never compiles, its group
// being open), or behind \E where it ends in an open \Q.
func Anchor(text, begin, end string) []string {
	if begin == "" && end == "" {
		return []string{text}
	}
	open := begin + "(?:" + text
	return []string{open + ")" + end, open + "\n)" + end, open + `\E)` + end}
}

// Starts reports whether a pattern applied in its mode matches at one given
// offset only: its mode or a flag says so.
func Starts(p corpus.Pattern) bool {
	return p.Mode == corpus.Match || p.Mode == corpus.Full || p.Flags&(corpus.Anchored|corpus.Sticky) != 0
}

// goLetters are the flags that RE2's syntax has, as in (?imsU).
const goLetters = corpus.Caseless | corpus.Multiline | corpus.DotAll | corpus.Ungreedy

// goNeutral are flags that change nothing for an engine of RE2's syntax:
// recorded ones, an anchor that Starts reads, and u, since code points are
// what it matches anyway.
const goNeutral = corpus.Indices | corpus.GlobalFlag | corpus.Anchored | corpus.Unicode

// GoFlags writes a pattern's flags as RE2's syntax does, "(?is)" or "". It
// fails with ErrUnsupported on a flag that the syntax lacks.
func GoFlags(p corpus.Pattern) (string, error) {
	if bad := p.Flags &^ (goLetters | goNeutral); bad != 0 {
		return "", fmt.Errorf("flags %q: %w: RE2 has %q", bad, ErrUnsupported, goLetters)
	}
	if p.Mode == corpus.Global && Starts(p) {
		return "", fmt.Errorf("flags %q in mode global: %w: RE2 anchors a search at its first start only", p.Flags, ErrUnsupported)
	}
	if f := p.Flags & goLetters; f != 0 {
		return "(?" + f.String() + ")", nil
	}
	return "", nil
}

// GoAnchors are RE2's assertions that a pattern's mode asks for, as Anchor
// takes them.
func GoAnchors(p corpus.Pattern) (begin, end string) {
	if Starts(p) {
		begin = `\A`
	}
	if p.Mode == corpus.Full {
		end = `\z`
	}
	return begin, end
}
