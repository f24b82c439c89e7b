package backtrack

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// pushes is how many frames one instruction may push without asking for room.
// The stack is looked at only once in as many steps as can be sure not to
// fill it.
const (
	pushes = 4
	room   = 2 * pushes
)

// match tries to match at the starts from at to last: it executes
// instructions until one fails, then pops the stack for the next choice.
// Every state it leaves behind is undone, so a failed attempt leaves the
// slots as they were. It returns the start that it ended with.
func match[T unit](r *Runner, s []T, at, last, step int32) (Outcome, int32) {
	p := r.p
	code, slots, st := p.code, r.slots, r.stack
	profile := r.profile
	left := r.left
	pause := left // below it, look after the budgets and the profile again
	pc, pos, sp := 0, int(at), 0
	n := len(s)
	out := NoMatch

attempt:
	for {
	execute:
		for {
			if left--; left < pause {
				if left < 0 {
					out = StepLimit
					break attempt
				}
				if sp+room > len(st) {
					if !r.grow() {
						out = MemoryLimit
						break attempt
					}
					st = r.stack
				}
				if pause = left - int64(len(st)-sp-room)/pushes; profile != nil {
					profile[pc]++
					pause = left
				}
				pause = max(pause, 0)
			}
			in := &code[pc]
			switch in.op {
			case opChar:
				if uint(pos) < uint(len(s)) && int32(s[pos]) == in.a {
					pos++
					pc++
					continue
				}
				break execute

			case opSet:
				if uint(pos) < uint(len(s)) && p.sets[in.a].has(int32(s[pos])) {
					pos++
					pc++
					continue
				}
				break execute

			case opCharBack:
				if pos > 0 && int32(s[pos-1]) == in.a {
					pos--
					pc++
					continue
				}
				break execute

			case opSetBack:
				if pos > 0 && p.sets[in.a].has(int32(s[pos-1])) {
					pos--
					pc++
					continue
				}
				break execute

			case opJump:
				pc = int(in.a)
				continue

			case opBranch:
				pc = int(in.b)
				continue

			case opTry:
				if next := &code[pc+1]; next.test != testNone && fails(s, pos, next, p) {
					if left--; profile != nil {
						profile[pc+1]++
					}
					pc = int(in.a)
					continue
				}
				st[sp] = frame{key: uint32(kindChoice), a: int32(pos), b: in.a}
				sp++
				pc++
				continue

			case opDefer:
				if next := &code[in.a]; next.test != testNone && fails(s, pos, next, p) {
					if left--; profile != nil {
						profile[in.a]++
					}
					pc++
					continue
				}
				st[sp] = frame{key: uint32(kindChoice), a: int32(pos), b: int32(pc + 1)}
				sp++
				pc = int(in.a)
				continue

			case opGreedy, opPossessive:
				stop := n
				if in.c >= 0 && int(in.c) < n-pos {
					stop = pos + int(in.c)
				}
				i, set := pos, p.sets[in.a]
				for i < stop && set.has(int32(s[i])) {
					i++
				}
				left -= int64(i - pos)
				if profile != nil {
					profile[pc] += uint64(i - pos)
				}
				least := pos + int(in.b)
				if i < least {
					break execute
				}
				if in.op == opGreedy && i > least {
					st[sp] = frame{key: key(int32(pc), kindGreedy), a: int32(i), b: int32(least)}
					sp++
				}
				pos = i
				pc++
				continue

			case opGreedyBack, opPossessiveBack:
				stop := 0
				if in.c >= 0 && int(in.c) < pos {
					stop = pos - int(in.c)
				}
				i := runBack(s, pos, stop, p.sets[in.a])
				left -= int64(pos - i)
				if profile != nil {
					profile[pc] += uint64(pos - i)
				}
				least := pos - int(in.b)
				if i > least {
					break execute
				}
				if in.op == opGreedyBack && i < least {
					st[sp] = frame{key: key(int32(pc), kindGreedyBack), a: int32(i), b: int32(least)}
					sp++
				}
				pos = i
				pc++
				continue

			case opLazy:
				least := pos + int(in.b)
				i := runForward(s, pos, min(least, n), p.sets[in.a])
				left -= int64(i - pos)
				if profile != nil {
					profile[pc] += uint64(i - pos)
				}
				if i < least {
					break execute
				}
				stop := n
				if in.c >= 0 && int(in.c) < n-pos {
					stop = pos + int(in.c)
				}
				if i < stop {
					st[sp] = frame{key: key(int32(pc), kindLazy), a: int32(i), b: int32(stop)}
					sp++
				}
				pos = i
				pc++
				continue

			case opLazyBack:
				least := pos - int(in.b)
				i := runBack(s, pos, max(least, 0), p.sets[in.a])
				left -= int64(pos - i)
				if profile != nil {
					profile[pc] += uint64(pos - i)
				}
				if i > least {
					break execute
				}
				stop := 0
				if in.c >= 0 && int(in.c) < pos {
					stop = pos - int(in.c)
				}
				if i > stop {
					st[sp] = frame{key: key(int32(pc), kindLazyBack), a: int32(i), b: int32(stop)}
					sp++
				}
				pos = i
				pc++
				continue

			case opMark:
				st[sp] = frame{key: uint32(kindUndo), a: in.a, b: slots[in.a]}
				sp++
				slots[in.a] = int32(pos)
				pc++
				continue

			case opClose, opCloseBack:
				g := slotCaps + 2*in.a
				st[sp] = frame{key: uint32(kindUndoPair), a: g, b: slots[g], c: slots[g+1]}
				sp++
				slots[g], slots[g+1] = slots[in.b], int32(pos)
				if in.op == opCloseBack {
					slots[g], slots[g+1] = int32(pos), slots[in.b]
				}
				pc++
				continue

			case opClosePush:
				if !r.roomFor(pastBytes) {
					out = MemoryLimit
					break attempt
				}
				begin, end := slots[in.b], int32(pos)
				sp = int(r.pushCapture(int32(sp), in.a, min(begin, end), max(begin, end)))
				pc++
				continue

			case opBalance:
				if !r.roomFor(pastBytes) {
					out = MemoryLimit
					break attempt
				}
				to, ok := r.popCapture(int32(sp), in, int32(pos))
				if !ok {
					break execute
				}
				sp = int(to)
				pc++
				continue

			case opUnset:
				for g := slotCaps + 2*in.a; g < slotCaps+2*in.b; g += 2 {
					if slots[g] < 0 {
						continue
					}
					if sp+room > len(st) {
						if !r.grow() {
							out = MemoryLimit
							break attempt
						}
						st = r.stack
					}
					st[sp] = frame{key: uint32(kindUndoPair), a: g, b: slots[g], c: slots[g+1]}
					sp++
					slots[g], slots[g+1] = -1, -1
				}
				pc++
				continue

			case opProgress:
				if int32(pos) == slots[in.a] {
					break execute
				}
				pc++
				continue

			case opEmptyLoop:
				if int32(pos) == slots[in.a] {
					if in.c&loopFails != 0 {
						break execute
					}
					pc++
					continue
				}
				if in.c&loopLazy != 0 {
					st[sp] = frame{key: uint32(kindChoice), a: int32(pos), b: in.b}
					sp++
					pc++
					continue
				}
				st[sp] = frame{key: uint32(kindChoice), a: int32(pos), b: int32(pc + 1)}
				sp++
				pc = int(in.b)
				continue

			case opLoopInit:
				l := &p.loops[in.a]
				st[sp] = frame{key: uint32(kindUndoPair), a: l.slot, b: slots[l.slot], c: slots[l.slot+1]}
				sp++
				slots[l.slot], slots[l.slot+1] = 0, -1
				pc = int(in.b)
				continue

			case opLoop, opLoopTake:
				l := &p.loops[in.a]
				count := slots[l.slot]
				if in.op == opLoop {
					leave := l.max >= 0 && count >= l.max
					if count > 0 && l.empty != emptyFree && int32(pos) == slots[l.slot+1] {
						switch {
						case l.empty == emptyFails:
							break execute
						case l.empty == emptyFirst && count > max(l.min, 1):
							break execute
						case l.empty != emptyFirst && l.empty != emptyLeaves, count >= l.min:
							leave = true
						}
					}
					if leave {
						pc = int(l.exit)
						continue
					}
					if count >= l.min {
						if l.lazy {
							st[sp] = frame{key: uint32(kindChoice), a: int32(pos), b: int32(pc + 1)}
							sp++
							pc = int(l.exit)
							continue
						}
						st[sp] = frame{key: uint32(kindChoice), a: int32(pos), b: l.exit}
						sp++
					}
				}
				st[sp] = frame{key: uint32(kindUndoPair), a: l.slot, b: count, c: slots[l.slot+1]}
				sp++
				slots[l.slot], slots[l.slot+1] = min(count, unbounded-1)+1, int32(pos)
				if count < l.min && (l.empty == emptyLeavesOne || l.empty == emptyFails) {
					slots[l.slot+1] = -1
				}
				pc = int(l.body)
				continue

			case opAtomic:
				st[sp] = frame{key: uint32(kindUndo), a: in.a, b: slots[in.a]}
				sp++
				slots[in.a] = int32(sp)
				pc++
				continue

			case opCut:
				sp = int(r.cut(int32(sp), slots[in.a]))
				pc++
				continue

			case opLook, opLookTry:
				st[sp] = frame{key: uint32(kindUndoPair), a: in.a, b: slots[in.a], c: slots[in.a+1]}
				sp++
				slots[in.a], slots[in.a+1] = int32(sp), int32(pos)
				if in.op == opLookTry {
					st[sp] = frame{key: uint32(kindChoice), a: int32(pos), b: in.b}
					sp++
				}
				if p.verbs {
					st[sp] = frame{key: key(int32(pc), kindBar), a: int32(pos), b: slots[slotBar]}
					slots[slotBar] = int32(sp)
					sp++
				}
				pc++
				continue

			case opLookEnd:
				if p.verbs {
					slots[slotBar] = st[slots[slotBar]].b
				}
				sp = int(r.cut(int32(sp), slots[in.a]))
				pos = int(slots[in.a+1])
				pc++
				continue

			case opLookFree:
				if p.verbs {
					st[sp] = frame{key: uint32(kindUndo), a: slotBar, b: slots[slotBar]}
					sp++
					slots[slotBar] = st[slots[slotBar]].b
				}
				pos = int(slots[in.a+1])
				pc++
				continue

			case opLookNot:
				height := slots[in.a]
				pos = int(slots[in.a+1])
				sp = int(r.unwindNot(int32(sp), height))
				if in.b < 0 {
					break execute
				}
				pc = int(in.b)
				continue

			case opBehind:
				if pos < int(in.a) {
					break execute
				}
				pos -= int(in.a)
				pc++
				continue

			case opBehindRange:
				first, last := pos-int(in.a), 0
				if in.b >= 0 {
					last = max(0, pos-int(in.b))
				}
				if first < 0 {
					break execute
				}
				if first > last {
					st[sp] = frame{key: key(int32(pc), kindGreedy), a: int32(first), b: int32(last)}
					sp++
				}
				pos = first
				pc++
				continue

			case opAtOrigin:
				if int32(pos) != slots[in.a+1] {
					break execute
				}
				pc++
				continue

			case opBegin:
				if pos != 0 {
					break execute
				}
				pc++
				continue

			case opEnd:
				if pos != n {
					break execute
				}
				pc++
				continue

			case opEndOrLast:
				if pos < n && (pos+1 < n || !p.sets[in.a].has(int32(s[pos]))) {
					break execute
				}
				pc++
				continue

			case opLineEnd:
				if pos < n && !p.sets[in.a].has(int32(s[pos])) {
					break execute
				}
				pc++
				continue

			case opLineBegin:
				if pos > 0 && (!p.sets[in.a].has(int32(s[pos-1])) || pos == n && in.b != 0) {
					break execute
				}
				pc++
				continue

			case opSearchStart:
				if int32(pos) != r.searchStart {
					break execute
				}
				pc++
				continue

			case opEdge:
				if !atEdge(s, pos, &p.edges[in.a], p.sets[p.edges[in.a].set]) {
					break execute
				}
				pc++
				continue

			case opWord:
				set := p.sets[in.a]
				before := pos > 0 && set.has(int32(s[pos-1]))
				after := pos < n && set.has(int32(s[pos]))
				if !wordHolds(syntax.Assert(in.b), before, after) {
					break execute
				}
				pc++
				continue

			case opBackref, opBackrefBack:
				begin, end := r.firstSet(p.refs[in.a])
				if begin < 0 {
					if in.b&refUnsetEmpty == 0 {
						break execute
					}
					pc++
					continue
				}
				fold := in.b&refFold != 0
				var same int
				if in.op == opBackref {
					same = compareForward(s, begin, end, pos, fold, p.fold)
				} else {
					same = compareBack(s, begin, end, pos, fold, p.fold)
				}
				left -= int64(same)
				if profile != nil {
					profile[pc] += uint64(same)
				}
				if same < end-begin {
					break execute
				}
				if in.op == opBackref {
					pos += same
				} else {
					pos -= same
				}
				pc++
				continue

			case opIfGroup:
				if begin, _ := r.firstSet(p.refs[in.a]); begin >= 0 {
					pc++
				} else {
					pc = int(in.b)
				}
				continue

			case opIfCall:
				if r.insideCall(in.a) {
					pc++
				} else {
					pc = int(in.b)
				}
				continue

			case opCall:
				if r.looping(in.b, int32(pos)) {
					out = RecursionLoop
					break attempt
				}
				if !r.roomFor(callBytes + 4*len(slots)) {
					out = MemoryLimit
					break attempt
				}
				sp = int(r.enter(int32(sp), in, int32(pc+1), int32(pos)))
				pc = int(in.a)
				continue

			case opReturn:
				k := slots[slotCall]
				if k < 0 || r.calls[k].group != in.a || r.calls[k].target != in.b {
					pc++
					continue
				}
				if !r.ensure(sp + len(slots) + room) {
					out = MemoryLimit
					break attempt
				}
				st = r.stack
				pc = int(r.calls[k].ret)
				sp = int(r.leave(int32(sp)))
				continue

			case opKeep:
				st[sp] = frame{key: uint32(kindUndo), a: slotKeep, b: slots[slotKeep]}
				sp++
				slots[slotKeep] = int32(pos)
				pc++
				continue

			case opVerb:
				if r.passing(in.a) {
					st[sp] = frame{key: key(int32(pc), kindVerb), a: int32(pos)}
					sp++
				}
				pc++
				continue

			case opGrapheme:
				size := graphemeAt(s, pos, p.looseX)
				if size == 0 {
					break execute
				}
				left -= int64(size - 1)
				if profile != nil {
					profile[pc] += uint64(size - 1)
				}
				pos += size
				pc++
				continue

			case opScriptRun:
				begin := int(slots[in.a])
				left -= int64(pos - begin)
				if profile != nil {
					profile[pc] += uint64(pos - begin)
				}
				if !isScriptRun(s[begin:pos], p.scripts, r.scriptOf) {
					break execute
				}
				pc++
				continue

			case opAbsent:
				st[sp] = frame{key: uint32(kindUndoPair), a: in.a, b: slots[in.a], c: slots[in.a+1]}
				sp++
				// The first offset, and the end of the shortest match so far.
				slots[in.a], slots[in.a+1] = int32(pos), int32(n+1)
				pc++
				continue

			case opAbsentNext:
				if bound := slots[in.a+1]; int32(pos) < bound && pos <= n {
					st[sp] = frame{key: key(int32(pc), kindAbsent), a: int32(pos)}
					sp++
					pc++
					continue
				}
				first, last := int(slots[in.a]), int(slots[in.a+1])-1
				if last < first {
					break execute
				}
				if last > first {
					st[sp] = frame{key: key(in.b-1, kindGreedy), a: int32(last), b: int32(first)}
					sp++
				}
				pos = last
				pc = int(in.b)
				continue

			case opAbsentHit:
				// Not undone: it is what the search is for, and the undoing of
				// opAbsent covers it.
				slots[in.a+1] = min(slots[in.a+1], int32(pos))
				break execute

			case opEarly:
				if slots[slotCall] < 0 {
					if !r.starts.enters(in, int32(pos)) {
						break execute
					}
					stop := runForward(s, pos, n, p.sets[in.a])
					left -= int64(stop - pos)
					if profile != nil {
						profile[pc] += uint64(stop - pos)
					}
					r.starts.entered(in, int32(pos), int32(stop))
				}
				pc++
				continue

			case opMatch, opAccept:
				if bar := slots[slotBar]; in.op == opAccept && bar >= 0 {
					// What is accepted gives nothing back.
					sp = int(r.cut(int32(sp), bar+1))
					if st[bar].kind() == kindBar {
						pc = int(code[st[bar].pc()].c)
						continue
					}
				}
				if k := slots[slotCall]; k >= 0 {
					if !r.ensure(sp + len(slots) + room) {
						out = MemoryLimit
						break attempt
					}
					st = r.stack
					pc = int(r.calls[k].ret)
					sp = int(r.leave(int32(sp)))
					continue
				}
				if r.full && !(pos == n && !p.backward || pos == 0 && p.backward) ||
					p.notEmpty != mayBeEmpty && r.refusesEmpty(at, int32(pos)) {
					if in.op == opAccept { // PCRE2: nothing else is tried at this start
						sp = int(r.unwind(int32(sp), 0))
					}
					break execute
				}
				r.end = int32(pos)
				out = Matched
				break attempt

			default: // opFail
				break execute
			}
		}

	backtrack:
		for {
			if sp == 0 {
				if at == last {
					break attempt
				}
				at += step
				pc, pos = 0, int(at)
				if p.verbs {
					r.passed, r.ignore = 0, 0
				}
				continue attempt
			}
			sp--
			f := &st[sp]
			switch f.kind() {
			case kindChoice:
				pos, pc = int(f.a), int(f.b)
				continue attempt

			case kindGreedy:
				pos, pc = int(f.a)-1, int(f.pc())
				if next := &code[pc+1]; next.test != testNone {
					// Give back until what follows can begin: a retry and a
					// failed test each.
					to := giveBack(s, pos, int(f.b), next, p)
					left -= 2 * int64(pos-to)
					if profile != nil {
						profile[pc] += uint64(pos - to)
						profile[pc+1] += uint64(pos - to)
					}
					if to < int(f.b) {
						continue backtrack
					}
					pos, f.a = to, int32(to)+1
				}
				if f.a--; f.a > f.b {
					sp++
				}
				left--
				if profile != nil {
					profile[pc]++
				}
				pc++
				continue attempt

			case kindGreedyBack:
				pos, pc = int(f.a)+1, int(f.pc())
				if f.a++; f.a < f.b {
					sp++
				}
				left--
				if profile != nil {
					profile[pc]++
				}
				pc++
				continue attempt

			case kindLazy:
				pos, pc = int(f.a), int(f.pc())
				next, last := &code[pc+1], int(f.b)
				to, ok := takeMore(s, pos, last, p.sets[code[pc].a], next, p)
				// A test of the loop's set for each character and, of all
				// but the last, a failed test of what follows.
				taken, missed := int64(to-pos), int64(to-pos)
				switch {
				case ok:
					missed--
				case to < last:
					taken++
				}
				if next.test == testNone {
					missed = 0
				}
				left -= taken + missed
				if profile != nil {
					profile[pc] += uint64(taken)
					profile[pc+1] += uint64(missed)
				}
				if !ok {
					continue backtrack
				}
				pos = to
				if f.a = int32(to); to < last {
					sp++
				}
				pc++
				continue attempt

			case kindLazyBack:
				pos, pc = int(f.a), int(f.pc())
				left--
				if profile != nil {
					profile[pc]++
				}
				if !p.sets[code[pc].a].has(int32(s[pos-1])) {
					continue backtrack
				}
				pos--
				if f.a--; f.a > f.b {
					sp++
				}
				pc++
				continue attempt

			case kindAbsent:
				pos, pc = int(f.a)+1, int(f.pc())
				continue attempt

			case kindUndo:
				slots[f.a] = f.b

			case kindUndoPair:
				slots[f.a], slots[f.a+1] = f.b, f.c

			case kindVerb:
				to, end := r.trigger(f.pc(), f.a, int32(sp))
				sp = int(to)
				if end != NoMatch {
					out = end
					break attempt
				}

			default:
				r.restore(f)
			}
		}
	}
	if left < 0 {
		left, out = -1, StepLimit
	}
	r.left = left
	if out != NoMatch && out != Matched {
		r.reset()
	}
	return out, at
}

