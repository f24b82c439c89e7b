package backtrack

import "slices"

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

// note adds steps to the profile, when there is one.
func note(profile []uint64, pc, steps int) {
	if profile != nil {
		profile[pc] += uint64(steps)
	}
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

// compare is how many characters of group text s[begin:end] stand at pos, or
// before it.
func compare[T unit](s []T, begin, end, pos int, in *inst, f folding) int {
	if in.op == opBackrefBack {
		return compareBack(s, begin, end, pos, in.b&refFold != 0, f)
	}
	return compareForward(s, begin, end, pos, in.b&refFold != 0, f)
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
