package verdict

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

var (
	tableSize  = flag.Int("engine-table", 0, "super-linear rows of each labelled set in the table of engines; 0 for none")
	modelCosts = flag.Int("model-costs", 0, "rows of each set on whose linear patterns the models' costs are held against the reference's; 0 for none")
)

// tableEngines are the engines of the table, each with the dialect that it
// reads a pattern in.
var tableEngines = []struct {
	name    string
	dialect corpus.Dialect
}{
	{"pcre2", corpus.PCRE}, {"pcre2-jit", corpus.PCRE}, {"pcre2-jit+fallback", corpus.PCRE},
	{"regexp2-v1", corpus.DotNet}, {"regexp2-v2", corpus.DotNet}, {"v8", corpus.ECMAScript}, {"cpython", corpus.Python},
	{"re2", corpus.Go}, {"stdlib", corpus.Go},
}

// TestEngineTable prints, by the models, what becomes of known super-linear
// patterns on each engine: the incidents that were replayed, and the first
// super-linear rows of the labelled sets. It is a campaign: -engine-table=300.
func TestEngineTable(t *testing.T) {
	if *tableSize == 0 {
		t.Skip("a campaign: run with -engine-table=300")
	}
	for _, set := range []struct {
		name, status string
		most         int
	}{
		{"incidents.jsonl", "verified-", 1 << 20},
		{"labelled/sok-polynomial.jsonl", "", *tableSize}, {"labelled/sok-exponential.jsonl", "", *tableSize},
		{"labelled/npm-vulnerable-packages.jsonl", "", *tableSize},
	} {
		counts := map[string]map[string]int{}
		taken := 0
		for _, p := range statusRows(t, set.name, set.status) {
			if taken == set.most {
				break
			}
			if set.status == "" && Analyze(p, Options{}).Kind != Superlinear {
				continue
			}
			taken++
			byDialect := map[corpus.Dialect]Verdict{}
			for _, e := range tableEngines {
				q := p
				q.Dialect = e.dialect
				v, ok := byDialect[e.dialect]
				if !ok {
					v = Analyze(q, Options{})
					byDialect[e.dialect] = v
				}
				word := fate(q, v, e.name)
				if counts[e.name] == nil {
					counts[e.name] = map[string]int{}
				}
				counts[e.name][word]++
				if set.status != "" && e.name == "pcre2" && word != TargetSuperlinear {
					t.Logf("%s, %s on pcre2: %s /%s/%s", p.ID, word, v.Kind, p.Text, p.Flags)
				}
			}
		}
		t.Logf("%s: %d rows: super-linear, latent, linear, unsupported, unknown", set.name, taken)
		for _, e := range tableEngines {
			c := counts[e.name]
			t.Logf("| %s | %d | %d | %d | %d | %d |", e.name, c[TargetSuperlinear], c[TargetLatent], c[TargetLinear], c[TargetUnsupported], c["unknown"])
		}
	}
}

// fate is what an engine's model says of a pattern with that verdict.
func fate(p corpus.Pattern, v Verdict, engine string) string {
	re, err := syntax.Parse(p)
	if err != nil || v.Kind == Invalid {
		return TargetUnsupported
	}
	v = v.onTargets(re, v.unneeded(re, nil), Options{Engines: []string{engine}})
	if len(v.Targets) == 0 {
		return "unknown"
	}
	return v.Targets[0].Model
}

// statusRows are the rows of a set whose status begins so, read as PCRE.
func statusRows(t *testing.T, name, status string) []corpus.Pattern {
	t.Helper()
	dir := os.Getenv("NEARMISS_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("the development data is absent: %v", err)
	}
	var out []corpus.Pattern
	seen := map[string]bool{}
	in := bufio.NewScanner(bytes.NewReader(b))
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		var row struct{ ID, Pattern, Flags, Status string }
		if json.Unmarshal(in.Bytes(), &row) != nil || row.Pattern == "" || !strings.HasPrefix(row.Status, status) {
			continue
		}
		flags, _ := corpus.ParseFlags(row.Flags)
		p := corpus.Pattern{ID: row.ID, Text: row.Pattern, Dialect: corpus.PCRE, Flags: flags &^ corpus.GlobalFlag}
		if key := p.Text + "/" + p.Flags.String(); !seen[key] {
			seen[key] = true
			out = append(out, p)
		}
	}
	return out
}

// TestModelCosts: a prefilter costs, too. On linear patterns no model makes
// more than four times the steps for each byte that the reference makes, at
// the most, on the same subjects. It is a campaign: -model-costs=400.
func TestModelCosts(t *testing.T) {
	if *modelCosts == 0 {
		t.Skip("a campaign: run with -model-costs=400")
	}
	const most = 4
	patterns, runs, worst := 0, 0, 0.0
	for _, set := range []string{"benchmarks/corpus.jsonl", "benchmarks/snort.jsonl", "labelled/npm-vulnerable-packages.jsonl", "chroma-regexp2.jsonl"} {
		rows := statusRows(t, set, "")
		for _, p := range rows[:min(len(rows), *modelCosts)] {
			for _, e := range tableEngines[:len(tableEngines)-2] {
				q := p
				q.Dialect = e.dialect
				n, ratio, subject := modelCost(q, e.name)
				if n > 0 {
					patterns++
				}
				if runs += n; ratio > worst {
					worst = ratio
				}
				if ratio > most {
					t.Errorf("%s makes %.1f times the steps of the reference for each byte of %.60q: /%s/%s", e.name, ratio, subject, p.Text, p.Flags)
				}
			}
		}
	}
	t.Logf("%d patterns on their engines, %d runs: at most %.2f times the reference's steps for each byte", patterns, runs, worst)
}

// modelCost is the ratio of the steps for each byte that a model makes at the
// most and those that the reference makes at the most, over subjects near a
// linear pattern, short ones and repeated ones.
func modelCost(p corpus.Pattern, engine string) (runs int, ratio float64, worst []byte) {
	v := Analyze(p, Options{})
	re, err := syntax.Parse(p)
	if err != nil || v.Kind != Linear || v.StepsPerByte == 0 {
		return 0, 0, nil
	}
	m, err := backtrack.NewModel(re, engine)
	in := newInputs(re)
	if err != nil || in == nil {
		return 0, 0, nil
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return 0, 0, nil
	}
	in.most = min(in.most, 50)
	model, reference := 0.0, 0.0
	random := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		s := in.next()
		if len(s) > 0 && random.IntN(2) == 0 {
			s = bytes.Repeat(s, 1+random.IntN(1+1000/len(s)))
		}
		runs++
		perByte := func(steps uint64) float64 { return float64(steps) / float64(len(s)+1) }
		reference = max(reference, perByte(prog.Run(s, backtrack.Options{}).Steps))
		if r := perByte(m.Run(s, backtrack.Options{}).Steps); r > model {
			model, worst = r, s
		}
	}
	return runs, model / max(reference, 1), worst
}
