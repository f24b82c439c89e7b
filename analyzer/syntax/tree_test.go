package syntax

import (
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// trees are patterns and their exact dumps: what each flag and anchor means
// in each dialect.
var trees = []struct {
	dialect     corpus.Dialect
	flags, text string
	want        string
}{
	{corpus.PCRE, "", `^a$`, `concat(begin-text set[a] end-text-optional[\x{a}])`},
	{corpus.PCRE, "D", `a$`, `concat(set[a] end-text)`},
	{corpus.PCRE, "Dm", `a$`, `concat(set[a] end-line[\x{a}])`},
	{corpus.PCRE, "m", `^`, `begin-line-not-end[\x{a}]`},
	{corpus.PCRE, "", `(*CRLF).`, `concat(not-ahead(concat(set[\x{d}] set[\x{a}])) set[\x{0}-\x{ff}])`},
	{corpus.PCRE, "", `(*ANYCRLF)$`, `end-text-optional[\x{a}\x{d}] crlf`},
	{corpus.PCRE, "i", `k`, `set[Kk]`},
	{corpus.PCRE, "iu", `k`, `set[Kk\x{212a}]`},
	{corpus.PCRE, "U", `a*b*?`, `concat(repeat{0,-1}?(set[a]) repeat{0,-1}(set[b]))`},
	{corpus.PCRE, "", `a{,3}`, `concat(set[a] set[{] set[,] set[3] set[}])`},
	{corpus.PCRE, "", `a++`, `repeat{1,-1}+(set[a])`},
	{corpus.PCRE, "", `(?|(a)|(b))(c)`, `concat(group(alternate(capture 1(set[a]) capture 1(set[b]))) capture 2(set[c]))`},
	{corpus.PCRE, "", `a(?i)b|c`, `alternate(concat(set[a] set[Bb]) set[Cc])`},
	{corpus.PCRE, "", `\R`, `atomic(alternate(concat(set[\x{d}] set[\x{a}]) set[\x{a}-\x{d}\x{85}]))`},
	{corpus.PCRE, "", `(?(1)a|b)(c)`, `concat(if group [1](set[a] set[b]) capture 1(set[c]))`},
	{corpus.PCRE, "", `(?(DEFINE)(?<n>a))(?&n)`, `concat(if define(capture 1 "n"(set[a]) empty) call 1)`},
	{corpus.PCRE, "", `(?(?=a)b)`, `if look(set[b] empty ahead(set[a]))`},
	{corpus.PCRE, "x", "a b # c\n+", `concat(set[a] repeat{1,-1}(set[b]))`},
	{corpus.PCRE, "", `\Qa+\E+`, `concat(set[a] repeat{1,-1}(set[+]))`},
	{corpus.PCRE, "", `(a)\1\g{-1}(?1)(?R)`, `concat(capture 1(set[a]) backref [1] backref [1] call 1 call 0)`},
	{corpus.PCRE, "", `é`, `concat(set[\x{c3}] set[\x{a9}])`},
	{corpus.PCRE, "u", `é`, `set[\x{e9}]`},
	{corpus.PCRE, "", `a(*SKIP:x)(*F)`, `concat(set[a] verb SKIP "x" fail)`},
	{corpus.PCRE, "", `[[:<:]]a`, `concat(word-start[0-9A-Z_a-z] set[a])`},
	{corpus.PCRE, "J", `(?<n>a)|(?<n>b)\k<n>`, `alternate(capture 1 "n"(set[a]) concat(capture 2 "n"(set[b]) backref [1 2]))`},
	{corpus.PCRE, "n", `(a)(?<b>c)`, `concat(group(set[a]) capture 1 "b"(set[c]))`},
	{corpus.Go, "", `^a$`, `concat(begin-text set[a] end-text)`},
	{corpus.Go, "m", `^a$`, `concat(begin-line[\x{a}] set[a] end-line[\x{a}])`},
	{corpus.Go, "i", `\w`, `set[0-9A-Z_a-z\x{17f}\x{212a}]`},
	{corpus.Python, "", `a$\Z`, `concat(set[a] end-text-optional[\x{a}] end-text)`},
	{corpus.Python, "i", `[is]`, `set[ISis\x{130}\x{131}\x{17f}]`},
	{corpus.Python, "", `a{,2}`, `repeat{0,2}(set[a])`},
	{corpus.ECMAScript, "", `^a$`, `concat(begin-text set[a] end-text)`},
	{corpus.ECMAScript, "m", `^`, `begin-line[\x{a}\x{d}\x{2028}\x{2029}]`},
	{corpus.ECMAScript, "i", `[ks]ß`, `concat(set[KSks] set[\x{df}])`},
	{corpus.ECMAScript, "iu", `[ks]`, `set[KSks\x{17f}\x{212a}]`},
	{corpus.ECMAScript, "", `😀`, `concat(set[\x{d83d}] set[\x{de00}])`},
	{corpus.ECMAScript, "u", `😀`, `set[\x{1f600}]`},
	{corpus.ECMAScript, "", `\1(a)\2`, `concat(backref [1] unset-empty capture 1(set[a]) set[\x{2}])`},
	{corpus.ECMAScript, "", `[]`, `fail`},
	{corpus.ECMAScript, "", `\k<a>`, `concat(set[k] set[<] set[a] set[>])`},
	{corpus.ECMAScript, "v", `[\q{ab|c}d]`, `group(alternate(concat(set[a] set[b]) set[cd]))`},
	{corpus.ECMAScript, "v", `[\w--[a-z]]`, `set[0-9A-Z_]`},
	{corpus.DotNet, "", `(a)(?<n>b)(c)`, `concat(capture 1(set[a]) capture 3 "n"(set[b]) capture 2(set[c]))`},
	{corpus.DotNet, "", `(?<o>a)(?<c-o>b)`, `concat(capture 1 "o"(set[a]) balance 2 [1] "c"(set[b]))`},
	{corpus.DotNet, "", `[a-z-[aeiou]]`, `set[b-df-hj-np-tv-z]`},
	{corpus.DotNet, "", `(?(a)b|c)`, `if look(set[b] set[c] ahead(set[a]))`},
	{corpus.DotNet, "m", `^a$`, `concat(begin-line[\x{a}] set[a] end-line[\x{a}])`},
	{corpus.Java, "", `a$`, `concat(set[a] end-text-optional[\x{a}\x{d}\x{85}\x{2028}\x{2029}] crlf)`},
	{corpus.Java, "d", `.$`, `concat(set[\x{0}-\x{9}\x{b}-\x{10ffff}] end-text-optional[\x{a}])`},
	{corpus.Java, "", `[a-z&&[^m-p]]`, `set[a-lq-z]`},
	{corpus.Java, "", `\11(a)`, `concat(backref [1] set[1] capture 1(set[a]))`},
	{corpus.Ruby, "", `^a$`, `concat(begin-line-not-end[\x{a}] set[a] end-line[\x{a}])`},
	{corpus.Ruby, "m", `.`, `set[\x{0}-\x{10ffff}]`},
	{corpus.Ruby, "", `a(?i)b|c`, `concat(set[a] group(alternate(set[Bb] set[Cc])))`},
	{corpus.Ruby, "", `(?~a)\h`, `concat(absent(set[a]) set[0-9A-Fa-f])`},
	{corpus.Ruby, "", `a{2}+`, `repeat{1,-1}(repeat{2,2}(set[a]))`},
	{corpus.Ruby, "", `(?<n>a)(b)\g<n>\k<n+1>`, `concat(capture 1 "n"(set[a]) group(set[b]) call 1 backref [1] "+1")`},
}

func TestTrees(t *testing.T) {
	for _, c := range trees {
		flags, err := corpus.ParseFlags(c.flags)
		if err != nil {
			t.Fatal(err)
		}
		p := corpus.Pattern{Text: c.text, Dialect: c.dialect, Flags: flags}
		re, err := Parse(p)
		if err != nil {
			t.Errorf("%s /%s/%s: %v", c.dialect, c.text, c.flags, err)
			continue
		}
		if got := re.Root.String(); got != c.want {
			t.Errorf("%s /%s/%s:\n got %s\nwant %s", c.dialect, c.text, c.flags, got, c.want)
		}
		checkRoundTrip(t, p)
	}
}

// faults are patterns that do not parse: kind, offset, and the second place.
var faults = []struct {
	dialect    corpus.Dialect
	text       string
	kind       ErrorKind
	start      int
	also       int // offset of the second place, -1 for none
	validIn    string
	flagLetter string
}{
	{corpus.PCRE, `a(b`, ErrMissingParen, 3, 1, "", ""},
	{corpus.PCRE, `ab)`, ErrUnexpectedParen, 2, -1, "", ""},
	{corpus.PCRE, `a[b`, ErrMissingBracket, 3, 1, "", ""},
	{corpus.PCRE, `[z-a]`, ErrBadRange, 1, -1, "", ""},
	{corpus.PCRE, `a**`, ErrBadRepeat, 2, 0, "ruby", ""},
	{corpus.PCRE, `*a`, ErrBadRepeat, 0, -1, "", ""},
	{corpus.PCRE, `a{3,2}`, ErrRepeatSize, 1, -1, "", ""},
	{corpus.PCRE, `\y`, ErrBadEscape, 0, -1, "ecmascript ruby", ""},
	{corpus.PCRE, `a\`, ErrTrailingEscape, 1, -1, "", ""},
	{corpus.PCRE, `(?<=a+)b`, ErrBadLookbehind, 0, 4, "dotnet ecmascript java", ""},
	{corpus.PCRE, `(?<n>a)(?<n>b)`, ErrBadName, 10, 3, "dotnet ruby", ""},
	{corpus.PCRE, `\2(a)`, ErrBadReference, 0, -1, "ecmascript java", ""},
	{corpus.PCRE, `(*NOPE)`, ErrBadVerb, 0, -1, "", ""},
	{corpus.PCRE, `[[:nope:]]`, ErrBadClass, 1, -1, "dotnet ecmascript python java", ""},
	{corpus.PCRE, `\p{Nope}`, ErrBadClass, 0, -1, "ecmascript", ""},
	{corpus.PCRE, "\xff", ErrBadEncoding, 0, -1, "", "u"},
	{corpus.PCRE, `a`, ErrBadFlag, 0, -1, "ecmascript", "y"},
	{corpus.Go, `(?=a)`, ErrBadGroup, 0, -1, "pcre dotnet ecmascript python java ruby", ""},
	{corpus.Go, `a++`, ErrBadRepeat, 2, 0, "pcre dotnet python java ruby", ""},
	{corpus.Go, `(a)\1`, ErrBadEscape, 3, -1, "pcre dotnet ecmascript python java ruby", ""},
	{corpus.Go, `(?:a{500}){3}`, ErrRepeatSize, 3, -1, "pcre dotnet ecmascript python java ruby", ""},
	{corpus.Python, `a(?i)b`, ErrBadFlag, 1, -1, "pcre dotnet go java ruby", ""},
}

func TestFaults(t *testing.T) {
	for _, c := range faults {
		flags, _ := corpus.ParseFlags(c.flagLetter)
		p := corpus.Pattern{Text: c.text, Dialect: c.dialect, Flags: flags}
		_, err := parse(p)
		if err == nil {
			t.Errorf("%s /%s/: no error", c.dialect, c.text)
			continue
		}
		if err.Kind != c.kind || err.Span.Start != c.start {
			t.Errorf("%s /%s/: %s at %d, want %s at %d (%v)", c.dialect, c.text, err.Kind, err.Span.Start, c.kind, c.start, err)
		}
		if also := err.Also; (also == nil) != (c.also < 0) || also != nil && also.Start != c.also {
			t.Errorf("%s /%s/: second place %v, want %d", c.dialect, c.text, also, c.also)
		}
		var names []string
		for _, d := range Explain(p, err).ValidIn {
			names = append(names, string(d))
		}
		if got := strings.Join(names, " "); got != c.validIn {
			t.Errorf("%s /%s/: valid in %q, want %q", c.dialect, c.text, got, c.validIn)
		}
	}
}

func TestLengths(t *testing.T) {
	for text, want := range map[string][2]int{
		`a`: {1, 1}, `a|bc`: {1, 2}, `a*`: {0, Infinite}, `a{2,3}b?`: {2, 4}, `(?=abc)`: {0, 0}, `(a)\1`: {1, 2}, `(a(?1)?b)`: {2, Infinite},
		`(?:){5,}`: {0, 0}, `a(*ACCEPT)b`: {1, 2}, `(?(1)a|bc)(d)`: {2, 3}, `\R`: {1, 2}, `\X`: {1, Infinite}, `a{0}`: {0, 0}, `(?1)(a|bc)`: {2, 4},
	} {
		re, err := parse(corpus.Pattern{Text: text, Dialect: corpus.PCRE})
		if err != nil {
			t.Errorf("/%s/: %v", text, err)
			continue
		}
		if got := [2]int{re.MinLength(), re.MaxLength()}; got != want {
			t.Errorf("/%s/: %v, want %v", text, got, want)
		}
	}
}

// TestRepeatSpans: what stands for nothing is part of a repeat only where it
// stands between the atom and the quantifier, or between that and its mark.
func TestRepeatSpans(t *testing.T) {
	for _, c := range []struct {
		dialect     corpus.Dialect
		text        string
		repeat, sub string
	}{
		{corpus.PCRE, "a #c\n+", "a #c\n+", "a"},
		{corpus.PCRE, "(a) #c\n+b", "(a) #c\n+", "(a)"},
		{corpus.PCRE, "a+ #c\nb", "a+", "a"},
		{corpus.PCRE, "a+ #c\n", "a+", "a"},
		{corpus.PCRE, "a+ #c\n?b", "a+ #c\n?", "a"},
		{corpus.PCRE, "a+ (?#c) +b", "a+ (?#c) +", "a"},
		{corpus.PCRE, `a+\Qb\E`, "a+", "a"},
		{corpus.DotNet, "[ab]{2} #c\nb", "[ab]{2}", "[ab]"},
		{corpus.DotNet, "a{2} #c\n?b", "a{2} #c\n?", "a"},
		{corpus.Java, "a* #c\nb", "a*", "a"},
		{corpus.Python, "a* #c\nb", "a*", "a"},
		{corpus.Ruby, "a #c\n* b", "a #c\n*", "a"},
	} {
		re, err := Parse(corpus.Pattern{Text: c.text, Dialect: c.dialect, Flags: corpus.Extended})
		if err != nil {
			t.Errorf("%s %q: %v", c.dialect, c.text, err)
			continue
		}
		part := func(n *Node) string { return c.text[n.Span.Start:n.Span.End] }
		Walk(re.Root, func(n *Node) bool {
			if n.Op == OpRepeat && (part(n) != c.repeat || part(n.Sub[0]) != c.sub) {
				t.Errorf("%s %q: %q of %q, want %q of %q", c.dialect, c.text, part(n), part(n.Sub[0]), c.repeat, c.sub)
			}
			return true
		})
	}
}
