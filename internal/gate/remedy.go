package gate

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/corpus/assembly"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// A Remedy is what a fix of a generated pattern changes in a line of an assembly
// file. Nobody has assembled the pattern from it: it is for people to make.
type Remedy struct {
	File string
	Line int
	// Old is the line's pattern, New what the fix makes of it.
	Old, New string
	// Others is how many further lines the changed part may come from as well.
	Others int
}

// Remedies leads a fix back to the lines that a rule's pattern comes from. It is
// none where the rule is not generated, or where a change stands in no line as
// it is: in the middle of several, or in a definition that is not literal.
func (o *Origins) Remedies(v verdict.Verdict, f verdict.Fix) []Remedy {
	p := v.Pattern
	if o == nil || o.Open == nil || p.Source.Rule == "" || p.Source.File == "" || p.Context.Role != "operator" {
		return nil
	}
	fragments := o.fragments(p.Source)
	if len(fragments) == 0 {
		return nil
	}
	parts := scan(p.Text)
	var out []Remedy
	// Last one first: places in a line that is changed twice stay where they are.
	for _, e := range slices.Backward(f.Edits) {
		lo, hi := covering(parts, e)
		if lo > hi {
			return nil
		}
		from, to := border(parts, lo), parts[hi].end
		at, k, ok := locate(fragments, parts, lo, hi)
		if !ok {
			return nil
		}
		line := scan(at.Old)
		begin, end := border(line, k), line[k+hi-lo].end
		i := slices.IndexFunc(out, func(r Remedy) bool { return r.File == at.File && r.Line == at.Line })
		if i < 0 {
			at.New = at.Old
			i, out = len(out), append(out, at)
		}
		out[i].New = out[i].New[:begin] + p.Text[from:e.Start] + e.Text + p.Text[e.End:to] + out[i].New[end:]
	}
	slices.Reverse(out)
	return out
}

// border is where the text of a part begins, its group's not counted.
func border(parts []part, i int) int {
	if i == 0 {
		return 0
	}
	return parts[i-1].end
}

// covering are the parts that an edit changes; for an insertion the one behind
// it, or the last.
func covering(parts []part, e fix.Edit) (lo, hi int) {
	lo, hi = len(parts), -1
	for i, p := range parts {
		begin := border(parts, i)
		if begin < e.End && e.Start < p.end || e.Start == e.End && (begin == e.Start || i == len(parts)-1 && p.end == e.Start) {
			lo, hi = min(lo, i), i
		}
	}
	return lo, hi
}

// locate is the line that holds parts lo to hi in a row, with the most of the
// same around them, and where in it they begin.
func locate(fragments []assembly.Fragment, parts []part, lo, hi int) (best Remedy, at int, ok bool) {
	most := -1
	for _, f := range fragments {
		if !f.Literal {
			continue
		}
		line := scan(f.Text)
		for k := 0; k+hi-lo < len(line); k++ {
			if !slices.EqualFunc(parts[lo:hi+1], line[k:k+hi-lo+1], func(a, b part) bool { return a.key == b.key }) {
				continue
			}
			score := alike(parts, lo, line, k, -1) + alike(parts, hi, line, k+hi-lo, 1)
			switch {
			case score > most:
				best, at, most, ok = Remedy{File: f.File, Line: f.Pos.Line, Old: f.Text}, k, score, true
			case score == most && (f.File != best.File || f.Pos.Line != best.Line):
				best.Others++
			}
		}
	}
	return best, at, ok
}
