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
	liveEvery  = flag.Int("live-every", 1, "of which every so many rows is taken")
	liveFile   = flag.String("live-file", "", "file that keeps what was found, one JSON object a line: rows in it are not run again")
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
	kept := openKept(t, *liveFile)
	all, agree := 0, 0
	seen := map[string]bool{}
	for _, name := range strings.Split(*liveSets, ",") {
		sums := map[string]int{}
		for i, p := range dataRows(t, name, *liveRows) {
			key := p.Text + "/" + p.Flags.String()
			if i%*liveEvery != 0 || seen[key] {
				continue
			}
			seen[key] = true
			r := kept.row(e.Name()+"/"+key, func() held { return holdLive(e, p) })
			if r.Word == "" {
				continue
			}
			sums[r.Word]++
			all++
			if r.Word == "agree" || r.Word == "agree latent" {
				agree++
				continue
			}
			t.Logf("%s: %s: /%s/%s", r.Word, r.Detail, p.Text, p.Flags)
		}
		t.Logf("%s: %v", name, sums)
	}
	t.Logf("%d of %d agree (%.1f%%)", agree, all, 100*float64(agree)/float64(max(all, 1)))
}

// A held says how the model and the library agree on a pattern, "" where there
// is nothing to compare.
type held struct {
	Key, Word, Detail string
	Seconds           float64
}

// A keptRows is the file of a campaign that may be stopped and taken up again.
type keptRows struct {
	t    *testing.T
	rows map[string]held
	file *os.File
}

