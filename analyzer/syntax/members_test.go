package syntax

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unsafe"

	v1 "github.com/dlclark/regexp2"
	"github.com/ebitengine/purego"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// oneCharacter are patterns for one character, by dialect: shorthands,
// properties, caseless characters and classes.
var oneCharacter = map[corpus.Dialect][]string{
	corpus.PCRE: {
		`\d`, `\w`, `\s`, `\W`, `\h`, `\v`, `\H`, `.`, `\N`, `(?i)k`, `(?i)s`, `(?i)\xe4`, `(?i)\xb5`, `(?i)[a-z]`, `(?i)[^a-z]`, `[[:punct:]]`,
		`[[:graph:]]`, `[[:print:]]`, `[[:alpha:]\d]`, `(?i)[[:lower:]]`, `[^[:space:]]`, `\p{L}`, `\p{Lu}`, `(?i)\p{Lu}`, `\p{L&}`, `\p{Greek}`,
		`\p{sc:Greek}`, `\p{Han}`, `\p{Common}`, `\p{Xan}`, `\p{Xuc}`, `\p{Xps}`, `\P{Cn}`, `\p{C}`, `\p{Alphabetic}`, `\p{Emoji}`, `\p{bc=AL}`,
		`\p{ideo}`, `\p{lower}`, `\p{math}`, `\p{idc}`, `\p{di}`, `\p{cased}`, `\p{ci}`, `[^\W\d_]`, `(?i)[^k]`, `[\x80-\xff]`, `(*UCP)\w`, `(*UCP)\d`, `(*UCP)\s`,
		`(*UCP)[[:punct:]]`, `(*UCP)[[:graph:]]`, `(*UCP)[[:print:]]`, `(*UCP)[[:upper:]]`, `(*UCP)(?i)[[:upper:]]`, `(*UCP)[[:blank:]]`, `(*UCP)[[:alnum:]]`,
		`(*UCP)[[:cntrl:]]`, `(*UCP)[[:xdigit:]]`, `(*UCP)(?i)[à-ö]`, `\p{Inherited}`, `\p{scx:Common}`, `[^\D\P{Nd}]`, `[^\W\p{L}]`, `[\D\p{Nd}]`, `[^[:^alpha:]\p{Lu}]`, `[^\D\x{fe}]`,
		`(?xxx)[a b]`, `(?xx)(?x)[a b]`, `(*ANY).`, `(*ANYCRLF)\N`, `(*CR).`, `(*NUL).`,
	},
	corpus.Python: {
		`\d`, `\w`, `\s`, `\W`, `.`, `(?i)k`, `(?i)s`, `(?i)i`, `(?i)ß`, `(?i)µ`, `(?i)[a-z]`, `(?i)[^a-z]`, `(?i)[α-ω]`, `(?i)σ`, `(?i)ǆ`, `(?i)[\w\d]`, `(?i)\w`,
		`(?a)\w`, `(?ai)k`, `(?ai)[a-z]`, `(?i)ſ`, `(?i)ŉ`, `(?i)ΐ`, `(?i)ﬆ`, `(?i)[İ]`, `[^\W\d_]`, `(?i)[^k]`,
	},
	corpus.ECMAScript: {
		`\d`, `\w`, `\s`, `\W`, `.`, `k`, `s`, `[a-z]`, `[^a-z]`, `ß`, `µ`, `σ`, `ſ`, `[ᾳ]`, `[^\W]`, `\S`, `İ`, `ı`, `[\w-z]`, `Å`, `ẞ`, `ǆ`, `[^]`,
	},
	corpus.Java: {
		`\d`, `\w`, `\s`, `\W`, `\h`, `\v`, `.`, `(?i)k`, `(?iu)k`, `(?iu)s`, `(?iu)σ`, `(?iu)ß`, `(?i)[a-z]`, `(?iu)[a-z]`, `(?iu)[^a-z]`, `\p{Lower}`, `\p{Punct}`,
		`\p{IsAlphabetic}`, `\p{L}`, `\p{IsGreek}`, `\p{javaLetter}`, `\p{javaWhitespace}`, `(?U)\w`, `(?U)\d`, `(?U)\s`, `(?U)\p{Punct}`, `(?U)\p{Alpha}`, `(?i)\p{Lu}`,
		`[a-z&&[^aeiou]]`, `[^a-c[x]]`, `(?d).`, `(?iu)İ`, `(?iu)[à-ö]`,
	},
	corpus.Ruby: {
		`\d`, `\w`, `\s`, `\W`, `\h`, `.`, `(?m).`, `(?i)k`, `(?i)s`, `(?i)σ`, `(?i)µ`, `(?i)[a-z]`, `(?i)[^a-z]`, `[[:alpha:]]`, `[[:punct:]]`, `[[:print:]]`, `[[:graph:]]`,
		`[[:space:]]`, `[[:word:]]`, `[[:upper:]]`, `(?i)[[:upper:]]`, `(?u)\w`, `(?u)\s`, `(?u)\d`, `(?a)[[:alpha:]]`, `\p{Alpha}`, `\p{Greek}`, `\p{Lu}`, `(?i)\p{Lu}`, `\p{^L}`,
		`[a-z&&[^aeiou]]`, `[[:blank:]]`, `[[:cntrl:]]`,
	},
	corpus.Go: {
		`\d`, `\w`, `\s`, `\W`, `.`, `(?s).`, `(?i)k`, `(?i)s`, `(?i)[a-z]`, `(?i)[^a-z]`, `(?i)\w`, `(?i)\W`, `(?i)[[:upper:]]`, `[[:punct:]]`, `\pL`, `\p{Greek}`,
		`(?i)\p{Lu}`, `(?i)\P{Lu}`, `[^\d\s]`, `(?i)σ`, `(?i)[^\Wk]`, `\p{Cn}`, `\p{Any}`, `\p{LC}`,
	},
	corpus.DotNet: {
		`\d`, `\w`, `\s`, `\W`, `.`, `(?s).`, `(?i)k`, `(?i)s`, `(?i)[a-z]`, `(?i)[^a-z]`, `\p{L}`, `(?i)\p{Lu}`, `\p{Greek}`, `[a-z-[aeiou]]`, `[^a-z-[A]]`, `[\w-[\d]]`,
		`(?i)σ`, `(?i)ß`, `(?i)µ`, `(?i)[^k]`, `[[:alpha:]]`,
	},
}

