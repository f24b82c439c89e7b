package syntax

import "github.com/nearmiss-dev/nearmiss/corpus"

// ValidIn lists the other dialects in which a pattern parses, in the order of
// corpus.Dialects, with the flags that each of them has. It is meant for a
// pattern that failed, and reads the text once or twice for each dialect.
func ValidIn(p corpus.Pattern) []corpus.Dialect {
	var out []corpus.Dialect
	for _, name := range corpus.Dialects {
		if name == p.Dialect {
			continue
		}
		q := corpus.Pattern{Text: p.Text, Dialect: name}
		d := tableOf(name, p.Flags)
		for f := corpus.Flags(1); f != 0 && f <= p.Flags; f <<= 1 {
			if _, ok := d.flags[f]; ok && p.Flags&f != 0 {
				q.Flags |= f
			}
		}
		if _, err := parse(q); err == nil {
			out = append(out, name)
		}
	}
	return out
}

// Explain is err with ValidIn filled for the pattern it came from.
func Explain(p corpus.Pattern, err *Error) *Error {
	out := *err
	if err.Kind != ErrLimit && err.Kind != ErrBadFlag {
		out.ValidIn = ValidIn(p)
	}
	return &out
}
