package backtrack

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
					left--
					note(profile, pc+1, 1)
					pc = int(in.a)
					continue
				}
				st[sp] = frame{key: uint32(kindChoice), a: int32(pos), b: in.a}
				sp++
				pc++
				continue

			case opDefer:
				if next := &code[in.a]; next.test != testNone && fails(s, pos, next, p) {
					left--
					note(profile, int(in.a), 1)
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
				note(profile, pc, i-pos)
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
				note(profile, pc, pos-i)
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
				note(profile, pc, i-pos)
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
				note(profile, pc, pos-i)
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

			case opAtOrigin, opBegin, opProgress, opSearchStart, opLineBegin, opEdge, opWord:
				if !holds(r, s, pos, in) {
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
				same := compare(s, begin, end, pos, in, p.fold)
				left -= int64(same)
				note(profile, pc, same)
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
				note(profile, pc, size-1)
				pos += size
				pc++
				continue

			case opScriptRun:
				begin := int(slots[in.a])
				left -= int64(pos - begin)
				note(profile, pc, pos-begin)
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
					note(profile, pc, stop-pos)
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
				if at += step; p.skipCRLF && between(s, int(at)) {
					at++
				}
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
					note(profile, pc, pos-to)
					note(profile, pc+1, pos-to)
					if to < int(f.b) {
						continue backtrack
					}
					pos, f.a = to, int32(to)+1
				}
				if f.a--; f.a > f.b {
					sp++
				}
				left--
				note(profile, pc, 1)
				pc++
				continue attempt

			case kindGreedyBack:
				pos, pc = int(f.a)+1, int(f.pc())
				if f.a++; f.a < f.b {
					sp++
				}
				left--
				note(profile, pc, 1)
				pc++
				continue attempt

			case kindLazy:
				pos, pc = int(f.a), int(f.pc())
				next, last := &code[pc+1], int(f.b)
				to, ok := takeMore(s, pos, last, p.sets[code[pc].a], next, p)
				// A test of the loop's set for each character and, of all
				// but the last, a failed test of what follows.
				taken, missed := to-pos, to-pos
				switch {
				case ok:
					missed--
				case to < last:
					taken++
				}
				if next.test == testNone {
					missed = 0
				}
				left -= int64(taken + missed)
				note(profile, pc, taken)
				note(profile, pc+1, missed)
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
				note(profile, pc, 1)
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
