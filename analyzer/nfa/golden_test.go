package nfa

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

var update = flag.Bool("update", false, "rewrite the automata in testdata")

// TestGolden lowers the pattern of each testdata/*.txtar and compares the
// automaton with the one written there. A file holds a comment, which says
// what is to be seen; "pattern", its text behind a line "dialect mode flags";
// and "automaton".
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if len(ar.Files) == 0 || ar.Files[0].Name != "pattern" {
				t.Fatal("the first file is to be the pattern")
			}
			a, err := Lower(parseCase(t, string(ar.Files[0].Data)))
			var got string
			if err != nil {
				got = "error: " + err.Error() + "\n"
			} else {
				check(t, a)
				got = a.String() + remarks(a)
			}
			if *update {
				ar.Files = append(ar.Files[:1], txtar.File{Name: "automaton", Data: []byte(got)})
				if err := os.WriteFile(f, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(ar.Files) < 2 || string(ar.Files[1].Data) != got {
				t.Errorf("got\n%s\n(-update rewrites the file; read it before it is kept)", got)
			}
		})
	}
}

// parseCase reads "dialect mode flags", a newline, and the pattern.
func parseCase(t *testing.T, text string) *syntax.Regexp {
	t.Helper()
	head, body, _ := strings.Cut(text, "\n")
	words := strings.Fields(head)
	p := corpus.Pattern{Text: strings.TrimSuffix(body, "\n"), Dialect: corpus.Dialect(words[0]), Mode: corpus.Mode(words[1])}
	if len(words) > 2 {
		flags, err := corpus.ParseFlags(words[2])
		if err != nil {
			t.Fatal(err)
		}
		p.Flags = flags
	}
	re, err := syntax.Parse(p)
	if err != nil {
		t.Fatal(err)
	}
	return re
}

// remarks are what an automaton says beside its states.
func remarks(a *Automaton) string {
	var b strings.Builder
	for _, c := range a.Over {
		fmt.Fprintf(&b, "over %s at %d-%d\n", c.Name, c.Span.Start, c.Span.End)
	}
	for _, l := range a.Counters {
		fmt.Fprintf(&b, "counter {%d,%d} at %d-%d\n", l.Min, l.Max, l.Span.Start, l.Span.End)
	}
	if a.NoPrune {
		b.WriteString("no pruning\n")
	}
	return b.String()
}

// check holds what every automaton must be: targets and indices in range,
// edges that can be taken, states that can be reached, weights that pay for
// every edge.
func check(t *testing.T, a *Automaton) {
	t.Helper()
	edges := 0
	reached := make([]bool, len(a.States))
	reached[0] = true
	for i := range a.States {
		s := &a.States[i]
		edges += len(s.Out)
		if s.Weight < 1 {
			t.Errorf("state %d weighs %v", i, s.Weight)
		}
		for k := range s.Out {
			e := &s.Out[k]
			moves := e.Kind == Step || e.Kind == Ghost
			switch {
			case e.Mult == 0:
				t.Errorf("state %d edge %d has no path", i, k)
			case moves && (e.To < 0 || int(e.To) >= len(a.States)):
				t.Fatalf("state %d edge %d leads to %d", i, k, e.To)
			case moves && e.On.IsEmpty():
				t.Errorf("state %d edge %d is on nothing", i, k)
			case e.Kind == Accept && e.On.IsEmpty() && !e.AtEnd:
				t.Errorf("state %d edge %d accepts nowhere", i, k)
			case !a.Classes.All().Contains(e.On):
				t.Errorf("state %d edge %d is on classes that there are not", i, k)
			case int(e.Atom) >= len(a.Atoms):
				t.Errorf("state %d edge %d belongs to atom %d of %d", i, k, e.Atom, len(a.Atoms))
			case e.Over != (e.Past != 0):
				t.Errorf("state %d edge %d: over %v, past %d", i, k, e.Over, e.Past)
			}
			if moves {
				reached[e.To] = true
			}
		}
	}
	for i, ok := range reached {
		if !ok {
			t.Errorf("state %d is led to by no edge", i)
		}
	}
	if edges != a.Edges {
		t.Errorf("%d edges are counted as %d", edges, a.Edges)
	}
	if a.Search >= int32(len(a.States)) {
		t.Errorf("search state %d of %d", a.Search, len(a.States))
	}
}
