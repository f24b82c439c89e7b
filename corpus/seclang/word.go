package seclang

import "github.com/nearmiss-dev/nearmiss/corpus"

// Quoting says which host's reading of quoted words is followed. They differ
// in which backslashes they remove, not in where a word ends.
type Quoting uint8

// The hosts.
const (
	// Apache is httpd's ap_getword_conf, and with it ModSecurity v2: \\ and an
	// escaped quote lose their backslash.
	Apache Quoting = iota
	// LibModSecurity is ModSecurity v3: the operator's argument is handed over
	// as it stands.
	LibModSecurity
	// Coraza removes the backslash before a double quote and no other.
	Coraza
)

// pairs are the bytes before which a backslash is removed in a word within
// this quote; 0 is no quote.
func (q Quoting) pairs(quote byte) string {
	switch q {
	case LibModSecurity:
		return ""
	case Coraza:
		if quote == '"' {
			return `"`
		}
		return ""
	}
	switch quote {
	case '"':
		return `\"`
	case '\'':
		return `\'`
	}
	return `\`
}

// A word is one argument of a directive.
type word struct {
	text
	at    corpus.Position // where it begins, its quote included
	quote byte            // '"' or '\'', 0 without
	open  bool            // the closing quote is missing: the line's end closes it
}

// words cuts a joined line into its words (httpd's ap_getword_conf).
type words struct {
	t       text
	i       int
	quoting Quoting
}

// next is the next word; false at the line's end.
func (w *words) next() (word, bool) {
	b := w.t.b
	for w.i < len(b) && isSpace(b[w.i]) {
		w.i++
	}
	if w.i >= len(b) {
		return word{}, false
	}
	v := word{at: w.t.pos(w.i)}
	if c := b[w.i]; c == '"' || c == '\'' {
		v.quote = c
		end := quotedEnd(b, w.i+1, c)
		v.open = end == len(b)
		v.text = w.t.slice(w.i+1, end).unescape(w.quoting.pairs(c))
		w.i = min(end+1, len(b))
		return v, true
	}
	end := w.i
	for end < len(b) && !isSpace(b[end]) {
		end++
	}
	v.text = w.t.slice(w.i, end).unescape(w.quoting.pairs(0))
	w.i = end
	return v, true
}

// quotedEnd is the offset of the quote that closes the word whose first byte
// is b[i], or len(b).
func quotedEnd(b []byte, i int, quote byte) int {
	for i < len(b) && b[i] != quote {
		if b[i] == '\\' && i+1 < len(b) && (b[i+1] == quote || b[i+1] == '\\') {
			i++
		}
		i++
	}
	return min(i, len(b))
}
