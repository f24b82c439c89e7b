package gate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// memory is a tree in memory: path → content.
type memory map[string]string

func (memory) Name() string { return "memory" }
func (memory) Close() error { return nil }
func (m memory) Files() (files []File, err error) {
	for p, text := range m {
		f := File{Path: p}
		if text == "->" {
			f.Kind = Link
		}
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

func (m memory) Read(f File, limit int64) ([]byte, error) {
	if m[f.Path] == "!" {
		return nil, errors.New("input/output error")
	}
	if int64(len(m[f.Path])) > limit {
		return nil, &TooLarge{limit}
	}
	return []byte(m[f.Path]), nil
}

// lines reads "rule pattern" lines; a line without a blank is a problem.
type lines struct{ deaf bool }

func (lines) Name() string { return "lines" }
func (l lines) Read(file string, data []byte) (res corpus.Result) {
	offset := 0
	for i, line := range strings.Split(string(data), "\n") {
		pos := corpus.Position{Line: i + 1, Column: 1, Offset: offset}
		offset += len(line) + 1
		rule, text, ok := strings.Cut(line, " ")
		switch {
		case l.deaf && strings.Contains(line, "nearmiss"):
		case line == "":
		case !ok:
			res.Problems = append(res.Problems, &corpus.Problem{Code: "odd", File: file, Pos: pos, Message: "odd line"})
		default:
			res.Patterns = append(res.Patterns, corpus.Pattern{ID: rule, Text: text, Dialect: corpus.PCRE, Source: corpus.NewSource(file, rule, []corpus.Segment{{Pos: pos}})})
		}
	}
	return res
}

// analyze is a stand-in: (a+)+ is exponential, Q quadratic, K cubic, ?
// unknown, ! a fault, everything else linear. Each costs ten steps.
func analyze(p corpus.Pattern, _ verdict.Options) verdict.Verdict {
	v := verdict.Verdict{Kind: verdict.Linear}
	switch {
	case strings.Contains(p.Text, "(a+)+"):
		v = grown(0, 30)
	case strings.Contains(p.Text, "Q"):
		v = grown(2, 9000)
	case strings.Contains(p.Text, "K"):
		v = grown(3, 900)
	case strings.Contains(p.Text, "?"):
		v = undecided(verdict.Unknown)
	case strings.Contains(p.Text, "!"):
		panic("fault")
	}
	if v.Kind == verdict.Superlinear {
		v.Witnesses = []attack.Witness{{Pumps: []attack.Pump{{Pump: []byte(p.Text)}}}}
	}
	v.Stats.ReplaySteps = 10
	return v
}

func config(base, head memory) Config {
	return Config{
		Base: base, Head: head, Policy: policy.Default(), Analyze: analyze, Jobs: 3,
		Pick: func(path string) corpus.Reader {
			if strings.HasSuffix(path, ".l") {
				return lines{}
			}
			return nil
		},
		Canaries: []Canary{{
			Claims: func(f string) bool { return strings.HasSuffix(f, ".l") }, Name: "canary.l",
			File: func(rule, pattern string) []byte { return []byte(rule + " " + pattern + "\n") },
		}},
	}
}

// result runs a gate and writes each event on a line.
func result(t *testing.T, c Config) (string, Summary) {
	t.Helper()
	var b strings.Builder
	c.Row = func(r Row) error {
		if r.Canary {
			return nil
		}
		fmt.Fprintf(&b, "%s %s %s %s", r.Verdict.Pattern.Source.Rule, r.Judgement.Decision, r.Judgement.Code, strings.Join(r.Judgement.Changed, ","))
		if r.Hide {
			b.WriteString(" hidden")
		}
		b.WriteString("; ")
		return nil
	}
	c.Fault = func(p *corpus.Problem) error {
		fmt.Fprintf(&b, "%s; ", p)
		return nil
	}
	s, err := Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "; "), s
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		what       string
		base, head memory
		want       string
		unchanged  int
		removed    int
	}{
		{"nothing", memory{}, memory{}, "", 0, 0},
		{"unchanged is not judged", memory{"a.l": "1 (a+)+\n2 ?"}, memory{"a.l": "2 ?\n\n1 (a+)+"}, "", 2, 0},
		{"new", memory{}, memory{"a.l": "1 x\n2 Q\n3 ?"}, "1 accept linear ; 2 reject new ; 3 error limit ", 0, 0},
		{"changed", memory{"a.l": "1 x\n2 Q\n3 Q\n4 Q"}, memory{"a.l": "1 y\n2 Qq\n3 K\n4 z"},
			"1 accept linear pattern; 2 debt no-worse pattern hidden; 3 reject worse-growth pattern; 4 accept linear pattern", 0, 0},
		{"removed", memory{"a.l": "1 x\n2 y", "b.l": "3 z"}, memory{"b.l": "3 z"}, "", 1, 2},
		{"a copy of what is deployed", memory{"a.l": "1 Q"}, memory{"a.l": "1 Q\n2 Q"}, "2 reject new  hidden", 1, 0},
		{"faults in their places", memory{}, memory{"a.l": "odd\n1 x\nodd\n2 y", "b.l": "!", "c.txt": "", "d.l": "->"},
			"a.l:1:1: odd line; 1 accept linear ; a.l:3:1: odd line; 2 accept linear ; b.l: cannot be read: input/output error", 0, 0},
		{"old faults are counted", memory{"a.l": "odd\n1 x"}, memory{"a.l": "1 x\nodd\nodd"}, "a.l:3:1: odd line", 1, 0},
		{"a fault of ours", memory{}, memory{"a.l": "1 !"}, "1 error internal ", 0, 0},
	} {
		got, s := result(t, config(c.base, c.head))
		if got != c.want || s.Unchanged != c.unchanged || s.Removed != c.removed || s.Canary != CanaryRejected {
			t.Errorf("%s:\n got %s\nwant %s\n%+v", c.what, got, c.want, s)
		}
	}
}

