package cli

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
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
	Pattern, Flags, Dialect string
	Witness                 *jsonAttack
	Engines                 map[string]struct {
		Model   string
		Witness *jsonAttack
	}
	Base *struct{ Pattern, Flags string }
}

// gateRows runs a gate in this process.
func gateRows(t *testing.T, args ...string) (rows []decided, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(Command{Args: append([]string{"gate", "--show-attacks", "--format", "jsonl"}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs})
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

// worst is the hardest decision of the rule's rows, "unchanged" without any,
// and the row that has it.
func worst(rows []decided, rule string) (string, decided) {
	order := []string{"unchanged", "accept", "debt", "error", "reject"}
	at := 0
	var row decided
	for _, r := range rows {
		if r.Rule == rule || r.Rule == "" && r.ID == rule {
			if k := slices.Index(order, r.Decision); k > at {
				at, row = k, r
			}
		}
	}
	return order[at], row
}

// An edit is one rule of a real change, with its labels: lower bounds from
// match-limit counts of libpcre2.
type edit struct {
	Rule, Flags   string
	Before, After *string
	Strict        string `json:"expect_strict"`
	Baseline      string `json:"expect_vs_baseline"`
}

var oneChange = flag.String("change", "", "with -campaign, look at the change of this number alone")

// TestChanges runs the gate over real rule changes, by default and strictly,
// and prints its decisions against their labels. No introduction may pass; an
// ordinary edit may be rejected only where a replay on libpcre2 shows that it
// costs more than before.
func TestChanges(t *testing.T) {
	root := data(t, "changes")
	dirs, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]map[string]int{"by default": {}, "strict": {}}
	shown := map[string]int{}
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
		// Every day the introductions; all of it takes minutes.
		if *oneChange != "" && d.Name() != *oneChange {
			continue
		}
		if !*campaigns && !slices.ContainsFunc(meta.Edits, func(e edit) bool { return e.Baseline == "reject" }) {
			continue
		}
		base, head := changed(t, filepath.Join(root, d.Name()), meta.Fmt, meta.Dialect, meta.Edits)
		for name, flags := range map[string][]string{"by default": nil, "strict": {"--strict"}} {
			rows, code := gateRows(t, append(flags, base, head)...)
			if code == ExitFault || code == ExitUsage {
				t.Errorf("%s: exit %d", d.Name(), code)
			}
			for _, e := range meta.Edits {
				label := e.Baseline
				if name == "strict" {
					label = e.Strict
				}
				got, row := worst(rows, e.Rule)
				tables[name][fmt.Sprintf("%-14s → %s", label, got)]++
				if label == "reject" && got != "reject" {
					t.Errorf("%s: %s rule %s: an introduction is %s (%s)", name, d.Name(), e.Rule, got, row.DecisionReason.Message)
				}
				if label != "reject" && label != "reject-or-warn" && (got == "reject" || got == "error") {
					r := onPCRE2(t, row)
					shown[name+": "+label+" → "+got+": "+r.how]++
					t.Logf("%s: %s rule %s, labelled %s, is %s (%s); on libpcre2: %s:%s", name, d.Name(), e.Rule, label, got, row.DecisionReason.Message, r.how, r.counts)
					if r.how == "not shown" || name == "by default" && label == "accept" && r.counts != "" && !r.worse {
						t.Errorf("%s: %s rule %s: no replay shows it", name, d.Name(), e.Rule)
					}
				}
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(shown)) {
		t.Logf("%3d  %s", shown[k], k)
	}
	for name, table := range tables {
		for _, k := range slices.Sorted(maps.Keys(table)) {
			t.Logf("%s: %3d  %s", name, table[k], k)
		}
	}
}

// changed are two directories with the change's rules before and after it.
func changed(t *testing.T, dir, format, dialect string, edits []edit) (base, head string) {
	t.Helper()
	base, head = t.TempDir(), t.TempDir()
	if format == "seclang" {
		for from, to := range map[string]string{"before.conf": base, "after.conf": head} {
			b, err := os.ReadFile(filepath.Join(dir, from))
			if err == nil {
				err = os.WriteFile(filepath.Join(to, "rules.conf"), b, 0o600)
			}
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		return base, head
	}
	mode := ""
	if dialect == "onigmo" {
		// Fragments of a larger pattern: judged as its label was, where they
		// must match all. PCRE2 reads them alike.
		dialect, mode = "pcre", "full"
	}
	for to, text := range map[string]func(edit) *string{base: func(e edit) *string { return e.Before }, head: func(e edit) *string { return e.After }} {
		var b strings.Builder
		for _, e := range edits {
			if p := text(e); p != nil && *p != "" {
				row, err := json.Marshal(map[string]string{"id": e.Rule, "pattern": *p, "flags": e.Flags, "dialect": dialect, "mode": mode})
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&b, "%s\n", row)
			}
		}
		if err := os.WriteFile(filepath.Join(to, "rules.jsonl"), []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return base, head
}

// A replayed is what libpcre2 says of a row's attacks.
type replayed struct {
	// how says what shows the growth: "match limits" or "time", "latent" where
	// the models say that PCRE2 is saved from it (which a strict policy
	// rejects all the same), "no such pattern", or "not shown".
	how string
	// worse says that the pattern's base costs less; counts are the limits.
	worse  bool
	counts string
}

// onPCRE2 replays a row's attacks on libpcre2: the match limits that every
// start needs, added up, at growing sizes, for the pattern and for its base.
// A possessified loop takes time and no limit: then the time is taken.
func onPCRE2(t *testing.T, r decided) (out replayed) {
	t.Helper()
	attacks := []jsonAttack{}
	latent := len(r.Engines) > 0
	for _, e := range r.Engines {
		if e.Witness != nil {
			attacks = append(attacks, *e.Witness)
		}
		latent = latent && e.Model != "superlinear"
	}
	if r.Witness != nil {
		attacks = append(attacks, *r.Witness)
	}
	out.how = "no such pattern"
	if r.Dialect != string(corpus.PCRE) {
		return out
	}
	for _, a := range attacks {
		now, ok := limits(t, r.Pattern, r.Flags, a)
		if !ok {
			continue
		}
		if out.how == "no such pattern" {
			out.how = "not shown"
		}
		out.counts += fmt.Sprintf(" %d", now)
		// Twice the pumps cost four times as much, or the cap is reached.
		k := len(now)
		switch {
		case now[k-1] >= mostLimit || k > 1 && now[k-1] >= 3*now[k-2]:
			out.how = "match limits"
		case out.how == "not shown" && takesTime(t, r.Pattern, r.Flags, a):
			out.how = "time"
		}
		if r.Base == nil {
			continue
		}
		if before, ok := limits(t, r.Base.Pattern, r.Base.Flags, a); ok {
			out.counts += fmt.Sprintf(" (before %d)", before)
			out.worse = out.worse || slices.Compare(now, before) > 0
		}
	}
	if out.how == "not shown" && latent {
		out.how = "latent"
	}
	return out
}

// text is the attack with every pump n times.
func (a jsonAttack) text(n int) []byte {
	var s string
	for _, p := range a.Pumps {
		s += p.Prefix + strings.Repeat(p.Pump, n)
	}
	return []byte(s + a.Suffix)
}

// takesTime reports whether a search takes about sixteen times as long on four
// times the bytes, once it takes milliseconds.
func takesTime(t *testing.T, text, flags string, a jsonAttack) bool {
	t.Helper()
	m := onLibrary(t, text, flags)
	if m == nil {
		return false
	}
	defer m.Close()
	least := func(n int) time.Duration { // of several, since a machine has other work
		s, best := a.text(n), time.Duration(1<<62)
		for range 9 {
			from := time.Now()
			m.Match(s, engines.Limits{Steps: 1 << 31})
			best = min(best, time.Since(from))
		}
		return best
	}
	n := 1 << 9
	for n < 1<<17 && least(n) < 5*time.Millisecond {
		n *= 2
	}
	return least(4*n) > 8*least(n)
}

// onLibrary is the pattern as libpcre2 has it, nil where it does not.
func onLibrary(t *testing.T, text, flags string) *pcre2.Matcher {
	t.Helper()
	f, err := corpus.ParseFlags(flags)
	if err != nil {
		return nil
	}
	m, err := pcre2.New().Compile(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Flags: f, Mode: corpus.Search})
	if err != nil {
		return nil
	}
	pm, _ := m.(*pcre2.Matcher)
	return pm
}

// jsonAttack is a witness as a row has it.
type jsonAttack struct {
	Pumps            []struct{ Prefix, Pump string }
	Suffix, Encoding string
}

// mostLimit caps the count of one start.
const mostLimit = 3_000_000

// limits are what libpcre2 counts for 8, 16, … pumps.
func limits(t *testing.T, text, flags string, a jsonAttack) (sums []uint64, ok bool) {
	t.Helper()
	if a.Encoding != "utf-8" {
		return nil, false
	}
	m := onLibrary(t, text, flags+"A")
	if m == nil {
		return nil, false
	}
	defer m.Close()
	for n := 8; n <= 64; n *= 2 {
		s := a.text(n)
		var sum uint64
		for from := range len(s) {
			limit, ok := m.SmallestLimit(s[from:], mostLimit)
			if !ok {
				limit = mostLimit
			}
			if sum += limit; sum >= mostLimit {
				break
			}
		}
		if sums = append(sums, sum); sum >= mostLimit {
			break
		}
	}
	return sums, true
}
