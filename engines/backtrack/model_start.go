package backtrack

// A startPlan says at which starts an engine makes an attempt at all, and
// when it gives up the search. The zero value is the reference: every start.
type startPlan struct {
	// anchored: only where the search starts.
	anchored bool
	// first and initial are the characters that a match begins with: a single
	// one, perhaps in both cases, or a map of them. nil when not known.
	first, initial *set
	// newline: only where the search starts and after one of these.
	newline *set
	// minimum is the least length of a match.
	minimum int32
	// required is a character that every match holds, behind its first one
	// when first is set. It is looked for while the rest of the subject is
	// shorter than requiredAnchored or requiredFree bytes.
	required                       *set
	requiredAnchored, requiredFree int
	// skip is the slot of the loop that the pattern begins with: the next
	// start is behind where it ended. -1 when there is none.
	skip int32
	// slots is the number of slots of the loops' memory.
	slots int32
}

// Kinds of opEarly.
type earlyKind int32

const (
	earlySkip  earlyKind = iota // records where the loop ended
	earlyFail                   // fails where an earlier entry already ran through
	earlyRange                  // as earlyFail, for the last run only
	earlyPlus                   // as earlyRange, behind the first character
)

// An early is a loop that remembers where it ended.
type early struct {
	slot int32
	kind earlyKind
}

// starts is the state of a startPlan during one search.
type starts struct {
	*startPlan
	from   int32   // where the search started
	found  int32   // where the required character was seen, -1 at first
	memory []int32 // of the loops: two a slot
}

func newStarts(p *startPlan) *starts {
	return &starts{startPlan: p, memory: make([]int32, 2*p.slots)}
}

func (s *starts) reset(from int32) {
	if s == nil {
		return
	}
	s.from, s.found = from, -1
	for i := range s.memory {
		s.memory[i] = -1
	}
}

// next is the first start from at on at which the engine makes an attempt;
// Matched says that there is one. Every character looked at is a step.
func (s *starts) next(r *Runner, at, last int32) (int32, Outcome) {
	r.left-- // the look itself
	n := int32(r.text.n)
	once := s.anchored || last == s.from
	if at != s.from {
		if once {
			return at, NoMatch
		}
		if s.skip >= 0 {
			at = max(at, s.memory[2*s.skip]+1)
		}
	}
	switch {
	case once:
		if s.first != nil && !(at < n && s.first.has(r.unit(at))) || s.initial != nil && !(at < n && s.initial.has(r.unit(at))) {
			return at, NoMatch
		}
	case s.first != nil:
		at = s.scan(r, at, s.first)
	case s.newline != nil:
		for at > s.from && at < n && !s.newline.has(r.unit(at-1)) {
			at++
			r.left--
		}
	case s.initial != nil:
		at = s.scan(r, at, s.initial)
	}
	switch {
	case r.left < 0:
		r.left = -1
		return at, StepLimit
	case at > last, (s.first != nil || s.initial != nil) && at >= n, n-at < s.minimum:
		return at, NoMatch
	}
	if s.required != nil && !s.holds(r, at, once) {
		if r.left < 0 {
			r.left = -1
			return at, StepLimit
		}
		return at, NoMatch
	}
	if s.skip >= 0 {
		s.memory[2*s.skip] = at
	}
	return at, Matched
}

// scan is the first position from at on with a character of set.
func (s *starts) scan(r *Runner, at int32, set *set) int32 {
	n := int32(r.text.n)
	i := at
	for i < n && !set.has(r.unit(i)) {
		i++
	}
	r.left -= int64(i - at)
	return i
}

// holds reports whether the required character stands behind at, or the rest
// is too long to look.
func (s *starts) holds(r *Runner, at int32, once bool) bool {
	n := int32(r.text.n)
	from := at
	if s.first != nil {
		from++
	}
	if from <= s.found {
		return true
	}
	rest, limit := r.text.offset(n)-r.text.offset(at), s.requiredFree
	if once {
		limit = s.requiredAnchored
	}
	if rest >= limit {
		return true
	}
	s.found = s.scan(r, from, s.required)
	return s.found < n
}

// enters reports whether a loop that remembers may begin at pos.
func (s *starts) enters(in *inst, pos int32) bool {
	hi, lo := s.memory[2*in.b], s.memory[2*in.b+1]
	switch earlyKind(in.c) {
	case earlyFail:
		return pos > hi
	case earlyRange:
		return pos < lo || pos > hi
	case earlyPlus:
		return pos+1 < lo || pos >= hi
	}
	return true
}

// entered remembers a run of a loop from pos to stop.
func (s *starts) entered(in *inst, pos, stop int32) {
	switch earlyKind(in.c) {
	case earlyRange:
		s.memory[2*in.b+1] = pos
	case earlyPlus:
		if stop == pos {
			return
		}
		s.memory[2*in.b+1] = pos + 1
	}
	s.memory[2*in.b] = stop
}

// unit is the character at position i.
func (r *Runner) unit(i int32) int32 {
	switch r.text.width {
	case 2:
		return int32(r.text.words[i])
	case 4:
		return r.text.runes[i]
	}
	return int32(r.text.bytes[i])
}
