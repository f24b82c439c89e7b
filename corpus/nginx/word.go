package nginx

import (
	"bytes"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A word is one word of a directive, its quotes and escapes undone.
type word struct {
	corpus.Text
	quote byte // 0 without
}

// A token is a word or what ends a run of them.
type token struct {
	kind byte // 'w', ';', '{', '}', or 0 at the file's end
	word
	at int // where it begins
	// glued says that an opening brace stands right behind a word without
	// quotes.
	glued bool
}

// next is the next token (ngx_conf_read_token).
func (r *reading) next() token {
	b := r.data
	for r.off < len(b) {
		switch c := b[r.off]; {
		case isSpace(c):
			r.off++
		case c == '#':
			if k := bytes.IndexByte(b[r.off:], '\n'); k >= 0 {
				r.off += k + 1
			} else {
				r.off = len(b)
			}
		case c == ';' || c == '{' || c == '}':
			r.off++
			return token{kind: c, at: r.off - 1}
		case c == '"' || c == '\'':
			if t, ok := r.quoted(c); ok {
				return t
			}
			return r.plain()
		default:
			return r.plain()
		}
	}
	return token{at: len(b)}
}

// quoted reads a word in quotes; false where they are not closed.
func (r *reading) quoted(quote byte) (token, bool) {
	b, i := r.data, r.off
	if i < r.unclosed[quote&1] {
		return token{}, false // another like it is known to be missing
	}
	for k := i + 1; k < len(b); k++ {
		switch b[k] {
		case '\\':
			k++
		case quote:
			r.off = k + 1
			return token{kind: 'w', at: i, word: word{Text: r.unescape(i+1, k), quote: quote}}, true
		}
	}
	r.problem(CodeUnterminatedQuote, r.lines.At(i), "word opened with %c is not closed: expected %c before the end of the file", quote, quote)
	r.unclosed[quote&1] = len(b)
	return token{}, false
}

// plain reads a word without quotes.
func (r *reading) plain() token {
	b, i := r.data, r.off
	k := i
	for k < len(b) && !isSpace(b[k]) && b[k] != ';' && (b[k] != '{' || k > i && b[k-1] == '$') {
		if b[k] == '\\' && k+1 < len(b) {
			k++
		}
		k++
	}
	r.off = k
	return token{kind: 'w', at: i, word: word{Text: r.unescape(i, k)}, glued: k < len(b) && b[k] == '{'}
}

// unescape is the file from i to j without the backslashes that nginx drops.
func (r *reading) unescape(i, j int) corpus.Text {
	b := r.data
	if bytes.IndexByte(b[i:j], '\\') < 0 {
		return r.lines.Text(i, j)
	}
	var w corpus.TextBuilder
	from := i
	for k := i; k+1 < j; k++ {
		if b[k] != '\\' {
			continue
		}
		switch c := b[k+1]; c {
		case '"', '\'', '\\':
			w.Add(r.lines.Text(from, k))
			from = k + 1
		case 't', 'r', 'n':
			w.Add(r.lines.Text(from, k))
			w.Escape(map[byte]string{'t': "\t", 'r': "\r", 'n': "\n"}[c], r.lines.At(k))
			from = k + 2
		default:
			continue // the byte behind the backslash may be one itself
		}
		k++
	}
	w.Add(r.lines.Text(from, j))
	return w.Text(r.lines.At(i))
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
