package backtrack

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Program is a compiled pattern. It is immutable and may be run by many
// goroutines at once.
type Program struct {
	re      *syntax.Regexp
	code    []inst
	spans   []syntax.Span // by instruction
	sets    []*set
	loops   []loop
	refs    [][]int32 // group numbers of backreferences and conditions
	marks   []verb
	scripts *scripts // when there are script runs
	edges   []edge   // of line assertions

	groups int     // capture groups, group 0 included
	slots  int     // length of the slot array
	chain  []int32 // by group: the slot of its capture stack, or -1

	verbs       bool // the pattern holds a verb: barriers are kept
	restoreCaps bool // captures are restored after a subroutine call
	backward    bool // matching runs from right to left
	anchored    bool // a match starts where the search starts
	notEmpty    emptyMatch
	keepWithin  bool // \K behind the end, from a lookahead, counts as the end (Onigmo)
	skipCRLF    bool // no search starts between \r and \n
	looseX      bool // \X as in PCRE2 10.42
	leaky       bool // captures of atomic groups and assertions outlive backtracking (Java)
	fold        folding

	pool sync.Pool // of *Runner
}

// An emptyMatch says whether an empty match counts.
type emptyMatch uint8

const (
	mayBeEmpty emptyMatch = iota
	notEmptyAtStart
	neverEmpty
)

// The slots are the state of a match: int32s, -1 when unset, every change of
// which can be undone. The first are fixed, then come two for each capture
// group, then those that instructions name.
const (
	slotKeep = iota // \K: the reported start
	slotCall        // index of the active call record
	slotBar         // stack index of the innermost active barrier
	_
	slotCaps // group g is at slotCaps+2g and the one after
)

// An opcode is what an instruction does.
type opcode uint8

// The instructions. Those that consume run forward or, with Back, backward.
const (
	opMatch          opcode = iota // the whole pattern matched
	opFail                         // backtrack
	opJump                         // go to A
	opBranch                       // go to B
	opTry                          // go on; then try A
	opDefer                        // go to A; then try going on
	opChar                         // one character, A
	opSet                          // one character of set A
	opCharBack                     //
	opSetBack                      //
	opGreedy                       // set A, B to C times, most first
	opLazy                         // set A, B to C times, fewest first
	opPossessive                   // set A, B to C times, without giving back
	opGreedyBack                   //
	opLazyBack                     //
	opPossessiveBack               //
	opMark                         // slot A becomes the position
	opClose                        // group A ends; slot B holds where it began
	opCloseBack                    // group A begins; slot B holds where it ended
	opClosePush                    // as opClose, on the group's capture stack
	opBalance                      // pops a capture of group A; C captures the gap when > 0; slot B
	opUnset                        // groups A to B-1 become unset
	opProgress                     // fails at the position of slot A
	opEmptyLoop                    // end of an iteration that began at slot A: to B unless empty; flags C
	opLoopInit                     // counters of loop A, then go to B
	opLoop                         // end of an iteration of loop A
	opLoopTake                     // begins a deferred iteration of loop A
	opAtomic                       // slot A becomes the stack height
	opCut                          // drops the choices above the height in slot A
	opLook                         // slots A, A+1 become height and position; C is the body's end
	opLookTry                      // as opLook; B is tried when the body fails; C is the body's end
	opLookEnd                      // the body matched: cut, back to the position
	opLookFree                     // the body matched: back to the position, choices kept
	opLookNot                      // the body matched: undo it all, go to B
	opBehind                       // back by A characters
	opBehindRange                  // back by A to B (-1: any) characters, fewest first
	opAtOrigin                     // the position is that of slot A+1
	opBegin                        // the subject's start
	opEnd                          // the subject's end
	opEndOrLast                    // the subject's end, or before one character of set A that ends it
	opLineEnd                      // the subject's end, or before a character of set A
	opLineBegin                    // the subject's start, or after a character of set A; B: but not at the end
	opEdge                         // line assertion A
	opWord                         // word assertion B, word characters in set A
	opSearchStart                  // where the search started
	opBackref                      // groups of list A; flags B
	opBackrefBack                  //
	opIfGroup                      // goes on when a group of list A is set, else to B
	opIfCall                       // goes on inside a call to one of list A (-1: any), else to B
	opCall                         // subroutine at A, group B
	opReturn                       // end of group A, entered at B: returns when it was called
	opKeep                         // the reported match starts here
	opVerb                         // verb A
	opAccept                       // the match, assertion or call succeeds here
	opGrapheme                     // one extended grapheme cluster
	opScriptRun                    // the text since slot A is a script run
	opAbsent                       // slots A, A+1: the search for an absent body begins; B leaves
	opAbsentNext                   // the body at the next offset
	opAbsentHit                    // the body matched
	opChars                        // as C times opChar, each with its A
	opSpan                         // as opMark, opGreedy and opClose: slot A, B to C times
	opEarly                        // loop of set A begins; slot B of a model's memory, kind C
)

