package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A family is an attack as a list has it: x₁ y₁ⁿ … z, in text.
type family struct {
	pumps  []textPump
	suffix string
	// encoding is "utf-8", "bytes" (each code point one byte) or "utf-16" (hex
	// digits of code units); "" is utf-8 of which the escapes are not known.
	encoding string
}

type textPump struct{ prefix, pump string }

// witnesses are the families of bytes that f may stand for, for a pattern
// which reads its subject in units u: each reading of the escapes once, and
// for a pattern over bytes the characters up to U+00FF also as one byte each.
func (f family) witnesses(u syntax.Unit) []attack.Witness {
	var out []attack.Witness
	add := func(w attack.Witness) {
		if w.PumpLen() > 0 && !slices.ContainsFunc(out, w.Equal) {
			out = append(out, w)
		}
	}
	if f.encoding != "" {
		add(f.in(asIs, f.encoding))
		return out
	}
	for r := range readings {
		add(f.in(r, "utf-8"))
		if u == syntax.Byte {
			add(f.in(r, "bytes"))
		}
	}
	return out
}

// in is the family by one reading and encoding.
func (f family) in(r reading, encoding string) attack.Witness {
	var w attack.Witness
	for _, p := range f.pumps {
		w.Pumps = append(w.Pumps, attack.Pump{Prefix: encode(r.read(p.prefix), encoding), Pump: encode(r.read(p.pump), encoding)})
	}
	w.Suffix = encode(r.read(f.suffix), encoding)
	return w
}

// encode writes text as subject bytes. A string that an encoding cannot hold
// is written as UTF-8.
func encode(s, encoding string) []byte {
	switch encoding {
	case "bytes":
		out := make([]byte, 0, len(s))
		for _, c := range s {
			if c > 0xFF {
				return []byte(s)
			}
			out = append(out, byte(c))
		}
		return out
	case "utf-16":
		units, err := hex.DecodeString(s)
		if err != nil || len(units)%2 != 0 {
			return []byte(s)
		}
		return generalised(units)
	}
	return []byte(s)
}

// generalised is the generalised UTF-8 of big-endian UTF-16 units: a pair is
// one code point, a surrogate alone takes three bytes.
func generalised(units []byte) []byte {
	var out []byte
	for i := 0; i < len(units); i += 2 {
		c := rune(units[i])<<8 | rune(units[i+1])
		if c>>10 == 0xD800>>10 && i+3 < len(units) {
			if d := rune(units[i+2])<<8 | rune(units[i+3]); d>>10 == 0xDC00>>10 {
				c, i = 0x10000+(c&0x3FF)<<10|d&0x3FF, i+2
			}
		}
		if c>>11 == 0xD800>>11 {
			out = append(out, 0xED, 0x80|byte(c>>6&0x3F), 0x80|byte(c&0x3F))
			continue
		}
		out = utf8.AppendRune(out, c)
	}
	return out
}

// texts is one string or several.
type texts []string

// UnmarshalJSON reads a string or a list of them.
func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

// families reads a listed attack in any of the shapes that lists use: null, a
// string in the notation 'x' 'y'³¹ 'z', an object with prefix, pump and suffix
// (each prefix and pump one string or several), one with pumps as nearmiss
// itself writes it, or a list of these.
func families(data json.RawMessage) ([]family, error) {
	if len(data) == 0 || string(data) == "null" {
		return nil, nil
	}
	switch data[0] {
	case '"':
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return nil, err
		}
		return notation(s)
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(data, &list); err != nil {
			return nil, err
		}
		var out []family
		for _, item := range list {
			f, err := families(item)
			if err != nil {
				return nil, err
			}
			out = append(out, f...)
		}
		return out, nil
	}
	return object(data)
}

// object reads an attack which is a JSON object.
func object(data []byte) ([]family, error) {
	var o struct {
		Prefix, Pump texts
		Suffix       string
		Encoding     string
		Pumps        []struct{ Prefix, Pump string }
	}
	if err := json.Unmarshal(data, &o); err != nil {
		return nil, err
	}
	f := family{suffix: o.Suffix, encoding: o.Encoding}
	for _, p := range o.Pumps {
		f.pumps = append(f.pumps, textPump{p.Prefix, p.Pump})
	}
	if len(o.Prefix) != len(o.Pump) {
		return nil, fmt.Errorf("attack with %d prefixes and %d pumps, expected as many", len(o.Prefix), len(o.Pump))
	}
	for i := range o.Pump {
		f.pumps = append(f.pumps, textPump{o.Prefix[i], o.Pump[i]})
	}
	if len(f.pumps) == 0 {
		return nil, nil
	}
	return []family{f}, nil
}
