package fix

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A rest is what is left to match, as the number of an interned list: first of
// it, then what follows. 0 is nothing: a match.
type rest int32

// A frame is the first of a rest: a node to match, or, where again is set, a
// repeat whose body was just matched for the count-th time.
type frame struct {
	node  *syntax.Node
	count int32
	again bool
	then  rest
}

// The characters beside a position: a class, or none of them.
const (
	noChar   = -1 // the subject begins or ends
	notAsked = -2
)

// A window is what a matcher sees at a position: the character before it and
// the next two, and of each literal that some lookbehind looks for, which
// beginnings of it end here.
type window struct {
	prev, next, after int
	past              string
}

// A climber matches a tree by climbing it: it keeps what is left to match, and
// has no states, no ε-removal and no obligations.
type climber struct {
	re       *syntax.Regexp
	abc      *charset.Partition
	frames   []frame
	known    map[frame]rest
	masks    map[*syntax.Node]charset.Mask
	literals map[*syntax.Node]*behindLiteral
	// ordered says that the order of outcomes counts, so that each way to one
	// is followed.
	ordered bool
	// steps counts moves; the outcomes of the position are collected in out.
	steps  int
	out    []outcome
	seen   map[rest]bool
	met    map[rest]bool
	failed error
}

// An outcome is a way on from a position: a character of on and what is then
// left, or a match.
type outcome struct {
	on    charset.Mask
	left  rest
	match bool
}

// Limits of a check: a proof beyond them is not verified, and the fix not
// proved.
const (
	// checkSteps bounds all moves of both climbers: about a second.
	checkSteps = 8_000_000
	// checkPairs bounds the pairs of positions.
	checkPairs = 30_000
	// checkMoves bounds the moves from one position: a nest of optional parts has
	// exponentially many ways.
	checkMoves = 20_000
)

var errSteps = errors.New("verifying it takes too many steps")

func newClimber(re *syntax.Regexp, abc *charset.Partition) *climber {
	return &climber{re: re, abc: abc, frames: make([]frame, 1), known: map[frame]rest{}, masks: map[*syntax.Node]charset.Mask{}}
}

func (c *climber) push(f frame) rest {
	id, found := c.known[f]
	if !found {
		id = rest(len(c.frames))
		c.known[f] = id
		c.frames = append(c.frames, f)
	}
	return id
}

// start is the whole tree, left to match.
func (c *climber) start() rest { return c.push(frame{node: c.re.Root}) }

// from collects the outcomes at a position, best first.
func (c *climber) from(at rest, w window) []outcome {
	c.out, c.seen, c.met = nil, map[rest]bool{}, map[rest]bool{}
	before := c.steps
	c.climb(at, w, nil, before)
	return c.out
}

// climb follows one rest. entered are the repeats whose current iteration has
// read nothing yet.
func (c *climber) climb(at rest, w window, entered []rest, before int) {
	if c.steps++; c.steps-before > checkMoves {
		c.failed = errSteps
	}
	if c.failed != nil || !c.ordered && c.seen[at] {
		return
	}
	c.seen[at] = true
	if at == 0 {
		if !c.met[0] {
			c.met[0] = true
			c.out = append(c.out, outcome{match: true})
		}
		return
	}
	f := c.frames[at]
	if f.again {
		c.again(f, w, entered, before)
		return
	}
	n := f.node
	switch n.Op {
	case syntax.OpEmpty:
		c.climb(f.then, w, entered, before)
	case syntax.OpFail:
	case syntax.OpSet:
		on := c.mask(n)
		if !on.IsEmpty() {
			c.out = append(c.out, outcome{on: on, left: f.then})
		}
	case syntax.OpGroup:
		c.climb(c.push(frame{node: n.Sub[0], then: f.then}), w, entered, before)
	case syntax.OpConcat:
		then := f.then
		for i := len(n.Sub) - 1; i >= 0; i-- {
			then = c.push(frame{node: n.Sub[i], then: then})
		}
		c.climb(then, w, entered, before)
	case syntax.OpAlternate:
		for _, s := range n.Sub {
			c.climb(c.push(frame{node: s, then: f.then}), w, entered, before)
		}
	case syntax.OpRepeat:
		c.repeat(f, 0, w, entered, before)
	case syntax.OpAssert, syntax.OpLook:
		holds, err := c.holds(n, w)
		if err != nil {
			c.failed = err
		}
		if holds {
			c.climb(f.then, w, entered, before)
		}
	default:
		c.failed = fmt.Errorf("a construct at offset %d that is not verified", n.Span.Start)
	}
}