var opNames = [...]string{
	"match", "fail", "jump", "branch", "try", "defer", "char", "set", "char.back", "set.back",
	"greedy", "lazy", "possessive", "greedy.back", "lazy.back", "possessive.back",
	"mark", "close", "close.back", "close.push", "balance", "unset", "progress", "empty-loop",
	"loop-init", "loop", "loop-take", "atomic", "cut", "look", "look-try", "look-end",
	"look-free", "look-not", "behind", "behind-range", "at-origin", "begin", "end", "end-or-last", "line-end", "line-begin", "edge",
	"word", "search-start", "backref", "backref.back", "if-group", "if-call", "call",
	"return", "keep", "verb", "accept", "grapheme", "script-run", "absent", "absent-next", "absent-hit", "char", "mark", "early",
}

// An inst is one instruction. test, lead, first and set say how it begins, see
// fuse.go; set is also the one that the instruction names.
type inst struct {
	op      opcode
	test    test
	lead    uint8 // the steps that a failed test takes
	jumps   uint8 // the jumps, 0 or 1, between it and next
	a, b, c int32
	first   rune
	next    int32 // the instruction after it
	set     *set
}

// stop is where a loop that begins at pos ends at the latest, of n.
func (in *inst) stop(pos, n int) int {
	if in.c >= 0 && int(in.c) < n-pos {
		return pos + int(in.c)
	}
	return n
}

// stopBack is where a loop that runs back from pos ends at the latest.
func (in *inst) stopBack(pos int) int {
	if in.c >= 0 && int(in.c) < pos {
		return pos - int(in.c)
	}
	return 0
}

// Flags of a backreference.
const (
	refFold       = 1 << iota // compares without case
	refUnsetEmpty             // an unset group matches empty
)

// A set is a set of characters: a table below 256 and ranges from there on.
type set struct {
	low    [256]bool
	high   []charset.Range
	source charset.Set
}

func newSet(s charset.Set) *set {
	t := &set{source: s}
	for _, r := range s.Ranges() {
		for c := r.Lo; c <= min(r.Hi, 255); c++ {
			t.low[c] = true
		}
		if r.Hi > 255 {
			t.high = append(t.high, charset.Range{Lo: max(r.Lo, 256), Hi: r.Hi})
		}
	}
	return t
}

// hasHigh reports whether c, which is above 255, is in the set.
func (t *set) hasHigh(c rune) bool {
	k := sort.Search(len(t.high), func(i int) bool { return t.high[i].Hi >= c })
	return k < len(t.high) && t.high[k].Lo <= c
}

// A loop is a repeat that needs a counter, or a rule about empty iterations
// that depends on the count.
type loop struct {
	min, max int32 // max is Infinite or a count
	slot     int32 // the counter; slot+1 is where the iteration began
	body     int32 // first instruction of an iteration
	exit     int32
	lazy     bool
	empty    emptyRule
}

// An emptyRule says what follows an iteration that matched nothing. Counts
// are those after the iteration.
type emptyRule uint8

const (
	emptyFree      emptyRule = iota // nothing special
	emptyLeaves                     // leaves the loop when count >= min (PCRE2, .NET, Onigmo)
	emptyLeavesOne                  // leaves when count > min: one more is tried (CPython)
	emptyLeavesAny                  // leaves, whatever the count (Java)
	emptyFails                      // fails when count > min (ECMAScript)
	emptyFirst                      // leaves when it is the first past the minimum, later ones fail (RE2)
)

var emptyNames = [...]string{"", " empty-leaves", " empty-leaves-one", " empty-leaves-any", " empty-fails", " empty-first"}

