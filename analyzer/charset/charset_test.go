package charset

import (
	"testing"
	"unicode"
)

// TestFoldIsAClosure holds, for every folding, that folding twice is folding
// once, that a set keeps its members, and that single characters agree with
// large sets, which take another way through the tables.
func TestFoldIsAClosure(t *testing.T) {
	sets := []Set{Runes('k'), Runes('s', 0x130), Of(Range{'a', 'z'}), Of(Range{0x370, 0x3FF}), Of(Range{0, 0x2FF}), Of(Range{0x1E00, 0x2200}), Table(unicode.Lu)}
	for f := FoldNone; f <= FoldJava; f++ {
		for _, s := range sets {
			once := s.Fold(f, MaxRune)
			if !s.Minus(once).IsEmpty() {
				t.Errorf("folding %d of %.60v loses %v", f, s, s.Minus(once))
			}
			if twice := once.Fold(f, MaxRune); !twice.Equal(once) {
				t.Errorf("folding %d of %.60v twice adds %v", f, s, twice.Minus(once))
			}
			var parts []Set
			for _, r := range s.Ranges() {
				for c := r.Lo; c <= r.Hi; c++ {
					parts = append(parts, Runes(c).Fold(f, MaxRune))
				}
			}
			if whole := Union(parts...); !whole.Equal(once) {
				t.Errorf("folding %d of %.60v: one by one %v, together %v", f, s, whole.Minus(once), once.Minus(whole))
			}
		}
	}
}

func TestFolds(t *testing.T) {
	for _, c := range []struct {
		f    Folding
		c    rune
		want Set
	}{
		{FoldASCII, 'k', Runes('K', 'k')}, {FoldSimple, 'k', Runes('K', 'k', 0x212A)}, {FoldUpper, 'k', Runes('K', 'k')},
		{FoldLower, 'k', Runes('K', 'k', 0x212A)}, {FoldSimple, 's', Runes('S', 's', 0x17F)}, {FoldLower, 's', Runes('S', 's')},
		{FoldPython, 's', Runes('S', 's', 0x17F)}, {FoldPython, 'i', Runes('I', 'i', 0x130, 0x131)}, {FoldSimple, 'i', Runes('I', 'i')},
		{FoldUpper, 0xDF, Runes(0xDF)}, {FoldSimple, 0xDF, Runes(0xDF, 0x1E9E)}, {FoldUpper, 0x1FB3, Runes(0x1FB3)},
		{FoldUpper, 0x3C3, Runes(0x3A3, 0x3C2, 0x3C3)}, {FoldASCII, 0xE4, Runes(0xE4)},
	} {
		if got := Runes(c.c).Fold(c.f, MaxRune); !got.Equal(c.want) {
			t.Errorf("folding %d of %#x: %v, want %v", c.f, c.c, got, c.want)
		}
	}
	if got := Runes('k').Fold(FoldSimple, MaxByte); !got.Equal(Runes('K', 'k')) {
		t.Errorf("past the alphabet: %v", got)
	}
}

func TestNamedSets(t *testing.T) {
	for name, f := range map[string]func() (Set, bool){
		"Lu":    func() (Set, bool) { return Category("Lu") },
		"Cn":    func() (Set, bool) { return Category("Cn") },
		"greek": func() (Set, bool) { return Script("g r-e_EK", true, true) },
		"Grek":  func() (Set, bool) { return Script("Grek", false, true) },
		"emoji": func() (Set, bool) { return Binary("Emoji") },
		"cwu":   func() (Set, bool) { return Binary("CWU") },
		"al":    func() (Set, bool) { return BidiClass("al") },
		"block": func() (Set, bool) { return Block("Basic Latin") },
		"punct": func() (Set, bool) { return POSIX("punct") },
		"long": func() (Set, bool) {
			s, ok := CategoryName("Uppercase_Letter", false)
			c, _ := Category(s)
			return c, ok
		},
		"scx":     func() (Set, bool) { return ScriptExtensions("Greek", true, true) },
		"unknown": func() (Set, bool) { return Script("Unknown", true, true) },
	} {
		if s, ok := f(); !ok || s.IsEmpty() {
			t.Errorf("%s: %v, %v", name, s, ok)
		}
	}
	for name, f := range map[string]func() (Set, bool){
		"category": func() (Set, bool) { return Category("lu") },
		"script":   func() (Set, bool) { return Script("greek", false, true) },
		"binary":   func() (Set, bool) { return Binary("Nope") },
		"posix":    func() (Set, bool) { return POSIX("Punct") },
	} {
		if _, ok := f(); ok {
			t.Errorf("%s: found", name)
		}
	}
	// Every character has exactly one two-letter category.
	total := 0
	for name := range unicode.Categories {
		if s, _ := Category(name); len(name) == 2 && name != "LC" && name != "Cn" {
			total += s.Len()
		}
	}
	if rest, _ := Category("Cn"); total+rest.Len() != MaxRune+1 {
		t.Errorf("categories hold %d characters of %d", total+rest.Len(), MaxRune+1)
	}
}
