package syntax

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Span is the half-open range of byte offsets [Start, End) in a pattern's
// text.
type Span struct{ Start, End int }

// A Unit is what one character of the subject is: the alphabet of the sets.
type Unit uint8

// The units.
const (
	Byte  Unit = iota // bytes: PCRE without u
	Rune              // code points, subjects in UTF-8
	UTF16             // UTF-16 code units: ECMAScript without u or v; .NET's \uXXXX world is Rune here, as in regexp2
)

// Max is the largest character of the alphabet.
func (u Unit) Max() rune {
	switch u {
	case Byte:
		return charset.MaxByte
	case UTF16:
		return charset.MaxUTF16
	}
	return charset.MaxRune
}

// A Regexp is a parsed pattern: every flag, case fold and shorthand is
// resolved, so that the tree means the same whatever the dialect was.
type Regexp struct {
	Pattern corpus.Pattern
	// Flags are the pattern's flags plus those set by leading options in its
	// text, such as (*UTF) or a .NET-wide (?i).
	Flags corpus.Flags
	// Unit is the alphabet of every Set in the tree.
	Unit Unit
	// Root is the tree.
	Root *Node
	// Groups are the capture groups by number; Groups[0] is the whole pattern.
	Groups []Group
	// Empty says what an unbounded loop does with an iteration that matched
	// nothing.
	Empty EmptyLoop
	// Options are what leading items such as (*NO_JIT) or (*LIMIT_MATCH=9) set
	// for the engine.
	Options Options
	// lead is the length of the leading items of the text in bytes.
	lead int
}

// Options are settings a pattern makes for its own matching (PCRE2).
type Options struct {
	// NotEmpty and NotEmptyAtStart refuse an empty match, anywhere or where
	// the search starts.
	NotEmpty, NotEmptyAtStart bool
	// NoStartOptimize, NoAutoPossess, NoDotstarAnchor and NoJIT switch off an
	// engine's shortcuts.
	NoStartOptimize, NoAutoPossess, NoDotstarAnchor, NoJIT bool
	// SkipCRLF: a search never starts between \r and \n. So it is when the
	// newline is CRLF, ANYCRLF or ANY and no \r or \n stands in the pattern
	// (pcre2_match's PCRE2_HASCRORLF).
	SkipCRLF bool
	// LimitMatch, LimitDepth (calls) and LimitHeap (KiB) lower the engine's
	// limits; 0 when not given.
	LimitMatch, LimitDepth, LimitHeap int
}

// A Group is a capture group. Several groups may share a Name (DupNames), and
// several Nodes may share a number (branch reset).
type Group struct {
	Name  string
	Nodes []*Node // the OpGroup nodes with this number; nil for group 0
}

// EmptyLoop is the rule for an iteration of a loop that matched nothing once
// the minimum count is reached. It decides run counts: ^(a()*a)*$ is
// exponential under AcceptEmpty and linear under RejectEmpty.
type EmptyLoop uint8

// The rules.
const (
	// AcceptEmpty takes the empty iteration and leaves the loop: PCRE2,
	// CPython, .NET, Java, Onigmo.
	AcceptEmpty EmptyLoop = iota
	// RejectEmpty fails the empty iteration: ECMAScript (RepeatMatcher step
	// 2.b).
	RejectEmpty
	// SkipEmpty never tries a second way to match empty: RE2 and Go, where
	// (a*)* is simplified.
	SkipEmpty
)

// An Op is the kind of a Node.
type Op uint8

