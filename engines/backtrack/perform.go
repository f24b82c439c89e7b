package backtrack

// goesOn is the outcome of an instruction that did not fail.
const goesOn Outcome = 98

// slotsPerStep is how many slots, groups or calls an instruction goes through
// in a step, beside the first of all instructions: a call saves all slots, and
// of a hundred thousand groups that would make a step take as long as many.
const slotsPerStep = 64

// perform executes the instructions that are too rare, or too long, for the
// loop of match: the loop's variables come and go, and NoMatch says that the
// instruction failed. The stack may have grown.
func (r *Runner) perform(in *inst, pc, pos, sp int) (int, int, int, Outcome) {
	switch r.text.width {
	case 2:
		return perform(r, r.text.words, in, pc, pos, sp)
	case 4:
		return perform(r, r.text.runes, in, pc, pos, sp)
	}
	return perform(r, r.text.bytes, in, pc, pos, sp)
}

func perform[T unit](r *Runner, s []T, in *inst, pc, pos, sp int) (int, int, int, Outcome) {
	slots, st := r.slots, r.stack
	switch in.op {
	case opCharBack:
		if pos == 0 || int32(s[pos-1]) != in.a {
			return pc, pos, sp, NoMatch
		}
		pos--

	case opSetBack:
		if pos == 0 || !in.set.has(int32(s[pos-1])) {
			return pc, pos, sp, NoMatch
		}
		pos--

	case opGreedyBack, opPossessiveBack:
		i := runBack(s, pos, in.stopBack(pos), in.set)
		r.spend(pc, pos-i)
		least := pos - int(in.b)
		if i > least {
			return pc, pos, sp, NoMatch
		}
		if in.op == opGreedyBack && i < least {
			st[sp] = frame{key: key(int32(pc), kindGreedyBack), a: int32(i), b: int32(least)}
			sp++
		}
		pos = i

	case opLazyBack:
		least := pos - int(in.b)
		i := runBack(s, pos, max(least, 0), in.set)
		r.spend(pc, pos-i)
		if i > least {
			return pc, pos, sp, NoMatch
		}
		if stop := in.stopBack(pos); i > stop {
			st[sp] = frame{key: key(int32(pc), kindLazyBack), a: int32(i), b: int32(stop)}
			sp++
		}
		pos = i

	case opBranch:
		return int(in.b), pos, sp, goesOn

	case opCloseBack:
		g := slotCaps + 2*in.a
		st[sp] = frame{key: uint32(kindUndoPair), a: g, b: slots[g], c: slots[g+1]}
		sp++
		slots[g], slots[g+1] = int32(pos), slots[in.b]

	case opClosePush:
		if !r.roomFor(pastBytes) {
			return pc, pos, sp, MemoryLimit
		}
		begin, end := slots[in.b], int32(pos)
		sp = int(r.pushCapture(int32(sp), in.a, min(begin, end), max(begin, end)))

	case opBalance:
		if !r.roomFor(pastBytes) {
			return pc, pos, sp, MemoryLimit
		}
		to, ok := r.popCapture(int32(sp), in, int32(pos))
		if !ok {
			return pc, pos, sp, NoMatch
		}
		sp = int(to)

	case opUnset:
		r.spend(pc, int(in.b-in.a)/slotsPerStep)
		to, ok := r.unset(int32(sp), slotCaps+2*in.a, slotCaps+2*in.b)
		if !ok {
			return pc, pos, sp, MemoryLimit
		}
		sp = int(to)

	case opLoopInit:
		l := &r.p.loops[in.a]
		st[sp] = frame{key: uint32(kindUndoPair), a: l.slot, b: slots[l.slot], c: slots[l.slot+1]}
		sp++
		slots[l.slot], slots[l.slot+1] = 0, -1
		return int(in.b), pos, sp, goesOn

	case opAtomic:
		sp = int(r.assign(int32(sp), in.a, int32(sp)+1))

	case opCut:
		sp = int(r.cut(int32(sp), slots[in.a]))

	case opLook, opLookTry, opLookEnd, opLookFree, opLookNot, opBehind, opBehindRange:
		return r.assertion(in, pc, pos, sp)

	case opAtOrigin, opProgress, opSearchStart, opLineBegin, opEdge, opWord:
		if !holds(r, s, pos, in) {
			return pc, pos, sp, NoMatch
		}

	case opBackrefBack:
		r.spend(pc, len(r.p.refs[in.a])/slotsPerStep)
		begin, end := r.firstSet(r.p.refs[in.a])
		if begin < 0 {
			if in.b&refUnsetEmpty == 0 {
				return pc, pos, sp, NoMatch
			}
			break
		}
		same := compareBack(s, begin, end, pos, in.b&refFold != 0, r.p.fold)
		r.spend(pc, same)
		if same < end-begin {
			return pc, pos, sp, NoMatch
		}
		pos -= same

	case opIfGroup:
		r.spend(pc, len(r.p.refs[in.a])/slotsPerStep)
		if begin, _ := r.firstSet(r.p.refs[in.a]); begin < 0 {
			return int(in.b), pos, sp, goesOn
		}

	case opIfCall:
		if in.a >= 0 {
			r.spend(pc, len(r.p.refs[in.a])/slotsPerStep)
		}
		if !r.insideCall(in.a) {
			return int(in.b), pos, sp, goesOn
		}

	case opCall:
		loops, depth := r.looping(in.b, int32(pos))
		if r.spend(pc, depth/slotsPerStep); loops {
			return pc, pos, sp, RecursionLoop
		}
		if !r.roomFor(callBytes + 4*len(slots)) {
			return pc, pos, sp, MemoryLimit
		}
		r.spend(pc, len(slots)/slotsPerStep)
		sp = int(r.enter(int32(sp), in, int32(pc+1), int32(pos)))
		return int(in.a), pos, sp, goesOn

	case opReturn:
		if k := slots[slotCall]; k >= 0 && r.calls[k].group == in.a && r.calls[k].target == in.b {
			return r.comeBack(pc, pos, sp)
		}

	case opKeep:
		sp = int(r.assign(int32(sp), slotKeep, int32(pos)))

	case opVerb:
		if r.passing(in.a) {
			st[sp] = frame{key: key(int32(pc), kindVerb), a: int32(pos)}
			sp++
		}

	case opGrapheme:
		size := graphemeAt(s, pos, r.p.looseX)
		if size == 0 {
			return pc, pos, sp, NoMatch
		}
		r.spend(pc, size-1)
		pos += size

	case opScriptRun:
		begin := int(slots[in.a])
		r.spend(pc, pos-begin)
		if !isScriptRun(s[begin:pos], r.p.scripts, r.scriptOf) {
			return pc, pos, sp, NoMatch
		}

	case opAbsent, opAbsentNext, opAbsentHit:
		return r.absent(in, pc, pos, sp)

	case opEarly:
		if slots[slotCall] < 0 {
			if !r.starts.enters(in, int32(pos)) {
				return pc, pos, sp, NoMatch
			}
			stop := runForward(s, pos, len(s), in.set)
			r.spend(pc, stop-pos)
			r.starts.entered(in, int32(pos), int32(stop))
		}

	case opMatch, opAccept:
		return r.accept(in, pc, pos, sp)
	}
	return pc + 1, pos, sp, goesOn
}

