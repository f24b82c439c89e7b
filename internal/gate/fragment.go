package gate

import (
	"cmp"
	"slices"
)

// Fragments are lines of assembly files with the rules whose findings come
// from them.
type Fragments map[Fragment][]string

// A Fragment is one line of an assembly file.
type Fragment struct {
	File string
	Line int
}

func (f *Fragments) add(r Row) {
	for _, o := range r.Origins {
		if *f == nil {
			*f = Fragments{}
		}
		at := Fragment{o.File, o.Line}
		if rule := r.Verdict.Pattern.Source.Rule; !slices.Contains((*f)[at], rule) {
			(*f)[at] = append((*f)[at], rule)
		}
	}
}

// Shared are the lines that more than one rule's findings come from, in order
// of files and lines.
func (f Fragments) Shared() []Fragment {
	var out []Fragment
	for at, rules := range f {
		if len(rules) > 1 {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(a, b Fragment) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return out
}
