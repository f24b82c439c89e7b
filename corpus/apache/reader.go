package apache

import (
	"bytes"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Reader reads httpd's configuration files. It is a corpus.Reader, and safe
// for concurrent use.
type Reader struct{}

var _ corpus.Reader = Reader{}

// Name is "apache".
func (Reader) Name() string { return "apache" }

// Read returns the patterns of a file in the order of their places. It takes
// time linear in the file and keeps no reference to data.
func (Reader) Read(file string, data []byte) corpus.Result {
	r := reading{file: file, problems: corpus.Problems{Most: MaxProblems}, data: data, lines: corpus.NewLines(data)}
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) { // a byte order mark
		r.off = 3
	}
	if k := bytes.IndexByte(data, 0); k >= 0 {
		r.problem(CodeNulByte, r.lines.At(k), "NUL byte in a configuration file: expected text in UTF-8 or another 8-bit encoding")
	}
	for {
		l, ok := r.line()
		if !ok {
			break
		}
		switch b := l.Bytes(); {
		case len(b) == 0 || b[0] == '#':
		case b[0] == '<':
			r.section(l)
		default:
			r.directive(l)
		}
	}
	r.finish()
	return r.result
}

// A reading is the state of one Read.
type reading struct {
	file     string
	data     []byte
	lines    *corpus.Lines
	off      int
	macro    []string // the parameters of the <Macro> that is open
	embedded bool     // rules of ModSecurity were seen
	result   corpus.Result
	problems corpus.Problems
	dropped  int
}

// A use is how a directive applies its pattern.
type use struct {
	operator, rule string
	variable       string
	flags          corpus.Flags
	mode           corpus.Mode
	negated        bool
	captures       bool
	limit          int // bytes of the subject, 0 for the host's
}

// add keeps a pattern.
func (r *reading) add(t corpus.Text, u use) {
	if len(r.result.Patterns) >= MaxPatterns {
		r.dropped++
		return
	}
	if u.mode == "" {
		u.mode = corpus.Search
	}
	if u.rule == "" {
		u.rule = u.operator
	}
	p := corpus.Pattern{
		ID: u.rule, Text: t.String(), Dialect: corpus.PCRE, Flags: u.flags, Mode: u.mode, Source: t.Source(r.file, u.rule),
		Context: corpus.Context{
			Role: "directive", Operator: u.operator, Negated: u.negated, Captures: u.captures, ByteLimit: u.limit,
			Macro: r.hasMacro(t.Bytes()),
		},
	}
	if u.variable != "" {
		p.Context.Variables = []string{u.variable}
	}
	r.result.Patterns = append(r.result.Patterns, p)
}

// hasMacro reports whether httpd puts something else in place of a part:
// ${NAME}, or a parameter of the open macro.
func (r *reading) hasMacro(b []byte) bool {
	for _, m := range r.macro {
		if bytes.Contains(b, []byte(m)) {
			return true
		}
	}
	for {
		k := bytes.Index(b, []byte("${"))
		if k < 0 {
			return false
		}
		b = b[k+2:]
		n := 0
		for n < len(b) && (b[n] == '_' || 'a' <= b[n]|0x20 && b[n]|0x20 <= 'z' || n > 0 && '0' <= b[n] && b[n] <= '9') {
			n++
		}
		if n > 0 && n < len(b) && b[n] == '}' {
			return true
		}
	}
}

// finish sorts what was found and says what was not kept.
func (r *reading) finish() {
	slices.SortStableFunc(r.result.Patterns, func(a, b corpus.Pattern) int { return a.Source.Pos.Offset - b.Source.Pos.Offset })
	if r.dropped > 0 {
		r.problem(CodeTooMany, corpus.Position{}, "%d patterns beyond the first %d are not read: expected at most %d patterns", r.dropped, len(r.result.Patterns), MaxPatterns)
	}
	r.result.Problems = r.problems.List(r.file, CodeTooMany)
}

// canonical is a directive's name in its manual's spelling; "" when it takes
// no pattern.
func canonical(name string, table []string) string {
	for _, n := range table {
		if strings.EqualFold(n, name) {
			return n
		}
	}
	return ""
}
