package language

import "encoding/binary"

// interned numbers lists of numbers by their content.
type interned struct {
	ids  map[string]int32
	list [][]int32
}

func (t *interned) of(list []int32) int32 {
	key := make([]byte, 0, 4*len(list))
	for _, n := range list {
		key = binary.LittleEndian.AppendUint32(key, uint32(n))
	}
	if id, found := t.ids[string(key)]; found {
		return id
	}
	if t.ids == nil {
		t.ids = map[string]int32{}
	}
	id := int32(len(t.list))
	t.ids[string(key)] = id
	t.list = append(t.list, list)
	return id
}
