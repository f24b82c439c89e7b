package syntax

import "github.com/nearmiss-dev/nearmiss/corpus"

// ValidIn lists the other dialects in which a pattern parses, in the order of
// corpus.Dialects, among those that have all its flags. It is meant for a
// pattern that failed, and reads the text once or twice for each dialect.
func ValidIn(p corpus.Pattern) []corpus.Dialect {
	var out []corpus.Dialect
	for _, name := range corpus.Dialects {
		if name == p.Dialect {
			continue
		}
		q := corpus.Pattern{Text: p.Text, Dialect: name}
		d := tableOf(name, p.Flags)
		if !d.knows(p.Flags) {
			continue
		}
		q.Flags = p.Flags
		if _, err := parse(q); err == nil {
			out = append(out, name)
		}
	}
	return out
}

// Explain is err with ValidIn filled for the pattern it came from.
func Explain(p corpus.Pattern, err *Error) *Error {
	out := *err
	if err.Kind != ErrLimit {
		out.ValidIn = ValidIn(p)
	}
	return &out
}

// knows reports whether every flag of a set is one of the dialect.
func (d *dialect) knows(flags corpus.Flags) bool {
	for f := corpus.Flags(1); f != 0 && f <= flags; f <<= 1 {
		if _, ok := d.flags[f]; flags&f != 0 && !ok {
			return false
		}
	}
	return true
}
