package verdict

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// breaking are bytes between an attack and a character appended to it: they
// keep what is appended from completing a match. One of them is outside of
// most loops.
var breaking = []string{"", "\n", "\x00", "!", " ", "\n\x00\n", "\n\n"}

// variants are an attack and what may get it past a model's shortcuts, the
// simplest first:
//
//   - its pumps beginning, or ending, with a character that a start needs;
//   - a newline in the pump, where only line starts are tried;
//   - the required character appended last, behind a breaking byte;
//   - the required character before the pump, behind nothing or one turn of it:
//     the first start then passes the check, and what it costs is paid even if
//     it matches in the end (July 2019: 'x=xⁿ).
func variants(w attack.Witness, o backtrack.Opening) []attack.Witness {
	bodies := []attack.Witness{w}
	for _, c := range slices.Concat(o.First, o.Newlines) {
		bodies = append(bodies, repump(w, c)...)
	}
	if o.Required == nil {
		return bodies
	}
	var out []attack.Witness
	for _, b := range bodies {
		out = append(out, b, ahead(b, o.Required, false), ahead(b, o.Required, true))
		for _, between := range breaking {
			out = append(out, attack.Witness{Pumps: b.Pumps, Suffix: slices.Concat(b.Suffix, []byte(between), o.Required)})
		}
	}
	return out
}

// ahead puts a text before the first pump, behind one turn of the pump if once.
func ahead(w attack.Witness, text []byte, once bool) attack.Witness {
	v := attack.Witness{Pumps: slices.Clone(w.Pumps), Suffix: w.Suffix}
	if len(v.Pumps) == 0 {
		return v
	}
	p := v.Pumps[0]
	head := p.Prefix
	if once {
		head = slices.Concat(head, p.Pump)
	}
	v.Pumps[0] = attack.Pump{Prefix: slices.Concat(head, text), Pump: p.Pump}
	return v
}

// repump puts a character into the pumps of an attack: before each, behind
// each, and instead of each.
func repump(w attack.Witness, c []byte) []attack.Witness {
	each := func(change func(pump []byte) []byte) attack.Witness {
		v := attack.Witness{Suffix: w.Suffix}
		for _, p := range w.Pumps {
			v.Pumps = append(v.Pumps, attack.Pump{Prefix: p.Prefix, Pump: change(p.Pump)})
		}
		return v
	}
	return []attack.Witness{
		each(func(p []byte) []byte { return slices.Concat(c, p) }),
		each(func(p []byte) []byte { return slices.Concat(p, c) }),
		each(func([]byte) []byte { return c }),
	}
}
