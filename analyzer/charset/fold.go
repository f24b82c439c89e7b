package charset

import (
	"sync"
	"unicode"
)

// A Folding says which characters a caseless comparison takes for each other.
type Folding uint8

// The foldings. Those that map several characters to one (ß to ss, in Onigmo)
// leave the world of sets and are not here.
const (
	// FoldNone changes nothing.
	FoldNone Folding = iota
	// FoldASCII joins A-Z and a-z: PCRE on bytes (C locale), Java without
	// UNICODE_CASE, Python with ASCII.
	FoldASCII
	// FoldSimple is Unicode's simple case folding (CaseFolding.txt, status C
	// and S): PCRE with UTF, RE2, ECMAScript with u or v.
	FoldSimple
	// FoldUpper is ECMAScript's Canonicalize without u (22.2.2.7.3): the upper
	// case of one code unit, which never leads from outside ASCII into it.
	FoldUpper
	// FoldLower compares the simple lower case of both: regexp2.
	FoldLower
	// FoldPython is CPython's: lower case, and the lower-case letters that
	// share an upper case.
	FoldPython
	// FoldJava is Java's with UNICODE_CASE: lower case of upper case.
	FoldJava
)

// Fold is every character that the comparison takes for one of s, up to last.
// FoldLower and FoldPython are not symmetric for every set, as their engines
// are not. Sets of ASCII take time in the size of s, others in the number of
// cased letters, about 2,800.
func (s Set) Fold(f Folding, last rune) Set {
	if f == FoldNone || len(s.ranges) == 0 {
		return s
	}
	if f == FoldASCII {
		return s.foldASCII()
	}
	orbits := orbitsOf(f)
	rs := append([]Range(nil), s.ranges...)
	if n := s.Len(); n <= smallSet {
		for _, r := range s.ranges {
			for c := r.Lo; c <= r.Hi; c++ {
				for _, d := range orbits.of(c) {
					rs = append(rs, Range{d, d})
				}
			}
		}
	} else {
		for _, orbit := range orbits.all {
			for _, c := range orbit {
				if s.Contains(c) {
					for _, d := range orbit {
						rs = append(rs, Range{d, d})
					}
					break
				}
			}
		}
	}
	return Of(rs...).upTo(last)
}

// FoldAny is every character that some chain of the comparisons leads to from
// one of s: more than any of them alone.
func (s Set) FoldAny(last rune) Set {
	for {
		out := s
		for f := FoldASCII; f <= FoldJava; f++ {
			out = Union(out, out.Fold(f, last))
		}
		if out.Len() == s.Len() {
			return out
		}
		s = out
	}
}

// smallSet is the number of characters up to which looking up each is
// cheaper than walking every orbit.
const smallSet = 300

func (s Set) upTo(last rune) Set {
	if n := len(s.ranges); n == 0 || s.ranges[n-1].Hi <= last {
		return s
	}
	return s.Intersect(All(last))
}

func (s Set) foldASCII() Set {
	upper, lower := Of(Range{'A', 'Z'}), Of(Range{'a', 'z'})
	rs := append([]Range(nil), s.ranges...)
	for _, r := range s.Intersect(upper).ranges {
		rs = append(rs, Range{r.Lo + 0x20, r.Hi + 0x20})
	}
	for _, r := range s.Intersect(lower).ranges {
		rs = append(rs, Range{r.Lo - 0x20, r.Hi - 0x20})
	}
	return Of(rs...)
}

// orbits are the classes of more than one character of an equivalence.
type orbits struct {
	all  [][]rune
	with map[rune][]rune
}

func (o *orbits) of(c rune) []rune { return o.with[c] }

func orbitsOf(f Folding) *orbits {
	switch f {
	case FoldUpper:
		return upperOrbits()
	case FoldLower:
		return lowerOrbits()
	case FoldPython:
		return pythonOrbits()
	case FoldJava:
		return javaOrbits()
	}
	return simpleOrbits()
}

var (
	simpleOrbits = sync.OnceValue(func() *orbits {
		return classesOf(func(c rune) rune {
			least := c
			for d := unicode.SimpleFold(c); d != c; d = unicode.SimpleFold(d) {
				least = min(least, d)
			}
			return least
		})
	})
	upperOrbits  = sync.OnceValue(func() *orbits { return classesOf(upperUnit) })
	lowerOrbits  = sync.OnceValue(func() *orbits { return classesOf(unicode.ToLower) })
	javaOrbits   = sync.OnceValue(func() *orbits { return classesOf(func(c rune) rune { return unicode.ToLower(unicode.ToUpper(c)) }) })
	pythonOrbits = sync.OnceValue(func() *orbits { return classesOf(pythonKey) })
)

// classesOf groups the characters by a key; only cased ones can differ from
// their key.
func classesOf(key func(rune) rune) *orbits {
	byKey := map[rune][]rune{}
	for c := rune(0); c <= MaxRune; c++ {
		if c > lastCased && c < firstHighCased {
			c = firstHighCased
		}
		if c > lastHighCased {
			break
		}
		k := key(c)
		byKey[k] = append(byKey[k], c)
	}
	o := &orbits{with: map[rune][]rune{}}
	for k := rune(0); k <= lastHighCased; k++ {
		class := byKey[k]
		if len(class) < 2 {
			continue
		}
		o.all = append(o.all, class)
		for _, c := range class {
			o.with[c] = class
		}
	}
	return o
}

// The last cased character of the Basic Multilingual Plane is in Halfwidth and
// Fullwidth Forms; above it cased letters run from Deseret to Adlam.
const (
	lastCased      = 0xFFFF
	firstHighCased = 0x10400
	lastHighCased  = 0x1E9FF
)

// upperUnit is ECMAScript's Canonicalize without u. Characters whose full
// upper case is more than one code unit stay what they are; those among them
// that have a simple upper case are listed in SpecialCasing.txt.
func upperUnit(c rune) rune {
	if c > MaxUTF16 {
		return c
	}
	switch {
	case 0x1F80 <= c && c <= 0x1FAF, c == 0x1FB3, c == 0x1FBC, c == 0x1FC3, c == 0x1FCC, c == 0x1FF3, c == 0x1FFC:
		return c
	}
	up := unicode.ToUpper(c)
	if up > MaxUTF16 || c >= 0x80 && up < 0x80 {
		return c
	}
	return up
}

// pythonKey joins what CPython's re joins: characters are lowered, and lower
// case letters with the same upper case are one. Its table has three pairs
// whose shared upper case is a sequence.
func pythonKey(c rune) rune {
	switch low := unicode.ToLower(c); low {
	case 0x1FD3:
		return 0x390
	case 0x1FE3:
		return 0x3B0
	case 0xFB06:
		return 0xFB05
	default:
		return unicode.ToUpper(low)
	}
}
