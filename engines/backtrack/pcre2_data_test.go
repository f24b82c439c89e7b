package backtrack_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/enginetest"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
)

// dataDir is the folder of the development data.
func dataDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("NEARMISS_DATA")
	if dir == "" {
		at, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
				break
			}
			if at == filepath.Dir(at) {
				t.Fatal("no go.mod above the test's folder")
			}
			at = filepath.Dir(at)
		}
		dir = filepath.Join(at, "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the development data is absent: set NEARMISS_DATA")
	}
	return dir
}

// A pcre2Case is a pattern of PCRE2's test inputs with its subjects.
type pcre2Case struct {
	place    string
	pattern  corpus.Pattern
	subjects []pcre2Subject
}

type pcre2Subject struct {
	text  []byte
	start int
}

// pcre2Cases reads a test input: patterns between delimiters, modifiers, then
// indented subjects up to an empty line. What needs a modifier that changes
// more than matching is counted in skipped.
func pcre2Cases(data, file string) (cases []pcre2Case, skipped int) {
	lines := strings.Split(data, "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if line == "" || line[0] == '#' || line[0] == ' ' || strings.IndexByte("/!\"'`-=%&@_,:;{", line[0]) < 0 {
			continue
		}
		first := i + 1
		text := line[1:]
		for closing(text, line[0]) < 0 && i+1 < len(lines) {
			i++
			text += "\n" + lines[i]
		}
		end := closing(text, line[0])
		if end < 0 {
			return cases, skipped
		}
		p, ok := pcre2Pattern(text[:end], text[end+1:])
		c := pcre2Case{fmt.Sprintf("%s:%d", file, first), p, nil}
		for i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" && (lines[i+1][0] == ' ' || lines[i+1][0] == '\\') {
			i++
			if strings.HasPrefix(lines[i], `\=`) {
				continue
			}
			s, good := pcre2Text(strings.Trim(lines[i], " \t"), p)
			if !good || !ok {
				skipped++
				continue
			}
			c.subjects = append(c.subjects, s)
		}
		if ok && len(c.subjects) > 0 {
			cases = append(cases, c)
		}
	}
	return cases, skipped
}

func closing(text string, delimiter byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case delimiter:
			return i
		}
	}
	return -1
}

// pcre2Long are the modifiers written as words that a Pattern can express, as
// a flag or as an item before its text, or that change nothing here.
var pcre2Long = map[string]struct {
	flag corpus.Flags
	lead string
}{
	"anchored": {corpus.Anchored, ""}, "caseless": {corpus.Caseless, ""}, "dotall": {corpus.DotAll, ""},
	"dupnames": {corpus.DupNames, ""}, "extended": {corpus.Extended, ""}, "multiline": {corpus.Multiline, ""},
	"no_auto_capture": {corpus.ExplicitCapture, ""}, "ungreedy": {corpus.Ungreedy, ""}, "utf": {corpus.Unicode, ""},
	"dollar_endonly": {corpus.DollarEndOnly, ""}, "ucp": {0, "(*UCP)"},
	"newline=anycrlf": {0, "(*ANYCRLF)"}, "newline=crlf": {0, "(*CRLF)"}, "newline=cr": {0, "(*CR)"},
	"newline=lf": {0, "(*LF)"}, "newline=any": {0, "(*ANY)"}, "newline=nul": {0, "(*NUL)"},
	"bsr=anycrlf": {0, "(*BSR_ANYCRLF)"}, "bsr=unicode": {0, "(*BSR_UNICODE)"},
	"no_auto_possess": {0, "(*NO_AUTO_POSSESS)"}, "no_start_optimize": {0, "(*NO_START_OPT)"},
	"mark": {}, "info": {}, "debug": {}, "bincode": {}, "fullbincode": {}, "global": {}, "altglobal": {},
	"jit": {}, "jitverify": {}, "jitfast": {}, "no_dotstar_anchor": {}, "aftertext": {}, "allaftertext": {}, "startchar": {},
	"callout_info": {}, "allusedtext": {}, "memory": {}, "framesize": {}, "stackguard": {}, "ascii_all": {}, "": {},
}