// parsedSet is the set of a pattern for one character.
func parsedSet(t *testing.T, p corpus.Pattern) charset.Set {
	re, err := parse(p)
	if err != nil {
		t.Fatalf("%s /%s/%v: %v", p.Dialect, p.Text, p.Flags, err)
	}
	n := re.Root
	for n.Op == OpGroup && n.Index == 0 {
		n = n.Sub[0]
	}
	if n.Op != OpSet && n.Op != OpFail {
		t.Fatalf("%s /%s/%v is no set: %v", p.Dialect, p.Text, p.Flags, n)
	}
	return n.Set
}

// memberBound is the number of code points tried on every day: up to the
// Greek extensions. A campaign tries the Basic Multilingual Plane and more.
func memberBound() int {
	if *campaign {
		return 0x20000
	}
	return 0x600
}

func surrogateFree(bound rune) charset.Set {
	return charset.Of(charset.Range{Lo: 0, Hi: min(bound-1, 0xD7FF)}, charset.Range{Lo: 0xE000, Hi: bound - 1})
}

// sameMembers compares a set with an engine's, up to the bound. Characters
// that one of the two does not know yet do not count.
func sameMembers(t *testing.T, p corpus.Pattern, got, want charset.Set, bound int) bool {
	known := surrogateFree(rune(bound)).Minus(newSinceUnicode13())
	reason, excused := memberDeviations[string(p.Dialect)+" "+p.Text]
	extra, missing := got.Minus(want).Intersect(known), want.Minus(got).Intersect(known)
	if extra.IsEmpty() && missing.IsEmpty() {
		if excused {
			t.Errorf("%s /%s/: no longer differs (%s): drop it from the deviations", p.Dialect, p.Text, reason)
		}
		return true
	}
	if excused {
		t.Logf("%s /%s/ differs as known: %s", p.Dialect, p.Text, reason)
		return false
	}
	t.Errorf("%s /%s/%v: here but not there %.200v, there but not here %.200v", p.Dialect, p.Text, p.Flags, extra, missing)
	return false
}

