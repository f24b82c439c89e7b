package charset

import (
	"slices"
	"unicode"
)

// A Partition divides an alphabet into classes: two characters are in the same
// class exactly when every set that it was made from holds both or neither.
// Products of automata then range over classes, not over characters.
type Partition struct {
	// Coarse says that some set of the pattern is not a union of classes, since
	// there would be too many.
	Coarse bool

	last    rune
	classes []Set
	starts  []rune // first character of each run of one class, ascending
	ids     []int16
	all     Mask
}

// NewPartition divides 0…last by the sets. It fails (ok is false) when there
// are more than MaxClasses classes. Time is linear in the number of range
// bounds, times the number of classes at a bound.
func NewPartition(last rune, sets []Set) (p *Partition, ok bool) {
	type event struct {
		at  rune
		set int32
	}
	var events []event
	for i, s := range sets {
		for _, r := range s.ranges {
			events = append(events, event{r.Lo, int32(i)})
			if r.Hi < last {
				events = append(events, event{r.Hi + 1, int32(i)})
			}
		}
	}
	slices.SortFunc(events, func(a, b event) int { return int(a.at) - int(b.at) })

	// A sweep from 0 to last: member holds which sets the current character
	// is in, and the class of that membership is looked up by its bits.
	member := make([]byte, (len(sets)+7)/8)
	known := map[string]int16{}
	ranges := [][]Range{}
	p = &Partition{last: last}
	for i, at := 0, rune(0); at <= last; {
		for ; i < len(events) && events[i].at == at; i++ {
			member[events[i].set>>3] ^= 1 << (events[i].set & 7)
		}
		next := last + 1
		if i < len(events) {
			next = events[i].at
		}
		id, found := known[string(member)]
		if !found {
			if len(ranges) == MaxClasses {
				return nil, false
			}
			id = int16(len(ranges))
			known[string(member)] = id
			ranges = append(ranges, nil)
		}
		ranges[id] = append(ranges[id], Range{at, next - 1})
		p.starts, p.ids = append(p.starts, at), append(p.ids, id)
		at = next
	}
	for id, rs := range ranges {
		p.classes = append(p.classes, Set{ranges: rs})
		p.all = p.all.Or(Bit(id))
	}
	return p, true
}

// Len is the number of classes.
func (p *Partition) Len() int { return len(p.classes) }

// Class is the set of characters of one class.
func (p *Partition) Class(id int) Set { return p.classes[id] }

// All is the mask of every class.
func (p *Partition) All() Mask { return p.all }

// Of is the class of a character.
func (p *Partition) Of(c rune) int {
	k, found := slices.BinarySearch(p.starts, c)
	if !found {
		k--
	}
	return int(p.ids[k])
}

// Mask is the classes that make up s, where s is a union of classes: one of the
// sets the partition was made from, or a combination of them. Otherwise it is
// every class that shares a character with s.
func (p *Partition) Mask(s Set) Mask {
	var m Mask
	for _, r := range s.ranges {
		k, found := slices.BinarySearch(p.starts, r.Lo)
		if !found {
			k--
		}
		for ; k < len(p.starts) && p.starts[k] <= r.Hi; k++ {
			m[p.ids[k]>>6] |= 1 << (p.ids[k] & 63)
		}
	}
	return m
}

// Representative is the character of a class that reads best in an attack: a
// lower-case letter if there is one, else a digit, an upper-case letter, other
// printable ASCII, a printable character, the first.
func (p *Partition) Representative(id int) rune {
	rs := p.classes[id].ranges
	for _, want := range preferred {
		for _, r := range rs {
			if lo, hi := max(r.Lo, want.Lo), min(r.Hi, want.Hi); lo <= hi {
				return lo
			}
		}
	}
	for _, r := range rs {
		if unicode.IsPrint(r.Lo) {
			return r.Lo
		}
	}
	return rs[0].Lo
}

var preferred = []Range{{'a', 'z'}, {'0', '9'}, {'A', 'Z'}, {'!', '~'}, {' ', ' '}, {'\n', '\n'}}
