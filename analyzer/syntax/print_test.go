package syntax

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// normal is a tree's notation without parentheses that only group: those and
// nested sequences are opened, empty parts of sequences dropped.
func normal(n *Node) string { return simplify(n).String() }

func simplify(n *Node) *Node {
	if n.Op == OpGroup && n.Index == 0 {
		return simplify(n.Sub[0])
	}
	out := *n
	out.Sub = nil
	for _, s := range n.Sub {
		s = simplify(s)
		switch {
		case n.Op == OpConcat && s.Op == OpConcat:
			out.Sub = append(out.Sub, s.Sub...)
		case n.Op == OpConcat && s.Op == OpEmpty:
		default:
			out.Sub = append(out.Sub, s)
		}
	}
	if n.Op == OpConcat && len(out.Sub) == 1 {
		return out.Sub[0]
	}
	if n.Op == OpConcat && len(out.Sub) == 0 {
		return &Node{Op: OpEmpty}
	}
	if n.Op == OpCallout {
		out.Index = 0
	}
	return &out
}

func checkRoundTrip(t *testing.T, p corpus.Pattern) bool {
	re, err := parse(p)
	if err != nil {
		return true
	}
	printed := Print(re)
	again, err := parse(printed)
	if err != nil {
		if err.Kind == ErrLimit {
			return true
		}
		t.Errorf("%s /%.300q/%v printed as /%.300q/%v: %v", p.Dialect, p.Text, p.Flags, printed.Text, printed.Flags, err)
		return false
	}
	if a, b := normal(re.Root), normal(again.Root); a != b {
		t.Errorf("%s /%.300q/%v printed as /%.300q/%v\n was %.600s\n now %.600s", p.Dialect, p.Text, p.Flags, printed.Text, printed.Flags, a, b)
		return false
	}
	if len(again.Groups) != len(re.Groups) {
		t.Errorf("%s /%.300q/%v printed as /%.300q/: %d groups, now %d", p.Dialect, p.Text, p.Flags, printed.Text, len(re.Groups), len(again.Groups))
		return false
	}
	return true
}

func TestPrintRoundTrips(t *testing.T) {
	for _, name := range corpus.Dialects {
		d := tableOf(name, 0)
		patterns := patternsFor(t, d)
		if name == corpus.PCRE {
			more, _ := pcre2Patterns(t)
			patterns = append(patterns, more...)
		}
		bad := 0
		for _, p := range patterns {
			if !checkRoundTrip(t, p) {
				if bad++; bad > 5 {
					break
				}
			}
		}
		t.Logf("%s: %d patterns", name, len(patterns))
	}
}
