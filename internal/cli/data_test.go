package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// data is a folder of the development data; the test is skipped where it is
// absent.
func data(t *testing.T, elem ...string) string {
	t.Helper()
	root := os.Getenv("NEARMISS_DATA")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			if dir == filepath.Dir(dir) {
				t.Fatal("no go.mod above the test")
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(dir, "..", "shared", "data")
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("development data: %s is absent (NEARMISS_DATA)", filepath.Join(elem...))
	}
	return path
}

// decided is what a row of a gate says.
type decided struct {
	Rule, Decision, Verdict string
	ID                      string
	Schema                  int
	Reason                  *struct{ Code, Limit, Message string }
	DecisionReason          struct{ Code, Message string } `json:"decision_reason"`
	Changed                 []string
}

// gateRows runs a gate in this process.
func gateRows(t *testing.T, args ...string) (rows []decided, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(Command{Args: append([]string{"gate", "--format", "jsonl"}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs})
	if errs.Len() > 0 {
		t.Fatal(errs.String())
	}
	for d := json.NewDecoder(&out); ; {
		var r decided
		if err := d.Decode(&r); err == io.EOF {
			return rows, code
		} else if err != nil {
			t.Fatal(err)
		}
		if r.Schema == 1 {
			rows = append(rows, r)
		}
	}
}

// worst is the hardest decision of the rule's rows, "unchanged" without any.
func worst(rows []decided, rule string) (string, string) {
	order := []string{"unchanged", "accept", "debt", "error", "reject"}
	at, why := 0, ""
	for _, r := range rows {
		if r.Rule == rule || r.Rule == "" && r.ID == rule {
			if k := slices.Index(order, r.Decision); k > at {
				at, why = k, r.DecisionReason.Code+": "+r.DecisionReason.Message
			}
		}
	}
	return order[at], why
}

// An edit is one rule of a real change, with its label.
type edit struct {
	Rule, Flags   string
	Before, After *string
	Expect        string `json:"expect_vs_baseline"`
}

// TestChanges runs the gate over real rule changes and compares its decisions
// with their labels, which are lower bounds from match-limit counts.
func TestChanges(t *testing.T) {
	root := data(t, "changes")
	dirs, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]int{}
	for _, d := range dirs {
		raw, err := os.ReadFile(filepath.Join(root, d.Name(), "meta.json"))
		if err != nil {
			continue
		}
		var meta struct {
			Fmt, Dialect string
			Edits        []edit
		}
		if err := json.Unmarshal(raw, &meta); err != nil {
			t.Fatalf("%s: %v", d.Name(), err)
		}
		// Every day the introductions; all of it takes a quarter of a minute.
		if !*campaigns && !slices.ContainsFunc(meta.Edits, func(e edit) bool { return e.Expect == "reject" }) {
			continue
		}
		base, head := t.TempDir(), t.TempDir()
		if meta.Fmt == "seclang" {
			for from, to := range map[string]string{"before.conf": base, "after.conf": head} {
				b, err := os.ReadFile(filepath.Join(root, d.Name(), from))
				if err == nil {
					err = os.WriteFile(filepath.Join(to, "rules.conf"), b, 0o600)
				}
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
			}
		} else {
			dialect, mode := meta.Dialect, ""
			if dialect == "onigmo" {
				// Fragments of a larger pattern: judged as its label was, where
				// they must match all. PCRE2 reads them alike.
				dialect, mode = "pcre", "full"
			}
			var b, h strings.Builder
			for _, e := range meta.Edits {
				for w, text := range map[*strings.Builder]*string{&b: e.Before, &h: e.After} {
					if text != nil && *text != "" {
						row, err := json.Marshal(map[string]string{"id": e.Rule, "pattern": *text, "flags": e.Flags, "dialect": dialect, "mode": mode})
						if err != nil {
							t.Fatal(err)
						}
						fmt.Fprintf(w, "%s\n", row)
					}
				}
			}
			for dir, text := range map[string]string{base: b.String(), head: h.String()} {
				if err := os.WriteFile(filepath.Join(dir, "rules.jsonl"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		rows, code := gateRows(t, base, head)
		if code == ExitFault || code == ExitUsage {
			t.Errorf("%s: exit %d", d.Name(), code)
		}
		for _, e := range meta.Edits {
			got, why := worst(rows, e.Rule)
			table[fmt.Sprintf("%-8s → %s", e.Expect, got)]++
			if e.Expect == "reject" && got != "reject" {
				t.Errorf("%s rule %s: an introduction is %s (%s)", d.Name(), e.Rule, got, why)
			}
			if e.Expect == "accept" && (got == "reject" || got == "error") {
				t.Logf("%s rule %s: an ordinary edit is %s (%s)", d.Name(), e.Rule, got, why)
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(table)) {
		t.Logf("%3d  %s", table[k], k)
	}
}
