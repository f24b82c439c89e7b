package charset

import (
	"strings"
	"sync"
	"unicode"
)

// Table is the characters of a range table of the unicode package, which
// carries Unicode 15.0 in Go 1.26.
func Table(t *unicode.RangeTable) Set {
	rs := make([]Range, 0, len(t.R16)+len(t.R32))
	for _, r := range t.R16 {
		rs = appendStride(rs, rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range t.R32 {
		rs = appendStride(rs, rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return Of(rs...)
}

func appendStride(rs []Range, lo, hi, stride rune) []Range {
	if stride == 1 {
		return append(rs, Range{lo, hi})
	}
	for c := lo; c <= hi; c += stride {
		rs = append(rs, Range{c, c})
	}
	return rs
}

// Category is the characters of a general category by its short name, such
// as "L" or "Lu", "LC" and "L&" for cased letters, "Cn" for what is not
// assigned. Case matters. The tables are those of the unicode package.
func Category(name string) (Set, bool) {
	switch name {
	case "LC", "L&":
		return casedLetters(), true
	case "Cn":
		return unassigned(), true
	case "C":
		return anyC(), true
	}
	if t, ok := unicode.Categories[name]; ok {
		return Table(t), true
	}
	return Set{}, false
}

var casedLetters = sync.OnceValue(func() Set {
	return Union(Table(unicode.Lu), Table(unicode.Ll), Table(unicode.Lt))
})

var unassigned = sync.OnceValue(func() Set {
	var sets []Set
	for name, t := range unicode.Categories {
		if len(name) == 2 && name != "Cn" && name != "LC" {
			sets = append(sets, Table(t))
		}
	}
	return Union(sets...).Negate(MaxRune)
})

var anyC = sync.OnceValue(func() Set {
	return Union(unassigned(), Table(unicode.Cc), Table(unicode.Cf), Table(unicode.Co), Table(unicode.Cs))
})

// longCategories are the long names of general categories, folded by Loose
// (PropertyValueAliases.txt, property gc).
var longCategories = map[string]string{
	"other": "C", "control": "Cc", "cntrl": "Cc", "format": "Cf", "unassigned": "Cn", "privateuse": "Co", "surrogate": "Cs",
	"letter": "L", "casedletter": "LC", "lowercaseletter": "Ll", "modifierletter": "Lm", "otherletter": "Lo",
	"titlecaseletter": "Lt", "uppercaseletter": "Lu", "mark": "M", "combiningmark": "M", "spacingmark": "Mc",
	"enclosingmark": "Me", "nonspacingmark": "Mn", "number": "N", "decimalnumber": "Nd", "digit": "Nd",
	"letternumber": "Nl", "othernumber": "No", "punctuation": "P", "punct": "P", "connectorpunctuation": "Pc",
	"dashpunctuation": "Pd", "closepunctuation": "Pe", "finalpunctuation": "Pf", "initialpunctuation": "Pi",
	"otherpunctuation": "Po", "openpunctuation": "Ps", "symbol": "S", "currencysymbol": "Sc",
	"modifiersymbol": "Sk", "mathsymbol": "Sm", "othersymbol": "So", "separator": "Z", "lineseparator": "Zl",
	"paragraphseparator": "Zp", "spaceseparator": "Zs",
}

// CategoryName is the short name of a general category given by a long one
// ("Uppercase_Letter") under exact or loose matching.
func CategoryName(long string, loose bool) (string, bool) {
	if !loose && (long != titleWords(long) && long != "digit" && long != "cntrl" && long != "punct") {
		return "", false
	}
	short, ok := longCategories[Loose(long)]
	return short, ok
}

// titleWords writes each word of a name parted by underscores with one
// capital, as the Unicode data files do.
func titleWords(s string) string {
	b := []byte(strings.ToLower(s))
	for i := range b {
		if (i == 0 || b[i-1] == '_') && 'a' <= b[i] && b[i] <= 'z' {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}

// Loose folds a property name as UAX44-LM3 does: case, white space, hyphens
// and underscores do not count.
func Loose(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == '_' || r == ' ' || '\t' <= r && r <= '\r':
			return -1
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// Script is the characters of a script by its long name ("Greek"), under
// loose matching or exact, or by its four-letter code when code is set.
func Script(name string, loose, code bool) (Set, bool) {
	long, ok := scriptName(name, loose, code)
	if !ok {
		return Set{}, false
	}
	return scriptSet(long), true
}

func scriptSet(long string) Set {
	if long == "Unknown" {
		return unknownScript()
	}
	if t, ok := unicode.Scripts[long]; ok {
		return Table(t)
	}
	return Set{}
}

var unknownScript = sync.OnceValue(func() Set {
	var sets []Set
	for _, t := range unicode.Scripts {
		sets = append(sets, Table(t))
	}
	return Union(sets...).Negate(MaxRune)
})

func scriptName(name string, loose, code bool) (string, bool) {
	if loose {
		long, ok := looseScripts()[Loose(name)]
		if ok && (code || len(Loose(name)) != 4 || Loose(long) == Loose(name)) {
			return long, true
		}
		return "", false
	}
	if _, ok := unicode.Scripts[name]; ok {
		return name, true
	}
	if code {
		long, ok := scriptCodes[name]
		return long, ok
	}
	return "", false
}

var looseScripts = sync.OnceValue(func() map[string]string {
	m := map[string]string{"unknown": "Unknown", "zzzz": "Unknown"}
	for long := range unicode.Scripts {
		m[Loose(long)] = long
	}
	for code, long := range scriptCodes {
		m[Loose(code)] = long
	}
	return m
})

// Binary is the characters that have a binary property, by its long name
// folded by Loose. Derived properties follow DerivedCoreProperties.txt.
func Binary(name string) (Set, bool) {
	folded := Loose(name)
	if long, ok := binaryAliases[folded]; ok {
		folded = long
	}
	if f, ok := derived[folded]; ok {
		return f(), true
	}
	if t, ok := baseProperties()[folded]; ok {
		return Table(t), true
	}
	return Set{}, false
}

var baseProperties = sync.OnceValue(func() map[string]*unicode.RangeTable {
	m := make(map[string]*unicode.RangeTable, len(unicode.Properties))
	for name, t := range unicode.Properties {
		if !strings.HasPrefix(name, "Other_") {
			m[Loose(name)] = t
		}
	}
	return m
})

// binaryAliases are the short names of binary properties
// (PropertyAliases.txt).
var binaryAliases = map[string]string{
	"ahex": "asciihexdigit", "alpha": "alphabetic", "bidic": "bidicontrol", "bidim": "bidimirrored", "pcm": "prependedconcatenationmark", "grlink": "graphemelink", "ci": "caseignorable", "dep": "deprecated",
	"di": "defaultignorablecodepoint", "dia": "diacritic", "ext": "extender", "grbase": "graphemebase",
	"grext": "graphemeextend", "hex": "hexdigit", "idc": "idcontinue", "ideo": "ideographic", "ids": "idstart",
	"idsb": "idsbinaryoperator", "idst": "idstrinaryoperator", "joinc": "joincontrol", "loe": "logicalorderexception",
	"lower": "lowercase", "nchar": "noncharactercodepoint", "patsyn": "patternsyntax", "patws": "patternwhitespace",
	"qmark": "quotationmark", "ri": "regionalindicator", "sd": "softdotted", "sterm": "sentenceterminal",
	"term": "terminalpunctuation", "uideo": "unifiedideograph", "upper": "uppercase", "vs": "variationselector",
	"space": "whitespace", "wspace": "whitespace", "xidc": "xidcontinue", "xids": "xidstart",
	"cwcf": "changeswhencasefolded", "cwcm": "changeswhencasemapped", "cwl": "changeswhenlowercased",
	"cwt": "changeswhentitlecased", "cwu": "changeswhenuppercased", "cwkcf": "changeswhennfkccasefolded",
	"ebase": "emojimodifierbase", "ecomp": "emojicomponent", "emod": "emojimodifier", "epres": "emojipresentation",
	"extpict": "extendedpictographic",
}

var derived = map[string]func() Set{
	"any":        func() Set { return All(MaxRune) },
	"ascii":      func() Set { return All(0x7F) },
	"assigned":   func() Set { return unassigned().Negate(MaxRune) },
	"alphabetic": Alphabetic,
	"lowercase":  Lowercase,
	"uppercase":  Uppercase,
	"math":       sync.OnceValue(func() Set { return Union(Table(unicode.Sm), Table(unicode.Other_Math)) }),
	"cased":      sync.OnceValue(func() Set { return Union(Lowercase(), Uppercase(), Table(unicode.Lt)) }),
	"idstart":    idStart, "xidstart": idStart,
	"idcontinue": idContinue, "xidcontinue": idContinue,
	"graphemeextend": sync.OnceValue(graphemeExtend),
	"graphemebase": sync.OnceValue(func() Set {
		return Union(anyC(), Table(unicode.Zl), Table(unicode.Zp), graphemeExtend()).Negate(MaxRune)
	}),
	"caseignorable": sync.OnceValue(func() Set {
		return Union(Table(unicode.Mn), Table(unicode.Me), Table(unicode.Cf), Table(unicode.Lm), Table(unicode.Sk),
			Runes('\'', '.', ':', 0xAD, 0xB7, 0x387, 0x55F, 0x5F4, 0x2018, 0x2019, 0x2024, 0x2027, 0xFE13, 0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A))
	}),
	"defaultignorablecodepoint": sync.OnceValue(func() Set {
		white := Table(unicode.White_Space)
		out := Union(Table(unicode.Other_Default_Ignorable_Code_Point), Table(unicode.Cf), Table(unicode.Variation_Selector))
		return out.Minus(white).Minus(Of(Range{0xFFF9, 0xFFFB}, Range{0x13430, 0x1343F})).Minus(Table(unicode.Prepended_Concatenation_Mark))
	}),
	"graphemelink": func() Set { return foreign("graphemelink") },
	"bidimirrored": func() Set { return foreign("bidimirrored") },
	"changeswhenlowercased": sync.OnceValue(func() Set {
		return changing(unicode.ToLower)
	}),
	"changeswhenuppercased":     func() Set { return foreign("changeswhenuppercased") },
	"changeswhentitlecased":     func() Set { return foreign("changeswhentitlecased") },
	"changeswhencasefolded":     func() Set { return foreign("changeswhencasefolded") },
	"changeswhencasemapped":     func() Set { return foreign("changeswhencasemapped") },
	"changeswhennfkccasefolded": func() Set { return foreign("changeswhennfkccasefolded") },
	"emoji":                     func() Set { return foreign("emoji") },
	"emojimodifierbase":         func() Set { return foreign("emojimodifierbase") },
	"emojicomponent":            func() Set { return foreign("emojicomponent") },
	"emojimodifier":             func() Set { return Of(Range{0x1F3FB, 0x1F3FF}) },
	"emojipresentation":         func() Set { return foreign("emojipresentation") },
	"extendedpictographic":      func() Set { return foreign("extendedpictographic") },
}

func changing(to func(rune) rune) Set {
	var rs []Range
	for c := rune(0); c <= MaxRune; c++ {
		if to(c) != c {
			rs = append(rs, Range{c, c})
		}
	}
	return Of(rs...)
}

// Alphabetic is the derived property of that name.
var Alphabetic = sync.OnceValue(func() Set {
	return Union(Table(unicode.L), Table(unicode.Nl), Table(unicode.Other_Alphabetic))
})

// Lowercase is the derived property of that name.
var Lowercase = sync.OnceValue(func() Set {
	return Union(Table(unicode.Ll), Table(unicode.Other_Lowercase))
})

// Uppercase is the derived property of that name.
var Uppercase = sync.OnceValue(func() Set {
	return Union(Table(unicode.Lu), Table(unicode.Other_Uppercase))
})

var idStart = sync.OnceValue(func() Set {
	return Union(Table(unicode.L), Table(unicode.Nl), Table(unicode.Other_ID_Start)).
		Minus(Union(Table(unicode.Pattern_Syntax), Table(unicode.Pattern_White_Space)))
})

var idContinue = sync.OnceValue(func() Set {
	return Union(idStart(), Table(unicode.Mn), Table(unicode.Mc), Table(unicode.Nd), Table(unicode.Pc), Table(unicode.Other_ID_Continue)).
		Minus(Union(Table(unicode.Pattern_Syntax), Table(unicode.Pattern_White_Space)))
})

func graphemeExtend() Set {
	return Union(Table(unicode.Me), Table(unicode.Mn), Table(unicode.Other_Grapheme_Extend))
}
