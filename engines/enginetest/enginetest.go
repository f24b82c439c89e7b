// Package enginetest is what the tests of the engines share: one suite that
// every adapter must pass, and the count of cases run and skipped by engine.
package enginetest

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// CountsEnv names the file to which Count appends its lines.
const CountsEnv = "NEARMISS_ENGINE_COUNTS"

// Count records that a test ran and skipped so many cases on an engine: as a
// line "engine=NAME run=N skipped=M" in the test's log, and in the file named
// by CountsEnv, from which a CI run sums them.
func Count(t testing.TB, engine string, run, skipped int) {
	t.Helper()
	line := fmt.Sprintf("engine=%s run=%d skipped=%d", engine, run, skipped)
	t.Log(line)
	path := os.Getenv(CountsEnv)
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Errorf("engine counts: %v", err)
		return
	}
	_, err = f.WriteString(line + "\n")
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		t.Errorf("engine counts: %v", err)
	}
}

// Suite runs every case of Cases on an engine, each pattern written in the
// given dialect. Excluded maps names of cases to the reason why the engine
// answers differently or not at all; an exclusion that is not needed fails.
func Suite(t *testing.T, e engines.Engine, d corpus.Dialect, excluded map[string]string) {
	t.Helper()
	run, skipped := 0, 0
	unknown := map[string]string{}
	for name, reason := range excluded {
		unknown[name] = reason
	}
	for _, c := range Cases {
		reason, skip := excluded[c.Name]
		delete(unknown, c.Name)
		if skip {
			skipped++
		} else {
			run++
		}
		t.Run(c.Name, func(t *testing.T) {
			got, err := c.Run(e, d)
			same := err == nil && slices.Equal(got.Caps, c.Caps) && (got.State == engines.Matched) == (c.Caps != nil)
			switch {
			case skip && same:
				t.Errorf("excluded (%s), and passes", reason)
			case skip && reason == "":
				t.Error("excluded without a reason")
			case skip:
				t.Skip(reason)
			case err != nil:
				t.Error(err)
			case !same:
				t.Errorf("%s %q flags %q on %q: state %d caps %v (error %v), want %v", c.Mode, c.Text, c.Flags, c.Subject, got.State, got.Caps, got.Err, c.Caps)
			}
		})
	}
	for name := range unknown {
		t.Errorf("excluded case %q: there is none of this name", name)
	}
	Count(t, e.Name(), run, skipped)
}

// A Case is one pattern on one subject. Caps are the byte offsets wanted, nil
// for no match.
type Case struct {
	Name    string
	Text    string
	Flags   string
	Mode    corpus.Mode
	Subject string
	Caps    []int
}

// Run compiles and matches the case.
func (c Case) Run(e engines.Engine, d corpus.Dialect) (engines.Outcome, error) {
	flags, err := corpus.ParseFlags(c.Flags)
	if err != nil {
		return engines.Outcome{}, err
	}
	m, err := e.Compile(corpus.Pattern{Text: c.Text, Dialect: d, Flags: flags, Mode: c.Mode})
	if err != nil {
		return engines.Outcome{}, err
	}
	defer m.Close()
	return m.Match([]byte(c.Subject), engines.Limits{}), nil
}
