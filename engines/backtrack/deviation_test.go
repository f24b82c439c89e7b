package backtrack_test

import (
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/regexp2"
)

// A deviation is one line of testdata/deviations.tsv.
type deviation struct {
	engine, what     string
	patterns         *regexp.Regexp
	example, subject string
	flags            corpus.Flags
	reason           string
}

func deviations(t testing.TB) []deviation {
	t.Helper()
	data, err := os.ReadFile("testdata/deviations.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []deviation
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 7 || f[6] == "" {
			t.Fatalf("deviations: %q: expected seven fields", line)
		}
		d := deviation{engine: f[0], what: f[1], example: f[3], reason: f[6]}
		if d.patterns, err = regexp.Compile(f[2]); err != nil {
			t.Fatal(err)
		}
		if d.flags, err = corpus.ParseFlags(f[4]); err != nil {
			t.Fatal(err)
		}
		if d.subject, err = strconv.Unquote(f[5]); err != nil {
			t.Fatalf("deviations: %q: %v", line, err)
		}
		if raw, err := strconv.Unquote(d.example); err == nil {
			d.example = raw
		}
		all = append(all, d)
	}
	return all
}

// excused reports whether a disagreement is a known one.
func excused(known []deviation, engine, what, pattern string) bool {
	for _, d := range known {
		if d.engine == engine && d.what == what && d.patterns.MatchString(pattern) {
			return true
		}
	}
	return false
}

// TestDeviations holds that every known disagreement is still one.
func TestDeviations(t *testing.T) {
	for _, d := range deviations(t) {
		t.Run(d.engine+"/"+d.example, func(t *testing.T) {
			if d.what != "match-program" && !d.patterns.MatchString(d.example) {
				t.Fatalf("the example is not among the patterns %s", d.patterns)
			}
			c := &tally{}
			p := corpus.Pattern{Text: d.example, Flags: d.flags}
			switch d.engine {
			case "pcre2":
				e := plain()
				if _, err := e.Version(); errors.Is(err, engines.ErrUnavailable) {
					t.Skip(err)
				}
				p.Dialect = corpus.PCRE
				c.compare(engineJudge(e, p.Dialect), p, []string{d.subject})
			case "stdlib":
				p.Dialect = corpus.Go
				c.compare(goJudge, p, []string{d.subject})
			case "regexp2-v1":
				p.Dialect = corpus.DotNet
				c.compare(engineJudge(regexp2.NewV1(), p.Dialect), p, []string{d.subject})
			case "regexp2-v2":
				p.Dialect = corpus.DotNet
				c.compare(engineJudge(regexp2.NewV2(), p.Dialect), p, []string{d.subject})
			case "java":
				p.Dialect = corpus.Java
				java.compareAll(t, c, []corpus.Pattern{p}, []string{d.subject})
			case "cpython":
				p.Dialect = corpus.Python
				cpython.compareAll(t, c, []corpus.Pattern{p}, []string{d.subject})
			case "onigmo":
				p.Dialect = corpus.Ruby
				whole := p
				whole.Mode = corpus.Full
				onigmo.compareAll(t, c, []corpus.Pattern{p, whole}, []string{d.subject})
			case "v8":
				p.Dialect, p.Mode = corpus.ECMAScript, corpus.Match
				v8.compareAll(t, c, []corpus.Pattern{p}, []string{d.subject})
			default:
				t.Fatalf("no engine %q", d.engine)
			}
			if len(c.wrong) == 0 {
				t.Errorf("/%s/%s on %q agrees now: the line can go (%s)", d.example, d.flags, d.subject, d.reason)
			}
		})
	}
}
