package backtrack

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// repeat compiles a quantifier: a fused instruction for a single character,
// a jump back for an unbounded loop, a counter for the rest. Nothing is
// expanded, so a{1000000000} is one instruction.
func (c *compiler) repeat(n *syntax.Node) error {
	body := n.Sub[0]
	lo, hi := clamp(n.Min), int32(syntax.Infinite)
	if n.Max != syntax.Infinite {
		hi = clamp(n.Max)
	}
	switch {
	case hi == 0:
		return c.skipped(body)
	case lo == 1 && hi == 1 && n.Greed == syntax.Possessive:
		return c.atomic(func() error { return c.node(body) })
	case lo == 1 && hi == 1:
		return c.node(body)
	}
	if set, ok := single(body); ok {
		if e, ok := c.early[n]; ok {
			c.emit(opEarly, c.set(set.Set), e.slot, int32(e.kind))
		}
		op := c.way(opGreedy, opGreedyBack)
		switch n.Greed {
		case syntax.Lazy:
			op = c.way(opLazy, opLazyBack)
		case syntax.Possessive:
			op = c.way(opPossessive, opPossessiveBack)
		}
		c.emit(op, c.set(set.Set), lo, hi)
		return nil
	}
	if n.Greed == syntax.Possessive {
		return c.atomic(func() error { return c.loop(n, body, lo, hi) })
	}
	return c.loop(n, body, lo, hi)
}

// single looks through plain groups for a single character.
func single(n *syntax.Node) (*syntax.Node, bool) {
	for n.Op == syntax.OpGroup && n.Index == 0 {
		n = n.Sub[0]
	}
	return n, n.Op == syntax.OpSet && !n.Set.IsEmpty()
}

// skipped compiles a body that does not run in place, for the groups in it
// that are called.
func (c *compiler) skipped(body *syntax.Node) error {
	r := c.counted[body]
	for g := r[0]; g < r[1]; g++ {
		if c.called[g] {
			jump := c.emit(opJump, 0, 0, 0)
			if err := c.node(body); err != nil {
				return err
			}
			c.land([]int{jump})
			return nil
		}
	}
	return nil
}

// iteration compiles the body of a loop. ECMAScript forgets the captures of
// the iteration before (RepeatMatcher step 4). Possessive loops of CPython
// and Java give nothing back within an iteration either.
func (c *compiler) iteration(n, body *syntax.Node) error {
	if r, ok := c.counted[body]; ok && c.dialect == corpus.ECMAScript && n.Max != 1 {
		c.emit(opUnset, int32(r[0]), int32(r[1]), 0)
	}
	if n.Greed == syntax.Possessive && (c.dialect == corpus.Python || c.dialect == corpus.Java) {
		return c.atomic(func() error { return c.node(body) })
	}
	return c.node(body)
}

// emptyRule is the dialect's rule about an iteration that matched nothing.
func (c *compiler) emptyRule(body *syntax.Node, hi int32) emptyRule {
	if c.widths.of(body).min > 0 {
		return emptyFree
	}
	bounded := hi != syntax.Infinite
	switch c.re.Empty {
	case syntax.RejectEmpty:
		return emptyFails
	case syntax.SkipEmpty:
		if bounded {
			return emptyFree
		}
		return emptyFirst
	}
	switch c.dialect {
	case corpus.Python:
		return emptyLeavesOne
	case corpus.Java:
		return emptyLeavesAny
	case corpus.DotNet:
		return emptyLeaves
	}
	if bounded {
		return emptyFree // PCRE2 and Onigmo repeat the group's code
	}
	return emptyLeaves
}

// Flags of opEmptyLoop.
const (
	loopLazy = 1 << iota
	loopFails
)

func (c *compiler) loop(n, body *syntax.Node, lo, hi int32) error {
	lazy := n.Greed == syntax.Lazy
	rule := c.emptyRule(body, hi)
	switch {
	case lo == 0 && hi == 1:
		return c.optional(n, body, lazy, rule)
	case hi != syntax.Infinite || lo > 1:
		return c.counter(n, body, lo, hi, lazy, rule)
	case rule == emptyFirst || lo == 1 && (rule == emptyLeavesOne || rule == emptyFails):
		return c.counter(n, body, lo, hi, lazy, rule)
	}
	// The loop is tested at its end: one instruction an iteration.
	enter := -1
	if lo == 0 {
		enter = c.emit(choose(lazy, opDefer, opTry), 0, 0, 0)
	}
	begin := c.pc()
	if rule == emptyFree {
		if err := c.iteration(n, body); err != nil {
			return err
		}
		c.emit(choose(lazy, opTry, opDefer), begin, 0, 0)
	} else {
		slot := c.slot(1)
		c.emit(opMark, slot, 0, 0)
		if err := c.iteration(n, body); err != nil {
			return err
		}
		var flags int32
		if lazy {
			flags |= loopLazy
		}
		if rule == emptyFails {
			flags |= loopFails
		}
		c.emit(opEmptyLoop, slot, begin, flags)
	}
	if enter >= 0 {
		c.p.code[enter].a = c.pc()
	}
	return nil
}

func choose(lazy bool, whenLazy, whenGreedy opcode) opcode {
	if lazy {
		return whenLazy
	}
	return whenGreedy
}

func (c *compiler) optional(n, body *syntax.Node, lazy bool, rule emptyRule) error {
	enter := c.emit(choose(lazy, opDefer, opTry), 0, 0, 0)
	slot := int32(-1)
	if rule == emptyFails {
		slot = c.slot(1)
		c.emit(opMark, slot, 0, 0)
	}
	if err := c.iteration(n, body); err != nil {
		return err
	}
	if slot >= 0 {
		c.emit(opProgress, slot, 0, 0)
	}
	c.p.code[enter].a = c.pc()
	return nil
}

func (c *compiler) counter(n, body *syntax.Node, lo, hi int32, lazy bool, rule emptyRule) error {
	l := int32(len(c.p.loops))
	c.p.loops = append(c.p.loops, loop{min: lo, max: hi, slot: c.slot(2), lazy: lazy, empty: rule})
	init := c.emit(opLoopInit, l, 0, 0)
	begin := c.pc()
	if err := c.iteration(n, body); err != nil {
		return err
	}
	c.p.code[init].b = c.pc()
	c.emit(opLoop, l, 0, 0)
	if lazy {
		c.emit(opLoopTake, l, 0, 0)
	}
	c.p.loops[l].body, c.p.loops[l].exit = begin, c.pc()
	return nil
}
