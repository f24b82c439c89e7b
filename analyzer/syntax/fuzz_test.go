package syntax

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

var fuzzSeeds = []string{
	`^(?<n>a|b)*?\k<n>[^\d-]++$`, `(?|(a)|(b))(?1)(?(1)c|d)`, `[[:alpha:]\p{Lu}a-z&&[^x]]{2,3}`, `(?i)\x{41}\u0041\cA\0\12(?#c)`,
	`(?<a-b>x)(?(a)y)(?'b'z)`, `(*UTF)(*MARK:x)\R\X\K(?<=a|bc)`, `[\q{ab|c}--[x]]`, `(?~a)\g<1>\k<1+1>(?m:.)`, `\Qa[\E(?x) a # b`,
}

func fuzzPattern(text string, dialect, flags uint) corpus.Pattern {
	d := corpus.Dialects[dialect%uint(len(corpus.Dialects))]
	p := corpus.Pattern{Text: text, Dialect: d}
	table := tableOf(d, 0)
	for f := range table.flags {
		if uint(f)&flags != 0 {
			p.Flags |= f
		}
	}
	if p.Flags.Has(corpus.Unicode | corpus.UnicodeSets) {
		p.Flags &^= corpus.Unicode
	}
	return p
}

// FuzzParse: any text ends in a tree whose spans lie in it, or in an error
// that does.
func FuzzParse(f *testing.F) {
	for i, s := range fuzzSeeds {
		for d := range corpus.Dialects {
			f.Add(s, uint(d), uint(i))
		}
	}
	f.Fuzz(func(t *testing.T, text string, dialect, flags uint) {
		p := fuzzPattern(text, dialect, flags)
		re, err := parse(p)
		if err != nil {
			if s := err.Span; s.Start < 0 || s.End < s.Start || s.End > len(text) {
				t.Fatalf("error span %v", s)
			}
			_ = err.Error()
			ValidIn(p)
			return
		}
		Walk(re.Root, func(n *Node) bool {
			if n.Span.Start < 0 || n.Span.End < n.Span.Start || n.Span.End > len(text) {
				t.Fatalf("span %v of %s", n.Span, n)
			}
			return true
		})
		if low, high := re.MinLength(), re.MaxLength(); high != Infinite && high < low {
			t.Fatalf("lengths %d to %d", low, high)
		}
	})
}

// FuzzRoundTrip: a printed tree reads as the same tree.
func FuzzRoundTrip(f *testing.F) {
	for i, s := range fuzzSeeds {
		for d := range corpus.Dialects {
			f.Add(s, uint(d), uint(i))
		}
	}
	f.Fuzz(func(t *testing.T, text string, dialect, flags uint) {
		checkRoundTrip(t, fuzzPattern(text, dialect, flags))
	})
}