// retry does what popping a frame does that is too rare for the loop of
// match. NoMatch says that the next frame is to be popped.
func (r *Runner) retry(f *frame, sp int) (int, int, int, Outcome) {
	pc, pos := int(f.pc()), int(f.a)
	switch f.kind() {
	case kindGreedyBack:
		if f.a++; f.a < f.b {
			sp++
		}
		r.spend(pc, 1)
		return pc + 1, pos + 1, sp, goesOn

	case kindLazyBack:
		r.spend(pc, 1)
		if !r.p.code[pc].set.has(r.unit(int32(pos - 1))) {
			return pc, pos, sp, NoMatch
		}
		if f.a--; f.a > f.b {
			sp++
		}
		return pc + 1, pos - 1, sp, goesOn

	case kindAbsent:
		return pc, pos + 1, sp, goesOn

	case kindVerb:
		to, end := r.trigger(f.pc(), f.a, int32(sp))
		return pc, pos, int(to), end
	}
	r.restore(f)
	return pc, pos, sp, NoMatch
}

// spend takes steps of the instruction at pc off the budget.
func (r *Runner) spend(pc, steps int) {
	r.left -= int64(steps)
	r.note(pc, steps)
}

// unset makes the slots from first on, pairs of captures, unset. It is not ok
// when the memory budget is spent.
func (r *Runner) unset(sp, first, end int32) (int32, bool) {
	for g := first; g < end; g += 2 {
		if r.slots[g] < 0 {
			continue
		}
		if int(sp)+room > len(r.stack) && !r.grow() {
			return sp, false
		}
		r.stack[sp] = frame{key: uint32(kindUndoPair), a: g, b: r.slots[g], c: r.slots[g+1]}
		sp++
		r.slots[g], r.slots[g+1] = -1, -1
	}
	return sp, true
}

