package backtrack

import "strings"

// cpythonShortcuts are those of CPython 3.11 (re/_parser.py: _parse_sub;
// re/_compiler.py: _compile_info and the search loop of _sre): a prefix that
// all alternatives share is taken out, alternatives that all are single
// characters become a set, and a search looks for a first character. There is
// no required character, no possessive loop and no implicit anchor.
func cpythonShortcuts() []shortcut {
	return []shortcut{
		factorPrefixes(factoring{least: 2, run: 2, whole: true}),
		mergeAlternatives(merging{least: 2, whole: true, takes: func(w writing, text string) bool {
			return w != asDot && w != asNot && !strings.HasPrefix(text, "[^")
		}}),
		startMap(),
		minimumLength(),
	}
}