// The same bytes in give the same decisions out, however many workers.
func TestRunIsDeterministic(t *testing.T) {
	head := memory{}
	for i := range 40 {
		head[fmt.Sprintf("%d.l", i)] = fmt.Sprintf("%d x%d\n%d Q%d\nodd", i, i, i+1000, i)
	}
	c := config(memory{}, head)
	c.Policy.Budgets.Steps = 555
	c.Policy.Budgets.Patterns = 70
	want, _ := result(t, c)
	if !strings.Contains(want, "error budget") || strings.Count(want, "budget") != 80-56 {
		t.Fatalf("budget: %d rows", strings.Count(want, "budget"))
	}
	for jobs := 1; jobs < 20; jobs++ {
		c.Jobs = jobs
		if got, _ := result(t, c); got != want {
			t.Fatalf("%d workers: %s", jobs, cmp.Diff(want, got))
		}
	}
}

func TestOldWitnesses(t *testing.T) {
	c := config(memory{"a.l": "1 Q"}, memory{"a.l": "1 x"})
	var ran atomic.Int32
	c.Replay = func(p corpus.Pattern, w attack.Witness, o verdict.Options) Replayed {
		ran.Add(1)
		if p.Text != "x" || string(w.Pumps[0].Pump) != "Q" || o.InputLimit == 0 {
			t.Errorf("%+v %+v %+v", p, w, o)
		}
		return Replayed{Confirmed: true, Growth: engines.Growth{Class: engines.Polynomial, Exponent: 3}, Steps: 7}
	}
	if got, _ := result(t, c); got != "1 reject old-witness pattern" || ran.Load() != 1 {
		t.Errorf("%s, %d replays", got, ran.Load())
	}
	c.Replay = func(corpus.Pattern, attack.Witness, verdict.Options) Replayed { return Replayed{} }
	if got, _ := result(t, c); got != "1 accept linear pattern" {
		t.Error(got)
	}
}

