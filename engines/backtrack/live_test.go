package backtrack_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A question is a pattern for an engine in a process of its own.
type question struct {
	Text  string `json:"text"`
	Flags string `json:"flags"`
	Mode  string `json:"mode"`
}

// A process is an engine that answers many questions in one run.
type process struct {
	name    string
	dialect corpus.Dialect
	command []string
	hex     bool // lines in hexadecimal, not JSON
}

var (
	v8      = process{"v8", corpus.ECMAScript, []string{"node", "testdata/live/ask.js"}, false}
	cpython = process{"cpython", corpus.Python, []string{"python3", "testdata/live/ask.py"}, false}
	java    = process{"java", corpus.Java, []string{"java", "-Xss64m", "testdata/live/Ask.java"}, true}
	onigmo  = process{"onigmo", corpus.Ruby, []string{"ruby", "testdata/live/ask.rb"}, false}
)

// ask runs the process once; it skips the test where there is none.
func (p process) ask(t *testing.T, patterns []corpus.Pattern, subjects []string) []string {
	t.Helper()
	path, err := exec.LookPath(p.command[0])
	if err != nil {
		t.Skipf("%s is not installed: %v", p.name, err)
	}
	cmd := exec.Command(path, p.command[1:]...)
	cmd.Args[len(cmd.Args)-1] = filepath.FromSlash(cmd.Args[len(cmd.Args)-1])
	var in bytes.Buffer
	p.write(&in, patterns, subjects)
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = &in, &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%.2000s", p.name, err, errs.String())
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(patterns) {
		t.Fatalf("%s answered %d of %d questions", p.name, len(lines), len(patterns))
	}
	return lines
}

func (p process) write(in *bytes.Buffer, patterns []corpus.Pattern, subjects []string) {
	if p.hex {
		for i, s := range subjects {
			if i > 0 {
				in.WriteByte(',')
			}
			in.WriteString(hex.EncodeToString([]byte(s)))
		}
		in.WriteByte('\n')
		for _, q := range patterns {
			fmt.Fprintf(in, "%s,%s,%s\n", q.Mode, q.Flags, hex.EncodeToString([]byte(q.Text)))
		}
		return
	}
	enc := json.NewEncoder(in)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(subjects) // a bytes.Buffer takes everything
	for _, q := range patterns {
		_ = enc.Encode(question{q.Text, q.Flags.String(), string(q.Mode)})
	}
}

// compareAll asks about every pattern and compares.
func (p process) compareAll(t *testing.T, c *tally, patterns []corpus.Pattern, subjects []string) {
	t.Helper()
	answers := p.ask(t, patterns, subjects)
	for i, q := range patterns {
		answer := answers[i]
		j := judge{
			name: p.name, dialect: p.dialect,
			compile: func(corpus.Pattern) (func(string) string, error) { return reader(answer) },
		}
		c.compare(j, q, subjects)
	}
}

// reader reads the line that a process answered: what it says of each subject
// in turn.
func reader(answer string) (func(string) string, error) {
	if refusal, ok := strings.CutPrefix(answer, "!"); ok {
		return nil, errors.New(refusal)
	}
	each, at := strings.Split(answer, ";"), 0
	return func(string) string {
		at++
		switch each[at-1] {
		case "-":
			return "no match"
		case "?":
			return engineFault
		}
		return "[" + each[at-1] + "]"
	}, nil
}

// live compares every pattern up to a size and random ones beyond.
func (p process) live(t *testing.T, g grammar, size, random int, subjects []string, flags corpus.Flags, modes ...corpus.Mode) {
	t.Helper()
	var patterns []corpus.Pattern
	for k := 1; k <= size; k++ {
		for _, e := range g.of(k) {
			patterns = append(patterns, corpus.Pattern{Text: e.text, Dialect: p.dialect, Flags: flags})
		}
	}
	r := rand.New(rand.NewPCG(20260302, uint64(size)))
	for range random {
		e := g.random(r, size+1+r.IntN(5))
		mode := append(modes, corpus.Search)[r.IntN(len(modes)+1)]
		patterns = append(patterns, corpus.Pattern{Text: e.text, Dialect: p.dialect, Flags: flags, Mode: mode})
	}
	c := &tally{known: deviations(t)}
	p.compareAll(t, c, patterns, subjects)
	c.report(t, p.name)
}

func liveSize() (size, random int) {
	if *campaign {
		return 3, 200_000
	}
	return 3, 3000
}

func TestExhaustiveECMAScript(t *testing.T) {
	size, random := liveSize()
	for _, flags := range []corpus.Flags{0, corpus.Unicode, corpus.UnicodeSets | corpus.Multiline, corpus.Caseless} {
		t.Run("flags "+flags.String(), func(t *testing.T) {
			g := grammar{
				atoms: []string{"a", "b", ".", "[ab]", "[^a]", "^", "$", `\b`, `\1`, `\k<n>`},
				wraps: []string{"(%s)", "(?=%s)", "(?!%s)", "(?<=%s)", "(?<!%s)", "(?<n>%s)"},
				posts: join(quantifiers, lazy),
			}
			alphabet := "ab"
			if flags.Has(corpus.Multiline) {
				alphabet = "a\n"
			}
			if flags.Has(corpus.Caseless) {
				alphabet = "aA"
			}
			v8.live(t, g, size, random, words(alphabet, 4), flags, corpus.Match)
		})
	}
}

func TestExhaustivePython(t *testing.T) {
	size, random := liveSize()
	g := grammar{
		atoms: []string{"a", "b", ".", "[ab]", "[^a]", "^", "$", `\b`, `\1`, `\A`, `\Z`},
		wraps: join([]string{"(%s)", "(?(1)%s|b)"}, looks),
		posts: join(quantifiers, lazy, possessive),
	}
	cpython.live(t, g, size, random, words("ab", 4), 0, corpus.Match, corpus.Full)
}

func TestExhaustiveJava(t *testing.T) {
	size, random := liveSize()
	g := grammar{
		atoms: []string{"a", "b", ".", "[ab]", "[^a]", "^", "$", `\b`, `\1`, `\z`, `\Z`},
		wraps: join([]string{"(%s)"}, looks),
		posts: join(quantifiers, lazy, possessive),
	}
	java.live(t, g, size, random, words("ab", 4), 0, corpus.Match, corpus.Full)
}

func TestExhaustiveRuby(t *testing.T) {
	size, random := liveSize()
	t.Run("letters", func(t *testing.T) {
		g := grammar{
			atoms: []string{"a", "b", ".", "[ab]", "[^a]", "^", "$", `\b`, `\1`, `\z`, `\Z`},
			wraps: join([]string{"(%s)", "(?(1)%s|b)"}, looks),
			posts: join(quantifiers, lazy, possessive),
		}
		onigmo.live(t, g, size, random, words("ab", 4), 0, corpus.Match, corpus.Full)
	})
	t.Run("own", func(t *testing.T) {
		g := grammar{
			atoms: []string{"a", "b", `\n`, "^", "$", `\A`, `\G`, `\K`, `\R`, `\g<1>`, `\1`},
			wraps: []string{"(%s)", "(?~%s)", "(?>%s)", "(?=%s)", "(?m:.%s)"},
			posts: []string{"*", "+?", "?", "{2}", "*+", "{,2}"},
		}
		onigmo.live(t, g, size, random, words("ab\n", 3), 0)
	})
}
