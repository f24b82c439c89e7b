package fuzz

import (
	"slices"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// An alphabet is the characters that inputs are written with: one for each
// class that the pattern tells apart, those that most of its sets hold first,
// since parts can only compete for a character that both take.
type alphabet struct {
	unit    syntax.Unit
	reps    []string
	classes []charset.Set
}

func newAlphabet(re *syntax.Regexp) *alphabet {
	a := &alphabet{unit: re.Unit}
	var sets []charset.Set
	known := map[string]bool{}
	tables := map[*charset.Range]bool{} // of the sets known: nodes share them
	references, grapheme := false, false
	add := func(s charset.Set) {
		if s.IsEmpty() || tables[&s.Ranges()[0]] {
			return
		}
		tables[&s.Ranges()[0]] = true
		if key := s.String(); !known[key] {
			known[key] = true
			sets = append(sets, s)
		}
	}
	syntax.Walk(re.Root, func(n *syntax.Node) bool {
		switch n.Op {
		case syntax.OpSet, syntax.OpAssert:
			add(n.Set)
		case syntax.OpBackref:
			references = true
		case syntax.OpGrapheme:
			grapheme = re.Unit != syntax.Byte
		}
		return true
	})
	add(charset.Runes('\n'))
	if grapheme {
		add(charset.Runes('\u0301'))
	}
	p, ok := charset.NewPartition(re.Unit.Max(), sets)
	if !ok {
		a.fallback(sets)
		return a
	}
	type class struct{ id, held int }
	var order []class
	for id := range p.Len() {
		c := class{id: id}
		for _, s := range sets {
			if s.Contains(p.Representative(id)) {
				c.held++
			}
		}
		order = append(order, c)
	}
	slices.SortStableFunc(order, func(a, b class) int { return b.held - a.held })
	for _, c := range order[:min(len(order), maxReps)] {
		r := p.Representative(c.id)
		a.reps = append(a.reps, a.encode(r))
		a.classes = append(a.classes, p.Class(c.id))
	}
	if references {
		a.twins()
	}
	return a
}

// fallback takes one character of each set, where classes are too many.
func (a *alphabet) fallback(sets []charset.Set) {
	for _, s := range sets {
		if s.IsEmpty() || len(a.reps) == maxReps {
			continue
		}
		one := s.Ranges()[0].Lo
		if e := a.encode(one); !slices.Contains(a.reps, e) {
			a.reps = append(a.reps, e)
			a.classes = append(a.classes, charset.Runes(one))
		}
	}
}

// twins adds a second character of each class: a backreference tells them
// apart.
func (a *alphabet) twins() {
	for i := range len(a.reps) {
		first, _ := a.decode(a.reps[i])
		for _, r := range a.classes[i].Ranges() {
			c := r.Lo
			if first >= r.Lo && first < r.Hi {
				c = first + 1
			} else if c == first {
				continue
			}
			if len(a.reps) < maxReps {
				a.reps = append(a.reps, a.encode(c))
				a.classes = append(a.classes, a.classes[i])
			}
			break
		}
	}
}

// of is the characters of the alphabet in a set, those most contested first.
func (a *alphabet) of(s charset.Set) []string {
	var out []string
	for _, e := range a.reps {
		if r, ok := a.decode(e); ok && s.Contains(r) {
			out = append(out, e)
		}
	}
	if len(out) == 0 && !s.IsEmpty() {
		out = append(out, a.encode(s.Ranges()[0].Lo))
	}
	return out
}

// encode writes a character as a subject holds it: a byte, UTF-8, or for a
// surrogate the three bytes of generalised UTF-8.
func (a *alphabet) encode(c rune) string {
	switch {
	case a.unit == syntax.Byte:
		return string([]byte{byte(c)})
	case c >= 0xD800 && c <= 0xDFFF:
		return string([]byte{0xED, 0x80 | byte(c>>6&0x3F), 0x80 | byte(c&0x3F)})
	}
	return string(utf8.AppendRune(nil, c))
}

// decode reads the first character of a subject.
func (a *alphabet) decode(s string) (rune, bool) {
	if s == "" {
		return 0, false
	}
	if a.unit == syntax.Byte {
		return rune(s[0]), true
	}
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size == 1 && len(s) >= 3 && s[0] == 0xED {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), true
	}
	return r, true
}

// split cuts a subject into characters.
func (a *alphabet) split(s string) []string {
	var out []string
	for s != "" {
		size := 1
		if a.unit != syntax.Byte {
			_, size = utf8.DecodeRuneInString(s)
			if size == 1 && len(s) >= 3 && s[0] == 0xED {
				size = 3
			}
		}
		out = append(out, s[:size])
		s = s[size:]
	}
	return out
}
