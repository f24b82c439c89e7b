package pcre2

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/enginetest"
)

// available skips the test when the library is not on this machine.
func available(t testing.TB, e engines.Engine) {
	t.Helper()
	if _, err := e.Version(); errors.Is(err, engines.ErrUnavailable) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
}

func TestSuite(t *testing.T) {
	for _, e := range []engines.Engine{New(), NewJIT()} {
		t.Run(e.Name(), func(t *testing.T) {
			available(t, e)
			enginetest.Suite(t, e, corpus.PCRE, nil)
		})
	}
}

func TestVersion(t *testing.T) {
	e := New()
	available(t, e)
	v, err := e.Version()
	if err != nil || !strings.HasPrefix(v, "10.") {
		t.Errorf("version %q, %v", v, err)
	}
}

func TestRefusals(t *testing.T) {
	e := New()
	available(t, e)
	for _, p := range []corpus.Pattern{
		{Text: "a(b", Dialect: corpus.PCRE},
		{Text: "a", Dialect: corpus.Go},
		{Text: "a", Dialect: corpus.PCRE, Flags: corpus.RightToLeft},
	} {
		if _, err := e.Compile(p); !errors.Is(err, engines.ErrUnsupported) {
			t.Errorf("%v: error %v, want ErrUnsupported", p, err)
		}
	}
	_, err := e.Compile(corpus.Pattern{Text: "a(b", Dialect: corpus.PCRE})
	var refused *SyntaxError
	if !errors.As(err, &refused) || refused.Offset != 3 || refused.Message == "" {
		t.Errorf("a(b: %#v, want a syntax error at offset 3", err)
	}
}

func TestLimits(t *testing.T) {
	subject := []byte(strings.Repeat("a", 40) + "!")
	p := corpus.Pattern{Text: `^(a+)+$`, Dialect: corpus.PCRE}
	for _, test := range []struct {
		e    engines.Engine
		lim  engines.Limits
		want engines.State
	}{
		{New(), engines.Limits{Steps: 1000}, engines.StepLimit},
		{New(), engines.Limits{Depth: 10}, engines.MemoryLimit},
		{New(), engines.Limits{Memory: 1024}, engines.MemoryLimit},
		{NewJIT(), engines.Limits{Steps: 1000}, engines.StepLimit},
	} {
		available(t, test.e)
		m, err := test.e.Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		if out := m.Match(subject, test.lim); out.State != test.want {
			t.Errorf("%s %+v: state %d (%v), want %d", test.e.Name(), test.lim, out.State, out.Err, test.want)
		}
		m.Close()
		m.Close()
		if out := m.Match(subject, test.lim); out.State != engines.Failed {
			t.Errorf("closed: state %d, want Failed", out.State)
		}
	}
}

func TestJITStack(t *testing.T) {
	e := NewJIT()
	available(t, e)
	m, err := e.Compile(corpus.Pattern{Text: `(?:ab|\s)+$`, Dialect: corpus.PCRE})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	subject := []byte(strings.Repeat(" ", 4000) + "x")
	for _, test := range []struct {
		memory uint64
		want   engines.State
	}{{0, engines.MemoryLimit}, {8 << 20, engines.NoMatch}, {0, engines.MemoryLimit}} {
		if out := m.Match(subject, engines.Limits{Memory: test.memory}); out.State != test.want {
			t.Errorf("JIT stack of %d: state %d (%v), want %d", test.memory, out.State, out.Err, test.want)
		}
	}
}

func TestBadSubject(t *testing.T) {
	e := New()
	available(t, e)
	m, err := e.Compile(corpus.Pattern{Text: `a`, Dialect: corpus.PCRE, Flags: corpus.Unicode})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for _, s := range []string{"\xff", "a\xed\xa0\x80", "\xf8\x88\x80\x80\x80"} {
		if out := m.Match([]byte(s), engines.Limits{}); out.State != engines.BadSubject {
			t.Errorf("%q: state %d, want BadSubject", s, out.State)
		}
	}
}

// TestTotalLimit: the sums over the starts grow as the time does where the
// limit of one search does not, and anchors leave starts out.
func TestTotalLimit(t *testing.T) {
	e := New()
	available(t, e)
	for _, test := range []struct {
		text, flags, subject string
		least, most          uint64
	}{
		{`\s+$`, "", strings.Repeat(" ", 100) + "x", 5000, 11000},
		{`^\s+$`, "", strings.Repeat(" ", 100) + "x", 90, 210},
		{`.*[xy]`, "s", strings.Repeat("a", 100), 90, 210},
		{`.*[xy]`, "", strings.Repeat("a", 50) + "\n" + strings.Repeat("a", 50), 90, 210},
		{`b`, "", strings.Repeat("a", 100), 0, 0},
		{`a+(?=b)`, "", "aab" + strings.Repeat("a", 100), 1, 5},
		{`[^b]+$`, "u", strings.Repeat("é", 10) + "b", 50, 110},
		// A loop that is made possessive counts nothing, however long it runs, and
		// what a reference copies does not count either: linear where the time is
		// quadratic, quadratic where it is cubic.
		{`\s+x`, "", strings.Repeat(" ", 250) + "!x", 250, 502},
		{`\s+x`, "", strings.Repeat(" ", 500) + "!x", 500, 1002},
		{`\s+x`, "", strings.Repeat(" ", 1000) + "!x", 1000, 2002},
		{`\s+$`, "", strings.Repeat(" ", 250) + "x", 31_000, 32_000},
		{`\s+$`, "", strings.Repeat(" ", 500) + "x", 125_000, 127_000},
		{`\s+$`, "", strings.Repeat(" ", 1000) + "x", 500_000, 503_000},
		{`(a+)\1c`, "", strings.Repeat("a", 250) + "!c", 31_000, 64_000},
		{`(a+)\1c`, "", strings.Repeat("a", 500) + "!c", 125_000, 252_000},
		{`(a+)\1c`, "", strings.Repeat("a", 1000) + "!c", 500_000, 1_010_000},
	} {
		flags, _ := corpus.ParseFlags(test.flags)
		m, err := e.Compile(corpus.Pattern{Text: test.text, Dialect: corpus.PCRE, Flags: flags})
		if err != nil {
			t.Fatal(err)
		}
		total, ok := m.(*Matcher).TotalLimit([]byte(test.subject), 1<<20)
		m.Close()
		if !ok || total < test.least || total > test.most {
			t.Errorf("/%s/%s on %d bytes: %d %v, want %d to %d", test.text, test.flags, len(test.subject), total, ok, test.least, test.most)
		}
	}
}

func TestSmallestLimit(t *testing.T) {
	e := New()
	available(t, e)
	// The counts are the library's own: a row is what 10.42 needs.
	var got []uint64
	for _, n := range []int{5, 6, 7} {
		m, err := e.Compile(corpus.Pattern{Text: `^(a+)+$`, Dialect: corpus.PCRE})
		if err != nil {
			t.Fatal(err)
		}
		limit, ok := m.(*Matcher).SmallestLimit([]byte(strings.Repeat("a", n)+"!"), 1<<20)
		m.Close()
		if !ok {
			t.Fatalf("n = %d: no limit below 2^20 is enough", n)
		}
		got = append(got, limit)
	}
	// The count roughly doubles with each character.
	if !slices.IsSorted(got) || got[2]-got[1] < (got[1]-got[0])*3/2 {
		t.Errorf("limits %v do not grow as the runs do", got)
	}
}
