package syntax

import (
	"fmt"
	"strings"
)

// String is the tree in a stable prefix notation for tests and for reading:
// concat(set[a] repeat{0,-1}(set[b])). Spans are left out.
func (n *Node) String() string {
	var b strings.Builder
	dump(&b, n)
	return b.String()
}

// Dump is the tree with one node a line, children indented, and spans as
// start:end.
func (re *Regexp) Dump() string {
	var b strings.Builder
	dumpLines(&b, re.Root, 0)
	return b.String()
}

func dumpLines(b *strings.Builder, n *Node, depth int) {
	fmt.Fprintf(b, "%s%s %d:%d\n", strings.Repeat("  ", depth), label(n), n.Span.Start, n.Span.End)
	for _, s := range n.Sub {
		dumpLines(b, s, depth+1)
	}
}

func dump(b *strings.Builder, n *Node) {
	b.WriteString(label(n))
	if len(n.Sub) == 0 {
		return
	}
	b.WriteByte('(')
	for i, s := range n.Sub {
		if i > 0 {
			b.WriteByte(' ')
		}
		dump(b, s)
	}
	b.WriteByte(')')
}

// label is everything of a node but its children and span.
func label(n *Node) string {
	var b strings.Builder
	switch n.Op {
	case OpSet:
		return "set" + n.Set.String()
	case OpRepeat:
		fmt.Fprintf(&b, "repeat{%d,%d}%s", n.Min, n.Max, [...]string{"", "?", "+"}[n.Greed])
	case OpGroup:
		if n.Index == 0 {
			return "group"
		}
		fmt.Fprintf(&b, "capture %d", n.Index)
	case OpLook:
		b.WriteString(lookName(n))
	case OpAssert:
		b.WriteString(n.Assert.String())
		if !n.Set.IsEmpty() {
			b.WriteString(n.Set.String())
		}
		if n.CRLF {
			b.WriteString(" crlf")
		}
	case OpBackref:
		fmt.Fprintf(&b, "backref %v", n.Refs)
		if n.Fold {
			b.WriteString(" fold")
		}
		if n.UnsetEmpty {
			b.WriteString(" unset-empty")
		}
	case OpConditional:
		b.WriteString("if " + n.Cond.String())
		if len(n.Refs) > 0 {
			fmt.Fprintf(&b, " %v", n.Refs)
		}
		if n.Negate {
			b.WriteString(" never")
		}
	case OpCall:
		fmt.Fprintf(&b, "call %d", n.Index)
	case OpVerb:
		b.WriteString("verb " + n.Verb.String())
	case OpCallout:
		fmt.Fprintf(&b, "callout %d", n.Index)
	case OpBalance:
		fmt.Fprintf(&b, "balance %d %v", n.Index, n.Refs)
	default:
		b.WriteString(n.Op.String())
	}
	if n.Name != "" {
		fmt.Fprintf(&b, " %q", n.Name)
	}
	return b.String()
}

func lookName(n *Node) string {
	name := "ahead"
	if n.Behind {
		name = "behind"
	}
	if n.Negate {
		name = "not-" + name
	}
	if n.NonAtomic {
		name = "non-atomic-" + name
	}
	return name
}

// String names the kind in lower case, as in dumps.
func (op Op) String() string {
	names := [...]string{"empty", "fail", "set", "concat", "alternate", "repeat", "group", "atomic", "look", "assert", "backref",
		"conditional", "call", "verb", "keep", "grapheme", "absent", "callout", "script-run", "balance"}
	return nameIn(names[:], int(op))
}

// String names the assertion in lower case, as in dumps.
func (a Assert) String() string {
	names := [...]string{"begin-text", "end-text", "end-text-optional", "begin-line", "begin-line-not-end", "end-line",
		"word-boundary", "not-word-boundary", "word-start", "word-end", "search-start"}
	return nameIn(names[:], int(a))
}

// String names the verb as it is written.
func (v Verb) String() string {
	names := [...]string{"ACCEPT", "COMMIT", "PRUNE", "SKIP", "THEN", "MARK"}
	return nameIn(names[:], int(v))
}

// String names the condition in lower case, as in dumps.
func (c Cond) String() string {
	names := [...]string{"group", "look", "recurse", "define", "const"}
	return nameIn(names[:], int(c))
}

func nameIn(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprint(i)
}