// changedInUnicode16 are characters that became alphabetic, lost their case
// or gained one: Node knows.
var changedInUnicode16 = charset.Of(charset.Range{Lo: 0x363, Hi: 0x36F}, charset.Range{Lo: 0x295, Hi: 0x295},
	charset.Range{Lo: 0x19B, Hi: 0x19B}, charset.Range{Lo: 0x264, Hi: 0x264}, charset.Range{Lo: 0xB7, Hi: 0xB7})

// newSinceUnicode13 is what has no general category here or came late: the
// engines carry Unicode 13 (Java 17, Ruby 3.1) to 17 (Node).
func newSinceUnicode13() charset.Set {
	unassigned, _ := charset.Category("Cn")
	return charset.Union(unassigned, changedInUnicode16, charset.Of(charset.Range{Lo: 0x2C2F, Hi: 0x2C2F}, charset.Range{Lo: 0x2C5F, Hi: 0x2C5F},
		charset.Range{Lo: 0xA7C0, Hi: 0xA7C1}, charset.Range{Lo: 0xA7D0, Hi: 0xA7D9}, charset.Range{Lo: 0xA7F2, Hi: 0xA7F4},
		charset.Range{Lo: 0x870, Hi: 0x8B5}, charset.Range{Lo: 0x8C8, Hi: 0x8D2}, charset.Range{Lo: 0x61D, Hi: 0x61D},
		charset.Range{Lo: 0x9FFD, Hi: 0x9FFF}, charset.Range{Lo: 0x10570, Hi: 0x105BC}, charset.Range{Lo: 0x10780, Hi: 0x107BA},
		charset.Range{Lo: 0x11240, Hi: 0x1145F}, charset.Range{Lo: 0x116B0, Hi: 0x11746}, charset.Range{Lo: 0x11A00, Hi: 0x11FFF},
		charset.Range{Lo: 0x12F90, Hi: 0x1345F}, charset.Range{Lo: 0x16A70, Hi: 0x16AC9}, charset.Range{Lo: 0x1AFF0, Hi: 0x1B16F},
		charset.Range{Lo: 0x1CF00, Hi: 0x1D37F}, charset.Range{Lo: 0x1DF00, Hi: 0x1E4FF}, charset.Range{Lo: 0x1E7E0, Hi: 0x1E7FF},
		charset.Range{Lo: 0xC04, Hi: 0xC04}, charset.Range{Lo: 0xC3C, Hi: 0xC3C}, charset.Range{Lo: 0xF82, Hi: 0xF83}, charset.Range{Lo: 0x10FC, Hi: 0x10FC},
		charset.Range{Lo: 0x1DD3, Hi: 0x1DE6}, charset.Range{Lo: 0x200C, Hi: 0x200D}, charset.Range{Lo: 0x2E53, Hi: 0x2E5D}, charset.Range{Lo: 0x30FB, Hi: 0x30FB},
		charset.Range{Lo: 0xAB69, Hi: 0xAB69}, charset.Range{Lo: 0xFBC2, Hi: 0xFBC2}, charset.Range{Lo: 0xFF65, Hi: 0xFF65}, charset.Range{Lo: 0x1123F, Hi: 0x1123F},
		charset.Range{Lo: 0xC5D, Hi: 0xC5D}, charset.Range{Lo: 0xCDD, Hi: 0xCDD}, charset.Range{Lo: 0xCF3, Hi: 0xCF3}, charset.Range{Lo: 0xECE, Hi: 0xECE},
		charset.Range{Lo: 0x170D, Hi: 0x171F}, charset.Range{Lo: 0x180F, Hi: 0x180F}, charset.Range{Lo: 0x1AC1, Hi: 0x1ACE},
		charset.Range{Lo: 0x1B4C, Hi: 0x1B7E}, charset.Range{Lo: 0x1DFA, Hi: 0x1DFA}, charset.Range{Lo: 0x20C0, Hi: 0x20C0},
		charset.Range{Lo: 0xFD40, Hi: 0xFDFF}, charset.Range{Lo: 0x1F6D0, Hi: 0x1F8B1}, charset.Range{Lo: 0x1F979, Hi: 0x1FAFF}, charset.Range{Lo: 0x10EC0, Hi: 0x10F8F}, charset.Range{Lo: 0x11070, Hi: 0x110C2}))
}

