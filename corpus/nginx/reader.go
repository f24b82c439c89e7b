package nginx

import (
	"bytes"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Reader reads nginx's configuration files. It is a corpus.Reader, and safe
// for concurrent use.
type Reader struct{}

var _ corpus.Reader = Reader{}

// Name is "nginx".
func (Reader) Name() string { return "nginx" }

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
	for r.directive() {
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
	unclosed [2]int // per quote: up to where none is closed
	blocks   []block
	deeper   int // open blocks beyond MaxBlocks
	result   corpus.Result
	problems corpus.Problems
	dropped  int
}

// A block is an open { }.
type block struct {
	words []string // of its directive, at most three
	at    int
}

// directive reads one directive, or one closing brace; false at the file's
// end.
func (r *reading) directive() bool {
	var words []token
	cut := false
	for {
		t := r.next()
		switch t.kind {
		case 'w':
			if len(words) == MaxWords {
				if !cut {
					r.problem(CodeTooMany, r.lines.At(t.at), "directive with more than %d words: expected fewer", MaxWords)
				}
				cut = true
				continue
			}
			words = append(words, t)
			continue
		case '}':
			r.close(words, t)
			return true
		case '{':
			r.judge(words)
			r.open(words, t)
			return true
		case ';':
			r.judge(words)
			return true
		}
		if len(words) > 0 {
			r.problem(CodeUnexpectedEnd, r.lines.At(words[0].at), "directive %s is not finished: expected ; or { before the end of the file", corpus.Excerpt(words[0].String()))
			r.judge(words)
		}
		return false
	}
}

// open enters a block; a block of Lua is passed over.
func (r *reading) open(words []token, t token) {
	if len(words) > 0 && strings.HasSuffix(words[0].String(), "_by_lua_block") {
		r.lua(t)
		return
	}
	if len(r.blocks) >= MaxBlocks {
		if r.deeper == 0 {
			r.problem(CodeTooMany, r.lines.At(t.at), "more than %d blocks within each other: expected fewer", MaxBlocks)
		}
		r.deeper++
		return
	}
	b := block{at: t.at}
	for _, w := range words[:min(len(words), 3)] {
		b.words = append(b.words, w.String())
	}
	r.blocks = append(r.blocks, b)
}

// close leaves a block.
func (r *reading) close(words []token, t token) {
	if len(words) > 0 {
		r.problem(CodeUnexpectedBrace, r.lines.At(t.at), "closing brace behind %s: expected ; before it", corpus.Excerpt(words[len(words)-1].String()))
		r.judge(words)
	}
	switch {
	case r.deeper > 0:
		r.deeper--
	case len(r.blocks) > 0:
		r.blocks = r.blocks[:len(r.blocks)-1]
	default:
		r.problem(CodeUnexpectedBrace, r.lines.At(t.at), "closing brace without a block: expected a directive")
	}
}

// lua passes over a block of Lua, whose braces balance outside of strings and
// comments.
func (r *reading) lua(t token) {
	b, depth := r.data, 1
	for i := r.off; i < len(b); i++ {
		switch c := b[i]; {
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				r.off = i + 1
				return
			}
		case c == '"' || c == '\'':
			for i++; i < len(b) && b[i] != c && b[i] != '\n'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		case c == '[' || c == '-' && i+1 < len(b) && b[i+1] == '-':
			if c == '-' {
				i += 2
			}
			level := longBracket(b[min(i, len(b)):])
			switch {
			case level >= 0:
				end := "]" + strings.Repeat("=", level) + "]"
				k := bytes.Index(b[i:], []byte(end))
				if k < 0 {
					i = len(b)
				} else {
					i += k + len(end) - 1
				}
			case c == '-':
				if k := bytes.IndexByte(b[min(i, len(b)):], '\n'); k >= 0 {
					i += k
				} else {
					i = len(b)
				}
			}
		}
	}
	r.off = len(b)
	r.problem(CodeUnexpectedEnd, r.lines.At(t.at), "block of Lua is not closed: expected } before the end of the file")
}

// longBracket is the number of = in a long bracket at the beginning of b; -1
// where there is none.
func longBracket(b []byte) int {
	if len(b) == 0 || b[0] != '[' {
		return -1
	}
	k := 1
	for k < len(b) && b[k] == '=' {
		k++
	}
	if k < len(b) && b[k] == '[' {
		return k - 1
	}
	return -1
}

// finish reports what the file's end leaves open.
func (r *reading) finish() {
	for _, b := range r.blocks {
		r.problem(CodeUnexpectedEnd, r.lines.At(b.at), "block is not closed: expected } before the end of the file")
	}
	if r.dropped > 0 {
		r.problem(CodeTooMany, corpus.Position{}, "%d patterns beyond the first %d are not read: expected at most %d patterns", r.dropped, len(r.result.Patterns), MaxPatterns)
	}
	r.result.Problems = r.problems.List(r.file, CodeTooMany)
}
