package backtrack

import "github.com/nearmiss-dev/nearmiss/analyzer/syntax"

// passing says whether a verb that matching runs into leaves a frame. A
// (*SKIP:name) without its mark is ignored on the second try of a start.
func (r *Runner) passing(k int32) bool {
	v := &r.p.marks[k]
	if v.kind == syntax.VerbSkip && v.name != "" {
		r.passed++
		return r.passed > r.ignore
	}
	return true
}

// trigger is what happens when backtracking comes to a verb that was passed
// at pos. It returns the new stack height and NoMatch to go on backtracking
// from there, or how the attempt ends.
func (r *Runner) trigger(pc, pos, sp int32) (int32, Outcome) {
	v := &r.p.marks[r.p.code[pc].a]
	switch v.kind {
	case syntax.VerbMark:
		return sp, NoMatch
	case syntax.VerbThen:
		if v.then >= 0 && !r.calledWithin(v.alt) {
			return r.unwind(sp, r.slots[v.then]), NoMatch
		}
	case syntax.VerbSkip:
		if v.name != "" {
			return r.skipToMark(v.name, sp)
		}
	}
	sp, confined := r.escape(sp, v.kind == syntax.VerbThen)
	if confined {
		return sp, NoMatch
	}
	switch v.kind {
	case syntax.VerbCommit:
		return sp, endCommit
	case syntax.VerbSkip:
		r.skipTo = pos
		return sp, endSkip
	}
	return sp, endPrune
}

// calledWithin reports whether the innermost call is to a group inside the
// alternation that begins at instruction alt: a (*THEN) does not leave a call.
func (r *Runner) calledWithin(alt int32) bool {
	k := r.slots[slotCall]
	return k >= 0 && r.calls[k].target > alt
}

// escape unwinds to what confines a verb: a call or a negative assertion
// (and, for (*THEN), any assertion), which then fails or holds by the frames
// below; or else to the start of the attempt.
func (r *Runner) escape(sp int32, then bool) (int32, bool) {
	for {
		bar := r.slots[slotBar]
		if bar < 0 {
			return r.unwind(sp, 0), false
		}
		sp = r.unwind(sp, bar+1)
		f := r.stack[bar]
		if f.kind() == kindCall || then || r.p.code[f.pc()].op == opLookTry {
			return sp, true
		}
		sp = r.unwind(sp, bar)
	}
}

// skipToMark finds the last mark of that name on the path. Without one, the
// innermost call fails, or the start is tried again with the verb ignored.
func (r *Runner) skipToMark(name string, sp int32) (int32, Outcome) {
	call := r.slots[slotBar]
	for call >= 0 && r.stack[call].kind() != kindCall {
		call = r.stack[call].b
	}
	for sp > 0 {
		if sp == call+1 {
			return sp, NoMatch
		}
		sp--
		f := r.stack[sp]
		if f.kind() == kindVerb {
			v := &r.p.marks[r.p.code[f.pc()].a]
			if v.kind == syntax.VerbMark && v.name == name {
				r.skipTo = f.a
				sp, confined := r.escape(sp, false)
				if confined {
					return sp, NoMatch
				}
				return sp, endSkip
			}
		}
		r.restore(&f)
	}
	r.ignore = r.passed
	return 0, endAgain
}