func openKept(t *testing.T, name string) *keptRows {
	k := &keptRows{t: t, rows: map[string]held{}}
	if name == "" {
		return k
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	k.file = f
	for d := json.NewDecoder(f); ; {
		var r held
		if d.Decode(&r) != nil {
			return k
		}
		k.rows[r.Key] = r
	}
}

// row is what the file says of a pattern, or find, which is then kept.
func (k *keptRows) row(key string, find func() held) held {
	if r, ok := k.rows[key]; ok {
		return r
	}
	start := time.Now()
	r := find()
	r.Key, r.Seconds = key, time.Since(start).Seconds()
	if k.file != nil {
		if err := json.NewEncoder(k.file).Encode(r); err != nil {
			k.t.Fatal(err)
		}
	}
	return r
}

// holdLive holds the model against the library on one pattern.
func holdLive(e engines.Engine, p corpus.Pattern) held {
	re, err := syntax.Parse(p)
	if err != nil {
		return held{}
	}
	v := Analyze(p, Options{})
	if v.Kind != Superlinear || v.Cause == "counter" {
		return held{}
	}
	live, err := e.Compile(p)
	if err != nil {
		return held{Word: "refused", Detail: err.Error()}
	}
	defer live.Close()
	m, err := backtrack.NewModel(re, e.Name())
	if err != nil {
		return held{Word: "no model", Detail: err.Error()}
	}
	s := newTrial(m, 0)
	best := s.worst(v)
	if best == nil {
		best = s.further(v, v.unneeded(re, nil)())
	}
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
	model, seen := slopeOf(newCounts(s, best), live)
	detail := fmt.Sprintf("model %v, slope %.2f, live %.2f, %v", best.growth, model, seen, m.SavedBy())
	if near(model, seen) {
		return held{Word: "agree", Detail: detail}
	}
	return held{Word: "differs", Detail: detail}
}

// timed is the shortest of several runs of the library, in processor time.
func timed(live engines.Matcher, w attack.Witness, n int) time.Duration {
	subject := w.Bytes(n)
	least := time.Hour
	for i := 0; i < 7 && (i < 2 || least < 5*time.Millisecond); i++ {
		least = min(least, processor(func() {
			live.Match(subject, engines.Limits{Steps: 1 << 26, Memory: 1 << 30, Depth: 1<<32 - 1})
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

// A counts says what an attack costs the model at any size: by the law of the
// samples where they obey one, else by a run.
type counts struct {
	trial   *trial
	witness attack.Witness
	growth  engines.Growth
	law     engines.Law
	lawful  bool
}

func newCounts(t *trial, best *trialled) *counts {
	c := &counts{trial: t, witness: best.witness, growth: best.growth}
	c.law, c.lawful = engines.ReadLaw(best.samples)
	return c
}

func (c *counts) steps(n int) float64 {
	if c.lawful {
		if v, ok := c.law.At(n); ok {
			return float64(max(v, 1))
		}
	}
	s := c.trial.run(c.witness, n, 5*affordableRun)
	if s.State == engines.StepLimit {
		return math.Inf(1)
	}
	return float64(max(1, s.Cost.Steps))
}

// affordable is the largest number of steps that sizes are chosen up to: what
// the library does in seconds, or what the model runs in a tenth of one.
func (c *counts) affordable() float64 {
	if c.lawful {
		return 2e9
	}
	return affordableRun
}

const affordableRun = 20_000_000

// Times of the library between which slopes are taken.
const (
	audible = 150 * time.Microsecond
	costly  = 200 * time.Millisecond
)

// slopeOf is the log-log slope of the model's steps and of the library's time
// between the pump count that costs the library 150 µs and, for a polynomial,
// twice as many pumps.
func slopeOf(c *counts, live engines.Matcher) (model, seen float64) {
	w := c.witness
	n, part := 4, 3 // the next size is a third larger
	if c.growth.Class == engines.Exponential {
		n, part = 1, math.MaxInt
	}
	for n < 1<<15 && w.Len(2*n) <= defaultInput && c.steps(n) < c.affordable()/100 && (c.steps(n) < 20_000 || timed(live, w, n) < audible) {
		n += max(1, n/part)
	}
	if math.IsInf(c.steps(n), 1) {
		n-- // an exponential: one pump fewer is shorter than any match
	}
	more := 2 * n
	for most := min(64*c.steps(n), c.affordable()); more > n+1 && c.steps(more) > most; {
		more = n + (more-n)/2
	}
	// Where terms of lower order weigh more in the library's time than in the
	// model's steps, its slope rises later: look at larger sizes, too.
	for {
		span := math.Log2(float64(more) / float64(n))
		model = math.Log2(c.steps(more)/c.steps(n)) / span
		few, many := time.Hour, time.Hour
		for range 3 {
			few, many = min(few, timed(live, w, n)), min(many, timed(live, w, more))
			if seen = math.Log2(float64(many)/float64(few)) / span; near(model, seen) {
				return model, seen
			}
		}
		if seen > model || many > costly || w.Len(2*more) > defaultInput || c.steps(2*more) > c.affordable() {
			return model, seen
		}
		n, more = more, 2*more
	}
}

// near reports whether two slopes speak of one exponent.
func near(model, seen float64) bool {
	return math.Abs(model-seen) < 0.45 || model > 6 && seen > 4
}

func holdLatent(live engines.Matcher, v Verdict) held {
	detail := ""
	for _, w := range v.Witnesses {
		n := 4
		if c, ok := engines.Extrapolate(v.Samples, 3_000_000); ok {
			n = max(n, min(c, 20_000))
		}
		few, many := timed(live, w, n), timed(live, w, 2*n)
		slope := math.Log2(float64(many) / float64(few))
		detail = fmt.Sprintf("n %d, live %v %v slope %.2f, witness %q, reference %v", n, few, many, slope, w, v.Growth)
		if slope > 1.5 && many > 200*time.Microsecond {
			return held{Word: "not latent", Detail: detail}
		}
	}
	return held{Word: "agree latent", Detail: detail}
}

func holdOutgrown(s *trial, live engines.Matcher, best *trialled) held {
	w := best.witness
	length := s.model.Opening().Outgrow
	n := (length-w.Len(0))/w.PumpLen() - 1
	short := w
	few := timed(live, short, n)
	subject := w.Bytes(n + 3)
	many := processor(func() { live.Match(subject, engines.Limits{Steps: 3_000_000, Memory: 1 << 28}) })
	detail := fmt.Sprintf("outgrown at %d: %v, then %v", length, few, many)
	if many > 20*few && many > audible/2 {
		return held{Word: "agree", Detail: detail}
	}
	return held{Word: "differs outgrown", Detail: detail}
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
