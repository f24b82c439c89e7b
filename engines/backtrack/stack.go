package backtrack

// A frame is one entry of the backtracking stack: a choice to come back to,
// or a change of a slot to undo on the way back. key holds the instruction
// that pushed the frame above kindBits, and its kind below.
type frame struct {
	key     uint32
	a, b, c int32
}

const frameBytes = 16

const kindBits = 4

// A kind says what popping a frame does.
type kind uint32

const (
	kindChoice     kind = iota // go on at instruction b from position a
	kindGreedy                 // give back one: position a down to b
	kindSpan                   // as kindGreedy, of an opSpan
	kindGreedyBack             // position a up to b
	kindLazy                   // take one more of the loop's set: position a up to b
	kindLazyBack               // position a down to b
	kindUndo                   // slot a was b
	kindUndoPair               // slots a and a+1 were b and c
	kindBar                    // an assertion began at position a; the barrier was b
	kindCall                   // a call began: barrier a, call b; c calls were on record
	kindPush                   // slot a, a capture stack, was b; c captures were on record
	kindVerb                   // a verb was passed at position a
	kindAbsent                 // the absent body was tried at position a
)

func (f *frame) kind() kind { return kind(f.key & (1<<kindBits - 1)) }
func (f *frame) pc() int32  { return int32(f.key >> kindBits) }

func key(pc int32, k kind) uint32 { return uint32(pc)<<kindBits | uint32(k) }

// A call is the record of a subroutine call: where to return, and what the
// slots were. Records live until backtracking undoes the call.
type call struct {
	group, target, ret int32
	parent             int32 // the record of the call around it, or -1
	bar                int32 // the barrier around it
	pos                int32 // where it was made
}

const callBytes = 24

// A past is an earlier capture of a group, on its capture stack.
type past struct{ start, end, next int32 }

const pastBytes = 12

// grow makes room for at least one more frame. It reports false when the
// memory budget is spent.
func (r *Runner) grow() bool {
	used := r.recordBytes()
	limit := (r.memory - used) / frameBytes
	if len(r.stack) >= limit {
		return false
	}
	n := min(max(2*len(r.stack), firstFrames), limit)
	bigger := make([]frame, n)
	copy(bigger, r.stack)
	r.stack = bigger
	return true
}

// firstFrames is the stack's size at first, in frames of 16 bytes: 16 KiB.
const firstFrames = 1024

func (r *Runner) recordBytes() int {
	return len(r.calls)*callBytes + len(r.saved)*4 + len(r.pasts)*pastBytes
}

// restore undoes the change that f recorded, if it recorded one.
func (r *Runner) restore(f *frame) {
	switch f.kind() {
	case kindUndo:
		r.slots[f.a] = f.b
	case kindUndoPair:
		r.slots[f.a], r.slots[f.a+1] = f.b, f.c
	case kindBar:
		r.slots[slotBar] = f.b
	case kindCall:
		r.slots[slotBar], r.slots[slotCall] = f.a, f.b
		r.calls = r.calls[:f.c]
		r.saved = r.saved[:int(f.c)*len(r.slots)]
	case kindPush:
		r.slots[f.a] = f.b
		r.pasts = r.pasts[:f.c]
	}
}

// unwind undoes all frames from height on.
func (r *Runner) unwind(sp, height int32) int32 {
	for sp > height {
		sp--
		r.restore(&r.stack[sp])
	}
	return sp
}

// unwindNot undoes all frames of the body of a negative assertion that
// matched. In Java the captures stay.
func (r *Runner) unwindNot(sp, height int32) int32 {
	for r.p.leaky && sp > height {
		sp--
		if f := &r.stack[sp]; !r.isCapture(f) {
			r.restore(f)
		}
	}
	return r.unwind(sp, height)
}

// isCapture reports whether f undoes a capture.
func (r *Runner) isCapture(f *frame) bool {
	return f.kind() == kindUndoPair && slotCaps <= f.a && int(f.a) < slotCaps+2*r.p.groups
}

// cut drops the choices from height on and keeps, for each slot, the oldest
// change: that is the one whose undoing counts. It returns the new height,
// at most height plus the number of slots, so that an atomic group inside a
// loop costs no more than what it pushed.
func (r *Runner) cut(sp, height int32) int32 {
	if sp <= height {
		return sp
	}
	r.generation++
	if r.generation == 0 {
		clear(r.seen)
		r.generation = 1
	}
	fresh := func(slot int32) bool {
		if r.seen[slot] == r.generation {
			return false
		}
		r.seen[slot] = r.generation
		return true
	}
	to := height
	for i := height; i < sp; i++ {
		f := &r.stack[i]
		keep := false
		switch f.kind() {
		case kindUndo, kindPush:
			keep = fresh(f.a)
		case kindUndoPair:
			one, two := fresh(f.a), fresh(f.a+1)
			keep = (one || two) && !(r.p.leaky && r.isCapture(f))
		case kindCall:
			keep = fresh(slotCall)
			fresh(slotBar)
		case kindBar:
			if keep = fresh(slotBar); keep {
				*f = frame{key: uint32(kindUndo), a: slotBar, b: f.b}
			}
		}
		if keep {
			r.stack[to] = *f
			to++
		}
	}
	return to
}
