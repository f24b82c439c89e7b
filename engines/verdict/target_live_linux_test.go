package verdict

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
)

var (
	liveRows   = flag.Int("live", 0, "rows of each set of the development data whose PCRE2 models are held against the library; 0 for none")
	liveEngine = flag.String("live-engine", "pcre2", "pcre2 or pcre2-jit")
	liveSets   = flag.String("live-sets", "labelled/sok-polynomial.jsonl,labelled/sok-exponential.jsonl,labelled/npm-vulnerable-packages.jsonl,incidents.jsonl",
		"the sets, as paths below the development data or of their own")
)

// TestLivePCRE2 holds the model of PCRE2 against the library: for each
// super-linear pattern, the time of the model's best attack must grow as the
// model's steps do; where the model says latent, the reference's attack must
// not grow. It is a campaign: run it with -live=400.
func TestLivePCRE2(t *testing.T) {
	if *liveRows == 0 {
		t.Skip("a campaign: run with -live=400")
	}
	e := pcre2.New()
	if *liveEngine == "pcre2-jit" {
		e = pcre2.NewJIT()
	}
	if v, err := e.Version(); err != nil {
		t.Skip(err)
	} else if v != "10.42" {
		t.Logf("the library is %s, the model of 10.42", v)
	}
	var all, agree int
	seen := map[string]bool{}
	for _, name := range strings.Split(*liveSets, ",") {
		sums := map[string]int{}
		for _, p := range dataRows(t, name, *liveRows) {
			key := p.Text + "/" + p.Flags.String()
			if seen[key] {
				continue
			}
			seen[key] = true
			word, detail := holdLive(e, p)
			if word == "" {
				continue
			}
			sums[word]++
			all++
			if word == "agree" || word == "agree latent" {
				agree++
				continue
			}
			t.Logf("%s: %s: /%s/%s", word, detail, p.Text, p.Flags)
		}
		t.Logf("%s: %v", name, sums)
	}
	t.Logf("%d of %d agree (%.1f%%)", agree, all, 100*float64(agree)/float64(max(all, 1)))
}

// holdLive is how the model and the library agree on one pattern, "" where
// there is nothing to compare.
func holdLive(e engines.Engine, p corpus.Pattern) (word, detail string) {
	re, err := syntax.Parse(p)
	if err != nil {
		return "", ""
	}
	v := Analyze(p, Options{})
	if v.Kind != Superlinear || v.Cause == "counter" {
		return "", ""
	}
	live, err := e.Compile(p)
	if err != nil {
		return "refused", err.Error()
	}
	defer live.Close()
	m, err := backtrack.NewModel(re, e.Name())
	if err != nil {
		return "no model", err.Error()
	}
	s := newTrial(m, 0)
	best := s.worst(v)
	outgrown := false
	if best == nil {
		best = s.outgrown(re, v)
		outgrown = best != nil
	}
	switch {
	case best == nil:
		return holdLatent(live, v)
	case outgrown:
		return holdOutgrown(s, live, best)
	}
	model, seen := slopeOf(s, live, best.witness)
	if math.IsNaN(model) {
		return "too fast", fmt.Sprint(best.growth)
	}
	detail = fmt.Sprintf("model %v, slope %.2f, live %.2f, %v", best.growth, model, seen, m.SavedBy())
	if near(model, seen) {
		return "agree", detail
	}
	return "differ", detail
}

// timed is the shortest of several runs of the library, in processor time.
func timed(live engines.Matcher, w attack.Witness, n int) time.Duration {
	subject := w.Bytes(n)
	least := time.Hour
	for i := 0; i < 7 && (i < 2 || least < 5*time.Millisecond); i++ {
		least = min(least, processor(func() {
			live.Match(subject, engines.Limits{Steps: 1<<32 - 1, Memory: 1 << 30, Depth: 1<<32 - 1})
		}))
		if least > 100*time.Millisecond {
			break
		}
	}
	return least
}

