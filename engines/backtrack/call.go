package backtrack

// firstSet is the span of the first group of the list that is set, or -1.
func (r *Runner) firstSet(groups []int32) (begin, end int) {
	for _, g := range groups {
		if b := r.slots[slotCaps+2*g]; b >= 0 {
			return int(b), int(r.slots[slotCaps+2*g+1])
		}
	}
	return -1, -1
}

// insideCall reports whether the innermost call is to a group of list k, or,
// for -1, whether there is one.
func (r *Runner) insideCall(k int32) bool {
	c := r.slots[slotCall]
	if c < 0 || k < 0 {
		return c >= 0
	}
	for _, g := range r.p.refs[k] {
		if g == r.calls[c].group {
			return true
		}
	}
	return false
}

// looping reports whether a call to group at pos is the same as the last one
// to that group still active: it would never end (PCRE2_ERROR_RECURSELOOP).
// depth is how many calls were looked at.
func (r *Runner) looping(group, pos int32) (loops bool, depth int) {
	for k := r.slots[slotCall]; k >= 0; k = r.calls[k].parent {
		if depth++; r.calls[k].group == group {
			return r.calls[k].pos == pos, depth
		}
	}
	return false, depth
}

// enter makes a call: a record, and a frame that undoes it.
func (r *Runner) enter(sp int32, in *inst, ret, pos int32) int32 {
	s := r.slots
	r.stack[sp] = frame{key: uint32(kindCall), a: s[slotBar], b: s[slotCall], c: int32(len(r.calls))}
	r.calls = append(r.calls, call{in.b, in.a, ret, s[slotCall], s[slotBar], pos})
	r.saved = append(r.saved, s...)
	s[slotCall] = int32(len(r.calls) - 1)
	if r.p.verbs {
		s[slotBar] = sp
	}
	return sp + 1
}

// leave returns from the innermost call: loops and assertions are again what
// they were before it, and so are the captures, except in Onigmo. A call can
// be backtracked into (PCRE2 10.30), so each change can be undone.
func (r *Runner) leave(sp int32) int32 {
	k := r.slots[slotCall]
	saved := r.saved[int(k)*len(r.slots):]
	from := slotCaps
	if !r.p.restoreCaps {
		from += 2 * r.p.groups
	}
	for i := from; i < len(r.slots); i++ {
		if r.slots[i] != saved[i] {
			sp = r.assign(sp, int32(i), saved[i])
		}
	}
	sp = r.assign(sp, slotCall, r.calls[k].parent)
	if r.p.verbs {
		sp = r.assign(sp, slotBar, r.calls[k].bar)
	}
	return sp
}

// assign changes a slot so that it can be undone. The stack must have room.
func (r *Runner) assign(sp, slot, value int32) int32 {
	r.stack[sp] = frame{key: uint32(kindUndo), a: slot, b: r.slots[slot]}
	r.slots[slot] = value
	return sp + 1
}

// ensure makes room for frames up to height.
func (r *Runner) ensure(height int) bool {
	for len(r.stack) < height {
		if !r.grow() {
			return false
		}
	}
	return true
}

// roomFor reports whether the memory budget allows n bytes more of records.
func (r *Runner) roomFor(n int) bool {
	return len(r.stack)*frameBytes+r.recordBytes()+n <= r.memory
}

// pushCapture puts a capture on its group's stack (.NET keeps them all).
func (r *Runner) pushCapture(sp, g, begin, end int32) int32 {
	cap, chain := slotCaps+2*g, r.p.chain[g]
	s := r.slots
	r.stack[sp] = frame{key: uint32(kindUndoPair), a: cap, b: s[cap], c: s[cap+1]}
	r.stack[sp+1] = frame{key: uint32(kindPush), a: chain, b: s[chain], c: int32(len(r.pasts))}
	r.pasts = append(r.pasts, past{s[cap], s[cap+1], s[chain]})
	s[cap], s[cap+1], s[chain] = begin, end, int32(len(r.pasts)-1)
	return sp + 2
}

// popCapture ends a balancing group: the last capture of group a goes, and
// group c, when there is one, captures what lies between it and the balancing
// group's own text (TransferCapture of .NET). It fails when group a has none.
func (r *Runner) popCapture(sp int32, in *inst, pos int32) (int32, bool) {
	s := r.slots
	cap, chain := slotCaps+2*in.a, r.p.chain[in.a]
	if s[cap] < 0 {
		return sp, false
	}
	begin, end := min(s[in.b], pos), max(s[in.b], pos)
	from, to := s[cap], s[cap+1]
	switch {
	case begin >= to:
		begin, end = to, begin
	case end <= from:
		begin = from
	default:
		end, begin = min(end, to), max(begin, from)
	}
	r.stack[sp] = frame{key: uint32(kindUndoPair), a: cap, b: s[cap], c: s[cap+1]}
	sp++
	old := past{-1, -1, -1}
	if s[chain] >= 0 {
		old = r.pasts[s[chain]]
	}
	s[cap], s[cap+1] = old.start, old.end
	sp = r.assign(sp, chain, old.next)
	switch {
	case in.c <= 0:
	case r.p.chain[in.c] >= 0:
		sp = r.pushCapture(sp, in.c, begin, end)
	default:
		cap = slotCaps + 2*in.c
		r.stack[sp] = frame{key: uint32(kindUndoPair), a: cap, b: s[cap], c: s[cap+1]}
		s[cap], s[cap+1] = begin, end
		sp++
	}
	return sp, true
}
