package verdict

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
	"github.com/nearmiss-dev/nearmiss/engines/regexp2"
)

var fixInputs = flag.Int("fixinputs", 300, "inputs on which each fix of the survey is compared with its pattern, on every engine")

// TestFixesOnEngines compares every fix that is called proved with its pattern,
// on the reference matcher and on PCRE2 or regexp2: on all short words over
// their alphabet, and on random words that they match or nearly match. There
// must be no difference.
func TestFixesOnEngines(t *testing.T) {
	rows := slices.DeleteFunc(fixData(t), func(r fixRow) bool { return !strings.Contains(r.set, *fixSet) })
	stride := *fixStride
	if stride == 0 {
		stride = 1499
	}
	live := liveEngines()
	fixes, compared, wrong := 0, 0, 0
	for i := 0; i < len(rows); i += stride {
		dialects := []corpus.Dialect{corpus.PCRE, corpus.DotNet}
		if own := rows[i].p.Dialect; !slices.Contains(dialects, own) {
			dialects = append(dialects, own)
		}
		for _, dialect := range dialects {
			p, flags := rows[i].p, rows[i].flags
			if p.Dialect = dialect; dialect == corpus.DotNet {
				// Other dialects' flags are unknown there.
				p.Flags, flags = p.Flags&^corpus.DollarEndOnly, nil
			}
			v := Analyze(p, Options{})
			for _, use := range []fix.Use{fix.Match, fix.Span} {
				for _, target := range []fix.Target{fix.RE2, fix.PCRE2} {
					for _, f := range Fixes(v, FixOptions{Use: use, Target: target, Flags: flags}) {
						if f.Safety != Proved {
							continue
						}
						fixes++
						n, differs := compareFix(t, p, f, live[dialect])
						compared += n
						if differs != "" {
							wrong++
							t.Errorf("%s %q (%s) and its fix %q for %s: %s", dialect, p.Text, p.Flags, f.Pattern, use, differs)
						}
					}
				}
			}
		}
	}
	t.Logf("%d fixes, %d comparisons, %d fixes wrong", fixes, compared, wrong)
	if fixes == 0 {
		t.Error("no fix was compared")
	}
}

// liveEngines are the engines of this machine that fixes are compared on, by
// dialect.
func liveEngines() map[corpus.Dialect]engines.Engine {
	live := map[corpus.Dialect]engines.Engine{corpus.DotNet: regexp2.NewV2()}
	if e := pcre2.New(); engineHere(e) {
		live[corpus.PCRE] = e
	}
	return live
}

func engineHere(e engines.Engine) bool {
	m, err := e.Compile(corpus.Pattern{Text: "a", Dialect: corpus.PCRE})
	if err == nil {
		m.Close()
	}
	return err == nil
}

// compareFix runs a pattern and its fix on the reference and on a live engine,
// which may be nil, and says on what they differ.
func compareFix(t *testing.T, p corpus.Pattern, f Fix, live engines.Engine) (compared int, differs string) {
	t.Helper()
	old, err := syntax.Parse(p)
	if err != nil {
		return 0, err.Error()
	}
	p.Text = f.Pattern
	next, err := syntax.Parse(p)
	if err != nil {
		return 0, err.Error()
	}
	compared, where := compareOn(old, next, f.Use, *fixInputs)
	if where != nil {
		return compared, "the reference on " + quoteBytes(where)
	}
	if live == nil {
		return compared, ""
	}
	x, errX := live.Compile(old.Pattern)
	y, errY := live.Compile(p)
	if errX != nil {
		return compared, ""
	}
	defer x.Close()
	if errY != nil {
		return compared, "refused: " + errY.Error()
	}
	defer y.Close()
	in := newInputs(old, next)
	left := backtrack.Options{Steps: 20_000}
	prog, err := backtrack.Compile(old)
	if in == nil || err != nil {
		return compared, ""
	}
	runner := prog.NewRunner()
	for range *fixInputs {
		s := in.next()
		if runner.Run(s, left).Outcome == backtrack.StepLimit {
			continue // the live engine may never return
		}
		a, b := x.Match(s, engines.Limits{}), y.Match(s, engines.Limits{})
		if differ(liveOutcome(a), liveOutcome(b), f.Use) {
			return compared, live.Name() + " on " + quoteBytes(s)
		}
		compared++
	}
	return compared, ""
}

func liveOutcome(o engines.Outcome) outcome {
	return outcome{known: o.State == engines.Matched || o.State == engines.NoMatch, matched: o.State == engines.Matched, caps: o.Caps}
}

func quoteBytes(b []byte) string {
	return strings.ReplaceAll(strings.ToValidUTF8(string(b), "?"), "\n", `\n`)
}
