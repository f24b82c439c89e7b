package suricata

import (
	"bytes"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Reader reads rule files. It is a corpus.Reader, and safe for concurrent
// use.
type Reader struct{}

var _ corpus.Reader = Reader{}

// Name is "suricata".
func (Reader) Name() string { return "suricata" }

// Read returns the patterns of a file in the order of their places. It takes
// time linear in the file and keeps no reference to data.
func (Reader) Read(file string, data []byte) corpus.Result {
	r := reading{file: file, problems: corpus.Problems{Most: MaxProblems}, data: data, lines: corpus.NewLines(data)}
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) { // a byte order mark
		r.off = 3
	}
	if k := bytes.IndexByte(data, 0); k >= 0 {
		r.problem(CodeNulByte, r.lines.At(k), "NUL byte in a rule file: expected text in UTF-8 or another 8-bit encoding")
	}
	for r.off < len(data) {
		r.line()
	}
	r.finish()
	return r.result
}

// A reading is the state of one Read.
type reading struct {
	file     string
	data     []byte
	lines    *corpus.Lines
	off      int // where the next line begins
	hidden   int // where the comment of Snort 3 ends that was entered last
	result   corpus.Result
	problems corpus.Problems
	dropped  int
}

// actions begin a rule. Snort's files may declare others.
var actions = strings.Fields("alert log pass drop reject rejectsrc rejectdst rejectboth sdrop block react rewrite replace activate dynamic accept config")

// directives of Snort's and Suricata's files that are no rules.
var directives = strings.Fields("include var ipvar portvar config preprocessor output event_filter rate_filter threshold suppress ruletype dynamicpreprocessor dynamicengine dynamicdetection attribute_table file event_queue")

// line reads the line at r.off: a comment, a directive, or a rule with all
// its lines.
func (r *reading) line() {
	begin := r.off
	i := begin
	for i < len(r.data) && isBlank(r.data[i]) {
		i++
	}
	if begin >= r.hidden && bytes.HasPrefix(r.data[i:], []byte("/*")) {
		r.enter(i)
		return
	}
	end := lineEnd(r.data, i)
	if begin < r.hidden {
		if !r.startsRule(i) {
			r.off = min(end+1, r.hidden)
			return
		}
		r.problem(CodeSwallowedDirective, r.lines.At(i), "rule within a comment, which hides it from Snort 3 and not from Suricata: expected # before it")
	}
	switch {
	case i >= end:
		r.off = end + 1
		return
	case r.data[i] == '#':
		r.comment(i)
		return
	}
	word := firstWord(r.data[i:end])
	stop := r.joinedEnd(i)
	open := bytes.IndexByte(r.data[i:stop], '(')
	if open < 0 && slices.Contains(actions, word) && word != "config" {
		// Snort 3 opens the options on a later line.
		open = bytes.IndexByte(r.data[stop:r.ruleEnd(stop)], '(')
	}
	switch {
	case slices.Contains(directives, word) && (open < 0 || word != "config"):
		if word == "include" {
			path := r.lines.Text(i+len(word), stop).Trim(" \t\r\n\"")
			if path.Len() > 0 {
				r.result.Includes = append(r.result.Includes, corpus.Include{Path: path.String(), Pos: path.At(0)})
			}
		}
		r.off = stop
	case open < 0:
		r.problem(CodeUnknownLine, r.lines.At(i), "%s is neither a rule nor a directive: expected an action such as alert, and options in parentheses", corpus.Excerpt(string(bytes.TrimSpace(r.data[i:end]))))
		r.off = stop
	default:
		r.rule(i, stop)
	}
}

// enter begins a comment of Snort 3 at i, and passes over its first line.
func (r *reading) enter(i int) {
	r.hidden = len(r.data)
	if k := bytes.Index(r.data[i:], []byte("*/")); k >= 0 {
		r.hidden = i + k + 2
	} else {
		r.problem(CodeUnexpectedEnd, r.lines.At(i), "comment is not closed: expected */ before the end of the file")
	}
	r.off = r.hidden
	if k := bytes.IndexByte(r.data[i:r.hidden], '\n'); k >= 0 {
		r.off = i + k + 1
	}
}

// comment passes over a comment, and over the rest of a rule whose first line
// it is.
func (r *reading) comment(i int) {
	for {
		end := lineEnd(r.data, i)
		more := continued(r.data[i:end]) >= 0
		r.off = min(end+1, len(r.data))
		i = r.off
		if !more || r.startsRule(i) || i >= len(r.data) || r.data[i] == '#' {
			return
		}
	}
}

// startsRule reports whether the line at i begins with an action, or is a
// header with a direction.
func (r *reading) startsRule(i int) bool {
	for i < len(r.data) && isBlank(r.data[i]) {
		i++
	}
	line := r.data[i:lineEnd(r.data, i)]
	if slices.Contains(actions, firstWord(line)) {
		return true
	}
	head, _, open := bytes.Cut(line, []byte("("))
	return open && firstWord(head) != "" && (bytes.Contains(head, []byte(" -> ")) || bytes.Contains(head, []byte(" <> ")))
}

// joinedEnd is where the lines that backslashes join to the one at i end,
// past the last line end.
func (r *reading) joinedEnd(i int) int {
	for {
		end := lineEnd(r.data, i)
		next := min(end+1, len(r.data))
		if next >= len(r.data) || continued(r.data[i:end]) < 0 {
			return next
		}
		i = next
	}
}

// ruleEnd is where the next line after i begins that starts a rule.
func (r *reading) ruleEnd(i int) int {
	for i < len(r.data) && !r.startsRule(i) {
		i = r.joinedEnd(i)
	}
	return i
}

// firstWord is the letters that a line begins with; an action of Suricata's
// firewall mode may have more behind a colon or comma.
func firstWord(line []byte) string {
	k := 0
	for k < len(line) && k < 32 && (line[k] == '_' || 'a' <= line[k]|0x20 && line[k]|0x20 <= 'z') {
		k++
	}
	if k < len(line) && !isBlank(line[k]) && !bytes.ContainsRune([]byte("(:,\r"), rune(line[k])) {
		return ""
	}
	return string(line[:k])
}

// lineEnd is the offset of the line end at or after i, or the file's end.
func lineEnd(data []byte, i int) int {
	if k := bytes.IndexByte(data[i:], '\n'); k >= 0 {
		return i + k
	}
	return len(data)
}

// continued is the offset of the backslash that ends the line, blanks after
// it allowed; -1 without one.
func continued(line []byte) int {
	k := len(line) - 1
	for k >= 0 && (isBlank(line[k]) || line[k] == '\r') {
		k--
	}
	if k >= 0 && line[k] == '\\' {
		return k
	}
	return -1
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\v' || c == '\f' }

func isSpace(c byte) bool { return isBlank(c) || c == '\n' || c == '\r' }

// finish sorts what was found and says what was not kept.
func (r *reading) finish() {
	if r.dropped > 0 {
		r.problem(CodeTooMany, corpus.Position{}, "%d patterns beyond the first %d are not read: expected at most %d patterns", r.dropped, len(r.result.Patterns), MaxPatterns)
	}
	r.result.Problems = r.problems.List(r.file, CodeTooMany)
}
