package syntax

// maxLength is where lengths saturate; the true one may be larger.
const maxLength = 1 << 30

// A Measure computes lengths of what nodes of one tree match, in characters.
// Bodies of calls are followed, each group once; the zero value is not usable.
type Measure struct {
	re *Regexp
	// least and most are the lengths of groups that are called, once known;
	// during their computation a bound that is safe.
	least, most map[int]int
	// accept: the pattern has an (*ACCEPT).
	accept bool
	// exactRefs: a backreference is as long as its group (CPython's width).
	exactRefs bool
	// work counts the nodes looked at.
	work int
}

// NewMeasure prepares to measure nodes of a tree.
func NewMeasure(re *Regexp) *Measure {
	return &Measure{re: re, least: map[int]int{}, most: map[int]int{}, accept: accepts(re.Root)}
}

// Min is a lower bound for the characters a match of the node takes: exact
// but for backreferences, verbs, absent operators and conditionals.
func (m *Measure) Min(n *Node) int {
	m.work++
	switch n.Op {
	case OpSet, OpGrapheme:
		return 1
	case OpConcat:
		total := 0
		for _, s := range n.Sub {
			if total = min(total+m.Min(s), maxLength); total == maxLength || m.accept && accepts(s) {
				return total
			}
		}
		return total
	case OpAlternate:
		least := maxLength
		for _, s := range n.Sub {
			least = min(least, m.Min(s))
		}
		return least
	case OpRepeat:
		return min(m.Min(n.Sub[0])*min(n.Min, maxLength), maxLength)
	case OpGroup, OpAtomic, OpScriptRun, OpBalance:
		return m.Min(n.Sub[0])
	case OpBackref:
		if m.exactRefs && len(n.Refs) == 1 {
			return m.call(n.Refs[0], 0, m.least, m.Min)
		}
	case OpConditional:
		return min(m.Min(n.Sub[0]), m.Min(n.Sub[1]))
	case OpCall:
		return m.call(n.Index, 0, m.least, m.Min)
	}
	return 0
}

// Max is an upper bound for the characters a match of the node takes, or
// Infinite.
func (m *Measure) Max(n *Node) int {
	m.work++
	switch n.Op {
	case OpSet:
		return 1
	case OpGrapheme, OpAbsent, OpBackref:
		return m.maxOdd(n)
	case OpConcat:
		total := 0
		for _, s := range n.Sub {
			k := m.Max(s)
			if k == Infinite || total+k >= maxLength {
				return Infinite
			}
			total += k
		}
		return total
	case OpAlternate:
		return m.longest(n.Sub)
	case OpRepeat:
		k := m.Max(n.Sub[0])
		switch {
		case k == 0:
			return 0
		case k == Infinite || n.Max == Infinite || n.Max >= maxLength/k:
			if n.Max == 0 {
				return 0
			}
			return Infinite
		}
		return k * n.Max
	case OpGroup, OpAtomic, OpScriptRun, OpBalance:
		return m.Max(n.Sub[0])
	case OpConditional:
		return m.longest(n.Sub[:2])
	case OpCall:
		return m.call(n.Index, Infinite, m.most, m.Max)
	}
	return 0
}

func (m *Measure) longest(nodes []*Node) int {
	most := 0
	for _, s := range nodes {
		k := m.Max(s)
		if k == Infinite {
			return Infinite
		}
		most = max(most, k)
	}
	return most
}

// maxOdd is the maximum of what is not built of its parts.
func (m *Measure) maxOdd(n *Node) int {
	if n.Op != OpBackref {
		return Infinite
	}
	most := 0
	for _, index := range n.Refs {
		k := m.call(index, Infinite, m.most, m.Max)
		if k == Infinite || n.Fold && !m.exactRefs {
			return Infinite
		}
		most = max(most, k)
	}
	return most
}

// call measures the bodies of a group; inside itself a group counts as
// inside, which is a bound on the safe side.
func (m *Measure) call(index, inside int, known map[int]int, measure func(*Node) int) int {
	if k, ok := known[index]; ok {
		return k
	}
	known[index] = inside
	if index == 0 {
		known[0] = measure(m.re.Root)
		return known[0]
	}
	out := inside
	for i, g := range m.re.Groups[index].Nodes {
		k := measure(g)
		switch {
		case i == 0:
			out = k
		case inside == 0:
			out = min(out, k)
		case out == Infinite || k == Infinite:
			out = Infinite
		default:
			out = max(out, k)
		}
	}
	known[index] = out
	return out
}

// accepts reports whether (*ACCEPT) stands in a node: what follows it need
// not be matched.
func accepts(n *Node) bool {
	found := false
	Walk(n, func(s *Node) bool {
		found = found || s.Op == OpVerb && s.Verb == VerbAccept
		return !found
	})
	return found
}

// MinLength is a lower bound for the characters the whole pattern takes.
func (re *Regexp) MinLength() int { return NewMeasure(re).Min(re.Root) }

// MaxLength is an upper bound for the characters the whole pattern takes, or
// Infinite.
func (re *Regexp) MaxLength() int { return NewMeasure(re).Max(re.Root) }

// Nullable reports whether the node may match the empty string. It is true
// where it cannot be told, as for a backreference.
func (re *Regexp) Nullable(n *Node) bool { return NewMeasure(re).Min(n) == 0 }
