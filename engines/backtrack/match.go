package backtrack

// pushes is how many frames one instruction may push without asking for room.
// The stack is looked at only once in as many steps as can be sure not to
// fill it.
const (
	pushes = 4
	room   = 2 * pushes
)

// match tries to match at the starts from r.at to r.last: it executes
// instructions until one fails, then pops the stack for the next choice.
// Every state it leaves behind is undone, so a failed attempt leaves the
// slots as they were. r.at is the start that it ended with.
//
// Its loop holds what most steps of most patterns are; step does the rest.
// It lives on few variables, so that they stay in registers, and on a stack
// that stays where it is: when that has grown, it returns to be called again.
// fuel is how many steps it may take before it looks after the budgets and the
// profile.
func match[T unit](r *Runner, s []T) Outcome {
	code, st := r.p.code, r.stack
	pc, pos, sp, fuel := r.pc, r.pos, r.sp, 0
	out := NoMatch

attempt:
	for {
	execute:
		for {
			if fuel--; fuel < 0 {
				more, end := r.refuel(fuel, pc, sp)
				if fuel = more; end != NoMatch {
					out = end
					break attempt
				}
			}
			in := &code[pc]
			switch in.op {
			case opChar:
				if uint(pos) < uint(len(s)) && int32(s[pos]) == in.a {
					pos++
					fuel -= int(in.jumps)
					r.note(pc+1, int(in.jumps))
					pc = int(in.next)
					continue
				}
				break execute

			case opChars:
				k, n := 0, int(in.c)
				for k < n && uint(pos+k) < uint(len(s)) && int32(s[pos+k]) == code[pc+k].a {
					k++
				}
				if k < n {
					fuel -= k
					r.noteEach(pc+1, k)
					break execute
				}
				pos += n
				fuel -= n - 1 + int(in.jumps)
				r.noteEach(pc+1, n-1)
				r.note(pc+n, int(in.jumps))
				pc = int(in.next)
				continue

			case opSet:
				if uint(pos) < uint(len(s)) && in.set.has(int32(s[pos])) {
					pos++
					fuel -= int(in.jumps)
					r.note(pc+1, int(in.jumps))
					pc = int(in.next)
					continue
				}
				break execute

			case opJump:
				pc = int(in.a)
				continue

			case opTry, opDefer:
				next, known := &code[in.b], false
				switch {
				case next.test == testNone:
				case next.test > testSet:
					known = !r.fails(pos, next)
				case uint(pos) < uint(len(s)):
					// As begins, which would be a call.
					c := int32(s[pos])
					known = c == next.first && next.test == testChar || next.test == testSet && next.set.has(c)
				}
				if !known && next.test != testNone {
					fuel -= int(next.lead)
					r.noteTest(int(in.b), 1)
					pc = int(in.c)
					continue
				}
				f := &st[sp]
				f.key, f.a, f.b = uint32(kindChoice), int32(pos), in.c
				sp++
				if pc = int(in.b); known && (next.op == opChar || next.op == opSet) {
					pos++
					fuel -= 1 + int(next.jumps)
					if r.profile != nil {
						r.profile[pc]++
						r.profile[pc+1] += uint64(next.jumps)
					}
					pc = int(next.next)
				}
				continue

			case opGreedy, opPossessive:
				i, stop, set := pos, in.stop(pos, len(s)), in.set
				for i < stop && set.has(int32(s[i])) {
					i++
				}
				fuel -= i - pos
				r.note(pc, i-pos)
				least := pos + int(in.b)
				if i < least {
					break execute
				}
				if in.op == opGreedy && i > least {
					st[sp] = frame{key: key(int32(pc), kindGreedy), a: int32(i), b: int32(least)}
					sp++
				}
				pos = i
				fuel -= int(in.jumps)
				r.note(pc+1, int(in.jumps))
				pc = int(in.next)
				continue

			case opSpan:
				i, stop, set := pos, in.stop(pos, len(s)), in.set
				for i < stop && set.has(int32(s[i])) {
					i++
				}
				fuel -= i - pos + 1
				r.note(pc+1, i-pos+1)
				least := pos + int(in.b)
				if i < least {
					break execute
				}
				g := r.slots[in.a : in.a+2 : in.a+2]
				st[sp] = frame{key: uint32(kindUndoPair), a: in.a, b: g[0], c: g[1]}
				sp++
				g[0], g[1] = int32(pos), int32(i)
				if i > least {
					st[sp] = frame{key: key(int32(pc), kindSpan), a: int32(i), b: int32(least)}
					sp++
				}
				pos = i
				fuel -= 1 + int(in.jumps)
				if r.profile != nil {
					r.profile[pc+2]++
					r.profile[pc+3] += uint64(in.jumps)
				}
				pc = int(in.next)
				continue

			case opLazy:
				least := pos + int(in.b)
				i, stop, set := pos, min(least, len(s)), in.set
				for i < stop && set.has(int32(s[i])) {
					i++
				}
				fuel -= i - pos
				r.note(pc, i-pos)
				if i < least {
					break execute
				}
				if stop := in.stop(pos, len(s)); i < stop {
					st[sp] = frame{key: key(int32(pc), kindLazy), a: int32(i), b: int32(stop)}
					sp++
				}
				pos = i
				pc++
				continue

			case opBackref:
				var begin, end int
				if in.c > 0 {
					g := r.slots[in.c : in.c+2 : in.c+2]
					begin, end = int(g[0]), int(g[1])
				} else {
					groups := r.p.refs[in.a]
					fuel -= len(groups) / slotsPerStep
					r.note(pc, len(groups)/slotsPerStep)
					begin, end = r.firstSet(groups)
				}
				if begin < 0 {
					if in.b&refUnsetEmpty == 0 {
						break execute
					}
					pc++
					continue
				}
				if end-begin > len(s)-pos {
					break execute
				}
				same := r.sameForward(begin, end, pos, in.b&refFold != 0)
				fuel -= same
				r.note(pc, same)
				if same < end-begin {
					break execute
				}
				pos += same
				pc++
				continue

			case opMark:
				st[sp] = frame{key: uint32(kindUndo), a: in.a, b: r.slots[in.a]}
				sp++
				r.slots[in.a] = int32(pos)
				pc++
				continue

			case opClose:
				slots := r.slots
				g := slotCaps + 2*in.a
				st[sp] = frame{key: uint32(kindUndoPair), a: g, b: slots[g], c: slots[g+1]}
				sp++
				slots[g], slots[g+1] = slots[in.b], int32(pos)
				pc++
				continue

			case opEmptyLoop:
				if int32(pos) == r.slots[in.a] {
					if in.c&loopFails != 0 {
						break execute
					}
					pc++
					continue
				}
				again, other := int(in.b), pc+1
				if in.c&loopLazy != 0 {
					again, other = other, again
				}
				f := &st[sp]
				f.key, f.a, f.b = uint32(kindChoice), int32(pos), int32(other)
				sp++
				pc = again
				continue

			case opLoop, opLoopTake:
				l := &r.p.loops[in.a]
				slots := r.slots
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
							f := &st[sp]
							f.key, f.a, f.b = uint32(kindChoice), int32(pos), int32(pc+1)
							sp++
							pc = int(l.exit)
							continue
						}
						f := &st[sp]
						f.key, f.a, f.b = uint32(kindChoice), int32(pos), l.exit
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

			case opBegin:
				if pos != 0 {
					break execute
				}
				pc++
				continue

			case opEnd:
				if pos != len(s) {
					break execute
				}
				pc++
				continue

			case opLineEnd:
				if uint(pos) < uint(len(s)) && !in.set.has(int32(s[pos])) {
					break execute
				}
				pc++
				continue

			case opEndOrLast:
				if uint(pos) < uint(len(s)) && (pos+1 < len(s) || !in.set.has(int32(s[pos]))) {
					break execute
				}
				pc++
				continue

			case opFail:
				break execute

			default:
				var end Outcome
				pc, pos, sp, end = r.perform(in, pc, pos, sp)
				switch end {
				case goesOn:
					if len(st) == len(r.stack) {
						continue
					}
					end = grown
				case NoMatch:
					break execute
				}
				out = end
				break attempt
			}
		}

	backtrack:
		for {
			if sp == 0 {
				if !r.advance() {
					break attempt
				}
				pc, pos = 0, int(r.at)
				continue attempt
			}
			sp--
			f := &st[sp]
			switch f.kind() {
			case kindChoice:
				pos, pc = int(f.a), int(f.b)
				next := &code[pc]
				if next.test != testChar && next.test != testSet {
					continue attempt
				}
				known := false
				if uint(pos) < uint(len(s)) {
					c := int32(s[pos])
					known = c == next.first && next.test == testChar || next.test == testSet && next.set.has(c)
				}
				if !known {
					fuel -= int(next.lead)
					r.noteTest(pc, 1)
					continue backtrack
				}
				if next.op == opChar || next.op == opSet {
					pos++
					fuel -= 1 + int(next.jumps)
					if r.profile != nil {
						r.profile[pc]++
						r.profile[pc+1] += uint64(next.jumps)
					}
					pc = int(next.next)
				}
				continue attempt

			case kindGreedy:
				pos, pc = int(f.a)-1, int(f.pc())
				if next := &code[pc+1]; next.test != testNone {
					// Give back until what follows can begin: a retry and a
					// failed test each.
					to := r.giveBack(pos, int(f.b), next)
					fuel -= (1 + int(next.lead)) * (pos - to)
					r.note(pc, pos-to)
					r.noteTest(pc+1, pos-to)
					if to < int(f.b) {
						continue backtrack
					}
					pos, f.a = to, int32(to)+1
				}
				if f.a--; f.a > f.b {
					sp++
				}
				fuel--
				r.note(pc, 1)
				pc++
				continue attempt

			case kindSpan:
				pos, pc = int(f.a)-1, int(f.pc())
				if next := &code[pc+3]; next.test != testNone {
					to := r.giveBack(pos, int(f.b), next)
					fuel -= (2 + int(next.lead)) * (pos - to)
					r.note(pc+1, pos-to)
					r.note(pc+2, pos-to)
					r.noteTest(pc+3, pos-to)
					if to < int(f.b) {
						continue backtrack
					}
					pos = to
				}
				r.slots[code[pc].a+1] = int32(pos)
				if f.a = int32(pos); f.a > f.b {
					sp++
				}
				fuel -= 2
				r.note(pc+1, 1)
				r.note(pc+2, 1)
				pc += 3
				continue attempt

			case kindLazy:
				pos, pc = int(f.a), int(f.pc())
				next, last := &code[pc+1], int(f.b)
				to, ok := r.takeMore(pos, last, code[pc].set, next)
				// A test of the loop's set for each character and, of all
				// but the last, a failed test of what follows.
				taken, missed := to-pos, to-pos
				switch {
				case ok:
					missed--
				case to < last:
					taken++
				}
				fuel -= taken + missed*int(next.lead)
				r.note(pc, taken)
				r.noteTest(pc+1, missed)
				if !ok {
					continue backtrack
				}
				pos = to
				if f.a = int32(to); to < last {
					sp++
				}
				pc++
				continue attempt

			case kindUndo:
				r.slots[f.a] = f.b

			case kindUndoPair:
				r.slots[f.a], r.slots[f.a+1] = f.b, f.c

			default:
				var end Outcome
				pc, pos, sp, end = r.retry(f, sp)
				switch end {
				case goesOn:
					continue attempt
				case NoMatch:
					continue backtrack
				}
				out = end
				break attempt
			}
		}
	}
	if r.left += int64(fuel); r.left < 0 {
		r.left, out = -1, StepLimit
	}
	r.pc, r.pos, r.sp = pc, pos, sp
	return out
}