func pcre2Pattern(text, modifiers string) (corpus.Pattern, bool) {
	p := corpus.Pattern{Text: text, Dialect: corpus.PCRE}
	lead := ""
	for _, m := range strings.Split(modifiers, ",") {
		m = strings.TrimSpace(m)
		if m == "hex" {
			raw, ok := pcre2Hex(text)
			if !ok {
				return p, false
			}
			p.Text = raw
			continue
		}
		if strings.HasPrefix(m, "jit=") {
			continue
		}
		if known, ok := pcre2Long[m]; ok {
			p.Flags |= known.flag
			lead += known.lead
			continue
		}
		for k := 0; k < len(m); k++ {
			switch m[k] {
			case 'I', 'B', 'g', '\\':
			case 'x':
				if strings.HasPrefix(m[k:], "xx") {
					return p, false
				}
				p.Flags |= corpus.Extended
			default:
				f, err := corpus.ParseFlags(m[k : k+1])
				if err != nil || strings.IndexByte("imsnJ", m[k]) < 0 {
					return p, false
				}
				p.Flags |= f
			}
		}
	}
	p.Text = lead + p.Text
	return p, true
}

// pcre2Hex reads a pattern in hexadecimal, with text between quotes.
func pcre2Hex(text string) (string, bool) {
	var b strings.Builder
	for i, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '"' || r == '\'' }) {
		if i%2 == 1 == !strings.HasPrefix(text, "\"") {
			b.WriteString(part)
			continue
		}
		raw, err := hex.DecodeString(strings.Join(strings.Fields(part), ""))
		if err != nil {
			return "", false
		}
		b.Write(raw)
	}
	return b.String(), true
}

// pcre2Text reads a subject line with its escapes and modifiers.
func pcre2Text(line string, p corpus.Pattern) (pcre2Subject, bool) {
	var s pcre2Subject
	wide := p.Flags.Has(corpus.Unicode) || strings.Contains(p.Text, "(*UTF")
	put := func(c uint64) bool {
		if wide {
			s.text = utf8.AppendRune(s.text, rune(c))
			return c <= utf8.MaxRune && (c < 0xD800 || c > 0xDFFF)
		}
		s.text = append(s.text, byte(c))
		return c < 256
	}
	for i := 0; i < len(line); i++ {
		if line[i] != '\\' {
			s.text = append(s.text, line[i])
			continue
		}
		i++
		if i == len(line) {
			break
		}
		switch c := line[i]; c {
		case '=':
			return s, pcre2SubjectModifiers(strings.TrimSpace(line[i+1:]), &s)
		case 'n', 'r', 't', 'f', 'a', 'e', 'b', 'v':
			s.text = append(s.text, map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'f': '\f', 'a': 7, 'e': 27, 'b': 8, 'v': 11}[c])
		case 'x', 'o':
			base, digits := 16, ""
			if c == 'o' {
				base = 8
			}
			if end := strings.IndexByte(line[i:], '}'); strings.HasPrefix(line[i+1:], "{") && end > 0 {
				digits = line[i+2 : i+end]
				i += end
			} else {
				for len(digits) < 2 && i+1 < len(line) && strings.IndexByte("0123456789abcdefABCDEF", line[i+1]) >= 0 {
					i++
					digits += line[i : i+1]
				}
				// Two digits are a code unit, even in UTF mode.
				v, _ := strconv.ParseUint("0"+digits, 16, 32)
				s.text = append(s.text, byte(v))
				continue
			}
			v, err := strconv.ParseUint(strings.TrimSpace(digits), base, 32)
			if err != nil || !put(v) {
				return s, false
			}
		case '0', '1', '2', '3', '4', '5', '6', '7':
			v := 0
			for k := 0; k < 3 && i < len(line) && line[i] >= '0' && line[i] <= '7'; k++ {
				v = 8*v + int(line[i]-'0')
				i++
			}
			i--
			if !put(uint64(v)) {
				return s, false
			}
		case '[':
			end := strings.Index(line[i:], "]{")
			if end < 0 {
				return s, false
			}
			count, rest, ok := strings.Cut(line[i+end+2:], "}")
			n, err := strconv.Atoi(count)
			if !ok || err != nil {
				return s, false
			}
			inner, good := pcre2Text(line[i+1:i+end], p)
			if !good {
				return s, false
			}
			for range n {
				s.text = append(s.text, inner.text...)
			}
			i = len(line) - len(rest) - 1
		default:
			s.text = append(s.text, c)
		}
	}
	return s, true
}

func pcre2SubjectModifiers(text string, s *pcre2Subject) bool {
	for _, m := range strings.Split(text, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(m), "=")
		switch key {
		case "offset":
			n, err := strconv.Atoi(value)
			if err != nil || n < 0 || n > len(s.text) {
				return false
			}
			s.start = n
		case "mark", "aftertext", "allaftertext", "startchar", "allcaptures", "no_jit", "zero_terminate", "copy_matched_subject":
		default:
			return false
		}
	}
	return true
}

