package gate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// occ reads "file rule text", with ? for no rule.
func occ(s string) *occurrence {
	f := strings.Fields(s)
	o := &occurrence{Pattern: corpus.Pattern{Text: f[2], Source: corpus.Source{File: f[0], Rule: f[1]}}}
	if f[1] == "?" {
		o.Source.Rule = ""
	}
	if len(f) > 3 {
		o.Context.Variables = f[3:]
	}
	return o
}

func occs(s string) (out []*occurrence) {
	for l := range strings.SplitSeq(s, ";") {
		if strings.TrimSpace(l) != "" {
			out = append(out, occ(l))
		}
	}
	return out
}

func name(o *occurrence) string {
	if o == nil {
		return "new"
	}
	return strings.Join(append([]string{o.Source.File, o.Source.Rule, o.Text}, o.Context.Variables...), " ")
}

func TestPair(t *testing.T) {
	for _, c := range []struct {
		what, base, head string
		want             []string // the partner of each of head
		removed          []string
	}{
		{"same", "a 1 x; a 2 y", "a 1 x; a 2 y", []string{"a 1 x", "a 2 y"}, nil},
		{"changed text", "a 1 x", "a 1 y", []string{"a 1 x"}, nil},
		{"moved to another file", "a 1 x; a 2 y", "b 2 y; a 1 x", []string{"a 2 y", "a 1 x"}, nil},
		{"moved and changed", "a 1 x", "b 1 y", []string{"a 1 x"}, nil},
		{"swapped texts keep their rules", "a 1 x; a 2 y", "a 1 y; a 2 x", []string{"a 1 x", "a 2 y"}, nil},
		{"new name, same text", "a 1 x", "a 9 x", []string{"a 1 x"}, nil},
		{"new name, same text, other variables", "a 1 x ARGS", "a 9 x URI", []string{"a 1 x ARGS"}, nil},
		{"no name", "a ? x; a ? y", "a ? y; a ? z", []string{"a  y", "new"}, []string{"a  x"}},
		{"a copy is new", "a 1 x", "a 1 x; a 2 x", []string{"a 1 x", "new"}, nil},
		{"a copy before it is new", "a 1 x", "a 2 x; a 1 x", []string{"new", "a 1 x"}, nil},
		{"duplicate names, one removed", "a 1 x; a 1 y; a 1 z", "a 1 y; a 1 w", []string{"a 1 y", "a 1 x"}, []string{"a 1 z"}},
		{"duplicate names in two files", "a 1 x; b 1 x", "b 1 x; a 1 y", []string{"b 1 x", "a 1 x"}, nil},
		{"content before order", "a 1 x U; a 1 x V", "a 1 x V; a 1 x U", []string{"a 1 x V", "a 1 x U"}, nil},
		{"all removed", "a 1 x; a 2 y", "", nil, []string{"a 1 x", "a 2 y"}},
		{"all new", "", "a 1 x", []string{"new"}, nil},
	} {
		pairs, removed := pair(occs(c.base), occs(c.head))
		var got, gone []string
		for _, p := range pairs {
			got = append(got, name(p.base))
		}
		for _, r := range removed {
			gone = append(gone, name(r))
		}
		if d := cmp.Diff([][]string{c.want, c.removed}, [][]string{got, gone}); d != "" {
			t.Errorf("%s: %s", c.what, d)
		}
	}
}