func externalMembers(t *testing.T, d corpus.Dialect, flags []corpus.Flags, program string, args ...string) {
	bound := memberBound()
	var patterns []corpus.Pattern
	for _, f := range flags {
		for _, text := range oneCharacter[d] {
			patterns = append(patterns, corpus.Pattern{Text: text, Dialect: d, Flags: f})
		}
	}
	same := 0
	for i, line := range batch(t, patterns, program, append(args, decimalString(bound))...) {
		var rs []charset.Range
		for _, field := range strings.Fields(line) {
			var r charset.Range
			if _, err := fmt.Sscanf(field, "%x-%x", &r.Lo, &r.Hi); err == nil {
				rs = append(rs, r)
			}
		}
		b := bound
		got := parsedSet(t, patterns[i])
		if d == corpus.ECMAScript && !patterns[i].Flags.Has(corpus.Unicode) && !patterns[i].Flags.Has(corpus.UnicodeSets) {
			b = min(b, 0x10000)
		}
		if sameMembers(t, patterns[i], got, charset.Of(rs...), b) {
			same++
		}
	}
	t.Logf("%s: %d of %d patterns match the same of %#x characters", d, same, len(patterns), bound)
}

func TestMembersPython(t *testing.T) {
	externalMembers(t, corpus.Python, []corpus.Flags{0}, "python3", "testdata/members.py")
}

func TestMembersECMAScript(t *testing.T) {
	externalMembers(t, corpus.ECMAScript, []corpus.Flags{0, corpus.Caseless, corpus.DotAll}, "node", "testdata/members.js")
}

func TestMembersECMAScriptUnicode(t *testing.T) {
	saved := oneCharacter[corpus.ECMAScript]
	var texts []string
	for _, text := range saved {
		if text != `[\w-z]` {
			texts = append(texts, text)
		}
	}
	texts = append(texts, `\p{Lu}`, `\P{Lu}`, `[^\P{Lu}]`, `\p{Script=Greek}`, `\p{scx=Grek}`, `\p{Emoji}`, `\p{Alphabetic}`, `\p{ID_Continue}`, `\p{Cased}`)
	for i, f := range []corpus.Flags{corpus.Unicode, corpus.Unicode | corpus.Caseless, corpus.UnicodeSets, corpus.UnicodeSets | corpus.Caseless} {
		t.Run(f.String(), func(t *testing.T) {
			local := texts
			if i >= 2 {
				local = append(append([]string(nil), texts...), `[\w--\d]`, `[\p{L}&&[a-zà-ö]]`, `[^[a-z]]`, `[\p{Lu}--[A-F]]`)
			}
			membersOf(t, corpus.ECMAScript, f, local, "node", "testdata/members.js")
		})
	}
}

func membersOf(t *testing.T, d corpus.Dialect, flags corpus.Flags, texts []string, program string, args ...string) {
	bound := memberBound()
	var patterns []corpus.Pattern
	for _, text := range texts {
		patterns = append(patterns, corpus.Pattern{Text: text, Dialect: d, Flags: flags})
	}
	same := 0
	for i, line := range batch(t, patterns, program, append(args, decimalString(bound))...) {
		var rs []charset.Range
		for _, field := range strings.Fields(line) {
			var r charset.Range
			if _, err := fmt.Sscanf(field, "%x-%x", &r.Lo, &r.Hi); err == nil {
				rs = append(rs, r)
			}
		}
		if sameMembers(t, patterns[i], parsedSet(t, patterns[i]), charset.Of(rs...), bound) {
			same++
		}
	}
	t.Logf("%s %v: %d of %d patterns match the same of %#x characters", d, flags, same, len(patterns), bound)
}

