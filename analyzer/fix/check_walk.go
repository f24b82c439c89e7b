package fix

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A lockstep leads two climbers through the same subjects.
type lockstep struct {
	a, b *climber
	abc  *charset.Partition
	// far says that the character after the next one is asked for.
	far  bool
	mode corpus.Mode
	// behind are the literals that lookbehinds look for.
	behind []*behindLiteral
}

// A behindLiteral is what a lookbehind looks for, a set for each character. A
// past holds, from at on, one byte for each beginning of it: 1 where the last
// characters are that beginning.
type behindLiteral struct {
	sets []charset.Mask
	at   int
}

// maxBehind bounds the characters of one such literal.
const maxBehind = 64

// literals finds the lookbehinds of a tree that look for a literal of several
// characters.
func (w *lockstep) literals(c *climber) {
	c.literals = map[*syntax.Node]*behindLiteral{}
	syntax.Walk(c.re.Root, func(n *syntax.Node) bool {
		if n.Op != syntax.OpLook || !n.Behind || bare(n.Sub[0]).Op == syntax.OpSet {
			return true
		}
		l := &behindLiteral{}
		for _, s := range items(bare(n.Sub[0])) {
			if s = bare(s); s.Op != syntax.OpSet {
				return true
			}
			l.sets = append(l.sets, w.abc.Mask(s.Set))
		}
		if len(l.sets) > maxBehind {
			return true
		}
		for _, x := range w.behind {
			l.at = x.at + len(x.sets) + 1
		}
		w.behind = append(w.behind, l)
		c.literals[n] = l
		return true
	})
}

// start is the past of a subject's beginning.
func (w *lockstep) start() string {
	var b []byte
	for _, l := range w.behind {
		b = append(append(b, 1), make([]byte, len(l.sets))...)
	}
	return string(b)
}

// after is the past one character of a class later.
func (w *lockstep) after(past string, class int) string {
	b := []byte(w.start())
	for _, l := range w.behind {
		for i, on := range l.sets {
			if past[l.at+i] == 1 && on.Has(class) {
				b[l.at+i+1] = 1
			}
		}
	}
	return string(b)
}

func newLockstep(old, next *syntax.Regexp) (*lockstep, error) {
	var sets []charset.Set
	w := &lockstep{mode: old.Pattern.Mode}
	empties := false
	for _, re := range []*syntax.Regexp{old, next} {
		measure := syntax.NewMeasure(re)
		syntax.Walk(re.Root, func(n *syntax.Node) bool {
			sets = append(sets, n.Set)
			w.far = w.far || n.Op == syntax.OpAssert && n.Assert == syntax.EndTextOptional
			empties = empties || n.Op == syntax.OpRepeat && n.Max != 1 && measure.Min(n.Sub[0]) == 0
			return true
		})
		if re.Flags.Has(corpus.Anchored) || re.Flags.Has(corpus.Sticky) {
			w.mode = corpus.Match
		}
	}
	abc, ok := charset.NewPartition(old.Unit.Max(), sets)
	if !ok {
		return nil, errors.New("too many classes of characters")
	}
	w.abc = abc
	w.a, w.b = newClimber(old, abc), newClimber(next, abc)
	w.literals(w.a)
	w.literals(w.b)
	if empties && old.Pattern.Dialect != corpus.PCRE && old.Pattern.Dialect != corpus.ECMAScript {
		w.a.failed = errors.New("a loop over what may be empty, in this dialect")
	}
	return w, nil
}

// A position is where both climbers stand: the character before, the next one
// where far asks for one more, and what is left for each, as text. A climber
// that is certain of its match has "+" left.
type position struct {
	prev, next  int
	left, right string
	past        string
}

// visit leads both climbers through all subjects. move is given what a position
// holds and what the climbers see, and says what is left behind it; ok is false
// where they differ. At the end of a subject what is left counts for nothing.
func (w *lockstep) visit(first position, move func(p position, see window) (left, right string, ok bool)) error {
	first.prev, first.next, first.past = noChar, notAsked, w.start()
	var todo []position
	known := map[position]bool{}
	add := func(p position) {
		if !known[p] {
			known[p] = true
			todo = append(todo, p)
		}
	}
	chars := w.abc.Len()
	if w.far {
		for c := noChar; c < chars; c++ {
			first.next = c
			add(first)
		}
	} else {
		add(first)
	}
	for i := 0; i < len(todo); i++ {
		if len(todo) > checkPairs {
			return errors.New("verifying it takes too many positions")
		}
		p := todo[i]
		for c := noChar; c < chars; c++ {
			see := window{p.prev, c, notAsked, p.past}
			if w.far {
				see.next, see.after = p.next, c
			}
			left, right, ok := move(p, see)
			if err := errors.Join(w.a.failed, w.b.failed); err != nil {
				return err
			}
			if w.a.steps+w.b.steps > checkSteps {
				return errSteps
			}
			if !ok {
				return errors.New("the two differ")
			}
			if see.next >= 0 && (left != settled || right != settled) {
				q := position{see.next, notAsked, left, right, w.after(p.past, see.next)}
				if w.far {
					q.next = c
				}
				add(q)
			}
			if w.far && see.next == noChar {
				break // nothing follows the end
			}
		}
	}
	return nil
}

// settled is what is left once nothing can change any more.
const settled = "+"

// text writes a list of rests; separators are negative.
func text(list []rest) string {
	b := make([]byte, 0, 4*len(list)+1)
	b = append(b, '.')
	for _, r := range list {
		b = append(b, byte(r), byte(r>>8), byte(r>>16), byte(r>>24))
	}
	return string(b)
}

