package backtrack

// A test is how an instruction begins: with one that can be decided at once.
// The places that look ahead to it save the push and the pop of a frame;
// every step is counted as if it had been taken.
type test uint8

const (
	testNone    test = iota
	testChar         // a character, A
	testSet          // a character of set A
	testEnd          // the subject's end
	testLineEnd      // the subject's end, or before a character of set A
	testLast         // the subject's end, or one character of set A before it
)

// begins reports whether c passes the test of in, a testChar or testSet.
func (in *inst) begins(c int32) bool {
	if in.test == testChar {
		return c == in.first
	}
	return in.set.has(c)
}

// fails reports whether the test of in fails at pos.
func (r *Runner) fails(pos int, in *inst) bool {
	if pos >= r.text.n {
		return in.test <= testSet
	}
	c := r.unit(int32(pos))
	switch in.test {
	case testEnd:
		return true
	case testLast:
		return pos+1 < r.text.n || !in.set.has(c)
	case testLineEnd:
		return !in.set.has(c)
	}
	return !in.begins(c)
}

// giveBack is the last position from pos down to least at which the test of
// in holds, or less than least.
func giveBack[T unit](s []T, pos, least int, in *inst) int {
	if pos == len(s) {
		if in.test >= testEnd {
			return pos
		}
		pos--
	}
	switch in.test {
	case testChar:
		for pos >= least && int32(s[pos]) != in.first {
			pos--
		}
		return pos
	case testSet, testLineEnd:
		for pos >= least && !in.set.has(int32(s[pos])) {
			pos--
		}
		return pos
	case testLast:
		if pos >= least && pos+1 == len(s) && in.set.has(int32(s[pos])) {
			return pos
		}
	}
	return least - 1
}

// takeMore takes characters of set from pos on, at least one and up to last,
// until the test of next holds, and is where it came to. It is not ok when a
// character is not in the set, or the test never holds.
func takeMore[T unit](r *Runner, s []T, pos, last int, set *set, next *inst) (to int, ok bool) {
	if next.test == testChar {
		for pos < last && set.has(int32(s[pos])) {
			if pos++; pos < len(s) && int32(s[pos]) == next.first {
				return pos, true
			}
		}
		return pos, false
	}
	for pos < last && set.has(int32(s[pos])) {
		if pos++; next.test == testNone || !r.fails(pos, next) {
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
// up to the first that differs. As many must be left.
func compareForward[T unit](s []T, begin, end, pos int, fold bool, f folding) int {
	k, n := 0, end-begin
	for k < n && (s[begin+k] == s[pos+k] || fold && f.equal(rune(s[begin+k]), rune(s[pos+k]))) {
		k++
	}
	return k
}

// compareBack is how many characters of the end of s[begin:end] stand before
// pos, as compareForward; none where too few are left.
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

// sameForward is compareForward of the subject.
func (r *Runner) sameForward(begin, end, pos int, fold bool) int {
	t := &r.text
	switch t.width {
	case 2:
		return compareForward(t.words, begin, end, pos, fold, r.p.fold)
	case 4:
		return compareForward(t.runes, begin, end, pos, fold, r.p.fold)
	}
	if n := end - begin; string(t.bytes[begin:end]) == string(t.bytes[pos:pos+n]) {
		return n
	}
	return compareForward(t.bytes, begin, end, pos, fold, r.p.fold)
}

// giveBack is giveBack of the subject.
func (r *Runner) giveBack(pos, least int, in *inst) int {
	switch r.text.width {
	case 2:
		return giveBack(r.text.words, pos, least, in)
	case 4:
		return giveBack(r.text.runes, pos, least, in)
	}
	return giveBack(r.text.bytes, pos, least, in)
}

// takeMore is takeMore of the subject.
func (r *Runner) takeMore(pos, last int, set *set, next *inst) (to int, ok bool) {
	switch r.text.width {
	case 2:
		return takeMore(r, r.text.words, pos, last, set, next)
	case 4:
		return takeMore(r, r.text.runes, pos, last, set, next)
	}
	return takeMore(r, r.text.bytes, pos, last, set, next)
}
