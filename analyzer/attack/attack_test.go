package attack

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// builder lowers and analyses a pattern.
func builder(t *testing.T, text string, mode corpus.Mode) *Builder {
	t.Helper()
	re, err := syntax.Parse(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Mode: mode})
	if err != nil {
		t.Fatal(err)
	}
	a, err := nfa.Lower(re)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ambiguity.Analyze(a)
	if err != nil {
		t.Fatal(err)
	}
	return &Builder{Graph: a, Report: r, Base: a}
}

// witnesses are all those of a report.
func (b *Builder) witnesses() []Witness {
	var ws []Witness
	for _, f := range b.Report.EDA {
		ws = append(ws, b.Fork(f)...)
	}
	for _, end := range b.Report.Ends() {
		ws = append(ws, b.Chain(b.Report.Chain(end))...)
	}
	return ws
}

// matches reports whether some run accepts on a subject of bytes.
func matches(a *nfa.Automaton, subject []byte) bool {
	at := map[int32]bool{0: true}
	for i := 0; i <= len(subject); i++ {
		next := map[int32]bool{}
		for q := range at {
			for _, e := range a.States[q].Out {
				reads := i < len(subject) && e.On.Has(a.Classes.Of(rune(subject[i])))
				switch {
				case e.Kind == nfa.Accept && (reads || i == len(subject) && e.AtEnd):
					return true
				case (e.Kind == nfa.Step || e.Kind == nfa.Ghost) && reads:
					next[e.To] = true
				}
			}
		}
		at = next
	}
	return false
}

var vulnerable = []string{
	`^(a|a)*$`, `^(?:a|ab|b)*c`, `(a*)*b`, `\s+$`, `^a*a*b`, `.*.*=.*x`, `a+b+$`, `^(?:(?:ab)*(?:ab)*)c`, `(x+x+)+y`,
	`^x*x*;y*y*z`, `^(\d+\.?\d*)\s+(\d+\.?\d*)x`, `\w+\b;`, `(?<=a)[ab]+c`, `^(?:aaa|aa)*b`, `a*a*(?=b)`, `(?:a+){2,3}b`, `^\s*,?\s*x`,
}

// TestWitnessesFail: with every number of repetitions, no run accepts on an
// attack, so that all of them are made.
func TestWitnessesFail(t *testing.T) {
	for _, text := range vulnerable {
		b := builder(t, text, corpus.Search)
		ws := b.witnesses()
		if len(ws) == 0 {
			t.Errorf("%s: no witness", text)
		}
		for _, w := range ws {
			if w.PumpLen() == 0 {
				t.Errorf("%s: %+v does not grow", text, w)
			}
			// Few repetitions may still match, where the runs that fail later
			// are not begun.
			for n := 6; n <= 13; n++ {
				if matches(b.Base, w.Bytes(n)) {
					t.Errorf("%s: %+v matches with n=%d", text, w, n)
					break
				}
			}
		}
	}
}