// processor is the processor time that f takes on its thread.
func processor(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var from, to unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &from)
	f()
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &to)
	return time.Duration(to.Nano() - from.Nano())
}

// slopeOf is the log-log slope of the model's steps and of the library's time
// between the pump count that costs the model 2·10⁵ and the library
// 150 µs, and, for a polynomial, twice as many pumps.
func slopeOf(s *trial, live engines.Matcher, w attack.Witness) (model, seen float64) {
	steps := func(n int) float64 { return float64(max(1, s.run(w, n, 1_000_000_000).Cost.Steps)) }
	n := 4
	for n < 1<<15 && (steps(n) < 200_000 || steps(n) < 3_000_000 && timed(live, w, n) < 150*time.Microsecond) {
		n += max(1, n/3)
	}
	more := 2 * n
	for more > n+1 && steps(more) > 20_000_000 {
		more = n + (more-n)/2
	}
	if more == n {
		return math.NaN(), 0
	}
	// Where terms of lower order weigh more in the library's time than in the
	// model's steps, its slope rises later: look at larger sizes, too.
	for {
		span := math.Log2(float64(more) / float64(n))
		model = math.Log2(steps(more)/steps(n)) / span
		few, many := time.Hour, time.Hour
		for range 3 {
			few, many = min(few, timed(live, w, n)), min(many, timed(live, w, more))
			if seen = math.Log2(float64(many)/float64(few)) / span; near(model, seen) {
				return model, seen
			}
		}
		if seen > model || many > 200*time.Millisecond || w.Len(2*more) > defaultInput {
			return model, seen
		}
		n, more = more, 2*more
	}
}

// near reports whether two slopes speak of one exponent.
func near(model, seen float64) bool {
	return math.Abs(model-seen) < 0.45 || model > 6 && seen > 4
}

func holdLatent(live engines.Matcher, v Verdict) (word, detail string) {
	for _, w := range v.Witnesses {
		n := 4
		if c, ok := engines.Extrapolate(v.Samples, 3_000_000); ok {
			n = max(n, min(c, 20_000))
		}
		few, many := timed(live, w, n), timed(live, w, 2*n)
		slope := math.Log2(float64(many) / float64(few))
		detail = fmt.Sprintf("n %d, live %v %v slope %.2f, witness %q, reference %v", n, few, many, slope, w, v.Growth)
		if slope > 1.5 && many > 200*time.Microsecond {
			return "not latent", detail
		}
	}
	return "agree latent", detail
}

func holdOutgrown(s *trial, live engines.Matcher, best *trialled) (word, detail string) {
	w := best.witness
	length := s.model.Opening().Outgrow
	n := (length-w.Len(0))/w.PumpLen() - 1
	short := w
	few := timed(live, short, n)
	subject := w.Bytes(n + 3)
	many := processor(func() { live.Match(subject, engines.Limits{Steps: 3_000_000, Memory: 1 << 28}) })
	detail = fmt.Sprintf("outgrown at %d: %v, then %v", length, few, many)
	if many > 20*few && many > time.Millisecond {
		return "agree", detail
	}
	return "differ outgrown", detail
}

// dataRows are the first rows of a set of the development data, read as PCRE.
func dataRows(t *testing.T, name string, rows int) []corpus.Pattern {
	t.Helper()
	dir := os.Getenv("NEARMISS_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, filepath.FromSlash(name))
	}
	f, err := os.Open(name)
	if err != nil {
		t.Skipf("the development data is absent: %v", err)
	}
	defer f.Close()
	var out []corpus.Pattern
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<24)
	for in.Scan() && len(out) < rows {
		var row struct{ Pattern, Flags string }
		if json.Unmarshal(in.Bytes(), &row) != nil || row.Pattern == "" {
			continue
		}
		flags, _ := corpus.ParseFlags(row.Flags)
		out = append(out, corpus.Pattern{Text: row.Pattern, Dialect: corpus.PCRE, Flags: flags &^ corpus.GlobalFlag})
	}
	return out
}