// A test is how an instruction begins: with one that can be decided at once.
// The three places that look ahead to it save the push and the pop of a
// frame; every step is counted as if it had been taken.
type test uint8

const (
	testNone    test = iota
	testChar         // a character, A
	testSet          // a character of set A
	testEnd          // the subject's end
	testLineEnd      // the subject's end, or before a character of set A
	testLast         // the subject's end, or one character of set A before it
)

// testOf is how an instruction begins.
func testOf(in *inst) test {
	switch in.op {
	case opChar:
		return testChar
	case opSet:
		return testSet
	case opGreedy, opLazy, opPossessive:
		if in.b > 0 {
			return testSet
		}
	case opEnd:
		return testEnd
	case opEndOrLast:
		return testLast
	case opLineEnd:
		return testLineEnd
	}
	return testNone
}

// fails reports whether the test of in fails at pos.
func fails[T unit](s []T, pos int, in *inst, p *Program) bool {
	if uint(pos) >= uint(len(s)) {
		return in.test <= testSet
	}
	c := int32(s[pos])
	switch in.test {
	case testChar:
		return c != in.a
	case testSet, testLineEnd:
		return !p.sets[in.a].has(c)
	case testLast:
		return pos+1 < len(s) || !p.sets[in.a].has(c)
	}
	return true
}

