package backtrack

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// look compiles an assertion about what stands before or after.
func (c *compiler) look(n *syntax.Node) error {
	slot := c.slot(2)
	if !n.Negate {
		begin := c.emit(opLook, slot, 0, 0)
		if err := c.lookBody(n, slot); err != nil {
			return err
		}
		op := opLookEnd
		if n.NonAtomic {
			op = opLookFree
		}
		c.p.code[begin].c = c.pc()
		c.emit(op, slot, 0, 0)
		return nil
	}
	begin := c.emit(opLookTry, slot, 0, 0)
	if err := c.lookBody(n, slot); err != nil {
		return err
	}
	c.p.code[begin].c = c.pc()
	c.emit(opLookNot, slot, -1, 0)
	c.p.code[begin].b = c.pc()
	return nil
}

// lookBody compiles the assertion's inside, with a direction, alternations
// and open groups of its own.
func (c *compiler) lookBody(n *syntax.Node, slot int32) error {
	back, alt, open := c.back, c.alt, c.open
	defer func() { c.back, c.alt, c.open = back, alt, open }()
	c.back, c.alt, c.open = false, -1, nil
	if !n.Behind {
		return c.node(n.Sub[0])
	}
	if c.dialect == corpus.ECMAScript || c.dialect == corpus.DotNet {
		c.back = true
		return c.node(n.Sub[0])
	}
	if c.dialect == corpus.Java {
		return c.behindRange(n.Sub[0], slot, width{clamp(n.Min), clampMax(n.Max)})
	}
	return c.behind(n.Sub[0], slot)
}

// behind compiles a lookbehind that is matched from left to right: step back
// by its length, match, and be where it began. A body of several lengths is
// tried by alternative (PCRE2 10.42, Onigmo) when each has one, else by
// length, the shortest first (Java).
func (c *compiler) behind(body *syntax.Node, slot int32) error {
	if alts, ok := c.fixedAlternatives(body); ok {
		return c.alternatives(len(alts), func(i int) error {
			c.emit(opBehind, c.widths.of(alts[i]).min, 0, 0)
			return c.node(alts[i])
		})
	}
	return c.behindRange(body, slot, c.widths.of(body))
}

// behindRange steps back by each of a range of lengths, the shortest first.
func (c *compiler) behindRange(body *syntax.Node, slot int32, w width) error {
	if w.fixed() && w == c.widths.of(body) {
		c.emit(opBehind, w.min, 0, 0)
		return c.node(body)
	}
	hi := w.max
	switch {
	case hi == unbounded:
		hi = -1
	case hi < w.min:
		c.emit(opFail, 0, 0, 0)
	}
	c.emit(opBehindRange, w.min, hi, 0)
	if err := c.node(body); err != nil {
		return err
	}
	c.emit(opAtOrigin, slot, 0, 0)
	return nil
}

// fixedAlternatives are the alternatives of a lookbehind when each has one
// length, in a dialect that steps back by alternative.
func (c *compiler) fixedAlternatives(body *syntax.Node) ([]*syntax.Node, bool) {
	for body.Op == syntax.OpGroup && body.Index == 0 {
		body = body.Sub[0]
	}
	if body.Op != syntax.OpAlternate || c.widths.of(body).fixed() {
		return nil, false
	}
	for _, sub := range body.Sub {
		if !c.widths.of(sub).fixed() {
			return nil, false
		}
	}
	return body.Sub, true
}

// conditional compiles (?(cond)yes|no).
func (c *compiler) conditional(n *syntax.Node) error {
	yes, no := n.Sub[0], &syntax.Node{Op: syntax.OpEmpty, Span: n.Span}
	if len(n.Sub) > 1 && n.Sub[1] != nil {
		no = n.Sub[1]
	}
	branch := -1 // the instruction whose B goes to the no branch
	switch n.Cond {
	case syntax.CondDefine:
		return c.never(yes, no)
	case syntax.CondConst:
		if n.Negate {
			return c.never(yes, no)
		}
		return c.never(no, yes)
	case syntax.CondGroup:
		branch = c.emit(opIfGroup, c.list(n.Refs), 0, 0)
	case syntax.CondRecurse:
		refs := int32(-1)
		if len(n.Refs) > 0 {
			refs = c.list(n.Refs)
		}
		branch = c.emit(opIfCall, refs, 0, 0)
	case syntax.CondLook:
		var err error
		if branch, err = c.lookCondition(n.Sub[2]); err != nil {
			return err
		}
	}
	if err := c.node(yes); err != nil {
		return err
	}
	end := c.emit(opJump, 0, 0, 0)
	c.p.code[branch].b = c.pc()
	if err := c.node(no); err != nil {
		return err
	}
	c.land([]int{end})
	return nil
}

// never compiles a branch that is not taken, for the groups in it, and the
// one that is.
func (c *compiler) never(not, taken *syntax.Node) error {
	if err := c.skipped(not); err != nil {
		return err
	}
	return c.node(taken)
}

// lookCondition compiles an assertion that decides between branches: once it
// holds, the no branch is no alternative. It returns the instruction whose B
// goes to the no branch.
func (c *compiler) lookCondition(n *syntax.Node) (int, error) {
	slot := c.slot(2)
	begin := c.emit(opLookTry, slot, 0, 0)
	if err := c.lookBody(n, slot); err != nil {
		return 0, err
	}
	c.p.code[begin].c = c.pc()
	if !n.Negate {
		c.emit(opLookEnd, slot, 0, 0)
		return begin, nil
	}
	if c.dialect != corpus.PCRE {
		not := c.emit(opLookNot, slot, 0, 0)
		c.p.code[begin].b = c.pc()
		return not, nil
	}
	// PCRE2 keeps what the body of a negative condition captured.
	c.emit(opLookEnd, slot, 0, 0)
	not := c.emit(opBranch, 0, 0, 0)
	c.p.code[begin].b = c.pc()
	return not, nil
}
