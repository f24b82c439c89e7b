package backtrack

import "github.com/nearmiss-dev/nearmiss/analyzer/syntax"

// holds decides the assertions that are not worth a place in the loop.
func holds[T unit](r *Runner, s []T, pos int, in *inst) bool {
	switch in.op {
	case opAtOrigin:
		return int32(pos) == r.slots[in.a+1]
	case opProgress:
		return int32(pos) != r.slots[in.a]
	case opSearchStart:
		return int32(pos) == r.searchStart
	case opLineBegin:
		return pos == 0 || in.set.has(int32(s[pos-1])) && (pos < len(s) || in.b == 0)
	case opEdge:
		e := &r.p.edges[in.a]
		return atEdge(s, pos, e, r.p.sets[e.set])
	}
	t := in.set
	before := pos > 0 && t.has(int32(s[pos-1]))
	after := pos < len(s) && t.has(int32(s[pos]))
	return wordHolds(syntax.Assert(in.b), before, after)
}

// newlineAt is the length of the newline that begins at i, or 0. With crlf
// and an empty set only \r\n is a newline.
func newlineAt[T unit](s []T, i int, e *edge, t *set) int {
	if i >= len(s) {
		return 0
	}
	if e.crlf && s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n' {
		return 2
	}
	if t.has(int32(s[i])) {
		return 1
	}
	return 0
}

// afterNewline reports whether a newline ends at i.
func afterNewline[T unit](s []T, i int, e *edge, t *set) bool {
	if i == 0 {
		return false
	}
	c := s[i-1]
	if e.crlf {
		if c == '\n' && i > 1 && s[i-2] == '\r' {
			return true
		}
		if c == '\r' && i < len(s) && s[i] == '\n' && !e.split {
			return false
		}
	}
	return t.has(int32(c))
}

// insideNewline reports whether i stands between \r and \n that are one
// newline.
func insideNewline[T unit](s []T, i int, e *edge) bool {
	return e.crlf && !e.split && i > 0 && i < len(s) && s[i-1] == '\r' && s[i] == '\n'
}

// atEdge decides a line assertion at i.
func atEdge[T unit](s []T, i int, e *edge, t *set) bool {
	switch e.kind {
	case syntax.EndTextOptional:
		if i == len(s) {
			return true
		}
		k := newlineAt(s, i, e, t)
		return k > 0 && i+k == len(s) && !insideNewline(s, i, e)
	case syntax.EndLine:
		return i == len(s) || newlineAt(s, i, e, t) > 0 && !insideNewline(s, i, e)
	case syntax.BeginLine:
		return i == 0 || afterNewline(s, i, e, t)
	case syntax.BeginLineNotEnd:
		return i == 0 || i < len(s) && afterNewline(s, i, e, t)
	}
	return false
}

func wordHolds(a syntax.Assert, before, after bool) bool {
	switch a {
	case syntax.WordBoundary:
		return before != after
	case syntax.NotWordBoundary:
		return before == after
	case syntax.WordStart:
		return !before && after
	case syntax.WordEnd:
		return before && !after
	}
	return false
}