func TestWaived(t *testing.T) {
	c := config(memory{}, memory{"a.l": "1 Q\n2 ?\n3 x"})
	c.Now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, rule := range []string{"1", "2", "3"} {
		c.Policy.Waivers = append(c.Policy.Waivers, policy.Waiver{Rule: rule, Reason: "r", Owner: "o", Expires: "2026-01-01"})
	}
	got, s := result(t, c)
	if got != "1 debt waived ; 2 debt waived ; 3 accept linear " || s.Waived != 2 {
		t.Error(got, s.Waived)
	}
	c.Now = c.Now.AddDate(0, 0, 1)
	if got, s := result(t, c); got != "1 reject new ; 2 error limit ; 3 accept linear " || s.Waived != 0 {
		t.Error(got, s.Waived)
	}
}

// The canary is missed when any stage lets it through.
func TestCanary(t *testing.T) {
	for what, break_ := range map[string]func(*Config){
		"reader": func(c *Config) { c.Pick = func(string) corpus.Reader { return lines{deaf: true} } },
		"verdict": func(c *Config) {
			c.Analyze = func(corpus.Pattern, verdict.Options) verdict.Verdict { return verdict.Verdict{Kind: verdict.Linear} }
		},
		"undecided": func(c *Config) {
			c.Analyze = func(corpus.Pattern, verdict.Options) verdict.Verdict { return undecided(verdict.Unknown) }
		},
		"policy: a waiver": func(c *Config) {
			c.Policy.Waivers = []policy.Waiver{{Rule: fmt.Sprint(canaryRule), Reason: "r", Owner: "o", Expires: "2999-01-01"}}
		},
		"pairing": func(c *Config) {
			c.pair = func(base, head []*occurrence) ([]pairing, []*occurrence) {
				var out []pairing
				for _, h := range head {
					out = append(out, pairing{h, h})
				}
				return out, nil
			}
		},
		"no reader": func(c *Config) { c.Pick = func(string) corpus.Reader { return nil } },
	} {
		c := config(memory{"a.l": "1 x"}, memory{"a.l": "1 x"})
		break_(&c)
		if _, s := result(t, c); s.Canary != CanaryMissed {
			t.Errorf("%s: canary %q", what, s.Canary)
		}
	}
	// Rules that look like it do not hide it, on either side.
	twins := ""
	for n := range 3 {
		rule, text := canaryName(canaryRule + n)
		twins += rule + " " + text + "\n"
	}
	if _, s := result(t, config(memory{"a.l": twins}, memory{"b.l": "1 x"})); s.Canary != CanaryRejected {
		t.Errorf("beside its twins: %q", s.Canary)
	}
	// It is judged whatever the budget, and counts nowhere.
	c := config(memory{}, memory{"a.l": "1 x\n2 y"})
	c.Policy.Budgets.Patterns, c.Policy.Budgets.Steps = 1, 1
	if got, s := result(t, c); s.Canary != CanaryRejected || s.Patterns != 2 || got != "1 accept linear ; 2 error budget " {
		t.Errorf("%q %+v", got, s)
	}
}

func TestRunStops(t *testing.T) {
	c := config(memory{}, memory{"a.l": "1 x\nodd\n2 y"})
	fail := errors.New("disk full")
	c.Row = func(Row) error { return fail }
	c.Fault = func(*corpus.Problem) error { return nil }
	if _, err := Run(c); !errors.Is(err, fail) {
		t.Error(err)
	}
}

func TestInOrder(t *testing.T) {
	jobs := func(yield func(int) bool) {
		for i := range 1000 {
			if !yield(i) {
				return
			}
		}
	}
	var most, now atomic.Int32
	work := func(i int) int {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		if i%97 == 0 {
			time.Sleep(time.Millisecond)
		}
		now.Add(-1)
		return i * i
	}
	for _, workers := range []int{0, 1, 2, 8} {
		most.Store(0)
		want := 0
		for got := range InOrder(jobs, workers, work) {
			if got != want*want {
				t.Fatalf("%d workers: %d at %d", workers, got, want)
			}
			want++
		}
		if want != 1000 || int(most.Load()) > max(workers, 1) {
			t.Errorf("%d workers: %d results, %d at a time", workers, want, most.Load())
		}
	}
	for got := range InOrder(jobs, 4, work) {
		if got > 100 {
			break // and nothing hangs
		}
	}
}