// giveBack is the last position from pos down to least at which the test of
// in holds, or least-1.
func giveBack[T unit](s []T, pos, least int, in *inst, p *Program) int {
	if pos == len(s) {
		if in.test >= testEnd {
			return pos
		}
		pos--
	}
	switch in.test {
	case testChar:
		for pos >= least && int32(s[pos]) != in.a {
			pos--
		}
		return pos
	case testSet, testLineEnd:
		t := p.sets[in.a]
		for pos >= least && !t.has(int32(s[pos])) {
			pos--
		}
		return pos
	case testLast:
		if pos >= least && pos+1 == len(s) && p.sets[in.a].has(int32(s[pos])) {
			return pos
		}
	}
	return least - 1
}

// takeMore takes characters of set from pos on, at least one and up to last,
// until the test of next holds, and is where it came to. It is not ok when a
// character is not in the set, or the test never holds.
func takeMore[T unit](s []T, pos, last int, set *set, next *inst, p *Program) (to int, ok bool) {
	if next.test == testChar {
		for pos < last && set.has(int32(s[pos])) {
			if pos++; pos < len(s) && int32(s[pos]) == next.a {
				return pos, true
			}
		}
		return pos, false
	}
	for pos < last && set.has(int32(s[pos])) {
		if pos++; next.test == testNone || !fails(s, pos, next, p) {
			return pos, true
		}
	}
	return pos, false
}

