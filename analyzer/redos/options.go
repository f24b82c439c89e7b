package redos

import "github.com/nearmiss-dev/nearmiss/corpus"

// Options are the bits of a library's options argument.
type Options struct {
	// Flags are bits that are flags of the dialect.
	Flags map[int64]corpus.Flags
	// Dialects are bits that choose another dialect.
	Dialects map[int64]corpus.Dialect
	// Ignored are bits that say nothing to the matcher.
	Ignored int64
	// Takes are the flags a dialect has here; nil takes all.
	Takes map[corpus.Dialect]corpus.Flags
}

// read is the dialect and flags of an options value. ok is false where a bit is
// unknown or is not taken together with the others.
func (o *Options) read(bits int64, d corpus.Dialect, f corpus.Flags) (corpus.Dialect, corpus.Flags, bool) {
	chosen := false
	for bit, other := range o.Dialects {
		if bits&bit != 0 {
			if chosen {
				return d, f, false
			}
			d, chosen = other, true
			bits &^= bit
		}
	}
	for bit, flag := range o.Flags {
		if bits&bit != 0 {
			f |= flag
			bits &^= bit
		}
	}
	if takes, ok := o.Takes[d]; ok && !takes.Has(f) {
		return d, f, false
	}
	return d, f, bits&^o.Ignored == 0
}

// usual are sets of options to try where those of a call are not known: what
// is said of a pattern then holds under each.
var usual = []corpus.Flags{0, corpus.Caseless, corpus.Multiline, corpus.DotAll}

const (
	lineFlags = corpus.Caseless | corpus.Multiline | corpus.DotAll
	allFlags  = lineFlags | corpus.Extended | corpus.ExplicitCapture | corpus.RightToLeft | corpus.Unicode
)

// regexp2Options are those of both versions of regexp2 (RegexOptions).
var regexp2Options = Options{
	Flags: map[int64]corpus.Flags{
		0x0001: corpus.Caseless, 0x0002: corpus.Multiline, 0x0004: corpus.ExplicitCapture, 0x0010: corpus.DotAll,
		0x0020: corpus.Extended, 0x0040: corpus.RightToLeft, 0x0400: corpus.Unicode,
	},
	Dialects: map[int64]corpus.Dialect{0x0100: corpus.ECMAScript, 0x0200: corpus.Go},
	Ignored:  0x0008 | 0x0080, // Compiled, Debug
	Takes:    map[corpus.Dialect]corpus.Flags{corpus.DotNet: allFlags, corpus.ECMAScript: lineFlags | corpus.Unicode, corpus.Go: lineFlags},
}

// pcre2Options are those of pcre2.h.
var pcre2Options = Options{
	Flags: map[int64]corpus.Flags{
		0x00000008: corpus.Caseless, 0x00000010: corpus.DollarEndOnly, 0x00000020: corpus.DotAll, 0x00000040: corpus.DupNames,
		0x00000080: corpus.Extended, 0x00000400: corpus.Multiline, 0x00002000: corpus.ExplicitCapture, 0x00040000: corpus.Ungreedy,
		0x00080000: corpus.Unicode, 0x80000000: corpus.Anchored,
	},
	Ignored: 0x40000000 | 0x00100000, // NO_UTF_CHECK, NEVER_BACKSLASH_C
}

// pcreOptions are those of PCRE 8's pcre.h.
var pcreOptions = Options{
	Flags: map[int64]corpus.Flags{
		0x00000001: corpus.Caseless, 0x00000002: corpus.Multiline, 0x00000004: corpus.DotAll, 0x00000008: corpus.Extended,
		0x00000010: corpus.Anchored, 0x00000020: corpus.DollarEndOnly, 0x00000200: corpus.Ungreedy, 0x00000800: corpus.Unicode,
		0x00001000: corpus.ExplicitCapture, 0x00080000: corpus.DupNames,
	},
	Ignored: 0x00000040 | 0x00002000, // EXTRA, NO_UTF8_CHECK
}

// onigurumaOptions are ONIG_OPTION_…; MULTILINE is Ruby's m: a dot takes
// newlines.
var onigurumaOptions = Options{
	Flags: map[int64]corpus.Flags{1: corpus.Caseless, 2: corpus.Extended, 4: corpus.Multiline},
}
