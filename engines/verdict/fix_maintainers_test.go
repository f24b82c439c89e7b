package verdict

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A mended pattern is one that its maintainers have changed, before and after.
type mended struct {
	id     string
	before corpus.Pattern
	after  string
}

// mendedData are the incidents with a published fix, and the edits of rule
// changes; the test is skipped where the data are absent.
func mendedData(t *testing.T) map[string][]mended {
	t.Helper()
	dir := os.Getenv("NEARMISS_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	incidents, err := os.ReadFile(filepath.Join(dir, "incidents.jsonl"))
	if err != nil {
		t.Skipf("development data absent: set NEARMISS_DATA (%v)", err)
	}
	dialects := map[string]corpus.Dialect{"js": corpus.ECMAScript, "python": corpus.Python, "ruby": corpus.Ruby, "pcre": corpus.PCRE, "perl": corpus.PCRE, "dotnet": corpus.DotNet}
	out := map[string][]mended{}
	add := func(set, id, before, after, dialect, flags string) {
		f, err := corpus.ParseFlags(flags)
		if err == nil && after != "" && before != after {
			out[set] = append(out[set], mended{id, corpus.Pattern{Text: before, Dialect: dialects[dialect], Flags: f &^ corpus.GlobalFlag}, after})
		}
	}
	for line := range strings.Lines(string(incidents)) {
		var r struct {
			ID, Pattern, Dialect, Flags string
			Fixed                       string `json:"fixed_pattern"`
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		add("incidents", r.ID, r.Pattern, r.Fixed, r.Dialect, r.Flags)
	}
	metas, err := filepath.Glob(filepath.Join(dir, "changes", "*", "meta.json"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range metas {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			ID, Repo, Dialect string
			Edits             []struct{ Rule, Flags, Before, After string }
		}
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(err)
		}
		for _, e := range r.Edits {
			if k := e.Before + "\n" + e.After; !seen[k] {
				seen[k] = true
				add("changes", fmt.Sprintf("%s %s %s", r.ID, r.Repo, e.Rule), e.Before, e.After, r.Dialect, e.Flags)
			}
		}
	}
	return out
}

// TestMaintainersFixes holds the fixes that maintainers made of known incidents,
// and their changes of rules, against those found here: whether theirs match the
// same, and what they still cost. It logs a row of a table for each.
func TestMaintainersFixes(t *testing.T) {
	stride := *fixStride
	if stride == 0 {
		t.Skip("a campaign: run with -fixes=2")
	}
	for set, all := range mendedData(t) {
		if !strings.Contains(set, *fixSet) {
			continue
		}
		counts := map[string]int{}
		for i := 0; i < len(all); i += stride {
			x := all[i]
			v := Analyze(x.before, Options{})
			if v.Kind != Superlinear {
				counts["not super-linear before"]++
				continue
			}
			counts["super-linear before"]++
			q := x.before
			q.Text = x.after
			theirs := Analyze(q, Options{})
			cost := string(theirs.Kind)
			switch {
			case theirs.Kind == Superlinear && !v.Growth.Worse(theirs.Growth):
				cost = "no lower: " + described(theirs)
			case theirs.Kind == Superlinear:
				cost = "lower: " + described(theirs)
			}
			relation := language.Undecided
			if a, err := syntax.Parse(x.before); err == nil {
				if b, err := syntax.Parse(q); err == nil {
					relation = language.Compare(a, b, nil).Relation
				}
			}
			counts["theirs "+strings.SplitN(cost, ":", 2)[0]]++
			counts["their language: "+string(relation)]++
			ours, distance := "none", 0
			if fs := Fixes(v, FixOptions{}); len(fs) > 0 {
				ours, distance = string(fs[0].Safety)+" "+fs[0].Growth.Class.String(), edit(fs[0])
			}
			counts["ours "+ours]++
			changed := relation == language.Wider || relation == language.Narrower || relation == language.Other
			if (changed || theirs.Kind == Superlinear) && strings.HasPrefix(ours, "proved") {
				counts["ours proved where theirs changed the language or stayed super-linear"]++
			}
			if changed && ours == "proved linear" {
				counts["ours proved linear where theirs changed the language"]++
			}
			t.Logf("| %s | %s | %s | %s | %s | %d |", x.id, described(v), relation, cost, ours, distance)
		}
		for _, k := range slices.Sorted(maps.Keys(counts)) {
			t.Logf("%s: %-70s %d", set, k, counts[k])
		}
	}
}

func described(v Verdict) string {
	if v.Growth.Exponent > 0 {
		return fmt.Sprintf("n^%d", v.Growth.Exponent)
	}
	return v.Growth.Class.String()
}
