package nfa

import (
	"encoding/binary"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// maxMemory bounds the states of a lookbehind's automaton: longer ones are
// over-approximated. A literal of k characters needs k+1.
const maxMemory = 256

// A memory is what a lookbehind remembers of the text before a position: the
// deterministic automaton of Σ*X for its body X (a forward one beside the
// product, DESIGN 4.2). It is built on demand.
type memory struct {
	a    *Automaton
	sets sets
	next map[[2]int32]int32
	ok   []bool // by state: the body ends here
}

// remember makes the memory of a lookbehind body. It is nil when the body
// holds what has no exact automaton, or asks about what follows its end.
func (l *lowering) remember(body *syntax.Node) *memory {
	if l.rightToLeft() && commits(body) {
		return nil // to another way than from left to right
	}
	a, err := lower(findPins(l.part(body, corpus.Search)), l.a.Classes)
	if err != nil || len(a.Over) > 0 || len(a.Counters) > 0 {
		return nil
	}
	for i := range a.States {
		for _, e := range a.States[i].Out {
			if e.Kind == Exit || e.Kind == Ghost || e.Kind == Accept && (e.On != l.all || !e.AtEnd) {
				return nil
			}
		}
	}
	m := &memory{a: a, next: map[[2]int32]int32{}}
	m.state([]int32{0})
	return m
}

// commits reports whether a body gives up ways to match, or refers to what a
// group in it captured: what it then matches depends on the direction that it is
// read in.
func commits(body *syntax.Node) bool {
	found := false
	syntax.Walk(body, func(n *syntax.Node) bool {
		found = found || n.Op == syntax.OpAtomic || n.Op == syntax.OpBackref || n.Op == syntax.OpRepeat && n.Greed == syntax.Possessive
		return !found
	})
	return found
}

// state interns a set of states of the body's automaton, in ascending order.
func (m *memory) state(of []int32) int32 {
	id := int32(0)
	for _, s := range of {
		id = m.sets.add(id, s)
	}
	for int(id) >= len(m.ok) {
		m.ok = append(m.ok, false)
	}
	for _, s := range of {
		for _, e := range m.a.States[s].Out {
			if e.Kind == Accept {
				m.ok[id] = true
			}
		}
	}
	return id
}

// begin is the memory of nothing.
func (m *memory) begin() int32 { return m.state([]int32{0}) }

// step is the memory after one more character.
func (m *memory) step(from int32, class int) int32 {
	key := [2]int32{from, int32(class)}
	if to, found := m.next[key]; found {
		return to
	}
	var of []int32
	for _, s := range m.sets.list[from] {
		for i := range m.a.States[s].Out {
			if e := &m.a.States[s].Out[i]; e.Kind == Step && e.On.Has(class) {
				of = append(of, e.To)
			}
		}
	}
	to := m.state(of)
	m.next[key] = to
	return to
}

// small reports whether the memory has few states: it visits them all.
func (m *memory) small() bool {
	seen := map[int32]bool{m.begin(): true}
	queue := []int32{m.begin()}
	for i := 0; i < len(queue); i++ {
		for class := range m.a.Classes.Len() {
			to := m.step(queue[i], class)
			if seen[to] {
				continue
			}
			if len(queue) == maxMemory {
				return false
			}
			seen[to] = true
			queue = append(queue, to)
		}
	}
	return true
}

// histories are the signatures of positions: what guards and lookbehinds may
// ask about the text before. Signature 0 is "not asked".
type histories struct {
	asked    []charset.Mask // by signature of the previous character
	memories []*memory
	list     []history
	ids      map[string]int32
}

// A history is the signature of the previous character (0 at the subject's
// start, else an index into asked plus one, -1 when no guard asks), and the
// state of each memory, nil when no lookbehind can be met any more.
type history struct {
	prev     int32
	memories []int32
}

func newHistories(asked []charset.Mask, memories []*memory) *histories {
	return &histories{asked: asked, memories: memories, list: make([]history, 1), ids: map[string]int32{}}
}

func (h *histories) intern(of history) int32 {
	key := binary.LittleEndian.AppendUint32(nil, uint32(of.prev))
	for _, m := range of.memories {
		key = binary.LittleEndian.AppendUint32(key, uint32(m))
	}
	id, found := h.ids[string(key)]
	if !found {
		id = int32(len(h.list))
		h.ids[string(key)] = id
		h.list = append(h.list, of)
	}
	return id
}

// begin is the signature of the subject's start.
func (h *histories) begin(remember bool) int32 {
	var of history
	if remember {
		for _, m := range h.memories {
			of.memories = append(of.memories, m.begin())
		}
	}
	return h.intern(of)
}

// step splits classes by the signature of the position behind them, from a
// position with signature from. Without remember the memories are dropped.
func (h *histories) step(from int32, on charset.Mask, remember bool, yield func(charset.Mask, int32)) {
	if !remember {
		for i, m := range h.asked {
			if both := on.And(m); !both.IsEmpty() {
				yield(both, h.intern(history{prev: int32(i) + 1}))
			}
		}
		return
	}
	var order []int32
	split := map[int32]charset.Mask{}
	for class := range on.All {
		of := history{prev: -1, memories: make([]int32, len(h.memories))}
		for i, m := range h.asked {
			if m.Has(class) {
				of.prev = int32(i) + 1
			}
		}
		for i, m := range h.memories {
			of.memories[i] = m.step(h.list[from].memories[i], class)
		}
		id := h.intern(of)
		if _, found := split[id]; !found {
			order = append(order, id)
		}
		split[id] = split[id].Or(charset.Bit(class))
	}
	for _, id := range order {
		yield(split[id], id)
	}
}

// holds reports whether the character before a position satisfies a look.
func (h *histories) holds(l look, sig int32, all charset.Mask) bool {
	if l.edge && l.in == all {
		return true
	}
	if sig == 0 {
		return false
	}
	prev := h.list[sig].prev
	if prev <= 0 {
		return prev == 0 && l.edge
	}
	return l.in.Contains(h.asked[prev-1])
}

// remembers reports whether a lookbehind's body ends at a position.
func (h *histories) remembers(memory, sig int32) bool {
	return h.memories[memory].ok[h.list[sig].memories[memory]]
}
