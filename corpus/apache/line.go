package apache

import (
	"bytes"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// line is the next joined line, without the white space at its ends; false
// at the file's end.
func (r *reading) line() (corpus.Text, bool) {
	if r.off >= len(r.data) {
		return corpus.Text{}, false
	}
	begin := r.off
	at := r.lines.At(begin)
	var w corpus.TextBuilder
	for {
		i := r.off
		end := len(r.data)
		ended := false
		if k := bytes.IndexByte(r.data[i:], '\n'); k >= 0 {
			end, ended = i+k, true
		}
		r.off = end
		if ended {
			r.off++
		}
		stop := end
		if ended && stop > i && r.data[stop-1] == '\r' {
			stop--
		}
		more := stop > i && r.data[stop-1] == '\\'
		if more {
			stop--
		}
		if r.off-begin <= MaxLine {
			w.Add(r.lines.Text(i, stop))
		}
		if !more {
			break
		}
		if r.off >= len(r.data) {
			r.problem(CodeUnexpectedEnd, r.lines.At(stop), "file ends after a backslash: expected the line it continues on")
			break
		}
	}
	if r.off-begin > MaxLine+1 {
		r.problem(CodeLineTooLong, at, "line continued over more than %d bytes: expected at most that", MaxLine)
		return corpus.Text{}, true
	}
	return w.Text(at).Trim(spaces), true
}

// spaces is C's isspace, which Apache uses, in the C locale.
const spaces = " \t\n\v\f\r"

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// A word is one argument of a directive.
type word struct {
	corpus.Text
	quote byte // '"' or '\'', 0 without
	from  int  // where it begins in the line
}

// words cuts a line into its words (httpd's ap_getword_conf).
func (r *reading) words(t corpus.Text) []word {
	var out []word
	b := t.Bytes()
	for i := 0; ; {
		for i < len(b) && isSpace(b[i]) {
			i++
		}
		if i >= len(b) {
			return out
		}
		w := word{from: i}
		if c := b[i]; c == '"' || c == '\'' {
			end := i + 1
			for end < len(b) && b[end] != c {
				if b[end] == '\\' && end+1 < len(b) && (b[end+1] == c || b[end+1] == '\\') {
					end++
				}
				end++
			}
			if end >= len(b) {
				r.problem(CodeUnterminatedQuote, t.At(i), "argument opened with %c is not closed: expected %c before the end of the line", c, c)
				end = len(b)
			}
			w.quote = c
			w.Text = unescape(t.Slice(i+1, end), c)
			i = end + 1
		} else {
			end := i
			for end < len(b) && !isSpace(b[end]) {
				end++
			}
			w.Text = unescape(t.Slice(i, end), '\\')
			i = end
		}
		out = append(out, w)
	}
}

// unescape is t without each backslash before another one or the quote.
func unescape(t corpus.Text, quote byte) corpus.Text {
	b := t.Bytes()
	if bytes.IndexByte(b, '\\') < 0 {
		return t
	}
	var w corpus.TextBuilder
	from := 0
	for i := 0; i+1 < len(b); i++ {
		if b[i] == '\\' && (b[i+1] == '\\' || b[i+1] == quote) {
			w.Add(t.Slice(from, i))
			from = i + 1
			i++
		}
	}
	w.Add(t.Slice(from, len(b)))
	return w.Text(t.At(0))
}
