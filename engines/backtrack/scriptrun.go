package backtrack

import (
	"sort"
	"unicode"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
)

// scripts decides script runs (PCRE2's (*script_run:…), after UTS #39): a text
// whose characters have a script in common and whose decimal digits come from
// one set of ten. Sets of scripts are bits, those beyond the last script stand
// for Japanese, Korean and Han with Bopomofo, which are written in several.
type scripts struct {
	sets  []charset.Set // by script: the characters used with it
	bits  []scriptBits  // by script: itself and what it is part of
	every charset.Set   // Common and Inherited
}

type scriptBits [4]uint64

func (b *scriptBits) set(i int) { b[i/64] |= 1 << (i % 64) }

func (b scriptBits) and(c scriptBits) scriptBits {
	return scriptBits{b[0] & c[0], b[1] & c[1], b[2] & c[2], b[3] & c[3]}
}

func (b scriptBits) or(c scriptBits) scriptBits {
	return scriptBits{b[0] | c[0], b[1] | c[1], b[2] | c[2], b[3] | c[3]}
}

// composite are the ways of writing that use several scripts, by the bits
// from composites on.
var composite = [...][]string{
	{"Han", "Hiragana", "Katakana"},
	{"Han", "Hangul"},
	{"Han", "Bopomofo"},
}

const composites = 256 - len(composite)

func newScripts() *scripts {
	names := make([]string, 0, len(unicode.Scripts))
	for name := range unicode.Scripts {
		names = append(names, name)
	}
	sort.Strings(names)
	s := &scripts{}
	for _, name := range names {
		set, ok := charset.ScriptExtensions(name, false, false)
		if !ok {
			continue
		}
		if name == "Common" || name == "Inherited" {
			s.every = charset.Union(s.every, set)
			continue
		}
		var bits scriptBits
		if len(s.sets) < composites {
			bits.set(len(s.sets))
		}
		for k, parts := range composite {
			for _, part := range parts {
				if part == name {
					bits.set(composites + k)
				}
			}
		}
		s.sets, s.bits = append(s.sets, set), append(s.bits, bits)
	}
	return s
}

// of is the scripts of a character; a character of no script has none.
func (s *scripts) of(c rune) scriptBits {
	if s.every.Contains(c) {
		return scriptBits{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	}
	var b scriptBits
	for i, set := range s.sets {
		if set.Contains(c) {
			b = b.or(s.bits[i])
		}
	}
	return b
}

// digitSet is the first of the ten digits that c is one of, or -1.
func digitSet(c rune) rune {
	for _, r := range unicode.Nd.R16 {
		if rune(r.Lo) <= c && c <= rune(r.Hi) {
			return c - (c-rune(r.Lo))%10
		}
	}
	for _, r := range unicode.Nd.R32 {
		if rune(r.Lo) <= c && c <= rune(r.Hi) {
			return c - (c-rune(r.Lo))%10
		}
	}
	return -1
}

// isScriptRun reports whether text is a script run. known remembers the
// scripts of the characters seen before.
func isScriptRun[T unit](text []T, s *scripts, known map[rune]scriptBits) bool {
	if len(text) < 2 {
		return true
	}
	common := scriptBits{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	digits := rune(-1)
	for _, c := range text {
		bits, ok := known[rune(c)]
		if !ok {
			bits = s.of(rune(c))
			known[rune(c)] = bits
		}
		if common = common.and(bits); common == (scriptBits{}) {
			return false
		}
		d := digitSet(rune(c))
		if d >= 0 && digits >= 0 && d != digits {
			return false
		}
		digits = max(digits, d)
	}
	return true
}