// accept ends the match, or, for (*ACCEPT), the innermost assertion or call.
func (r *Runner) accept(in *inst, pc, pos, sp int) (int, int, int, Outcome) {
	p := r.p
	if bar := r.slots[slotBar]; in.op == opAccept && bar >= 0 {
		// What is accepted gives nothing back.
		sp = int(r.cut(int32(sp), bar+1))
		if f := &r.stack[bar]; f.kind() == kindBar {
			return int(p.code[f.pc()].c), pos, sp, goesOn
		}
	}
	if r.slots[slotCall] >= 0 {
		return r.comeBack(pc, pos, sp)
	}
	n := r.text.n
	if r.full && !(pos == n && !p.backward || pos == 0 && p.backward) ||
		p.notEmpty != mayBeEmpty && r.refusesEmpty(r.at, int32(pos)) {
		if in.op == opAccept { // PCRE2: nothing else is tried at this start
			sp = int(r.unwind(int32(sp), 0))
		}
		return pc, pos, sp, NoMatch
	}
	r.end = int32(pos)
	return pc, pos, sp, Matched
}

// comeBack returns from the innermost call.
func (r *Runner) comeBack(from, pos, sp int) (int, int, int, Outcome) {
	r.spend(from, len(r.slots)/slotsPerStep)
	if !r.ensure(sp + len(r.slots) + room) {
		return 0, pos, sp, MemoryLimit
	}
	pc := int(r.calls[r.slots[slotCall]].ret)
	return pc, pos, int(r.leave(int32(sp))), goesOn
}

// assertion executes what a lookaround is made of. slots A and A+1 are the
// height and the position at which it began.
func (r *Runner) assertion(in *inst, pc, pos, sp int) (int, int, int, Outcome) {
	slots, st, verbs := r.slots, r.stack, r.p.verbs
	switch in.op {
	case opLook, opLookTry:
		st[sp] = frame{key: uint32(kindUndoPair), a: in.a, b: slots[in.a], c: slots[in.a+1]}
		sp++
		slots[in.a], slots[in.a+1] = int32(sp), int32(pos)
		if in.op == opLookTry {
			st[sp] = frame{key: uint32(kindChoice), a: int32(pos), b: in.b}
			sp++
		}
		if verbs {
			st[sp] = frame{key: key(int32(pc), kindBar), a: int32(pos), b: slots[slotBar]}
			slots[slotBar] = int32(sp)
			sp++
		}

	case opLookEnd:
		if verbs {
			slots[slotBar] = st[slots[slotBar]].b
		}
		sp = int(r.cut(int32(sp), slots[in.a]))
		pos = int(slots[in.a+1])

	case opLookFree:
		if verbs {
			sp = int(r.assign(int32(sp), slotBar, st[slots[slotBar]].b))
		}
		pos = int(slots[in.a+1])

	case opLookNot:
		height := slots[in.a]
		pos = int(slots[in.a+1])
		sp = int(r.unwindNot(int32(sp), height))
		if in.b < 0 {
			return pc, pos, sp, NoMatch
		}
		return int(in.b), pos, sp, goesOn

	case opBehind:
		if pos < int(in.a) {
			return pc, pos, sp, NoMatch
		}
		pos -= int(in.a)

	case opBehindRange:
		first, last := pos-int(in.a), 0
		if in.b >= 0 {
			last = max(0, pos-int(in.b))
		}
		if first < 0 {
			return pc, pos, sp, NoMatch
		}
		if first > last {
			st[sp] = frame{key: key(int32(pc), kindGreedy), a: int32(first), b: int32(last)}
			sp++
		}
		pos = first
	}
	return pc + 1, pos, sp, goesOn
}

// absent executes what Onigmo's absent operator is made of. slots A and A+1
// are the first offset, and the end of the shortest match so far.
func (r *Runner) absent(in *inst, pc, pos, sp int) (int, int, int, Outcome) {
	slots, st := r.slots, r.stack
	switch in.op {
	case opAbsent:
		st[sp] = frame{key: uint32(kindUndoPair), a: in.a, b: slots[in.a], c: slots[in.a+1]}
		sp++
		slots[in.a], slots[in.a+1] = int32(pos), int32(r.text.n+1)

	case opAbsentNext:
		if int32(pos) < slots[in.a+1] && pos <= r.text.n {
			st[sp] = frame{key: key(int32(pc), kindAbsent), a: int32(pos)}
			sp++
			break
		}
		first, last := int(slots[in.a]), int(slots[in.a+1])-1
		if last < first {
			return pc, pos, sp, NoMatch
		}
		if last > first {
			st[sp] = frame{key: key(in.b-1, kindGreedy), a: int32(last), b: int32(first)}
			sp++
		}
		return int(in.b), last, sp, goesOn

	case opAbsentHit:
		// Not undone: it is what the search is for, and the undoing of
		// opAbsent covers it.
		slots[in.a+1] = min(slots[in.a+1], int32(pos))
		return pc, pos, sp, NoMatch
	}
	return pc + 1, pos, sp, goesOn
}
