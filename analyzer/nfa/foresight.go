package nfa

import (
	"encoding/binary"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Limits of an automaton whose lookaheads are foreseen, beyond which the
// approximation serves: its states, and the ε-configurations visited for it.
const (
	maxForeseen        = 4_000
	maxForeseenClosure = 50_000
)

// LowerForesight is Lower with every lookahead exact whose body has an exact
// automaton itself: a deterministic automaton of the body goes on beside the
// states from where the lookahead was met until it is decided, behind a match
// too. It fails with a *LimitError where that makes too many states.
func LowerForesight(re *syntax.Regexp) (*Automaton, error) {
	return lowered(findPins(re), foreseeing)
}

func foreseeing(l *lowering) { l.foresee = true }

// A foresight is the deterministic automaton of a lookahead's body, built on
// demand: its states are sets of states of the body's automaton.
type foresight struct {
	a    *Automaton
	sets sets
	next map[[2]int32]int32 // -1: the body has matched
	// asked are the sets of characters before it that its beginning tells
	// apart, nil when it asks none.
	asked []charset.Mask
}

// foreseen is the number of a lookahead's foresight; false when there is none.
func (l *lowering) foreseen(n *syntax.Node) (int32, bool) {
	if !l.foresee {
		return 0, false
	}
	f, found := l.foresights[n]
	if !found {
		if f = l.follow(n.Sub[0]); f != nil {
			l.p.aheads = append(l.p.aheads, f)
		}
		l.foresights[n] = f
	}
	return int32(slices.Index(l.p.aheads, f)), f != nil
}

// follow makes the foresight of a body. It is nil when the body holds what has
// no exact automaton, or remembers more than one character before it.
func (l *lowering) follow(body *syntax.Node) *foresight {
	var b *lowering
	a, err := lower(findPins(l.part(body, corpus.Match)), l.a.Classes, func(inner *lowering) {
		b = inner
		b.foresee, b.entered = true, true
	})
	if err != nil || len(a.Over) > 0 || len(a.Counters) > 0 {
		return nil
	}
	f := &foresight{a: a, next: map[[2]int32]int32{}}
	if b.p.anchor[b.p.start] {
		f.asked = b.p.signatures(a.Classes)
	}
	return f
}

// entry is the state of a lookahead that is met at a position with a signature.
func (h *histories) entry(f *foresight, sig int32) int32 {
	prev := h.list[sig].prev
	if len(f.asked) == 0 || prev <= 0 {
		return f.sets.add(0, 0)
	}
	return f.sets.add(0, f.a.entry[h.asked[prev-1].First()])
}

// matched is where a foresight goes when its body has matched.
const matched = -1

// step is the state after one more character, matched when the body matches
// before it; 0 when it cannot match any more.
func (f *foresight) step(from int32, class int) int32 {
	key := [2]int32{from, int32(class)}
	if to, found := f.next[key]; found {
		return to
	}
	to := int32(0)
	for _, s := range f.sets.list[from] {
		for i := range f.a.States[s].Out {
			e := &f.a.States[s].Out[i]
			switch {
			case to == matched || e.Kind == Exit || !e.On.Has(class):
			case e.Kind == Accept:
				to = matched
			default:
				to = f.sets.add(to, e.To)
			}
		}
	}
	f.next[key] = to
	return to
}

// atEnd reports whether the body matches where the subject ends.
func (f *foresight) atEnd(state int32) bool {
	for _, s := range f.sets.list[state] {
		for _, e := range f.a.States[s].Out {
			if e.Kind == Accept && e.AtEnd {
				return true
			}
		}
	}
	return false
}

// A pending is a lookahead on its way: it must match, or with negate must not.
type pending struct {
	ahead, state int32
	negate       bool
}

// pendings interns sets of lookaheads on their way, in order; set 0 is empty.
type pendings struct {
	list [][]pending
	ids  map[string]int32
}

func (p *pendings) intern(set []pending) int32 {
	if p.ids == nil {
		p.ids, p.list = map[string]int32{"": 0}, make([][]pending, 1)
	}
	key := make([]byte, 0, 9*len(set))
	for _, x := range set {
		key = binary.LittleEndian.AppendUint32(key, uint32(x.ahead))
		key = binary.LittleEndian.AppendUint32(key, uint32(x.state))
		if x.negate {
			key = append(key, 1)
		} else {
			key = append(key, 0)
		}
	}
	id, found := p.ids[string(key)]
	if !found {
		id = int32(len(p.list))
		p.ids[string(key)] = id
		p.list = append(p.list, slices.Clone(set))
	}
	return id
}

func (p *pendings) of(id int32) []pending {
	if id == 0 {
		return nil
	}
	return p.list[id]
}

// with adds a lookahead to a set. That several of one body must not match is
// that none of their states does.
func (t *obligations) with(set []pending, x pending) []pending {
	f := t.aheads[x.ahead]
	for i, y := range set {
		if y.ahead != x.ahead || y.negate != x.negate {
			continue
		}
		if y.state == x.state {
			return set
		}
		if x.negate {
			set = slices.Clone(set)
			for _, s := range f.sets.list[x.state] {
				set[i].state = f.sets.add(set[i].state, s)
			}
			return set
		}
	}
	set = append(slices.Clone(set), x)
	slices.SortFunc(set, func(a, b pending) int {
		if a.ahead != b.ahead {
			return int(a.ahead - b.ahead)
		}
		if a.negate != b.negate {
			if b.negate {
				return -1
			}
			return 1
		}
		return int(a.state - b.state)
	})
	return set
}

// join is the set of both lookaheads.
func (t *obligations) join(x, y int32) int32 {
	if x == 0 || x == y {
		return y
	}
	set := t.pending.of(x)
	for _, p := range t.pending.of(y) {
		set = t.with(set, p)
	}
	return t.pending.intern(set)
}

// expect is an obligation together with a lookahead that is met here.
func (t *obligations) expect(obl, ahead, state int32, negate bool) (int32, bool) {
	o := t.list[obl]
	o.ahead = t.pending.intern(t.with(t.pending.of(o.ahead), pending{ahead, state, negate}))
	return t.intern(o)
}

// impossible is what no next character satisfies.
const impossible = -1

// after is what an obligation asks behind a class, impossible where the class
// is not allowed.
func (t *obligations) after(obl int32, class int) int32 {
	o := t.list[obl]
	if !o.first.in.Has(class) {
		return impossible
	}
	if o.ahead == 0 {
		return o.rest
	}
	key := [2]int32{obl, int32(class)}
	if to, found := t.next[key]; found {
		return to
	}
	to := t.follow(o, class)
	t.next[key] = to
	return to
}

func (t *obligations) follow(o obligation, class int) int32 {
	var set []pending
	for _, x := range t.pending.of(o.ahead) {
		x.state = t.aheads[x.ahead].step(x.state, class)
		switch {
		case x.state == matched && x.negate, x.state == 0 && !x.negate:
			return impossible
		case x.state > 0:
			set = t.with(set, x)
		}
	}
	to, ok := int32(0), true
	if len(set) > 0 {
		to, ok = t.intern(obligation{first: look{t.all, true}, ahead: t.pending.intern(set)})
	}
	if ok {
		to, ok = t.and(o.rest, to)
	}
	if !ok {
		return impossible
	}
	return to
}

// step splits classes by what an obligation asks behind them.
func (t *obligations) step(obl int32, on charset.Mask, yield func(charset.Mask, int32)) {
	o := t.list[obl]
	if on = on.And(o.first.in); o.ahead == 0 {
		if !on.IsEmpty() {
			yield(on, o.rest)
		}
		return
	}
	var order []int32
	split := map[int32]charset.Mask{}
	for class := range on.All {
		to := t.after(obl, class)
		if to == impossible {
			continue
		}
		if _, found := split[to]; !found {
			order = append(order, to)
		}
		split[to] = split[to].Or(charset.Bit(class))
	}
	for _, to := range order {
		yield(split[to], to)
	}
}

// atEnd reports whether an obligation is met where the subject ends.
func (t *obligations) atEnd(obl int32) bool {
	o := t.list[obl]
	for _, x := range t.pending.of(o.ahead) {
		if t.aheads[x.ahead].atEnd(x.state) == x.negate {
			return false
		}
	}
	return o.first.edge
}
