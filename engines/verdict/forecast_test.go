package verdict

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// TestForecasts holds what the automaton foretells of families of inputs
// against the reference matcher, for every small pattern and family: the cost
// never grows faster than Most, and as fast as Least, exactly.
func TestForecasts(t *testing.T) {
	size := everydaySize
	if *campaign > 0 {
		size = *campaign
	}
	var attacks []attack.Witness
	for _, f := range append(families(), family{"", "ab", "ab"}, family{"a", "ba", ""}) {
		attacks = append(attacks, attack.Witness{
			Pumps:  []attack.Pump{{Prefix: []byte(f.x), Pump: []byte(f.y)}},
			Suffix: []byte(f.z),
		})
	}
	for _, z := range []string{"", "c", "b"} {
		attacks = append(attacks, attack.Witness{
			Pumps:  []attack.Pump{{Pump: []byte("a")}, {Prefix: []byte("b"), Pump: []byte("a")}},
			Suffix: []byte(z),
		})
	}
	work := make(chan corpus.Pattern)
	var wg sync.WaitGroup
	var mu sync.Mutex
	told, exact := 0, 0
	for range runtime.NumCPU() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for p := range work {
				k, e, fault := forecastsHold(p, attacks)
				mu.Lock()
				told, exact = told+k, exact+e
				mu.Unlock()
				if fault != "" {
					t.Errorf("%s %s %s: %s", p.Text, p.Dialect, p.Mode, fault)
				}
			}
		}()
	}
	dialects := []corpus.Dialect{corpus.PCRE, corpus.ECMAScript, corpus.Python, corpus.Java, corpus.DotNet, corpus.Ruby}
	for k := 1; k <= size; k++ {
		for i, text := range small.size(k) {
			for s, shape := range []string{"%s", "(?:%s)*c", "a*(?:%s)b|(?:a|b)*c"} {
				if k < size || i%9 == s {
					work <- corpus.Pattern{Text: fmt.Sprintf(shape, text), Dialect: dialects[i%len(dialects)], Mode: []corpus.Mode{corpus.Search, corpus.Full}[i%2]}
				}
			}
		}
	}
	close(work)
	wg.Wait()
	t.Logf("%d families of patterns up to size %d, %d foretold exactly as super-linear", told, size, exact)
	if exact*20 < told {
		t.Errorf("only %d of %d families were foretold exactly", exact, told)
	}
}

// forecastsHold compares the forecasts for one pattern with replays.
func forecastsHold(p corpus.Pattern, families []attack.Witness) (told, exact int, fault string) {
	re, err := syntax.Parse(p)
	if err != nil {
		return 0, 0, ""
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return 0, 0, ""
	}
	run := prog.NewRunner()
	forecaster := analyzer.Analyze(re).Forecaster()
	for _, w := range families {
		f := forecaster.Forecast(w)
		if f.Most.Class == ambiguity.Exponential && !f.Exact() {
			continue
		}
		told++
		var samples []engines.Sample
		const counts, budget = 40, 1 << 17
		for n := 1; n <= counts; n++ {
			s := w.Bytes(n)
			res := run.Run(s, backtrack.Options{Steps: budget})
			if res.Steps >= budget {
				break
			}
			samples = append(samples, engines.Sample{N: n, Bytes: len(s), Cost: engines.Cost{Steps: res.Steps}, State: engines.NoMatch})
		}
		growth, _, _ := engines.Fit(samples)
		switch {
		case !engines.Known(growth):
			if f.Exact() && f.Most.Class == ambiguity.Polynomial && len(samples) == counts {
				return told, exact, fmt.Sprintf("%q: foretold %v, measured nothing in %d samples", w, f, len(samples))
			}
		case growth.Worse(f.Most):
			return told, exact, fmt.Sprintf("%q: at most %v foretold, %v measured", w, f.Most, growth)
		case f.Exact():
			if exact++; growth != f.Least {
				return told, exact, fmt.Sprintf("%q: %v foretold, %v measured", w, f.Least, growth)
			}
		}
	}
	return told, exact, ""
}
