package fix

import (
	"regexp"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// What each pattern is without the alternatives beside one that holds a loop.
func TestBranches(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`a+|b`, `a+`},
		{`x(?:a+|b|c*)y(?:d|e+)`, `x(?:a+)y(?:d|e+) x(?:c*)y(?:d|e+) x(?:a+|b|c*)y(?:e+)`},
		{`(?i:(a+|b(?:c+|d))|e)`, `(?i:(a+|b(?:c+|d)))`},
		{`(?:a+|b)*c`, ``},        // in a loop
		{`(?=a+|b)c`, ``},         // in a lookaround
		{`(?>a+|b)c`, ``},         // in an atomic group
		{`a(?i)b+|c+`, `a(?i)b+`}, // the option holds in the second alternative, too
		{`a(?i)b|c+`, ``},
		{`(?x)a+ # one|two
|b+`, `(?x)a+ (?x)b+`},
	} {
		re, err := syntax.Parse(corpus.Pattern{Text: c.text, Dialect: corpus.PCRE})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range Branches(re) {
			got = append(got, b.Text)
			inside := b.Text[b.Start:b.End]
			if b.Join(b.Text) != c.text || c.text[b.From:b.To] != inside {
				t.Errorf("%q: %q is joined to %q", c.text, b.Text, b.Join(b.Text))
			}
			longer := b.Text[:b.Start] + "<" + inside + ">" + b.Text[b.End:]
			if want := c.text[:b.From] + "<" + inside + ">" + c.text[b.To:]; b.Join(longer) != want {
				t.Errorf("%q: %q is joined to %q, want %q", c.text, longer, b.Join(longer), want)
			}
			if !b.Keeps(longer, []Edit{{b.Start, b.End + 2, ""}}) || b.Start > 0 && b.Keeps(longer, []Edit{{b.Start - 1, b.Start, ""}}) {
				t.Errorf("%q: Keeps is wrong about %q", c.text, longer)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: %q, want %q", c.text, s, c.want)
		}
	}
}

// Pairs that differ in one alternative: whether the same subjects are verified.
func TestCheckAlternatives(t *testing.T) {
	for _, c := range []struct {
		old, next string
		same      bool
	}{
		{`x|a+b|y*z`, `x|ab|y*z`, true},
		{`^(?:a+|b)c`, `^(?:a|b)c`, false},
		{`^(?:a+|b)c`, `^(?:aa*|b)c`, true},
		{`(?:x|ab.*c)d`, `(?:x|ab[^a]*(?:a(?:[^ab][^a]*)?)*c)d`, true},
		{`(?:x|ab.*c)d`, `(?:x|ab[^a]*c)d`, false},
		{`(?:x|a+|b)c`, `(?:x|b)c`, false},
		{`(?:x|a+|a|b)c`, `(?:x|a|b)c`, true},          // another alternative covers it
		{`(?:a+|[ab]+)c`, `(?:[ab]+)c`, true},          // the other covers it, not by itself
		{`(?:b|a+)(?:c|d+)`, `(?:b|a)(?:c|d)`, true},   // two changes: nothing is cut
		{`(?>x|a+|aab)b`, `(?>x|a|aab)b`, false},       // the first end is kept
		{`(?:(a)|b+)\1`, `(?:(a)|b)\1`, false},         // what is left refers to a group that is cut
		{`(?:x|a+b)(?!c+d)`, `(?:x|ab)(?!c+d)`, false}, // a wide lookahead is not verified
	} {
		p := corpus.Pattern{Text: c.old, Dialect: corpus.PCRE, Flags: corpus.DotAll}
		proof := Proof{Use: Match, Steps: []Step{{From: c.old, To: c.next, By: SameSubjects}}}
		if err := Check(p, c.next, proof); (err == nil) != c.same {
			t.Errorf("%q and %q: %v, want same: %v", c.old, c.next, err, c.same)
		}
	}
}

// The words over a set that hold none of some others, as an expression, against
// all short words.
func TestExcluding(t *testing.T) {
	for _, c := range []struct {
		nodes, over string
		none        bool // there is no expression
	}{
		{`ab`, `abc`, false}, {`abc`, `abc`, false}, {`abca`, `abc`, false}, {`a[bc]b`, `abc`, false}, {`(?:ab|cb)`, `abc`, false},
		{`(?:ab|c)`, `abc`, false}, {`(?:ab|abb)`, `abc`, false}, {`ab`, `ab`, false}, {`abc`, `ab`, false},
		{`a.*b`, `abc`, false}, {`ab.*c`, `abc`, false}, {`ab?c`, `abc`, false}, {`(?:ab|ac)b`, `abc`, false}, {`ab.*cb`, `abc`, false},
		{`(?:ab|ba)`, `abc`, true}, {`aab`, `abc`, true}, {`abac`, `abc`, true}, {`a*`, `abc`, true}, {`a[ab]`, `abc`, false}, {`a[ac]`, `abc`, false},
		{`a(?:[bc]a|b)`, `abc`, true}, {`cab.*bc`, `abc`, false},
	} {
		parse := func(text string) *syntax.Regexp {
			re, err := syntax.Parse(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Flags: corpus.DotAll})
			if err != nil {
				t.Fatal(err)
			}
			return re
		}
		e := excludingChain(items(parse(c.nodes).Root), parse("["+c.over+"]").Root.Set)
		if e == nil {
			if !c.none {
				t.Errorf("%q over %s: no expression", c.nodes, c.over)
			}
			continue
		}
		text := (&writer{spell: newSpeller(parse(c.nodes))}).text(e)
		holds, free := regexp.MustCompile("(?s)"+c.nodes), regexp.MustCompile(`(?s)\A(?:`+text+`)\z`)
		word := []string{""}
		for i := 0; i < len(word); i++ {
			if w := word[i]; holds.MatchString(w) == free.MatchString(w) {
				t.Errorf("%q over %s: %s and the word %q", c.nodes, c.over, text, w)
				break
			}
			for _, l := range c.over {
				if len(word[i]) < 7 {
					word = append(word, word[i]+string(l))
				}
			}
		}
	}
}
