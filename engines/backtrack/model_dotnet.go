package backtrack

import "strings"

// dotNetMerging: neighbouring alternatives of a single character become a
// set, negated classes apart; alternations inside alternations are spread
// out. (RegexNode.ReduceAlternation.)
func dotNetMerging() merging {
	return merging{least: 2, nested: true, takes: func(w writing, text string) bool {
		return w != asDot && w != asNot && !strings.HasPrefix(text, "[^")
	}}
}

// regexp2V1Shortcuts are those of github.com/dlclark/regexp2 v1 (syntax/tree.go
// and findFirstChar of runner.go): what .NET's parser simplified from the
// beginning, and the search for a first character. No loop is made atomic.
func regexp2V1Shortcuts() []shortcut {
	return []shortcut{
		mergeAlternatives(dotNetMerging()),
		nestedLoops(),
		writtenAnchor(),
		startMap(),
	}
}

// regexp2V2Shortcuts are those of github.com/dlclark/regexp2/v2
// (syntax/tree.go: FinalOptimize and the reductions; syntax/optimizations.go),
// which follows .NET 7 and later.
func regexp2V2Shortcuts() []shortcut {
	return []shortcut{
		mergeAlternatives(dotNetMerging()),
		factorPrefixes(factoring{least: 2, run: 2, unique: true}),
		mergeAlternatives(dotNetMerging()), // of what is left behind a prefix
		nestedLoops(),
		adjacentLoops(),
		autoAtomic(),
		writtenAnchor(),
		leadingLoop(),
		startMap(),
		minimumLength(),
	}
}