func TestMembersJava(t *testing.T) {
	externalMembers(t, corpus.Java, []corpus.Flags{0}, "java", "testdata/Members.java")
}

func TestMembersRuby(t *testing.T) {
	externalMembers(t, corpus.Ruby, []corpus.Flags{0}, "ruby", "testdata/members.rb")
}

// internalMembers compares with an engine in this process.
func internalMembers(t *testing.T, d corpus.Dialect, flags corpus.Flags, bound int, compile func(text string) func(c rune) bool) {
	same := 0
	for _, text := range oneCharacter[d] {
		p := corpus.Pattern{Text: text, Dialect: d, Flags: flags}
		match := compile(text)
		if match == nil {
			continue
		}
		var rs []charset.Range
		for c := rune(0); c < rune(bound); c++ {
			if (c < 0xD800 || c > 0xDFFF) && match(c) {
				rs = append(rs, charset.Range{Lo: c, Hi: c})
			}
		}
		if sameMembers(t, p, parsedSet(t, p), charset.Of(rs...), bound) {
			same++
		}
	}
	t.Logf("%s %v: %d of %d patterns match the same of %#x characters", d, flags, same, len(oneCharacter[d]), bound)
}

func TestMembersGo(t *testing.T) {
	internalMembers(t, corpus.Go, 0, memberBound(), func(text string) func(rune) bool {
		re := regexp.MustCompile(`^(?:` + text + `)\z`)
		return func(c rune) bool { return re.MatchString(string(c)) }
	})
}

func TestMembersDotNet(t *testing.T) {
	internalMembers(t, corpus.DotNet, 0, memberBound(), func(text string) func(rune) bool {
		re := v1.MustCompile(`^(?:`+text+`)\z`, 0)
		return func(c rune) bool { ok, _ := re.MatchString(string(c)); return ok }
	})
}

func TestMembersPCRE(t *testing.T) {
	live := openPCRE2(t)
	m := live.matcher(t)
	for _, flags := range []corpus.Flags{0, corpus.Unicode} {
		bound := 0x100
		if flags != 0 {
			bound = memberBound()
		}
		internalMembers(t, corpus.PCRE, flags, bound, func(text string) func(rune) bool {
			match := m(text, flags|corpus.DollarEndOnly)
			if match == nil {
				return nil
			}
			return func(c rune) bool {
				if flags == 0 {
					return match([]byte{byte(c)})
				}
				return match([]byte(string(c)))
			}
		})
	}
}

// matcher compiles for matching; a match must take the whole subject.
func (l *livePCRE2) matcher(t testing.TB) func(text string, flags corpus.Flags) func([]byte) bool {
	lib, err := purego.Dlopen("libpcre2-8.so.0", purego.RTLD_NOW)
	if err != nil {
		t.Skip("libpcre2-8 is not installed")
	}
	var data func(size uint32, context uintptr) uintptr
	var match func(code uintptr, subject *byte, length, start uintptr, options uint32, data, context uintptr) int32
	purego.RegisterLibFunc(&data, lib, "pcre2_match_data_create_8")
	purego.RegisterLibFunc(&match, lib, "pcre2_match_8")
	block := data(10, 0)
	const anchored, endAnchored = 0x80000000, 0x20000000
	return func(text string, flags corpus.Flags) func([]byte) bool {
		var options uint32
		for f, o := range pcre2Options {
			if flags.Has(f) {
				options |= o
			}
		}
		var code int32
		var offset uintptr
		bytes := append([]byte(text), 0)
		re := l.compile((*byte)(unsafe.Pointer(&bytes[0])), uintptr(len(text)), options, &code, &offset, 0)
		if re == 0 {
			return nil
		}
		return func(subject []byte) bool {
			return match(re, &subject[0], uintptr(len(subject)), 0, anchored|endAnchored, block, 0) >= 0
		}
	}
}
