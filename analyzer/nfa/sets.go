package nfa

import (
	"encoding/binary"
	"slices"
)

// sets interns small sets, or bags, of numbers, in ascending order; set 0 is empty. The
// zero value is ready for use.
type sets struct {
	list [][]int32
	ids  map[string]int32
}

// push is the set with one more number, which it may hold twice: further ones
// count no more, so that the ε-paths of recursions stay finite.
func (s *sets) push(set, n int32) int32 {
	if s.ids == nil {
		s.add(0, n) // makes the tables
	}
	old := s.list[set]
	k, _ := slices.BinarySearch(old, n)
	if k+1 < len(old) && old[k] == n && old[k+1] == n {
		return set
	}
	return s.intern(slices.Insert(slices.Clone(old), k, n))
}

// add is the set with one more number.
func (s *sets) add(set, n int32) int32 {
	if s.ids == nil {
		s.ids = map[string]int32{"": 0}
		s.list = [][]int32{nil}
	}
	old := s.list[set]
	k, found := slices.BinarySearch(old, n)
	if found {
		return set
	}
	return s.intern(slices.Insert(slices.Clone(old), k, n))
}

// remove is the set without a number; removed is false when it was not there.
func (s *sets) remove(set, n int32) (id int32, removed bool) {
	if set == 0 {
		return 0, false
	}
	old := s.list[set]
	k, found := slices.BinarySearch(old, n)
	if !found {
		return set, false
	}
	return s.intern(slices.Delete(slices.Clone(old), k, k+1)), true
}

func (s *sets) intern(set []int32) int32 {
	key := make([]byte, 0, 4*len(set))
	for _, n := range set {
		key = binary.LittleEndian.AppendUint32(key, uint32(n))
	}
	id, found := s.ids[string(key)]
	if !found {
		id = int32(len(s.list))
		s.ids[string(key)] = id
		s.list = append(s.list, set)
	}
	return id
}