func list(text string) []rest {
	var out []rest
	for i := 1; i+3 < len(text); i += 4 {
		out = append(out, rest(uint32(text[i])|uint32(text[i+1])<<8|uint32(text[i+2])<<16|uint32(text[i+3])<<24))
	}
	return out
}

// searches reports whether a match may begin anywhere.
func (w *lockstep) searches() bool { return w.mode == corpus.Search || w.mode == "" }

// subjects verifies that both match in the same subjects.
func (w *lockstep) subjects() error {
	full := w.mode == corpus.Full
	one := func(c *climber, left string, see window) (string, bool) {
		if left == settled {
			return settled, true
		}
		var on []rest
		for _, r := range list(left) {
			for _, o := range c.from(r, see) {
				switch {
				case o.match && (!full || see.next == noChar):
					return settled, true
				case !o.match && see.next >= 0 && o.on.Has(see.next):
					on = append(on, o.left)
				}
			}
		}
		if w.searches() {
			on = append(on, c.start())
		}
		slices.Sort(on)
		return text(slices.Compact(on)), false
	}
	first := position{left: text([]rest{w.a.start()}), right: text([]rest{w.b.start()})}
	return w.visit(first, func(p position, see window) (string, string, bool) {
		left, x := one(w.a, p.left, see)
		right, y := one(w.b, p.right, see)
		return left, right, see.next != noChar || x == y
	})
}

// words verifies that two parts match the same words.
func (w *lockstep) words() error {
	w.mode = corpus.Full
	return w.subjects()
}

// cut separates what comes before an end, or belongs to one start, from what
// comes after.
const cut rest = -1

// ends verifies that two parts offer the same ends in the same order.
func (w *lockstep) ends() error {
	w.a.ordered, w.b.ordered = true, true
	one := func(c *climber, left string, see window) (on []rest, at int) {
		at = -1
		cuts := 0
		known := map[rest]bool{}
		for _, r := range list(left) {
			if r == cut {
				on = append(on, cut)
				cuts++
				continue
			}
			for _, o := range c.from(r, see) {
				switch {
				case o.match && at < 0:
					at = cuts
					on = append(on, cut)
				case !o.match && see.next >= 0 && o.on.Has(see.next) && !known[o.left]:
					known[o.left] = true
					on = append(on, o.left)
				}
			}
		}
		return on, at
	}
	first := position{left: text([]rest{w.a.start()}), right: text([]rest{w.b.start()})}
	return w.visit(first, func(p position, see window) (string, string, bool) {
		on, x := one(w.a, p.left, see)
		off, y := one(w.b, p.right, see)
		if x != y {
			return "", "", false
		}
		left, right := abreast(on, off)
		return left, right, true
	})
}

// abreast drops the sections that are empty on both sides, and writes what is
// left; settled where nothing is.
func abreast(a, b []rest) (left, right string) {
	var x, y []rest
	for len(a) > 0 || len(b) > 0 {
		var p, q []rest
		p, a = section(a)
		q, b = section(b)
		if len(p) == 0 && len(q) == 0 {
			continue
		}
		if len(x) > 0 || len(y) > 0 {
			x, y = append(x, cut), append(y, cut)
		}
		x, y = append(x, p...), append(y, q...)
	}
	if len(x) == 0 && len(y) == 0 {
		return settled, settled
	}
	return text(x), text(y)
}

// section is what stands before the first cut, and what stands behind it.
func section(l []rest) (first, more []rest) {
	if i := slices.Index(l, cut); i >= 0 {
		return l[:i], l[i+1:]
	}
	return l, nil
}

// spans verifies that both report the same span in every subject. What is left
// of a side begins with whether it has won, and whether with the same span as
// the other.
func (w *lockstep) spans() error {
	w.a.ordered, w.b.ordered = true, true
	full := w.mode == corpus.Full
	type side struct {
		on  []rest
		won bool
		at  int // the start that wins here, -1 for none
	}
	one := func(c *climber, won bool, on []rest, see window) side {
		s := side{at: -1, won: won}
		start := 0
		known := map[rest]bool{}
		for _, r := range on {
			if r == cut {
				s.on = append(s.on, cut)
				start++
				continue
			}
			for _, o := range c.from(r, see) {
				switch {
				case o.match && (!full || see.next == noChar):
					s.won, s.at = true, start
					return s
				case !o.match && see.next >= 0 && o.on.Has(see.next) && !known[o.left]:
					known[o.left] = true
					s.on = append(s.on, o.left)
				}
			}
		}
		if w.searches() && !s.won {
			s.on = append(s.on, cut, c.start())
		}
		return s
	}
	write := func(s string, won, same bool) string { return fmt.Sprintf("%t %t ", won, same) + s }
	read := func(s string) (on []rest, won, same bool) {
		if _, err := fmt.Sscanf(s, "%t %t", &won, &same); err != nil {
			return nil, false, false
		}
		return list(s[len(write("", won, same)):]), won, same
	}
	first := position{left: write(text([]rest{w.a.start()}), false, true), right: write(text([]rest{w.b.start()}), false, true)}
	return w.visit(first, func(p position, see window) (string, string, bool) {
		on, won, same := read(p.left)
		off, won2, _ := read(p.right)
		x, y := one(w.a, won, on, see), one(w.b, won2, off, see)
		switch {
		case x.at >= 0 || y.at >= 0:
			same = x.at == y.at
		case x.won != y.won:
			same = false
		}
		if see.next == noChar && !same {
			return "", "", false
		}
		left, right := abreast(x.on, y.on)
		if left == settled {
			return settled, settled, same
		}
		return write(left, x.won, same), write(right, y.won, same), true
	})
}
