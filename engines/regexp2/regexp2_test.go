package regexp2

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/enginetest"
)

var both = []engines.Engine{NewV1(), NewV2()}

func TestSuite(t *testing.T) {
	for _, e := range both {
		t.Run(e.Name(), func(t *testing.T) { enginetest.Suite(t, e, corpus.DotNet, nil) })
	}
}

func TestDialects(t *testing.T) {
	for _, test := range []struct {
		name    string
		p       corpus.Pattern
		subject string
		caps    []int // nil: no match
		refused bool
		opts    []Option
	}{
		{name: "pcre", p: corpus.Pattern{Text: `a`, Dialect: corpus.PCRE}, refused: true},
		{name: "pcre as .NET", p: corpus.Pattern{Text: `a+`, Dialect: corpus.PCRE}, subject: "baa", caps: []int{1, 3}, opts: []Option{ReadAsDotNet()}},
		{name: "pcre anchored", p: corpus.Pattern{Text: `a`, Dialect: corpus.PCRE, Flags: corpus.Anchored}, subject: "ba", opts: []Option{ReadAsDotNet()}},
		{name: "pcre D", p: corpus.Pattern{Text: `a$`, Dialect: corpus.PCRE, Flags: corpus.DollarEndOnly}, refused: true, opts: []Option{ReadAsDotNet()}},
		{name: "go named group", p: corpus.Pattern{Text: `(?P<n>a)`, Dialect: corpus.Go}, subject: "ba", caps: []int{1, 2, 1, 2}},
		{name: "go U", p: corpus.Pattern{Text: `a+`, Dialect: corpus.Go, Flags: corpus.Ungreedy}, refused: true},
		{name: "ecmascript digit", p: corpus.Pattern{Text: `\d`, Dialect: corpus.ECMAScript}, subject: "\u0663"},
		{name: ".NET digit", p: corpus.Pattern{Text: `\d`, Dialect: corpus.DotNet}, subject: "\u0663", caps: []int{0, 2}},
		{name: "ecmascript match", p: corpus.Pattern{Text: `b`, Dialect: corpus.ECMAScript, Flags: corpus.Multiline, Mode: corpus.Match}, subject: "a\nb"},
		{name: "ecmascript full", p: corpus.Pattern{Text: `a|ab`, Dialect: corpus.ECMAScript, Mode: corpus.Full}, subject: "ab", caps: []int{0, 2}},
		{name: "ecmascript sticky", p: corpus.Pattern{Text: `b`, Dialect: corpus.ECMAScript, Flags: corpus.Sticky}, subject: "ab"},
		{name: "ecmascript sticky global", p: corpus.Pattern{Text: `b`, Dialect: corpus.ECMAScript, Flags: corpus.Sticky, Mode: corpus.Global}, refused: true},
		{name: "ecmascript v", p: corpus.Pattern{Text: `b`, Dialect: corpus.ECMAScript, Flags: corpus.UnicodeSets}, refused: true},
		{name: "ecmascript surrogate", p: corpus.Pattern{Text: `\ud800b`, Dialect: corpus.ECMAScript}, subject: "a\xed\xa0\x80b", caps: []int{1, 5}},
		{name: "explicit capture", p: corpus.Pattern{Text: `(a)(?<n>b)`, Dialect: corpus.DotNet, Flags: corpus.ExplicitCapture}, subject: "ab", caps: []int{0, 2, 1, 2}},
		{name: "right to left", p: corpus.Pattern{Text: `a+`, Dialect: corpus.DotNet, Flags: corpus.RightToLeft}, subject: "abaa", caps: []int{2, 4}},
		{name: "g and d", p: corpus.Pattern{Text: `a`, Dialect: corpus.DotNet, Flags: corpus.GlobalFlag | corpus.Indices}, subject: "a", caps: []int{0, 1}},
		{name: "invalid UTF-8", p: corpus.Pattern{Text: `b`, Dialect: corpus.DotNet}, subject: "\xff\xc3éb", caps: []int{4, 5}},
		{name: "syntax error", p: corpus.Pattern{Text: `(`, Dialect: corpus.DotNet}, refused: true},
		{name: "broken text is not mended", p: corpus.Pattern{Text: `a)(?:b`, Dialect: corpus.DotNet, Mode: corpus.Full}, refused: true},
	} {
		for _, e := range []engines.Engine{NewV1(test.opts...), NewV2(test.opts...)} {
			t.Run(test.name+"/"+e.Name(), func(t *testing.T) {
				m, err := e.Compile(test.p)
				if test.refused {
					if !errors.Is(err, engines.ErrUnsupported) {
						t.Fatalf("error %v, want ErrUnsupported", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				defer m.Close()
				if out := m.Match([]byte(test.subject), engines.Limits{}); !slices.Equal(out.Caps, test.caps) || (out.State == engines.Matched) != (test.caps != nil) {
					t.Errorf("state %d caps %v (%v), want %v", out.State, out.Caps, out.Err, test.caps)
				}
			})
		}
	}
}

// TestTimeout: both versions end an exponential match by their own timeout,
// in every mode.
func TestTimeout(t *testing.T) {
	subject := []byte(strings.Repeat("a", 40) + "!")
	for _, e := range both {
		for _, mode := range []corpus.Mode{corpus.Search, corpus.Full, corpus.Global} {
			m, err := e.Compile(corpus.Pattern{Text: `^(?:a|aa|aaa)*$`, Dialect: corpus.DotNet, Mode: mode})
			if err != nil {
				t.Fatal(err)
			}
			if out := m.Match(subject, engines.Limits{Timeout: 20 * time.Millisecond}); out.State != engines.TimedOut {
				t.Errorf("%s %s: state %d (%v), want TimedOut", e.Name(), mode, out.State, out.Err)
			}
			m.Close()
		}
	}
}

// TestGlobalTimeout: the timeout bounds all matches of one call together.
func TestGlobalTimeout(t *testing.T) {
	subject := bytes.Repeat([]byte("x"), 20000)
	for _, e := range both {
		m, err := e.Compile(corpus.Pattern{Text: `x(?:.*y)?`, Dialect: corpus.DotNet, Mode: corpus.Global})
		if err != nil {
			t.Fatal(err)
		}
		if out := m.Match(subject, engines.Limits{Timeout: time.Millisecond}); out.State != engines.TimedOut {
			t.Errorf("%s: state %d (%v), want TimedOut", e.Name(), out.State, out.Err)
		}
		m.Close()
	}
}

// TestStackLimit: version 2's own stack limit is an outcome, by default and
// as set; version 1 has none.
func TestStackLimit(t *testing.T) {
	p := corpus.Pattern{Text: `^(?:(?:a|b)(?:b|a))*c`, Dialect: corpus.DotNet}
	long := bytes.Repeat([]byte("ab"), 100_000)
	short := append(bytes.Repeat([]byte("ab"), 100), 'c')
	for _, test := range []struct {
		engine  engines.Engine
		subject []byte
		memory  uint64
		want    engines.State
	}{
		{NewV2(), long, 0, engines.MemoryLimit},
		{NewV2(), short, 0, engines.Matched},
		{NewV2(), short, 1000, engines.MemoryLimit},
		{NewV2(), long, 1 << 30, engines.NoMatch},
		{NewV1(), short, 1000, engines.Matched},
	} {
		m, err := test.engine.Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		if out := m.Match(test.subject, engines.Limits{Memory: test.memory}); out.State != test.want {
			t.Errorf("%s memory %d on %d bytes: state %d (%v), want %d", test.engine.Name(), test.memory, len(test.subject), out.State, out.Err, test.want)
		}
		m.Close()
	}
}

// FuzzOffsets holds the offsets of decode against Go's own reading of bytes.
func FuzzOffsets(f *testing.F) {
	f.Add([]byte("aé\xff😀\xed\xa0\x80z"), true)
	f.Fuzz(func(t *testing.T, subject []byte, units bool) {
		got := decode(subject, units)
		at := got.bytes(func() []int {
			all := make([]int, len(got.runes)+1)
			for i := range all {
				all[i] = i
			}
			return all
		}())
		if at[0] != 0 || at[len(at)-1] != len(subject) {
			t.Fatalf("offsets %v do not cover %d bytes", at, len(subject))
		}
		for i, r := range got.runes {
			size := at[i+1] - at[i]
			if want := []rune(string(subject[at[i]:at[i+1]])); size == 3 && units && r >= 0xD800 && r <= 0xDFFF {
				continue
			} else if len(want) != 1 || want[0] != r {
				t.Fatalf("rune %d is %U, the bytes say %U", i, r, want)
			}
		}
	})
}

func TestVersion(t *testing.T) {
	for _, e := range both {
		switch v, err := e.Version(); {
		case errors.Is(err, engines.ErrUnavailable):
			t.Logf("%s: %v", e.Name(), err)
		case err != nil || !strings.HasPrefix(v, "v"):
			t.Errorf("%s: version %q, error %v", e.Name(), v, err)
		}
	}
}
