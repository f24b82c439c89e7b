package nfa

import "github.com/nearmiss-dev/nearmiss/analyzer/syntax"

// unset are the references of a pattern to groups that no attempt has set when
// it comes there: forward references and those inside their own group, where no
// repeat leads back to them.
func unset(re *syntax.Regexp) map[*syntax.Node]bool {
	if len(re.Groups) < 2 {
		return nil // no group, no reference
	}
	u := &unsetting{set: map[int]bool{}, out: map[*syntax.Node]bool{}}
	u.node(re.Root)
	if u.calls {
		return nil // a body may be entered from anywhere
	}
	return u.out
}

// unsetting walks a tree in the order of matching. set are the groups that may
// be set there, by some way.
type unsetting struct {
	set   map[int]bool
	out   map[*syntax.Node]bool
	calls bool
}

func (u *unsetting) node(n *syntax.Node) {
	switch n.Op {
	case syntax.OpCall, syntax.OpBalance:
		u.calls = true
	case syntax.OpBackref:
		maybe := len(n.Refs) == 0
		for _, ref := range n.Refs {
			maybe = maybe || u.set[ref]
		}
		u.out[n] = !maybe
	case syntax.OpRepeat:
		if n.Max > 1 || n.Max == syntax.Infinite {
			u.groups(n)
		}
	case syntax.OpLook, syntax.OpConditional, syntax.OpAbsent:
		u.groups(n) // read in an order of its own
	}
	for _, s := range n.Sub {
		u.node(s)
	}
	if n.Op == syntax.OpGroup && n.Index > 0 {
		u.set[n.Index] = true
	}
}

// groups marks every group inside a node.
func (u *unsetting) groups(n *syntax.Node) {
	syntax.Walk(n, func(s *syntax.Node) bool {
		if s.Op == syntax.OpGroup && s.Index > 0 {
			u.set[s.Index] = true
		}
		return true
	})
}
