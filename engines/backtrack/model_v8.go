package backtrack

// v8Shortcuts are those of V8's Irregexp (regexp-compiler-tonode.cc:
// RegExpDisjunction; regexp-compiler.cc: the look for a first character, and
// anchors). It has neither a required character nor possessive loops, and
// looks at an alternation only from three alternatives on: (?:a|b|a)* becomes
// a set, (?:a|a)* stays exponential, and so does (?:\w|\d)*. A prefix is taken
// out only where three neighbours share it: (?:ax|ay|ax)* becomes linear that
// way, and (?:a|a|a)* does not.
func v8Shortcuts() []shortcut {
	return []shortcut{
		factorPrefixes(factoring{least: 3, run: 3, letters: true, sorted: true}),
		mergeAlternatives(merging{least: 3, takes: func(w writing, text string) bool {
			return w == asLetter && text[0] != '['
		}}),
		writtenAnchor(),
		startMap(),
		minimumLength(),
	}
}
