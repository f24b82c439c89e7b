// Package attack makes the inputs that show super-linear growth.
package attack

import (
	"encoding/binary"
	"slices"
)

// A Witness is an attack family x₁ y₁ⁿ x₂ y₂ⁿ … xₖ yₖⁿ z: pumps (prefix xᵢ,
// pump yᵢ) and a suffix z, in the bytes that a matcher is given (UTF-8 where
// the pattern's unit is a code point, generalised UTF-8 for UTF-16 units).
type Witness struct {
	Pumps  []Pump
	Suffix []byte
}

// A Pump is one factor xᵢ yᵢⁿ of a witness.
type Pump struct{ Prefix, Pump []byte }

// Len is the length of Bytes(n).
func (w Witness) Len(n int) int {
	total := len(w.Suffix)
	for _, p := range w.Pumps {
		total += len(p.Prefix) + n*len(p.Pump)
	}
	return total
}

// Bytes is the attack with every pump repeated n times.
func (w Witness) Bytes(n int) []byte {
	out := make([]byte, 0, w.Len(n))
	for _, p := range w.Pumps {
		out = append(out, p.Prefix...)
		for range n {
			out = append(out, p.Pump...)
		}
	}
	return append(out, w.Suffix...)
}

// PumpLen is the number of bytes by which one more repetition grows the
// attack.
func (w Witness) PumpLen() int { return w.Len(1) - w.Len(0) }

// Equal reports whether the families are written the same way.
func (w Witness) Equal(v Witness) bool {
	return slices.Equal(w.Suffix, v.Suffix) && slices.EqualFunc(w.Pumps, v.Pumps, Pump.equal)
}

func (p Pump) equal(q Pump) bool {
	return slices.Equal(p.Prefix, q.Prefix) && slices.Equal(p.Pump, q.Pump)
}

// key tells witnesses apart.
func (w Witness) key() string {
	var out []byte
	part := func(text []byte) {
		out = append(binary.AppendUvarint(out, uint64(len(text))), text...)
	}
	for _, p := range w.Pumps {
		part(p.Prefix)
		part(p.Pump)
	}
	part(w.Suffix)
	return string(out)
}
