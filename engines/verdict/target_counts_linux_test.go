package verdict

import (
	"flag"
	"math"
	"slices"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
)

var countRows = flag.Int("counts", 0, "rows of each set of the development data whose model counts are held against the library's; 0 for none")

// TestLiveCounts holds what the model of PCRE2 counts against the library's
// own counts, on the model's best attack of each super-linear pattern: the
// calls of one start against the smallest match limit, the steps of a search
// against the sum of smallest limits over all starts. Both are deterministic.
// It is a campaign: run it with -counts=400.
func TestLiveCounts(t *testing.T) {
	if *countRows == 0 {
		t.Skip("a campaign: run with -counts=400")
	}
	e := pcre2.New()
	if _, err := e.Version(); err != nil {
		t.Skip(err)
	}
	var calls, totals []pair
	for _, name := range []string{"labelled/sok-polynomial.jsonl", "labelled/sok-exponential.jsonl", "labelled/npm-vulnerable-packages.jsonl", "incidents.jsonl"} {
		for _, p := range dataRows(t, name, *countRows) {
			c, s := counted(t, e, p)
			calls, totals = append(calls, c...), append(totals, s...)
		}
	}
	report := func(what string, ps []pair) {
		var ratios []float64
		for _, p := range ps {
			ratios = append(ratios, p.live/p.model)
		}
		slices.Sort(ratios)
		at := func(q float64) float64 { return ratios[int(q*float64(len(ratios)-1))] }
		t.Logf("%s: %d pairs, correlation of logarithms %.4f; live by model: least %.3g, 1%% %.3g, median %.3g, 99%% %.3g, most %.3g",
			what, len(ps), correlation(ps), at(0), at(0.01), at(0.5), at(0.99), at(1))
	}
	report("calls of one start by smallest match limit", calls)
	report("steps of a search by total limit", totals)
}

type pair struct{ model, live float64 }

// correlation is Pearson's, of the logarithms.
func correlation(ps []pair) float64 {
	var n, sx, sy, xx, yy, xy float64
	for _, p := range ps {
		x, y := math.Log(p.model), math.Log(p.live)
		n, sx, sy, xx, yy, xy = n+1, sx+x, sy+y, xx+x*x, yy+y*y, xy+x*y
	}
	return (n*xy - sx*sy) / math.Sqrt((n*xx-sx*sx)*(n*yy-sy*sy))
}

// counted are the counts of one pattern's attack at growing sizes.
func counted(t *testing.T, e engines.Engine, p corpus.Pattern) (calls, totals []pair) {
	re, err := syntax.Parse(p)
	if err != nil {
		return nil, nil
	}
	v := Analyze(p, Options{Engines: []string{"pcre2"}})
	if v.Kind != Superlinear || len(v.Targets) == 0 {
		return nil, nil
	}
	live, err := e.Compile(p)
	if err != nil {
		return nil, nil
	}
	defer live.Close()
	m, err := backtrack.NewModel(re, "pcre2")
	if err != nil {
		return nil, nil
	}
	w := v.Witnesses[0]
	if v.Targets[0].Model == TargetSuperlinear {
		w = v.Targets[0].Witness
	}
	c := live.(engines.LimitCounter)
	for n := 2; w.Len(n) <= 256; n += 1 + n/2 {
		subject := w.Bytes(n)
		steps := m.Run(subject, backtrack.Options{Steps: 5_000_000}).Steps
		if steps >= 5_000_000 {
			break
		}
		if total, ok := c.TotalLimit(subject, 1<<20); ok && total > 0 {
			totals = append(totals, pair{float64(steps), float64(total)})
			if total > steps {
				t.Logf("total %d, steps %d: /%s/%s on %q n %d, %s", total, steps, p.Text, p.Flags, w, n, v.Targets[0].Model)
			}
		}
		if limit, ok := c.SmallestLimit(subject, 1<<20); ok {
			count, _ := m.Calls(subject, backtrack.Options{})
			calls = append(calls, pair{float64(count), float64(limit)})
		}
	}
	return calls, totals
}
