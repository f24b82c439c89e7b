package nfa

import "github.com/nearmiss-dev/nearmiss/analyzer/charset"

// An opcode is what an instruction of the ε-automaton does.
type opcode uint8

const (
	opChar   opcode = iota // consume one character of mask, go to next
	opAlt                  // try each of alts in order
	opEnter                // begin an iteration of loop, go to next
	opLeave                // end an iteration of loop: to head if it consumed, else by the dialect's rule
	opGuard                // go to next under guard
	opBehind               // go to next if a lookbehind holds
	opAhead                // go to next if a lookahead will hold
	opOver                 // go to next; whether a matcher gets here is not known
	opAccept               // a match
	opExit                 // the end of the body of region, go to next
	opNot                  // go to next if the body of region has failed
	opDead                 // the end of a branch that decides nothing more
	opWalk                 // begin the walk of a lookbehind of unbounded length, go to next
	opPass                 // go to next; a matcher spends steps here, and nothing else
)

// An instruction of the ε-automaton. Programs are built from the end to the
// beginning: next is always known when an instruction is made, except for the
// heads of loops.
type instruction struct {
	op     opcode
	region uint8
	in     Regions // the regions around the instruction
	atom   int32
	next   int32
	head   int32 // opLeave
	loop   int32 // opEnter, opLeave
	guard  int32 // opGuard: index into program.guards; opBehind: into memories; opAhead: into aheads; opWalk: into the automaton's walks
	negate bool  // opBehind, opAhead
	atomic bool  // opOver: behind an atomic group, where one run of an entry surely gets
	keep   bool  // opLeave: an empty iteration leaves whatever the dialect's rule
	copy   int32 // opAlt: the end of the copy that it goes on with or leaves, 0 for none
	cost   float64
	mask   charset.Mask
	alts   []int32
}

// step is what one step of a matcher weighs: an instruction of the
// ε-automaton stands for up to four.
const step = 0.25

// A program is the ε-automaton of a pattern.
type program struct {
	code   []instruction
	guards []guard
	start  int32
	search int32 // -1 without a search loop
	reject bool  // an empty iteration fails instead of leaving the loop
	// memories are those of the lookbehinds.
	memories []*memory
	// aheads are the lookaheads that are foreseen.
	aheads []*foresight
	// anchor marks instructions from which an ε-path leads to a guard that asks
	// about the previous character, remember those from which any path leads to
	// a lookbehind.
	anchor, remember []bool
}

func (p *program) add(in instruction) int32 {
	p.code = append(p.code, in)
	return int32(len(p.code) - 1)
}