// advance goes to the next start, if there is one.
func (r *Runner) advance() bool {
	if r.at == r.last {
		return false
	}
	if r.at += r.step; r.p.skipCRLF && r.text.between(int(r.at)) {
		r.at++
	}
	r.passed, r.ignore = 0, 0
	return true
}

// refuel looks after the budgets, and the profile of the step at pc: it gives
// the number of steps that can be taken before the next look. fuel is what
// the loop has left, or has overdrawn, of what it was given.
func (r *Runner) refuel(fuel, pc, sp int) (int, Outcome) {
	r.left += int64(fuel)
	if r.left < 0 {
		return 0, StepLimit
	}
	if sp+room > len(r.stack) {
		if !r.grow() {
			return 0, MemoryLimit
		}
		r.left++ // this step is yet to be taken
		return 0, grown
	}
	if r.profile != nil {
		r.profile[pc]++
		return 0, NoMatch
	}
	fuel = int(min(r.left, int64(len(r.stack)-sp-room)/pushes))
	fuel = max(fuel, 0)
	r.left -= int64(fuel)
	return fuel, NoMatch
}

// note adds steps to the profile, when there is one.
func (r *Runner) note(pc, steps int) {
	if r.profile != nil {
		r.profile[pc] += uint64(steps)
	}
}

// noteEach adds one step each to the profile of some instructions, when there
// is one.
func (r *Runner) noteEach(pc, instructions int) {
	if r.profile != nil {
		for i := range instructions {
			r.profile[pc+i]++
		}
	}
}

// noteTest adds failed tests of the instruction at pc to the profile, when
// there is one.
func (r *Runner) noteTest(pc, times int) {
	if r.profile != nil {
		r.p.noteTest(r.profile, pc, times)
	}
}

// noteTest adds failed tests of the instruction at pc to a profile: one step
// for each that is passed on the way.
func (p *Program) noteTest(profile []uint64, pc, times int) {
	profile[pc] += uint64(times)
	switch in := &p.code[pc]; in.op {
	case opMark, opClose, opSpan:
		p.noteTest(profile, pc+1, times)
	case opJump:
		p.noteTest(profile, int(in.a), times)
	case opTry, opDefer:
		p.noteTest(profile, int(in.b), times)
		p.noteTest(profile, int(in.c), times)
	}
}
