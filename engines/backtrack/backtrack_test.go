package backtrack

import (
	"fmt"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Trees by hand, so that the matcher's tests do not rest on the parser.

func lit(s string) *syntax.Node {
	n := &syntax.Node{Op: syntax.OpConcat}
	for _, c := range s {
		n.Sub = append(n.Sub, &syntax.Node{Op: syntax.OpSet, Set: charset.Runes(c)})
	}
	if len(n.Sub) == 1 {
		return n.Sub[0]
	}
	return n
}

func cat(subs ...*syntax.Node) *syntax.Node { return &syntax.Node{Op: syntax.OpConcat, Sub: subs} }
func alt(subs ...*syntax.Node) *syntax.Node {
	return &syntax.Node{Op: syntax.OpAlternate, Sub: subs}
}
func rep(sub *syntax.Node, lo, hi int, g syntax.Greed) *syntax.Node {
	return &syntax.Node{Op: syntax.OpRepeat, Sub: []*syntax.Node{sub}, Min: lo, Max: hi, Greed: g}
}
func star(sub *syntax.Node) *syntax.Node { return rep(sub, 0, syntax.Infinite, syntax.Greedy) }
func plus(sub *syntax.Node) *syntax.Node { return rep(sub, 1, syntax.Infinite, syntax.Greedy) }
func grp(i int, sub *syntax.Node) *syntax.Node {
	return &syntax.Node{Op: syntax.OpGroup, Index: i, Sub: []*syntax.Node{sub}}
}
func end() *syntax.Node { return &syntax.Node{Op: syntax.OpAssert, Assert: syntax.EndText} }
func node(op syntax.Op, subs ...*syntax.Node) *syntax.Node {
	return &syntax.Node{Op: op, Sub: subs}
}
func look(behind, negate bool, sub *syntax.Node) *syntax.Node {
	return &syntax.Node{Op: syntax.OpLook, Behind: behind, Negate: negate, Sub: []*syntax.Node{sub}}
}
func ref(g int) *syntax.Node { return &syntax.Node{Op: syntax.OpBackref, Refs: []int{g}} }

// tree makes a Regexp of a root whose groups are numbered by hand.
func tree(root *syntax.Node) *syntax.Regexp {
	re := &syntax.Regexp{Unit: syntax.Byte, Root: root, Pattern: corpus.Pattern{Dialect: corpus.PCRE}}
	re.Groups = make([]syntax.Group, 1)
	var walk func(*syntax.Node)
	walk = func(n *syntax.Node) {
		if n.Op == syntax.OpGroup && n.Index > 0 {
			for len(re.Groups) <= n.Index {
				re.Groups = append(re.Groups, syntax.Group{})
			}
			re.Groups[n.Index].Nodes = append(re.Groups[n.Index].Nodes, n)
		}
		for _, s := range n.Sub {
			walk(s)
		}
	}
	walk(root)
	return re
}

func compile(t testing.TB, re *syntax.Regexp) *Program {
	t.Helper()
	p, err := Compile(re)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRunByHand(t *testing.T) {
	a, b := lit("a"), lit("b")
	for _, tc := range []struct {
		name    string
		root    *syntax.Node
		subject string
		want    string
		steps   uint64
	}{
		{"ab", lit("ab"), "xab", "[1 3]", 4},
		{"a|b", alt(a, b), "b", "[0 1]", 4},
		{"a*b", cat(star(a), b), "aab", "[0 3]", 5},
		{"a*b fails", cat(star(a), b), "aac", "no match", 8 + 5 + 2 + 2},
		{"(a)|b", alt(grp(1, a), b), "b", "[0 1 -1 -1]", 5},
		{"(a+)b\\1", cat(grp(1, plus(a)), b, ref(1)), "aaba", "[1 4 1 2]", 0},
		{"(?>a*)a", cat(node(syntax.OpAtomic, star(a)), a), "aaa", "no match", 0},
		{"a*?b", cat(rep(a, 0, -1, syntax.Lazy), b), "aab", "[0 3]", 0},
		{"(?=ab)a", cat(look(false, false, lit("ab")), a), "aab", "[1 2]", 0},
		{"(?!ab)a", cat(look(false, true, lit("ab")), a), "aba", "[2 3]", 0},
		{"(?<=b)a", cat(look(true, false, b), a), "aba", "[2 3]", 0},
		{"(?:a|b){2,3}$", cat(rep(alt(a, b), 2, 3, syntax.Greedy), end()), "babb", "[1 4]", 0},
		{"(?:a?){1000000000}", rep(rep(a, 0, 1, syntax.Greedy), 0, 1000000000, syntax.Possessive), "", "step limit", 0},
		{"a(?1)?b", grp(1, cat(a, rep(&syntax.Node{Op: syntax.OpCall, Index: 1}, 0, 1, syntax.Greedy), b)), "aabb", "[0 4 0 4]", 0},
	} {
		p := compile(t, tree(tc.root))
		res := p.Run([]byte(tc.subject), Options{Steps: 10000})
		got := res.Outcome.String()
		if res.Outcome == Matched {
			got = fmt.Sprint(res.Caps)
		}
		if got != tc.want {
			t.Errorf("%s on %q: %s, want %s\n%s", tc.name, tc.subject, got, tc.want, p)
		}
		if tc.steps != 0 && res.Steps != tc.steps {
			t.Errorf("%s on %q: %d steps, want %d\n%s", tc.name, tc.subject, res.Steps, tc.steps, p)
		}
	}
}