// TestFailing: after each failing word no run of the front accepts, before it
// ends or there; where there is none, some run accepts whatever follows.
func TestFailing(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string // in the order of finding, as they are written
	}{
		{`a*`, nil},
		{`a*b`, []string{"", "c"}},
		{`a*$`, []string{"b"}},
		{`a*(?!b)`, []string{"b"}},
		{`a*\n?$`, []string{"b"}},
	} {
		b := builder(t, c.text, corpus.Match)
		words := failing(b.Base, front{0}, Suffixes, atMatches)
		for _, w := range words {
			at := front{0}
			for _, class := range w {
				next, accepted := advance(b.Base, at, int(class), atMatches)
				if accepted {
					t.Errorf("%s: a run accepts inside %v", c.text, w)
				}
				at = next
			}
			if acceptsAtEnd(b.Base, at, atMatches) {
				t.Errorf("%s: a run accepts behind %v", c.text, w)
			}
			if matches(b.Base, b.encode(w)) {
				t.Errorf("%s matches %q", c.text, b.encode(w))
			}
		}
		var got []string
		for _, w := range words {
			got = append(got, string(b.encode(w)))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestRoot(t *testing.T) {
	for _, c := range []struct{ word, root string }{
		{"", ""}, {"a", "a"}, {"aa", "a"}, {"aaa", "a"}, {"ab", "ab"}, {"abab", "ab"}, {"aba", "aba"}, {"abaaba", "aba"}, {"aabaab", "aab"}, {"aaab", "aaab"}, {"abababa", "abababa"},
	} {
		if got := root([]byte(c.word)); string(got) != c.root {
			t.Errorf("root of %q: got %q, want %q", c.word, got, c.root)
		}
	}
	// By definition: the shortest word of which it is a power.
	for n := range 1 << 10 {
		var w []byte
		for k := n; k > 1; k /= 2 {
			w = append(w, byte('a'+k%2))
		}
		for k := 1; k <= len(w); k++ {
			if len(w)%k == 0 && bytes.Equal(bytes.Repeat(w[:k], len(w)/k), w) {
				if got := root(w); !bytes.Equal(got, w[:k]) {
					t.Errorf("root of %q: got %q, want %q", w, got, w[:k])
				}
				break
			}
		}
	}
}

// TestSettle: the states of every large number of repetitions are among those
// that settle gives, and a match on the way is seen.
func TestSettle(t *testing.T) {
	for _, text := range []string{`^(?:aaa|aa)*b`, `^(?:aaa)*b`, `^(?:aa)*(?:aaa)*b`, `a+b`, `^a{3}(?:aa)*b`} {
		b := builder(t, text, corpus.Search)
		word := []uint8{uint8(b.Base.Classes.Of('a'))}
		all, ok := b.settle([][2][]uint8{{nil, word}})
		if !ok {
			t.Errorf("%s: a match of a's", text)
			continue
		}
		at := front{0}
		for n := range 40 {
			if n > 12 {
				for _, s := range at {
					if !slices.Contains(all, s) {
						t.Errorf("%s: state %d behind %d repetitions is not in %v", text, s, n, all)
					}
				}
			}
			at, _ = advance(b.Base, at, int(word[0]), atMatches)
		}
	}
	b := builder(t, `a{3}`, corpus.Search)
	if _, ok := b.settle([][2][]uint8{{nil, {uint8(b.Base.Classes.Of('a'))}}}); ok {
		t.Error("a{3} does not match a's")
	}
}

// TestChain: a chain with different words gets an attack with several pumps.
func TestChain(t *testing.T) {
	b := builder(t, `^x*x*;y*y*z`, corpus.Search)
	ends := b.Report.Ends()
	if len(ends) == 0 || b.Report.Degree() != 2 {
		t.Fatalf("degree %d", b.Report.Degree())
	}
	found := false
	for _, w := range b.Chain(b.Report.Chain(ends[0])) {
		if len(w.Pumps) != 2 {
			continue
		}
		found = true
		if got := string(w.Bytes(3)); !strings.HasPrefix(strings.TrimLeft(got, "x"), ";yyy") || !strings.Contains(got, "xxx") {
			t.Errorf("got %q", got)
		}
		if w.Len(5)-w.Len(4) != w.PumpLen() || w.Len(4) != len(w.Bytes(4)) {
			t.Errorf("lengths of %+v: %d %d %d", w, w.Len(4), w.Len(5), w.PumpLen())
		}
	}
	if !found {
		t.Error("no attack with two pumps")
	}
}

// TestRepeat: the prefix loses what it already ends in.
func TestRepeat(t *testing.T) {
	b := builder(t, `[ab]`, corpus.Search)
	x, y := uint8(b.Base.Classes.Of('a')), uint8(b.Base.Classes.Of('-'))
	for _, c := range []struct{ prefix, pump, kept ambiguity.Word }{
		{ambiguity.Word{}, ambiguity.Word{x}, ambiguity.Word{}},
		{ambiguity.Word{x, x}, ambiguity.Word{x}, ambiguity.Word{}},
		{ambiguity.Word{y, x}, ambiguity.Word{x}, ambiguity.Word{y}},
		{ambiguity.Word{x, x, y, x, y}, ambiguity.Word{x, y}, ambiguity.Word{x}},
		{ambiguity.Word{x, y}, ambiguity.Word{x}, ambiguity.Word{x, y}},
	} {
		w := b.Repeat(c.prefix, c.pump)
		if len(w.Pumps) != 1 || !bytes.Equal(w.Pumps[0].Prefix, b.encode(c.kept)) || !bytes.Equal(w.Pumps[0].Pump, b.encode(c.pump)) {
			t.Errorf("%v %v: %+v", c.prefix, c.pump, w)
		}
	}
}

func TestAppendChar(t *testing.T) {
	for _, c := range []struct {
		unit syntax.Unit
		char rune
		want string
	}{
		{syntax.Byte, 'a', "a"}, {syntax.Byte, 0xE9, "\xe9"}, {syntax.Byte, 0, "\x00"},
		{syntax.Rune, 'a', "a"}, {syntax.Rune, 0xE9, "é"}, {syntax.Rune, 0x20AC, "€"}, {syntax.Rune, 0x1F600, "😀"},
		{syntax.UTF16, 0xE9, "é"}, {syntax.UTF16, 0x20AC, "€"},
		// A lone surrogate in generalised UTF-8.
		{syntax.UTF16, 0xD83D, "\xed\xa0\xbd"}, {syntax.UTF16, 0xDE00, "\xed\xb8\x80"},
	} {
		if got := appendChar(nil, c.unit, c.char); string(got) != c.want {
			t.Errorf("unit %v, %U: got %q, want %q", c.unit, c.char, got, c.want)
		}
	}
}