// A verb is a backtracking verb. then is the slot with the height of the
// alternative around a (*THEN), -1 when there is none, and alt where that
// alternation begins.
type verb struct {
	kind      syntax.Verb
	name      string
	then, alt int32
}

// An edge is a line assertion.
type edge struct {
	kind  syntax.Assert
	crlf  bool // \r\n is one newline
	split bool // a line may also begin and end between its two characters (PCRE2)
	set   int32
}

// Len is the number of instructions; Options.Profile has that length.
func (p *Program) Len() int { return len(p.code) }

// Span is the part of the pattern that instruction pc came from.
func (p *Program) Span(pc int) syntax.Span { return p.spans[pc] }

// Groups is the number of capture groups, the whole match included; a
// Result's Caps holds two offsets for each.
func (p *Program) Groups() int { return p.groups }

// Pattern is what was compiled.
func (p *Program) Pattern() corpus.Pattern { return p.re.Pattern }

// String lists the instructions, one a line, as they were before some became
// one; it is stable and meant for tests and for reading a profile.
func (p *Program) String() string {
	var b strings.Builder
	for pc := range p.code {
		fmt.Fprintf(&b, "%3d %s\n", pc, p.show(pc))
	}
	return b.String()
}

func (p *Program) show(pc int) string {
	in := &p.code[pc]
	s := opNames[in.op]
	switch in.op {
	case opJump, opTry, opDefer, opMark, opScriptRun, opProgress, opAtomic, opCut, opLook, opLookEnd, opLookFree, opBehind, opAtOrigin, opReturn:
		return fmt.Sprintf("%s %d", s, in.a)
	case opChar, opCharBack, opChars:
		return fmt.Sprintf("%s %q", s, in.a)
	case opSet, opSetBack, opEndOrLast, opLineEnd, opLineBegin:
		return fmt.Sprintf("%s %s", s, p.sets[in.a].source)
	case opGreedy, opLazy, opPossessive, opGreedyBack, opLazyBack, opPossessiveBack:
		return fmt.Sprintf("%s %s {%s}", s, p.sets[in.a].source, bounds(in.b, in.c))
	case opSpan:
		return fmt.Sprintf("%s %d", s, p.code[pc+2].b)
	case opClose, opCloseBack, opClosePush, opUnset, opEmptyLoop, opLookTry, opLookNot, opBehindRange, opCall, opAbsent, opAbsentNext:
		return fmt.Sprintf("%s %d %d", s, in.a, in.b)
	case opVerb:
		return fmt.Sprintf("%s %d %q %d", s, p.marks[in.a].kind, p.marks[in.a].name, p.marks[in.a].then)
	case opBranch:
		return fmt.Sprintf("%s %d", s, in.b)
	case opBalance:
		return fmt.Sprintf("%s %d %d %d", s, in.a, in.b, in.c)
	case opLoopInit:
		return fmt.Sprintf("%s %d %d", s, in.a, in.b)
	case opLoop, opLoopTake:
		l := p.loops[in.a]
		lazy := ""
		if l.lazy {
			lazy = " lazy"
		}
		return fmt.Sprintf("%s %d {%s}%s%s body %d exit %d", s, in.a, bounds(l.min, l.max), lazy, emptyNames[l.empty], l.body, l.exit)
	case opEdge:
		e := p.edges[in.a]
		return fmt.Sprintf("%s %d %s", s, e.kind, p.sets[e.set].source)
	case opWord:
		return fmt.Sprintf("%s %d %s", s, in.b, p.sets[in.a].source)
	case opBackref, opBackrefBack:
		return fmt.Sprintf("%s %v %d", s, p.refs[in.a], in.b)
	case opIfGroup:
		return fmt.Sprintf("%s %v %d", s, p.refs[in.a], in.b)
	case opIfCall:
		return fmt.Sprintf("%s %d %d", s, in.a, in.b)
	case opEarly:
		return fmt.Sprintf("%s %s %d %d", s, p.sets[in.a].source, in.b, in.c)
	case opAbsentHit:
		return fmt.Sprintf("%s %d", s, in.a)
	}
	return s
}

func bounds(lo, hi int32) string {
	if hi < 0 {
		return fmt.Sprintf("%d,", lo)
	}
	return fmt.Sprintf("%d,%d", lo, hi)
}
