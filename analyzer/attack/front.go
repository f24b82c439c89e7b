package attack

import (
	"encoding/binary"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// A front is the set of states that runs are in after a word, ascending.
type front []int32

// advance moves a front over a class. accepted is true when some run may
// report a match before the class is read, and a match ends the search, as
// far as the stop says.
func advance(a *nfa.Automaton, f front, class int, what stop) (next front, accepted bool) {
	for _, v := range f {
		out := a.States[v].Out
		for i := range out {
			e := &out[i]
			if !e.On.Has(class) {
				continue
			}
			if e.Kind == nfa.Accept || e.Kind == nfa.Exit {
				accepted = accepted || ends(a, e, what)
				continue
			}
			next = append(next, e.To)
		}
	}
	slices.Sort(next)
	return slices.Compact(next), accepted
}

// acceptsAtEnd reports whether some run of the front may report a match when
// the subject ends here.
func acceptsAtEnd(a *nfa.Automaton, f front, what stop) bool {
	for _, v := range f {
		for i := range a.States[v].Out {
			if e := &a.States[v].Out[i]; e.AtEnd && ends(a, e, what) {
				return true
			}
		}
	}
	return false
}

// A stop says which edges end what is being searched.
type stop uint8

const (
	// atExits: a match, or the end of a region.
	atExits stop = iota
	// atMatches: a match.
	atMatches
	// atSure: a match that surely happens. Where the automaton approximates a
	// condition, the runs may fail on the condition instead.
	atSure
)

func ends(a *nfa.Automaton, e *nfa.Edge, what stop) bool {
	if e.Kind == nfa.Exit {
		return what == atExits
	}
	return e.Kind == nfa.Accept && !a.Global && !(what == atSure && e.Over)
}

func (f front) key() string {
	b := make([]byte, 0, 4*len(f))
	for _, s := range f {
		b = binary.LittleEndian.AppendUint32(b, uint32(s))
	}
	return string(b)
}

// maxFronts bounds the fronts that a search for a failing suffix visits: the
// suffix that works is nearly always empty or one character.
const maxFronts = 400

// failing is the shortest words after which nothing can match any more, from a
// front: at most want of them, each beginning with another class. The empty
// word counts when no run of the front accepts at the end.
func failing(a *nfa.Automaton, from front, want int, what stop) [][]uint8 {
	type visit struct {
		front  front
		parent int32
		class  uint8
		first  int16
	}
	var found [][]uint8
	if !acceptsAtEnd(a, from, what) {
		found = append(found, []uint8{})
	}
	queue := []visit{{front: from, parent: -1, first: -1}}
	seen := map[string]bool{from.key(): true}
	done := map[int16]bool{}
	for i := 0; i < len(queue) && len(queue) < maxFronts && len(found) < want; i++ {
		for class := range a.Classes.Len() {
			first := queue[i].first
			if first < 0 {
				first = int16(class)
			}
			if done[first] || a.Never.Has(class) {
				continue
			}
			next, accepted := advance(a, queue[i].front, class, what)
			if accepted {
				continue
			}
			if len(next) == 0 && a.Search >= 0 && !a.Never.IsEmpty() {
				continue // not even the search goes on: no such subject
			}
			k := next.key()
			if seen[k] {
				continue
			}
			seen[k] = true
			queue = append(queue, visit{next, int32(i), uint8(class), first})
			if acceptsAtEnd(a, next, what) {
				continue
			}
			var w []uint8
			for j := int32(len(queue) - 1); j > 0; j = queue[j].parent {
				w = append(w, queue[j].class)
			}
			slices.Reverse(w)
			found = append(found, w)
			done[first] = true
			if len(found) == want {
				break
			}
		}
	}
	return found
}
