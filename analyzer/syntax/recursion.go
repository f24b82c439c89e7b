package syntax

// maxRecursionSteps bounds the search for endless recursion, in nodes looked
// at: Onigmo's own search doubles with each group that is called twice, and a
// pattern that is written by hand takes some hundreds.
const maxRecursionSteps = 1 << 18

// An endless search finds calls that never end, as Onigmo does
// (subexp_inf_recursive_check): a group that calls itself before a character
// is taken, or on every way through.
type endless struct {
	p       *parser
	m       *Measure
	group   *Node // the group in question
	entered map[*Node]bool
	steps   int
}

// recursion is what a node does about the group in question: nothing, come
// back to it, or come back to it where it began.
type recursion uint8

const (
	recursionNone     recursion = 0
	recursionExists   recursion = 1
	recursionInfinite recursion = 2
)

// checkRecursion fails on a group whose recursion never ends.
func (p *parser) checkRecursion() {
	if !p.d.endingCalls || p.err != nil || p.first == nil {
		return
	}
	e := &endless{p: p, m: NewMeasure(p.re), entered: map[*Node]bool{}}
	e.m.exactRefs = true
	seen := map[int]bool{}
	for _, call := range p.calls() {
		if seen[call.Index] {
			continue
		}
		seen[call.Index] = true
		body := p.re.Root
		e.group = p.re.Root
		if call.Index > 0 {
			e.group = p.re.Groups[call.Index].Nodes[0]
			body = e.group.Sub[0]
		}
		if r := e.check(body, true); r != recursionNone && p.err == nil {
			p.failAt(ErrBadReference, call.Span.Start, call.Span.End, e.group.Span, "recursion that never ends", "a way through the group without it")
		}
		if p.err != nil {
			return
		}
	}
}

// calls are the calls of the pattern in the order they stand.
func (p *parser) calls() []*Node {
	var out []*Node
	Walk(p.re.Root, func(n *Node) bool {
		if n.Op == OpCall {
			out = append(out, n)
		}
		return true
	})
	return out
}

// check looks at a node; head says that no character was taken so far.
func (e *endless) check(n *Node, head bool) recursion {
	e.p.work++
	if e.steps++; e.steps > maxRecursionSteps {
		e.p.fail(ErrLimit, n.Span.Start, n.Span.End, "calls of groups too entangled", "at most "+decimalString(maxRecursionSteps)+" steps to follow them")
		return recursionInfinite
	}
	switch n.Op {
	case OpConcat:
		return e.sequence(n.Sub, head)
	case OpAlternate:
		return e.branches(n.Sub, head)
	case OpConditional:
		return e.branches(n.Sub[:2], head)
	case OpRepeat:
		r := e.check(n.Sub[0], head)
		if r == recursionExists && n.Min == 0 {
			return recursionNone
		}
		return r
	case OpCall:
		if n.Index == 0 {
			return e.enter(e.p.re.Root, e.p.re.Root, head)
		}
		g := e.p.re.Groups[n.Index].Nodes[0]
		return e.enter(g, g.Sub[0], head)
	case OpGroup:
		if n.Index > 0 {
			return e.enter(n, n.Sub[0], head)
		}
		return e.check(n.Sub[0], head)
	case OpAtomic, OpLook, OpAbsent:
		return e.check(n.Sub[0], head)
	}
	return recursionNone
}

// enter looks into a group.
func (e *endless) enter(group, body *Node, head bool) recursion {
	switch {
	case group == e.group && head:
		return recursionInfinite
	case group == e.group:
		return recursionExists
	case e.entered[group]:
		return recursionNone
	}
	e.entered[group] = true
	r := e.check(body, head)
	delete(e.entered, group)
	return r
}

func (e *endless) sequence(nodes []*Node, head bool) recursion {
	all := recursionNone
	for _, s := range nodes {
		r := e.check(s, head)
		if r == recursionInfinite {
			return r
		}
		all |= r
		head = head && e.m.Min(s) == 0
	}
	return all
}

func (e *endless) branches(nodes []*Node, head bool) recursion {
	all := recursionExists
	for _, s := range nodes {
		r := e.check(s, head)
		if r == recursionInfinite {
			return r
		}
		all &= r
	}
	return all
}