// has reports whether c is in the set.
func (t *set) has(c int32) bool {
	if uint32(c) < 256 {
		return t.low[c]
	}
	return t.hasHigh(c)
}

// runForward is the end of the run of set's characters that starts at i, at
// most last.
func runForward[T unit](s []T, i, last int, t *set) int {
	for i < last && t.has(int32(s[i])) {
		i++
	}
	return i
}

// runBack is the start of the run of set's characters that ends at i, at
// least last.
func runBack[T unit](s []T, i, last int, t *set) int {
	for i > last && t.has(int32(s[i-1])) {
		i--
	}
	return i
}

// compareForward is how many characters of s[begin:end] stand at pos, counted
// up to the first that differs; none when too few are left.
func compareForward[T unit](s []T, begin, end, pos int, fold bool, f folding) int {
	n := end - begin
	if n > len(s)-pos {
		return 0
	}
	if slices.Equal(s[begin:end], s[pos:pos+n]) {
		return n
	}
	k := 0
	for k < n && (s[begin+k] == s[pos+k] || fold && f.equal(rune(s[begin+k]), rune(s[pos+k]))) {
		k++
	}
	return k
}

// compareBack is how many characters of the end of s[begin:end] stand before
// pos, as compareForward.
func compareBack[T unit](s []T, begin, end, pos int, fold bool, f folding) int {
	n := end - begin
	if n > pos {
		return 0
	}
	k := 0
	for k < n && (s[end-1-k] == s[pos-1-k] || fold && f.equal(rune(s[end-1-k]), rune(s[pos-1-k]))) {
		k++
	}
	return k
}
