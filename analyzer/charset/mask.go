package charset

import "math/bits"

// MaxClasses is how many classes a partition may have: the bits of a Mask. A
// byte alphabet that is told apart byte by byte needs all 256; patterns in use
// need fewer than 100.
const MaxClasses = 256

// A Mask is a set of classes of one Partition, a bit each.
type Mask [MaxClasses / 64]uint64

// Bit is the mask of one class.
func Bit(class int) Mask {
	var m Mask
	m[class>>6] = 1 << (class & 63)
	return m
}

// Has reports whether class is in the mask.
func (m Mask) Has(class int) bool { return m[class>>6]&(1<<(class&63)) != 0 }

// And is the classes in both masks.
func (m Mask) And(o Mask) Mask {
	return Mask{m[0] & o[0], m[1] & o[1], m[2] & o[2], m[3] & o[3]}
}

// Or is the classes in either mask.
func (m Mask) Or(o Mask) Mask {
	return Mask{m[0] | o[0], m[1] | o[1], m[2] | o[2], m[3] | o[3]}
}

// AndNot is the classes of m that are not in o.
func (m Mask) AndNot(o Mask) Mask {
	return Mask{m[0] &^ o[0], m[1] &^ o[1], m[2] &^ o[2], m[3] &^ o[3]}
}

// IsEmpty reports whether the mask holds no class.
func (m Mask) IsEmpty() bool { return m[0]|m[1]|m[2]|m[3] == 0 }

// Overlaps reports whether the masks share a class.
func (m Mask) Overlaps(o Mask) bool {
	return m[0]&o[0]|m[1]&o[1]|m[2]&o[2]|m[3]&o[3] != 0
}

// Contains reports whether every class of o is in m.
func (m Mask) Contains(o Mask) bool { return o.AndNot(m).IsEmpty() }

// First is the smallest class in the mask, -1 when it is empty.
func (m Mask) First() int {
	for i, w := range m {
		if w != 0 {
			return i<<6 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// All yields the classes of the mask in ascending order.
func (m Mask) All(yield func(int) bool) {
	for i, w := range m {
		for ; w != 0; w &= w - 1 {
			if !yield(i<<6 + bits.TrailingZeros64(w)) {
				return
			}
		}
	}
}

// Len is the number of classes in the mask.
func (m Mask) Len() int {
	return bits.OnesCount64(m[0]) + bits.OnesCount64(m[1]) + bits.OnesCount64(m[2]) + bits.OnesCount64(m[3])
}
