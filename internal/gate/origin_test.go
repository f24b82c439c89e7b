package gate

import (
	"strings"
	"testing"
)

func TestScan(t *testing.T) {
	for text, want := range map[string]string{
		`a\s+b`:                `a|\s+*|b`,
		`[^]\]x]*?(?:a|b)`:     `[^]\]x]*?*|(?:^|a||^|b|(?:a|b)^`,
		`(?:ab)+`:              `(?:^|a|b|(?:ab)+*`,
		`(?i)x{2,3}y{`:         `(?i^|(?i)^|x{2,3}*|y|{`,
		`\x5c{2}\x{41}\p{L}+\`: `\x5c{2}*|\x{41}|\p{L}+*|\`,
		`x)+(?<n>y`:            `x|)+*|(?<n>^|y`,
		`[[:alpha:]_]+`:        `[[:alpha:]_]+*`,
		`a++b*+`:               `a++*|b*+*`,
		`[`:                    `[`,
	} {
		var got []string
		for _, p := range scan(text) {
			s := text[p.start:p.end]
			if p.loop {
				s += "*"
			}
			if p.border {
				s += "^"
			}
			got = append(got, s)
		}
		if g := strings.Join(got, "|"); g != want {
			t.Errorf("%s:\n got %s\nwant %s", text, g, want)
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{`(?:a|[^]\d])+?x{2,}`, `\`, `(?`, `[[:`, `\x{`, `)*`, `{1}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, p := range scan(s) {
			if p.start < 0 || p.end > len(s) || p.end <= p.start || p.end < last {
				t.Fatalf("%q: %+v after %d", s, p, last)
			}
			last = p.end
		}
		if len(s) > 0 && last != len(s) {
			t.Fatalf("%q: ends at %d", s, last)
		}
	})
}
