package nfa

import (
	"fmt"
	"strings"
)

// Dot writes the automaton in Graphviz's language, one node for each state and
// one for a match. Edges are labelled with their characters, and with their
// multiplicity where it is above one; those of the atoms that mark names are
// heavy. What takes no character of a match is dashed: the search loop, and
// conditions on what follows.
func (a *Automaton) Dot(title string, mark func(Atom) bool) string {
	var b strings.Builder
	b.WriteString("digraph nearmiss {\n  rankdir=LR;\n  node [shape=circle];\n")
	fmt.Fprintf(&b, "  label=\"%s\";\n  match [shape=doublecircle];\n", dotText(title))
	for i := range a.States {
		label := fmt.Sprint(i)
		if int32(i) == a.Search {
			label = "search"
		}
		fmt.Fprintf(&b, "  %d [label=\"%s\"];\n", i, label)
		for _, e := range a.States[i].Out {
			label := a.describe(e.On)
			if e.AtEnd {
				label = strings.TrimPrefix(label+" or end", "[] or ")
			}
			if e.Mult > 1 {
				label += fmt.Sprintf(" ×%d", e.Mult)
			}
			to, style := fmt.Sprint(e.To), ""
			switch {
			case e.Kind == Accept:
				to, style = "match", ", style=dotted"
			case e.Kind == Exit:
				to, style = fmt.Sprintf("exit%d", e.Region), ", style=dotted"
			case e.Atom < 0:
				style = ", style=dashed"
			case mark(a.Atoms[e.Atom]):
				style = ", penwidth=3, color=red"
			}
			fmt.Fprintf(&b, "  %d -> %s [label=\"%s\"%s];\n", i, to, dotText(label), style)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// dotText is a text inside a string of Graphviz's language.
func dotText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\\n`).Replace(strings.ToValidUTF8(s, "\uFFFD"))
}
