package backtrack

// pcre2Shortcuts are those of PCRE2 10.42's compiler and interpreter, in the
// order in which the compiler comes to them: pcre2_auto_possess.c, then the
// end of pcre2_compile (anchors, first and last code unit), then
// pcre2_study.c. What runs is pcre2_match's loop over starts.
func pcre2Shortcuts() []shortcut {
	return []shortcut{
		autoPossess(),
		writtenAnchor(),
		lineStart(),
		implicitAnchor(),
		firstUnit(),
		startSet(),
		minimumLength(),
		requiredUnit(requiredAnchored, requiredFree),
	}
}

// pcre2JITShortcuts are those of the compiler, which the JIT shares, and the
// JIT's own memory of where loops ended.
func pcre2JITShortcuts() []shortcut {
	return []shortcut{
		autoPossess(),
		writtenAnchor(),
		lineStart(),
		implicitAnchor(),
		firstUnit(),
		startSet(),
		startMap(),
		minimumLength(),
		requiredUnit(requiredAnchoredJIT, requiredFreeJIT),
		loopMemory(),
	}
}

// jitStack is the room for the JIT's stack in bytes of the reference's
// frames: the JIT's own 32 KiB hold 4,096 words, and a choice takes one word
// there and one frame here. Measured on loops over groups, the library
// overflows at between a third and the whole of the iterations that the model
// takes.
const jitStack = 4096 * frameBytes
