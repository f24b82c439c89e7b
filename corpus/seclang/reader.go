package seclang

import (
	"bytes"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Reader reads SecLang files. The zero Reader follows Apache and ModSecurity
// v2. It is a corpus.Reader, and safe for concurrent use.
type Reader struct {
	Quoting Quoting
}

var _ corpus.Reader = Reader{}

// Name is "seclang".
func (Reader) Name() string { return "seclang" }

// Read returns the patterns of a file in the order of their places. It takes
// time linear in the file and keeps no reference to data.
func (rd Reader) Read(file string, data []byte) corpus.Result {
	r := reading{file: file, problems: corpus.Problems{Most: MaxProblems}, quoting: rd.Quoting, defaults: &defaults{}}
	s := scanner{data: data, line: 1, column: 1}
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) { // a byte order mark
		s.off, s.column = 3, 4
	}
	r.nul(data)
	for {
		l, ok := s.next()
		if !ok {
			break
		}
		r.line(l, &s)
	}
	r.finish()
	return r.result
}

// A reading is the state of one Read.
type reading struct {
	file     string
	quoting  Quoting
	result   corpus.Result
	problems corpus.Problems
	segments int // of all patterns
	dropped  int // patterns beyond MaxPatterns or MaxSegments
	defaults *defaults
	sections []section
	chain    chain
}

// A section is an open <…>.
type section struct {
	name  string
	at    corpus.Position
	outer *defaults // to restore at its end; nil when it has no scope of its own
}

// nul reports the first NUL byte.
func (r *reading) nul(data []byte) {
	k := bytes.IndexByte(data, 0)
	if k < 0 {
		return
	}
	at := corpus.Position{
		Line:   1 + bytes.Count(data[:k], []byte("\n")),
		Column: k - bytes.LastIndexByte(data[:k], '\n'),
		Offset: k,
	}
	r.problem(CodeNulByte, at, "NUL byte in a rule file: expected text in UTF-8 or another 8-bit encoding")
}

// line reads one joined line.
func (r *reading) line(l line, s *scanner) {
	switch {
	case l.tooLong:
		r.problem(CodeLineTooLong, l.pos(0), "line continued over more than %d bytes: expected at most that", MaxLine)
		return
	case l.cut:
		r.problem(CodeUnexpectedEnd, l.pos(len(l.b)), "file ends after a backslash: expected the line it continues on")
	}
	if len(l.b) == 0 {
		return
	}
	switch l.b[0] {
	case '#':
		r.comment(l, s)
		return
	case '<':
		r.section(l.text)
		return
	}
	w := words{t: l.text, quoting: r.quoting}
	name, _ := w.next()
	r.directive(name, &w)
}

// comment looks for a directive that a continued comment swallows, and has
// the scanner read on from there: one host runs it, so it is to be judged.
func (r *reading) comment(l line, s *scanner) {
	for _, seg := range l.segs[1:] {
		b := bytes.TrimLeft(l.b[seg.Offset:], " \t\r\v\f")
		if len(b) < 3 || !strings.EqualFold(string(b[:3]), "Sec") {
			continue
		}
		end := 0
		for end < len(b) && end < 64 && !isSpace(b[end]) {
			end++
		}
		if d, ok := directives.find(string(b[:end])); ok {
			r.problem(CodeSwallowedDirective, seg.Pos, "%s continues a comment that ends in a backslash, which hides it from Apache and not from Coraza: expected no backslash there, or # before %s", d, d)
			s.off, s.line, s.column = seg.Pos.Offset, seg.Pos.Line, seg.Pos.Column
			return
		}
	}
}

// unscoped are the sections that only ask a question.
var unscoped = nameSet("IfModule IfDefine IfVersion IfFile IfDirective IfSection Macro")

// section reads <Name …> or </Name>.
func (r *reading) section(t text) {
	if len(t.b) > 1 && t.b[1] == '/' {
		name := sectionName(t.b[2:])
		for k := len(r.sections) - 1; k >= 0; k-- {
			if s := r.sections[k]; strings.EqualFold(s.name, name) {
				for _, inner := range r.sections[k:] {
					if inner.outer != nil {
						r.defaults = inner.outer
						break
					}
				}
				r.sections = r.sections[:k]
				return
			}
		}
		return
	}
	if len(r.sections) >= MaxSections {
		r.problem(CodeTooMany, t.pos(0), "more than %d sections within each other: expected fewer", MaxSections)
		return
	}
	s := section{name: sectionName(t.b[1:]), at: t.pos(0)}
	if _, ok := unscoped.find(s.name); !ok {
		s.outer = r.defaults
	}
	r.sections = append(r.sections, s)
}

func sectionName(b []byte) string {
	if k := bytes.IndexFunc(b, func(c rune) bool { return c == '>' || c < 0x80 && isSpace(byte(c)) }); k >= 0 {
		b = b[:k]
	}
	return string(b)
}

// finish reports what the file's end leaves open.
func (r *reading) finish() {
	r.breakChain("the end of the file")
	for _, s := range r.sections {
		r.problem(CodeUnexpectedEnd, s.at, "section <%s> is not closed: expected </%s> before the end of the file", s.name, s.name)
	}
	if r.dropped > 0 {
		r.problem(CodeTooMany, corpus.Position{}, "%d patterns beyond the first %d are not read: expected at most %d patterns, with at most %d escapes and line breaks in all",
			r.dropped, len(r.result.Patterns), MaxPatterns, MaxSegments)
	}
	r.result.Problems = r.problems.List(r.file, CodeTooMany)
}
