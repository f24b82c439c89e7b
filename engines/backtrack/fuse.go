package backtrack

import "github.com/nearmiss-dev/nearmiss/analyzer/charset"

// fuse prepares the code for its run: which instructions are run as one, how
// each begins, and where it goes on. No instruction moves, and all steps are
// counted as if each instruction had run by itself.
func (c *compiler) fuse() {
	code := c.p.code
	for pc := range code {
		in := &code[pc]
		switch in.op {
		case opTry:
			in.b, in.c = int32(pc+1), in.a
		case opDefer:
			in.b, in.c = in.a, int32(pc+1)
		}
		if in.op == opBackref && len(c.p.refs[in.a]) == 1 {
			in.c = slotCaps + 2*c.p.refs[in.a][0]
		}
		if in.hasSet() {
			in.set = c.p.sets[in.a]
		}
	}
	// From the end, so that what follows an instruction is known; and once
	// more for what follows a loop, which is its beginning.
	for range 2 {
		for pc := len(code) - 1; pc >= 0; pc-- {
			if code[pc].test == testNone {
				c.begins(pc)
			}
		}
	}
	for pc := len(code) - 1; pc >= 0; pc-- {
		c.p.join(pc)
	}
}

// join makes one of the instructions from pc on, where that is known to pay.
func (p *Program) join(pc int) {
	in := &p.code[pc]
	switch {
	case p.isSpan(pc):
		loop, group := p.code[pc+1], p.code[pc+2].a
		in.op, in.a, in.b, in.c, in.set = opSpan, slotCaps+2*group, loop.b, loop.c, loop.set
		p.follow(pc, 3)
	case in.op == opChar && p.code[pc+1].op == opChar:
		in.op, in.c = opChars, 2
		p.follow(pc, 2)
	case in.op == opChar && p.code[pc+1].op == opChars:
		next := &p.code[pc+1]
		in.op, in.c, in.next, in.jumps = opChars, next.c+1, next.next, next.jumps
	default:
		p.follow(pc, 1)
	}
}

// isSpan reports whether a group that holds a loop of a single character and
// nothing else begins at pc.
func (p *Program) isSpan(pc int) bool {
	if p.code[pc].op != opMark || pc+2 >= len(p.code) {
		return false
	}
	loop, end := &p.code[pc+1], &p.code[pc+2]
	return loop.op == opGreedy && end.op == opClose && end.b == p.code[pc].a
}

// follow says where it goes on behind the instruction at pc, which stands for
// the next few: a jump there is taken at once.
func (p *Program) follow(pc, size int) {
	in := &p.code[pc]
	in.next, in.jumps = int32(pc+size), 0
	if pc+size < len(p.code) && p.code[pc+size].op == opJump {
		in.next, in.jumps = p.code[pc+size].a, 1
	}
}

// split undoes what makes the stack lower: groups made one with their loops.
func (p *Program) split() {
	for pc := range p.code {
		if p.code[pc].op == opSpan {
			p.code[pc] = inst{op: opMark, a: p.code[pc+2].b}
			p.follow(pc+1, 1)
		}
	}
}

// hasSet reports whether A is a set.
func (in *inst) hasSet() bool {
	switch in.op {
	case opSet, opSetBack, opGreedy, opLazy, opPossessive, opGreedyBack, opLazyBack, opPossessiveBack,
		opEndOrLast, opLineEnd, opLineBegin, opWord, opEarly:
		return true
	}
	return false
}

// begins says how the instruction at pc begins, as far as that of those
// behind it is known.
func (c *compiler) begins(pc int) {
	in := &c.p.code[pc]
	in.lead = 1
	switch in.op {
	case opChar:
		in.test, in.first = testChar, in.a
	case opSet:
		in.test = testSet
	case opGreedy, opLazy, opPossessive:
		if in.b > 0 {
			in.test = testSet
		}
	case opEnd:
		in.test = testEnd
	case opEndOrLast:
		in.test = testLast
	case opLineEnd:
		in.test = testLineEnd
	case opMark, opClose:
		c.through(in, &c.p.code[pc+1])
	case opJump:
		c.through(in, &c.p.code[in.a])
	case opTry, opDefer:
		one, two := &c.p.code[in.b], &c.p.code[in.c]
		if one.leads(0) && two.leads(int(one.lead)+1) {
			c.either(in, one.begin(), two.begin(), 1+one.lead+two.lead)
		}
	}
}

// maxLead bounds the steps of a failed test, and so what lies between an
// instruction and the characters that it begins with.
const maxLead = 100

// leads reports whether in begins with a character, and few enough steps
// before it that some more do not pass maxLead.
func (in *inst) leads(more int) bool {
	return (in.test == testChar || in.test == testSet) && int(in.lead)+more <= maxLead
}

// begin is the set of characters that in begins with.
func (in *inst) begin() charset.Set {
	if in.test == testChar {
		return charset.Runes(in.first)
	}
	return in.set.source
}

// through makes in, which cannot fail, begin as the next does.
func (c *compiler) through(in, next *inst) {
	if next.test != testNone && int(next.lead) < maxLead {
		in.test, in.first, in.set, in.lead = next.test, next.first, next.set, next.lead+1
	}
}

// maxBegin bounds the ranges of the set of characters that a choice begins
// with, and commonly how many characters of ASCII it holds: a test that seldom
// fails does not pay.
const maxBegin = 64

// either makes a choice begin with the characters of both its ways.
func (c *compiler) either(in *inst, one, two charset.Set, lead uint8) {
	if len(one.Ranges())+len(two.Ranges()) > maxBegin || (len(c.p.sets)+1)*setBytes > MaxSetBytes/2 {
		return
	}
	both := charset.Union(one, two)
	if both.Intersect(charset.All(127)).Len() <= maxBegin {
		in.test, in.set, in.lead = testSet, c.p.sets[c.set(both)], lead
	}
}
