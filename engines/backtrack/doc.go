// Package backtrack is the reference matcher: a backtracking matcher that is
// naive on purpose, deterministic, and counts every step it takes.
//
// It is the truth that every verdict is replayed on, so it has none of the
// shortcuts of a real engine: no prefilter, no required byte, no memo, no
// implicit anchor, no loop made possessive because what follows it could not
// match inside. It tries every start offset of a search in order. A step is
// one instruction executed, and one character tested inside a loop of a
// single character or a backreference, and one retry of such a loop; in
// patterns of very many groups, also one for each 64 groups or slots that an
// instruction goes through. The count depends on the pattern and the subject
// and on nothing else.
//
// It is not the matcher to use when only the match is wanted.
//
// The stages, one file each: a syntax tree is compiled (compile.go and the
// files beside it) to a Program (program.go), of which some instructions are
// then run as one (fuse.go); a Runner decodes a subject (subject.go) and
// executes the program from each start (run.go, match.go, and perform.go for
// what is rare) on an explicit stack (stack.go).
package backtrack