// An observer runs one case on the reference and on a real engine.
type tally struct {
	patterns, compileAgree, refused int
	pairs, agree, outOfBudget       int
	excused                         int
	known                           []deviation
	wrong                           []string
}

func (c *tally) String() string {
	return fmt.Sprintf("%d patterns (%d refused by the engine), %d agree on acceptance; %d pairs, %d agree, %d beyond the budget; %d known deviations",
		c.patterns, c.refused, c.compileAgree, c.pairs, c.agree, c.outOfBudget, c.excused)
}

// show is an outcome as one comparable line.
func show(state engines.State, caps []int) string {
	if state == engines.Matched {
		return fmt.Sprint(caps)
	}
	return [...]string{"matched", "no match", "step limit", "memory limit", "timed out", "bad subject", "failed"}[state]
}

func stateOf(r backtrack.Result) engines.State {
	switch r.Outcome {
	case backtrack.Matched:
		return engines.Matched
	case backtrack.NoMatch:
		return engines.NoMatch
	case backtrack.StepLimit:
		return engines.StepLimit
	case backtrack.MemoryLimit:
		return engines.MemoryLimit
	case backtrack.BadSubject:
		return engines.BadSubject
	}
	return engines.Failed
}

// plain is PCRE2's interpreter without the start optimisations, which show in
// results: a verb in front of where they let the search begin never runs, and
// they have a fault of their own in 10.42 ((?=a)b?a fails on "a").
func plain() engines.Engine { return pcre2.New(pcre2.With(pcre2.NoStartOptimize)) }

func TestPCRE2Data(t *testing.T) {
	e := plain()
	if _, err := e.Version(); errors.Is(err, engines.ErrUnavailable) {
		t.Skip(err)
	}
	dir := dataDir(t)
	all, skippedAll := tally{known: deviations(t)}, 0
	for _, name := range []string{"testinput1", "testinput2", "testinput4", "testinput5"} {
		data, err := os.ReadFile(filepath.Join(dir, "pcre2-tests", name))
		if err != nil {
			t.Skip(err)
		}
		cases, skipped := pcre2Cases(string(data), name)
		skippedAll += skipped
		for _, c := range cases {
			all.run(t, e, c)
		}
	}
	t.Logf("%s; %d subjects skipped for their modifiers", &all, skippedAll)
	enginetest.Count(t, "pcre2", all.pairs, skippedAll)
	for _, w := range all.wrong {
		t.Error(w)
	}
}

func (c *tally) run(t *testing.T, e engines.Engine, pc pcre2Case) {
	c.patterns++
	m, err := e.Compile(pc.pattern)
	re, perr := syntax.Parse(pc.pattern)
	if (err == nil) == (perr == nil) {
		c.compileAgree++
	} else {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: /%s/%s: engine says %v, parser %v", pc.place, pc.pattern.Text, pc.pattern.Flags, err, perr))
	}
	if err != nil {
		c.refused++
		return
	}
	defer m.Close()
	if perr != nil {
		return
	}
	p, err := backtrack.Compile(re)
	if err != nil {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: /%s/%s: %v", pc.place, pc.pattern.Text, pc.pattern.Flags, err))
		return
	}
	for _, s := range pc.subjects {
		got := p.Run(s.text, backtrack.Options{Start: s.start, Steps: 5_000_000})
		out := m.(*pcre2.Matcher).At(s.text, s.start)
		c.pairs++
		if got.Outcome == backtrack.StepLimit || got.Outcome == backtrack.MemoryLimit {
			c.outOfBudget++
			continue
		}
		a, b := show(stateOf(got), got.Caps), show(out.State, out.Caps)
		if a == b {
			c.agree++
			continue
		}
		if excused(c.known, e.Name(), "match", pc.pattern.Text) ||
			excused(c.known, e.Name(), "match-jit", pc.pattern.Text) && s.start == 0 && a == askJIT(pc.pattern, string(s.text)) {
			c.excused++
			continue
		}
		c.wrong = append(c.wrong, fmt.Sprintf("%s: /%s/%s on %q at %d: %s, the engine says %s (%v)", pc.place, pc.pattern.Text, pc.pattern.Flags, s.text, s.start, a, b, out.Err))
	}
}
