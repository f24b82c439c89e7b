package transform

import "bytes"

// A Family is the texts p₀ q₀ⁿ p₁ q₁ⁿ … pₖ, for every n: one more Fixed part
// than Repeated ones.
type Family struct{ Fixed, Repeated [][]byte }

// Text is the text with every repeated part n times.
func (f Family) Text(n int) []byte {
	var out []byte
	for i, p := range f.Fixed {
		out = append(out, p...)
		if i < len(f.Repeated) {
			out = append(out, bytes.Repeat(f.Repeated[i], n)...)
		}
	}
	return out
}

// each is the family with a function applied to every part; ok is false when
// it has no answer to one.
func (f Family) each(change encoder) (out Family, ok bool) {
	apply := func(parts [][]byte) (changed [][]byte) {
		for _, p := range parts {
			q := change(p)
			ok = ok && (q != nil || len(p) == 0)
			changed = append(changed, q)
		}
		return changed
	}
	ok = true
	out = Family{apply(f.Fixed), apply(f.Repeated)}
	return out, ok
}

// InField is the family as the value of an HTTP field can be: with blanks
// instead of line ends and NULs.
func (f Family) InField() Family {
	out, _ := f.each(func(b []byte) []byte { return each(b, fieldByte) })
	return out
}

// looked are the numbers of repetitions at which families are compared.
var looked = []int{0, 1, 2, 3, 5, 8}

// becomes reports whether a function turns f into g, as far as it was looked.
// Small numbers may differ where f has none of what repeats.
func (f Family) becomes(g Family, change func([]byte) []byte) bool {
	for _, n := range looked {
		if !bytes.Equal(change(f.Text(n)), g.Text(n)) {
			return false
		}
	}
	return true
}

// aligned is a family of the same texts, but fewer: its parts are multiples of
// a period long. ok is false when there is none.
func (f Family) aligned(period int) (out Family, ok bool) {
	for i, q := range f.Repeated {
		p := f.Fixed[i]
		for range period {
			if len(p)%period == 0 {
				break
			}
			p = append(bytes.Clone(p), q...)
		}
		if len(p)%period != 0 {
			return f, false
		}
		many := q
		for len(many)%period != 0 {
			many = append(bytes.Clone(many), q...)
		}
		out.Fixed, out.Repeated = append(out.Fixed, p), append(out.Repeated, many)
	}
	out.Fixed = append(out.Fixed, f.Fixed[len(f.Repeated)])
	return out, true
}

// maxGuesses bounds the families that Source tries for one chain.
const maxGuesses = 256

// Source is a family that the chain turns into the wanted one, or into one of
// fewer of its texts. Where there is none among those tried, stuck is the last
// transformation that no text was found for, as an index into the chain; else
// -1.
func (c Chain) Source(want Family) (sent Family, stuck int) {
	tries := 0
	stuck = len(c.kinds)
	var back func(i int, f Family) bool
	back = func(i int, f Family) bool {
		if i < 0 {
			sent = f
			return true
		}
		for _, g := range c.guesses(i, f) {
			if tries++; tries > maxGuesses {
				return false
			}
			if back(i-1, g) {
				return true
			}
		}
		stuck = min(stuck, i)
		return false
	}
	if back(len(c.kinds)-1, want) {
		return sent, -1
	}
	return Family{}, min(stuck, len(c.kinds)-1)
}

// guesses are families that the i-th transformation turns into f: f itself, and
// what its encoder writes.
func (c Chain) guesses(i int, f Family) []Family {
	k := c.kinds[i]
	run := func(b []byte) []byte { return c.step(i, b) }
	var out []Family
	add := func(g, f Family) {
		if g.becomes(f, run) {
			out = append(out, g)
		}
	}
	add(f, f)
	if k.period > 1 {
		var ok bool
		if f, ok = f.aligned(k.period); !ok {
			return out
		}
	}
	for _, encode := range k.sources {
		if g, ok := f.each(encode); ok {
			add(g, f)
		}
	}
	return out
}

// Through is the family that the chain makes of another. ok is false when what
// comes out is no family that was found, or does not grow.
func (c Chain) Through(sent Family) (arrives Family, ok bool) {
	two, three := c.Apply(sent.Text(2)), c.Apply(sent.Text(3))
	grown := len(three) - len(two)
	if grown <= 0 {
		return Family{}, false
	}
	if sent.becomes(sent, c.Apply) {
		return sent, true
	}
	if f, _ := sent.each(c.Apply); sent.becomes(f, c.Apply) {
		return f, true
	}
	if len(sent.Repeated) != 1 {
		return Family{}, false
	}
	// p q² s and p q³ s agree up to the end of q², at least.
	agree := 0
	for agree < len(two) && two[agree] == three[agree] {
		agree++
	}
	from := agree - 2*grown
	if from < 0 {
		return Family{}, false
	}
	f := Family{Fixed: [][]byte{two[:from], two[agree:]}, Repeated: [][]byte{three[from : from+grown]}}
	return f, sent.becomesLater(f, c.Apply)
}

// becomesLater is becomes for two repetitions and more.
func (f Family) becomesLater(g Family, change func([]byte) []byte) bool {
	for _, n := range looked {
		if n > 1 && !bytes.Equal(change(f.Text(n)), g.Text(n)) {
			return false
		}
	}
	return true
}
