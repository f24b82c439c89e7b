package seclang

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/readertest"
)

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A crude is what crudeCount finds in a file: no parser, only joined lines and
// a look for the operator behind a quote.
type crude struct{ rx, without, ids int }

var (
	crudeComment = regexp.MustCompile(`(?m)^[ \t]*#.*$`)
	crudeJoin    = regexp.MustCompile(`\\\r?\n`)
	crudeRule    = regexp.MustCompile(`(?i)^\s*SecRule\s+\S+\s+"(!?@\w+)?`)
	crudeID      = regexp.MustCompile(`[",\s]id:'?(\d+)`)
)

func crudeCount(data []byte) (c crude, ids []string) {
	src := crudeComment.ReplaceAllString(string(data), "")
	for _, l := range strings.Split(crudeJoin.ReplaceAllString(src, ""), "\n") {
		m := crudeRule.FindStringSubmatch(l)
		if m == nil {
			continue
		}
		switch op := strings.ToLower(strings.TrimPrefix(m[1], "!")); {
		case op == "@rx", op == "@rxglobal", strings.HasPrefix(op, "@verifyc"), strings.HasPrefix(op, "@verifys"):
			c.rx++
		case op == "":
			c.without++
		default:
			continue
		}
		if m := crudeID.FindStringSubmatch(l); m != nil {
			c.ids++
			ids = append(ids, m[1])
		}
	}
	return c, ids
}

func operatorPatterns(res corpus.Result) (list []corpus.Pattern) {
	for _, p := range res.Patterns {
		if p.Context.Role == roleOperator {
			list = append(list, p)
		}
	}
	return list
}

// TestCRS finds every operator pattern of OWASP CRS, compared with a count by
// regular expressions over the joined lines.
func TestCRS(t *testing.T) {
	data := readertest.DevelopmentData(t)
	for _, version := range []string{"crs-v3.3.2", "crs-v4.0.0"} {
		files, err := filepath.Glob(filepath.Join(data, "rules", version, "rules", "*.conf*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files (%v)", version, err)
		}
		files = append(files, filepath.Join(data, "rules", version, "crs-setup.conf.example"))
		operators, selectors, directives, bytes := 0, 0, 0, 0
		for _, f := range files {
			src := readFile(t, f)
			bytes += len(src)
			res := Reader{}.Read(filepath.Base(f), src)
			for _, p := range res.Problems {
				t.Errorf("%s: %v", p.Code, p)
			}
			want, ids := crudeCount(src)
			got := operatorPatterns(res)
			if len(got) != want.rx+want.without {
				t.Errorf("%s: %d operator patterns, expected %d", f, len(got), want.rx+want.without)
			}
			var gotIDs []string
			for _, p := range got {
				if !strings.Contains(p.Source.Rule, "#chain") {
					gotIDs = append(gotIDs, p.Source.Rule)
				}
				if p.Source.Rule == "" || p.ID != p.Source.Rule {
					t.Errorf("%s:%v: pattern %q of rule %q", f, p.Source.Pos, p.ID, p.Source.Rule)
				}
			}
			if strings.Join(gotIDs, " ") != strings.Join(ids, " ") {
				t.Errorf("%s: rule ids\n%v, expected\n%v", f, gotIDs, ids)
			}
			operators += len(got)
			for _, p := range res.Patterns {
				switch p.Context.Role {
				case roleSelector:
					selectors++
				case roleDirective:
					directives++
				}
			}
			check(t, src, res)
		}
		t.Logf("%s: %d files, %d bytes: %d operator patterns, %d selectors, %d of directives", version, len(files), bytes, operators, selectors, directives)
	}
}

// TestChanges reads both sides of every real rule change and finds the edited
// rules with the text that its record says.
func TestChanges(t *testing.T) {
	data := readertest.DevelopmentData(t)
	metas, err := filepath.Glob(filepath.Join(data, "changes", "*", "meta.json"))
	if err != nil || len(metas) == 0 {
		t.Fatalf("no changes (%v)", err)
	}
	formats := map[string]int{}
	problems := map[string]int{}
	rules, same := 0, 0
	for _, meta := range metas {
		var m struct {
			Fmt   string
			Edits []struct{ Rule, Before, After string }
		}
		if err := json.Unmarshal(readFile(t, meta), &m); err != nil {
			t.Fatal(err)
		}
		formats[m.Fmt]++
		if m.Fmt != "seclang" {
			continue
		}
		texts := map[string]map[string][]string{}
		for _, side := range []string{"before", "after"} {
			src := readFile(t, filepath.Join(filepath.Dir(meta), side+".conf"))
			res := Reader{}.Read(side+".conf", src)
			for _, p := range res.Problems {
				problems[p.Code]++
			}
			want, _ := crudeCount(src)
			if got := operatorPatterns(res); len(got) != want.rx+want.without {
				t.Errorf("%s/%s: %d operator patterns, expected %d", filepath.Dir(meta), side, len(got), want.rx+want.without)
			}
			texts[side] = map[string][]string{}
			for _, p := range res.Patterns {
				texts[side][p.Source.Rule] = append(texts[side][p.Source.Rule], p.Text)
			}
			check(t, src, res)
		}
		for _, e := range m.Edits {
			for side, want := range map[string]string{"before": e.Before, "after": e.After} {
				if want == "" {
					continue
				}
				rules++
				rule, _, _ := strings.Cut(e.Rule, ":target") // a selector
				list := texts[side][rule]
				if len(list) == 0 {
					t.Errorf("%s/%s: rule %s is lost", filepath.Dir(meta), side, e.Rule)
					continue
				}
				// The record may keep \\ as it stands.
				if slices.Contains(list, want) || slices.Contains(list, strings.ReplaceAll(want, `\\`, `\`)) {
					same++
				} else {
					t.Errorf("%s/%s: rule %s reads\n%q, its record says\n%q", filepath.Dir(meta), side, e.Rule, list, want)
				}
			}
		}
	}
	t.Logf("formats: %v; %d of %d rule texts are the recorded ones; problems: %v", formats, same, rules, problems)
}