// repeat goes on with a repeat after count iterations.
func (c *climber) repeat(f frame, count int32, w window, entered []rest, before int) {
	n := f.node
	lo, hi := int32(n.Min), int32(n.Max)
	if n.Greed == syntax.Possessive {
		c.possessive(f, count, w, entered, before)
		return
	}
	done := count
	if n.Max == syntax.Infinite {
		done = min(count, lo) // more are not told apart
	}
	back := c.push(frame{node: n, count: done, again: true, then: f.then})
	more := func() {
		if n.Max == syntax.Infinite || count < hi {
			inside := append(append(make([]rest, 0, len(entered)+1), entered...), back)
			c.climb(c.push(frame{node: n.Sub[0], then: back}), w, inside, before)
		}
	}
	leave := func() {
		if count >= lo {
			c.climb(f.then, w, entered, before)
		}
	}
	if n.Greed == syntax.Lazy {
		leave()
		more()
		return
	}
	more()
	leave()
}

// again is reached when an iteration ends. An empty one, once enough were made,
// leaves an unbounded loop, or fails in ECMAScript.
func (c *climber) again(f frame, w window, entered []rest, before int) {
	n := f.node
	if i := slices.Index(entered, c.known[f]); c.ordered && i >= 0 {
		entered = slices.Delete(slices.Clone(entered), i, i+1)
		switch {
		case f.count < int32(n.Min):
		case c.re.Pattern.Dialect == corpus.ECMAScript:
			return
		case n.Max == syntax.Infinite:
			c.climb(f.then, w, entered, before)
			return
		}
	}
	c.repeat(frame{node: n, then: f.then}, f.count+1, w, entered, before)
}

// possessive repeats one set of characters: it goes on while it can.
func (c *climber) possessive(f frame, count int32, w window, entered []rest, before int) {
	n := f.node
	b := bare(n.Sub[0])
	if b.Op != syntax.OpSet {
		c.failed = errors.New("a possessive group")
		return
	}
	if w.next == notAsked {
		c.failed = errors.New("a possessive loop sees no next character")
		return
	}
	done := count
	if n.Max == syntax.Infinite {
		done = min(count, int32(n.Min))
	}
	if can := n.Max == syntax.Infinite || count < int32(n.Max); can && w.next >= 0 && c.mask(b).Has(w.next) {
		back := c.push(frame{node: n, count: done, again: true, then: f.then})
		c.out = append(c.out, outcome{on: c.mask(b), left: back})
		return
	}
	if count >= int32(n.Min) {
		c.climb(f.then, w, entered, before)
	}
}

func (c *climber) mask(n *syntax.Node) charset.Mask {
	m, found := c.masks[n]
	if !found {
		m = c.abc.Mask(n.Set)
		c.masks[n] = m
	}
	return m
}

// holds evaluates an assertion where it stands.
func (c *climber) holds(n *syntax.Node, w window) (bool, error) {
	if n.Op == syntax.OpLook {
		b := bare(n.Sub[0])
		switch {
		case b.Op == syntax.OpSet && n.Behind:
			return (w.prev >= 0 && c.mask(b).Has(w.prev)) != n.Negate, nil
		case b.Op == syntax.OpSet:
			return (w.next >= 0 && c.mask(b).Has(w.next)) != n.Negate, nil
		case c.literals[n] != nil:
			l := c.literals[n]
			return w.past[l.at+len(l.sets)] == 1 != n.Negate, nil
		}
		return false, fmt.Errorf("a lookaround at offset %d that is not verified", n.Span.Start)
	}
	if n.CRLF {
		return false, errors.New("newlines of two characters")
	}
	in := func(at int) bool { return at >= 0 && c.mask(n).Has(at) }
	before, behind := in(w.prev), in(w.next)
	switch n.Assert {
	case syntax.BeginText, syntax.SearchStart:
		return w.prev == noChar, nil
	case syntax.EndText:
		return w.next == noChar, nil
	case syntax.EndTextOptional:
		return w.next == noChar || behind && w.after == noChar, nil
	case syntax.BeginLine:
		return w.prev == noChar || before, nil
	case syntax.BeginLineNotEnd:
		return w.prev == noChar || before && w.next != noChar, nil
	case syntax.EndLine:
		return w.next == noChar || behind, nil
	case syntax.WordBoundary:
		return before != behind, nil
	case syntax.NotWordBoundary:
		return before == behind, nil
	case syntax.WordStart:
		return !before && behind, nil
	case syntax.WordEnd:
		return before && !behind, nil
	}
	return false, errors.New("an unknown assertion")
}
