package golang

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Literal is one string literal.
type Literal struct {
	// Text is the literal's value.
	Text string
	// Raw says that it stands between back quotes.
	Raw bool
	// End is the offset in the file right after the closing quote.
	End int

	// at holds the source of each byte of Text.
	at []source
}

// A source is the half-open range of file offsets that stands for one byte.
type source struct{ start, end int }

// Read reads the literal whose opening quote stands at offset of a file. It
// takes time linear in the literal.
func Read(file []byte, offset int) (Literal, error) {
	if offset < 0 || offset >= len(file) {
		return Literal{}, fmt.Errorf("offset %d: expected one within the file's %d bytes", offset, len(file))
	}
	switch file[offset] {
	case '`':
		return readRaw(file, offset)
	case '"':
		return readInterpreted(file, offset)
	}
	return Literal{}, fmt.Errorf("offset %d: found %q: expected the opening quote of a string literal", offset, file[offset])
}

func readRaw(file []byte, offset int) (Literal, error) {
	l := Literal{Raw: true}
	var text strings.Builder
	for i := offset + 1; i < len(file); i++ {
		switch c := file[i]; c {
		case '`':
			l.Text, l.End = text.String(), i+1
			return l, nil
		case '\r':
		default:
			text.WriteByte(c)
			l.at = append(l.at, source{i, i + 1})
		}
	}
	return l, unterminated(offset)
}

func readInterpreted(file []byte, offset int) (Literal, error) {
	var l Literal
	var text strings.Builder
	for i := offset + 1; i < len(file); {
		switch c := file[i]; c {
		case '"':
			l.Text, l.End = text.String(), i+1
			return l, nil
		case '\n':
			return l, unterminated(offset)
		case '\\':
			s, n, err := escape(file[i:])
			if err != nil {
				return l, fmt.Errorf("offset %d: %w", i, err)
			}
			text.WriteString(s)
			for range len(s) {
				l.at = append(l.at, source{i, i + n})
			}
			i += n
		default:
			text.WriteByte(c)
			l.at = append(l.at, source{i, i + 1})
			i++
		}
	}
	return l, unterminated(offset)
}

func unterminated(offset int) error {
	return fmt.Errorf("offset %d: string literal without its closing quote", offset)
}

// longestEscape is that of \U0010ffff.
const longestEscape = 10

// escape is what the escape at the beginning of b stands for, and its length
// in bytes.
func escape(b []byte) (string, int, error) {
	s := string(b[:min(len(b), longestEscape)])
	r, multibyte, rest, err := strconv.UnquoteChar(s, '"')
	if err != nil {
		return "", 0, fmt.Errorf("escape %q: expected one of Go's", s[:min(len(s), 2)])
	}
	n := len(s) - len(rest)
	if r < utf8.RuneSelf || !multibyte {
		return string([]byte{byte(r)}), n, nil
	}
	return string(r), n, nil
}

// Span is the range of file offsets, half-open, that stands for bytes i to
// before j of the text. It begins with the whole escape that byte i is part
// of. An empty range is the place before byte i, or before the closing quote.
func (l Literal) Span(i, j int) (start, end int) {
	switch {
	case i >= len(l.at):
		return l.End - 1, l.End - 1
	case i >= j:
		return l.at[i].start, l.at[i].start
	}
	return l.at[i].start, l.at[min(j, len(l.at))-1].end
}

// Whole reports whether the source of bytes i to before j stands for these
// bytes and no others: neither end cuts an escape in two.
func (l Literal) Whole(i, j int) bool {
	cut := func(k int) bool { return k > 0 && k < len(l.at) && l.at[k-1] == l.at[k] }
	return !cut(i) && !cut(j)
}

// Quote is how a text is written between the quotes of this kind of literal;
// ok is false where a raw literal cannot hold it.
func (l Literal) Quote(text string) (quoted string, ok bool) {
	if !l.Raw {
		q := strconv.Quote(text)
		return q[1 : len(q)-1], true
	}
	return text, !strings.ContainsAny(text, "`\r\ufeff") && utf8.ValidString(text)
}
