package charset

import (
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// foreign is a binary property of propertyTables.
func foreign(name string) Set { return foreignSets()[name] }

var foreignSets = sync.OnceValue(func() map[string]Set { return decodeAll(propertyTables) })

var extensionSets = sync.OnceValue(func() map[string]Set { return decodeAll(scriptExtensions) })

func decodeAll(tables map[string]string) map[string]Set {
	m := make(map[string]Set, len(tables))
	for name, text := range tables {
		m[name] = decode(text)
	}
	return m
}

// decode reads a table of ucd.go; a malformed field ends the table.
func decode(text string) Set {
	var rs []Range
	last := rune(-1)
	for _, field := range strings.Fields(text) {
		gap, more, _ := strings.Cut(field, ":")
		lo, err := strconv.ParseInt(gap, 36, 32)
		if err != nil {
			break
		}
		n := int64(0)
		if more != "" {
			if n, err = strconv.ParseInt(more, 36, 32); err != nil {
				break
			}
		}
		r := Range{last + rune(lo), last + rune(lo) + rune(n)}
		rs = append(rs, r)
		last = r.Hi
	}
	return Of(rs...)
}

// ScriptExtensions is the characters used with a script, by its name as
// Script takes it.
func ScriptExtensions(name string, loose, code bool) (Set, bool) {
	long, ok := scriptName(name, loose, code)
	if !ok {
		return Set{}, false
	}
	s := scriptSet(long)
	if long == "Common" || long == "Inherited" {
		return s.Minus(allExtensions()), true
	}
	return Union(s, extensionSets()[long]), true
}

var allExtensions = sync.OnceValue(func() Set {
	var sets []Set
	for _, s := range extensionSets() {
		sets = append(sets, s)
	}
	return Union(sets...)
})

// UnicodeVersion is the version of the unicode package's tables.
const UnicodeVersion = unicode.Version

// BidiClass is the characters of a bidirectional class by its short name
// folded by Loose, such as "al".
func BidiClass(name string) (Set, bool) {
	s, ok := bidiSets()[name]
	return s, ok
}

var bidiSets = sync.OnceValue(func() map[string]Set {
	names := map[bidi.Class]string{
		bidi.L: "l", bidi.R: "r", bidi.EN: "en", bidi.ES: "es", bidi.ET: "et", bidi.AN: "an", bidi.CS: "cs", bidi.B: "b", bidi.S: "s",
		bidi.WS: "ws", bidi.ON: "on", bidi.BN: "bn", bidi.NSM: "nsm", bidi.AL: "al",
		bidi.LRO: "lro", bidi.RLO: "rlo", bidi.LRE: "lre", bidi.RLE: "rle", bidi.PDF: "pdf", bidi.LRI: "lri",
		bidi.RLI: "rli", bidi.FSI: "fsi", bidi.PDI: "pdi",
	}
	ranges := map[string][]Range{}
	for c := rune(0); c <= MaxRune; c++ {
		class, _ := bidi.LookupRune(c)
		name := names[class.Class()]
		rs := ranges[name]
		if n := len(rs); n > 0 && rs[n-1].Hi == c-1 {
			rs[n-1].Hi = c
			continue
		}
		ranges[name] = append(rs, Range{c, c})
	}
	m := map[string]Set{}
	for _, name := range names {
		m[name] = Of(ranges[name]...)
	}
	return m
})