// Whatever is paired: every pattern of head appears once and in its order,
// every pattern of base at most once, and what is the same on both sides in
// name and content is paired with its like.
func TestPairProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		var sides [2]string
		for i := range sides {
			for range r.IntN(6) {
				sides[i] += fmt.Sprintf("%c %c %c;", "ab"[r.IntN(2)], "12?"[r.IntN(3)], "xyz"[r.IntN(3)])
			}
		}
		base, head := occs(sides[0]), occs(sides[1])
		pairs, removed := pair(base, head)
		used := map[*occurrence]int{}
		for i, p := range pairs {
			if p.head != head[i] {
				t.Fatalf("%v: order", sides)
			}
			if p.base != nil {
				used[p.base]++
			}
		}
		for _, o := range removed {
			used[o]++
		}
		for _, b := range base {
			if used[b] != 1 {
				t.Fatalf("%v: %s used %d times", sides, name(b), used[b])
			}
		}
		like := map[string]int{}
		for _, b := range base {
			like[name(b)]++
		}
		for _, h := range head {
			like[name(h)]--
		}
		for _, p := range pairs {
			if p.base != nil && name(p.base) != name(p.head) && p.head.Source.Rule != "" && like[name(p.head)] > 0 {
				t.Fatalf("%v: %s was paired with %s", sides, name(p.head), name(p.base))
			}
		}
	}
}

func TestChanges(t *testing.T) {
	base := corpus.Pattern{Text: "x", Dialect: corpus.PCRE, Context: corpus.Context{Variables: []string{"ARGS"}, Transformations: []string{"lowercase"}, ByteLimit: 9, Profiles: []string{"php"}}}
	for want, change := range map[string]func(*corpus.Pattern){
		"": func(p *corpus.Pattern) {
			p.Mode = corpus.Search
			p.ID = "y"
			p.Source.Rule = "z"
			p.Context.Captures = true
		},
		ChangedPattern:           func(p *corpus.Pattern) { p.Text = "y" },
		ChangedFlags:             func(p *corpus.Pattern) { p.Flags = corpus.DotAll },
		ChangedDialect:           func(p *corpus.Pattern) { p.Dialect = corpus.Go },
		ChangedMode:              func(p *corpus.Pattern) { p.Mode = corpus.Global },
		ChangedNegation:          func(p *corpus.Pattern) { p.Context.Negated = true },
		ChangedVariables:         func(p *corpus.Pattern) { p.Context.Variables = []string{"ARGS", "XML"} },
		ChangedTransformations:   func(p *corpus.Pattern) { p.Context.Transformations = nil },
		ChangedLimits:            func(p *corpus.Pattern) { p.Context.ByteLimit = 10 },
		ChangedProfiles:          func(p *corpus.Pattern) { p.Context.Profiles = nil },
		"pattern flags negation": func(p *corpus.Pattern) { p.Text = "y"; p.Flags = corpus.DotAll; p.Context.Negated = true },
	} {
		head := base
		change(&head)
		if got := strings.Join(changes(base, head, new(occurrence), new(occurrence)), " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	head := base
	head.Context.MultiMatch = true
	if got := changes(base, head, new(occurrence), new(occurrence)); len(got) != 1 || got[0] != ChangedTransformations {
		t.Errorf("multiMatch: %v", got)
	}
	if got := changes(base, base, new(occurrence), &occurrence{targets: "x", actions: "y"}); strings.Join(got, " ") != ChangedVariables+" "+ChangedTransformations {
		t.Errorf("updates: %v", got)
	}
}

func TestCounterpart(t *testing.T) {
	row := func(f corpus.Flags, profiles ...string) corpus.Pattern {
		return corpus.Pattern{Dialect: corpus.PCRE, Flags: f, Context: corpus.Context{Profiles: profiles}}
	}
	base := []corpus.Pattern{row(corpus.DotAll, "a"), row(corpus.Multiline, "b"), row(corpus.Extended, "c")}
	for _, c := range []struct {
		head corpus.Pattern
		want int
	}{
		{row(corpus.Multiline, "a"), 1}, {row(corpus.Caseless, "c"), 2}, {row(corpus.Caseless, "z"), 0},
	} {
		if got := counterpart(base, c.head); got != &base[c.want] {
			t.Errorf("%+v: %+v", c.head, got)
		}
	}
	if counterpart(nil, base[0]) != nil {
		t.Error("a counterpart of nothing")
	}
}
