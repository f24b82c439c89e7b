package backtrack

import (
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// An Opening is what an attack can do about a model's shortcuts: the
// characters that switch them off. Each is the bytes of one character.
type Opening struct {
	// Required is a character without which the search gives up, nil when
	// none is looked for; Outgrow is the length in bytes from which on it is
	// not looked for.
	Required []byte
	Outgrow  int
	// Minimum is the length in characters under which nothing is tried.
	Minimum int
	// First are characters that a start must begin with, a few of them, nil
	// when any will do.
	First [][]byte
	// Newlines are characters behind which the search starts, nil when it
	// starts anywhere, or once.
	Newlines [][]byte
}

// Opening lists what the model's shortcuts ask of a subject.
func (m *Model) Opening() Opening {
	var o Opening
	p := &m.plan
	o.Minimum = int(p.minimum)
	if p.required != nil {
		o.Required = m.encode(p.required.source.Ranges()[0].Lo)
		o.Outgrow = p.requiredFree
		if p.anchored {
			o.Outgrow = p.requiredAnchored
		}
	}
	if p.first != nil {
		o.First = m.some(p.first)
	} else if p.initial != nil {
		o.First = m.some(p.initial)
	}
	if p.newline != nil {
		o.Newlines = m.some(p.newline)
	}
	return o
}

// maxSome is how many characters stand for a set: one of each range, and a
// set of interest has few.
const maxSome = 4

func (m *Model) some(s *set) [][]byte {
	var out [][]byte
	for _, r := range s.source.Ranges() {
		if len(out) == maxSome {
			break
		}
		out = append(out, m.encode(r.Lo))
	}
	return out
}

// encode is a character as a subject holds it.
func (m *Model) encode(c rune) []byte {
	if m.re.Unit == syntax.Byte {
		return []byte{byte(c)}
	}
	return utf8.AppendRune(nil, c)
}

// Calls is what PCRE2 counts against its match limit during a search, by its
// model: every choice that is tried, from the start offset that tries most,
// since the count begins anew at each. A loop over a single character counts
// its retries, which are half of its steps where all fail; a possessive one
// counts nothing. It is exact in growth and near in size.
func (m *Model) Calls(subject []byte, o Options) (calls uint64, out Outcome) {
	o.Profile = make([]uint64, m.prog.Len())
	most := uint64(0)
	res := m.run(subject, o, func() {
		half := uint64(0)
		for pc, n := range o.Profile {
			if n > 0 {
				half += n * halfCalls(m.prog.code[pc].op)
			}
		}
		most = max(most, half)
		clear(o.Profile)
	})
	return most/2 + 1, res.Outcome
}

// halfCalls is twice the number of choices in a step of an instruction.
func halfCalls(op opcode) uint64 {
	switch op {
	case opGreedy, opGreedyBack:
		return 1
	case opTry, opDefer, opLazy, opLazyBack, opEmptyLoop, opLoop, opAtomic, opLook, opLookTry, opClose, opCall:
		return 2
	}
	return 0
}