// The kinds of nodes. The fields each uses stand beside it; Span is set on
// every node.
const (
	OpEmpty       Op = iota // matches the empty string
	OpFail                  // matches nothing: an empty class, (?!), (*FAIL)
	OpSet                   // one character of Set; Raw as written
	OpConcat                // Sub in order
	OpAlternate             // Sub by priority
	OpRepeat                // Sub[0], Min, Max (Infinite), Greed
	OpGroup                 // Sub[0]; Index is its number, 0 when it does not capture; Name
	OpAtomic                // Sub[0] without backtracking into it
	OpLook                  // Sub[0] as an assertion; Behind, Negate, NonAtomic
	OpAssert                // a simple assertion: Assert, Set
	OpBackref               // Refs, in the order tried; Fold
	OpConditional           // Cond; Sub[0] when true, Sub[1] when false (OpEmpty when absent); Sub[2] the OpLook of CondLook
	OpCall                  // a subroutine call or recursion to group Index (0 is the whole pattern)
	OpVerb                  // Verb, Name its argument
	OpKeep                  // \K: the reported match starts here
	OpGrapheme              // \X: one extended grapheme cluster
	OpAbsent                // Sub[0]: Onigmo's absent operator (?~X)
	OpCallout               // a callout, without effect on matching
	OpScriptRun             // Sub[0], whose match must be a script run (*sr:…)
	OpBalance               // Sub[0]; .NET balancing group (?<Name-Refs[0]>…), Index 0 when only popping
)

// Infinite is the Max of a repeat without an upper bound.
const Infinite = -1

// Greed says in which order a repeat tries its counts.
type Greed uint8

// The orders.
const (
	Greedy     Greed = iota
	Lazy             // fewest first
	Possessive       // most, without giving back
)

// An Assert is a simple assertion: it looks at no more than the character
// before and the two after its position.
type Assert uint8

// The assertions. In those about lines, Set holds the newline characters and
// CRLF says that \r\n is one newline.
const (
	BeginText       Assert = iota // the subject's start
	EndText                       // the subject's end
	EndTextOptional               // the end, or before a newline that ends the subject
	BeginLine                     // the start, or after a newline
	BeginLineNotEnd               // as BeginLine, but not after a newline that ends the subject (PCRE2, Perl, Java)
	EndLine                       // the end, or before a newline
	WordBoundary                  // between a character of Set and none
	NotWordBoundary               // elsewhere
	WordStart                     // a WordBoundary with a word character after it
	WordEnd                       // a WordBoundary with a word character before it
	SearchStart                   // \G: where the search started
)

// A Verb is a backtracking verb.
type Verb uint8

// The verbs. (*FAIL) is OpFail.
const (
	VerbAccept Verb = iota
	VerbCommit
	VerbPrune
	VerbSkip // with Name: skip to the mark
	VerbThen
	VerbMark
)

// A Cond is what a conditional asks.
type Cond uint8

// The conditions.
const (
	CondGroup   Cond = iota // one of Refs is set
	CondLook                // Sub[2] holds
	CondRecurse             // inside a recursion: Refs empty for any, else to one of those groups
	CondDefine              // never true: (?(DEFINE)…)
	CondConst               // Negate says never true, else always: (?(VERSION>=10)…)
)

// A Node is one node of the tree.
type Node struct {
	Op     Op
	Greed  Greed
	Assert Assert
	Verb   Verb
	Cond   Cond

	// Negate and Behind direct OpLook; NonAtomic marks (*napla:…).
	Negate, Behind, NonAtomic bool
	// Fold says that a backreference compares without case.
	Fold bool
	// CRLF says that \r\n counts as one newline for a line assertion.
	CRLF bool

	// Min and Max bound an OpRepeat; of an OpLook in Java they are the lengths
	// that its lookbehind tries, none when Max is less.
	Min, Max int
	Index    int
	Name     string
	// Refs are group numbers. For OpBackref the first that is set is used
	// (duplicate names).
	Refs []int
	// UnsetEmpty says that a backreference to an unset group matches the empty
	// string (ECMAScript, PCRE2's MATCH_UNSET_BACKREF) instead of failing.
	UnsetEmpty bool

	Set charset.Set
	Sub []*Node
	// Span is the node's text, quantifier, parentheses and all. Desugared
	// nodes share the span of what they came from.
	Span Span
}
