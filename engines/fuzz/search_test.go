package fuzz

import (
	"flag"
	"fmt"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

var campaign = flag.Bool("campaign", false, "search with large budgets, and the development data")

func (r row) compile(t testing.TB) (*syntax.Regexp, *backtrack.Program) {
	t.Helper()
	flags, err := corpus.ParseFlags(r.flags)
	if err != nil {
		t.Fatal(err)
	}
	p := corpus.Pattern{Text: r.pattern, Dialect: corpus.PCRE, Flags: flags, Mode: corpus.Search}
	if r.dialect != "" {
		p.Dialect = r.dialect
	}
	if r.mode != "" {
		p.Mode = r.mode
	}
	re, err := syntax.Parse(p)
	if err != nil {
		t.Skipf("%s does not parse yet: %v", r.pattern, err)
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		t.Skipf("%s does not compile: %v", r.pattern, err)
	}
	return re, prog
}

// satisfies reports whether a growth is the row's own: a bounded one may look
// like anything above linear.
func (r row) satisfies(g engines.Growth) bool {
	switch {
	case r.exponent == bounded_:
		return g.Class != engines.Linear
	case r.exponent == 0:
		return g.Class == engines.Exponential
	}
	return g.Class == engines.Polynomial && g.Exponent == r.exponent
}

// TestRows: the family that a row names grows as the row says.
func TestRows(t *testing.T) {
	for _, r := range rows {
		t.Run(r.kind+" "+r.pattern, func(t *testing.T) {
			re, prog := r.compile(t)
			s := NewSampler(re, prog, 0, 40_000_000)
			w := single(r.x, r.y, r.z)
			if r.y == "xy" { // the one row with two pumps
				w = attack.Witness{Pumps: []attack.Pump{{Pump: []byte("x")}, {Prefix: []byte(";"), Pump: []byte("y")}}}
			}
			growth, samples, ok := s.Measure(w)
			if !ok || !r.satisfies(growth) {
				t.Errorf("%v %d, want exponent %d; slopes %.2f, %d samples", growth.Class, growth.Exponent, r.exponent, engines.Slopes(samples), len(samples))
			}
		})
	}
}

// TestSearch: how many of the rows are found at a budget. The shares are what
// was measured, less a little.
func TestSearch(t *testing.T) {
	budgets := []uint64{1_000_000}
	if *campaign {
		budgets = []uint64{300_000, 1_000_000, 10_000_000}
	}
	for _, budget := range budgets {
		t.Run(fmt.Sprint(budget), func(t *testing.T) {
			total, found, exact := 0, 0, 0
			for _, r := range rows {
				t.Run("", func(t *testing.T) {
					re, prog := r.compile(t)
					total++
					res := Search(re, prog, Options{Seed: 1, Steps: budget})
					g := res.Growth()
					if g.Class != engines.Linear {
						found++
					} else {
						t.Logf("NOT FOUND %s %s: %d steps, %.0f a byte on %q", r.kind, r.pattern, res.Steps, res.StepsPerByte, first(string(res.Worst), 60))
						return
					}
					if r.satisfies(g) {
						exact++
					} else {
						t.Logf("OTHER %s %s: %v %d, known %d: %q", r.kind, r.pattern, g.Class, g.Exponent, r.exponent, res.Findings[0].Witness)
					}
				})
			}
			least := 0.97
			if budget < 1_000_000 {
				least = 0.90
			}
			if float64(exact) < least*float64(total) || float64(found) < (least+0.02)*float64(total) {
				t.Errorf("too few: see the next line")
			}
			t.Logf("%d steps: %d of %d found, %d with the known growth", budget, found, total, exact)
		})
	}
}
