package suricata

import (
	"bytes"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A found is a pattern whose rule is not read to its end yet.
type found struct {
	corpus.Pattern
	text     corpus.Text
	relative bool // it begins where the last match ended
}

// buffers are the letters that choose what a pattern is matched against, as
// Suricata names it; K is Snort's.
var buffers = map[byte]string{
	'U': "http.uri", 'I': "http.uri.raw", 'P': "http.request_body", 'Q': "http.response_body",
	'H': "http.header", 'D': "http.header.raw", 'M': "http.method", 'C': "http.cookie", 'K': "http.cookie.raw",
	'S': "http.stat_code", 'Y': "http.stat_msg", 'V': "http.user_agent", 'W': "http.host", 'Z': "http.host.raw",
}

// pcre reads the value of a pcre or pcrexform option.
func (p *parse) pcre(o option) (found, bool) {
	var f found
	f.Dialect, f.Mode = corpus.PCRE, corpus.Search
	f.Context = corpus.Context{Role: "operator", Operator: o.key, Negated: o.negate}
	if o.key == "pcrexform" {
		f.text = o.value
		f.Text, f.Context.Captures = o.value.String(), true
		return f, true
	}
	b := o.value.Bytes()
	delimiter, from := byte('/'), bytes.IndexByte(b, '/')
	if len(b) > 1 && b[0] == 'm' && !isWord(b[1]) && b[1] != '\\' {
		delimiter, from = b[1], 1
	}
	end := lastDelimiter(b, delimiter)
	if from < 0 || end <= from {
		p.problem(CodeBadPattern, o.value.At(0), "pattern %s without delimiters: expected /…/ and flags", corpus.Excerpt(string(b)))
		return f, false
	}
	if from > 0 && b[0] != 'm' {
		p.problem(CodeIgnoredText, o.value.At(0), "text %s before the pattern is ignored by Suricata and refused by Snort: expected / at the beginning", corpus.Excerpt(string(b[:from])))
	}
	f.text = o.value.Slice(from+1, end)
	f.Text = f.text.String()
	flags, names, capture := bytes.Cut(b[end+1:], []byte(","))
	f.Context.Captures = capture && len(bytes.TrimSpace(names)) > 0 ||
		bytes.Contains(f.text.Bytes(), []byte("(?P<flow_")) || bytes.Contains(f.text.Bytes(), []byte("(?P<pkt_"))
	for k, c := range flags {
		switch c {
		case 'i':
			f.Flags |= corpus.Caseless
		case 'm':
			f.Flags |= corpus.Multiline
		case 's':
			f.Flags |= corpus.DotAll
		case 'x':
			f.Flags |= corpus.Extended
		case 'A':
			f.Flags |= corpus.Anchored
		case 'E':
			f.Flags |= corpus.DollarEndOnly
		case 'G':
			f.Flags |= corpus.Ungreedy
		case 'R':
			f.relative = true
		case 'B', 'O', ' ', '\t', '\r', '\n':
		default:
			if v, ok := buffers[c]; ok {
				f.Context.Variables = []string{v}
				continue
			}
			p.problem(CodeBadFlag, o.value.At(end+1+k), "flag %q behind a pattern: expected letters of imsxAEGROB and UIPQHDMCKSYVWZ", c)
		}
	}
	return f, true
}

// lastDelimiter is the offset of the last delimiter that no backslash
// escapes, which a backslash before it does unless that is escaped itself; -1
// without one.
func lastDelimiter(b []byte, delimiter byte) int {
	for k := len(b) - 1; k >= 0; k-- {
		if b[k] == delimiter && (k < 1 || b[k-1] != '\\' || k > 1 && b[k-2] == '\\') {
			return k
		}
	}
	return -1
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
