package corpus

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// words is a reader that takes each word p… for a pattern.
type words struct{}

func (words) Name() string { return "words" }
func (words) Read(file string, data []byte) (res Result) {
	lines := NewLines(data)
	for i := 0; i < len(data); i++ {
		if data[i] == 'p' && (i == 0 || strings.IndexByte(" \n\t", data[i-1]) >= 0) {
			res.Patterns = append(res.Patterns, Pattern{Text: string(data[i : i+2]), Source: lines.Text(i, i+2).Source(file, "")})
		}
	}
	return res
}

func TestExempting(t *testing.T) {
	for _, c := range []struct {
		what, file string
		indented   bool
		want       string
	}{
		{"the rule under it", "# nearmiss:ignore why not\nrule p1\nrule p2\n", false, "p1: why not @1:3"},
		{"further comments and empty lines between", "p0\n  ## nearmiss:ignore: why\n\n# p9 is old\n\t\nrule p1 p2\np3", false, "p1: why @2:6; p2: why @2:6"},
		{"joined lines", "#nearmiss:ignore why\nrule \\\n p1 \\\r\n p2\np3", false, "p1: why @1:2; p2: why @1:2"},
		{"CRLF", "# nearmiss:ignore why\r\nrule p1\r\np2\r\n", false, "p1: why @1:3"},
		{"indented lines", "- # nearmiss:ignore no\n# nearmiss:ignore why\n- id: 1\n  re: p1\n\n  x: p2\n- re: p3", true, "p1: why @2:3; p2: why @2:3"},
		{"… only where they count", "# nearmiss:ignore why\n- id: p0\n  re: p1\n", false, "p0: why @1:3"},
		{"two", "# nearmiss:ignore one\np1\n# nearmiss:ignore two\np2", false, "p1: one @1:3; p2: two @3:3"},
		{"within each other", "# nearmiss:ignore out\n- id: p0\n  # nearmiss:ignore in\n  re: p1\n  x: p2\n- p3", true, "p0: out @1:3; p1: in @3:5; p2: out @1:3"},
		{"the last of two", "# nearmiss:ignore one\n# nearmiss:ignore two\np1", false, "p1: two @2:3; exemption-unused 1:3"},
		{"no reason", "# nearmiss:ignore\np1", false, "exemption-without-reason 1:3"},
		{"no rule", "p1\n# nearmiss:ignore why\nother\np2\n# nearmiss:ignore why", false, "exemption-unused 2:3; exemption-unused 5:3"},
		{"misspelt", "# nearmiss:ignored why\np1\n# nearmiss: ignore why\np2", false, "exemption-unknown 1:3; exemption-unknown 3:3"},
		{"no comment", "nearmiss:ignore why\np1 # nearmiss:ignore why\np2 \"nearmiss:ignore\"", false, ""},
		{"prose about it", "# see nearmiss:ignore why\np1", false, ""},
	} {
		res := Exempting{words{}, c.indented}.Read("f", []byte(c.file))
		var got []string
		for _, p := range res.Patterns {
			if x := p.Context.Exemption; x != nil {
				got = append(got, fmt.Sprintf("%s: %s @%v", p.Text, x.Reason, x.Pos))
				if !strings.HasPrefix(c.file[x.Pos.Offset:], ExemptionMark) {
					t.Errorf("%s: offset %d", c.what, x.Pos.Offset)
				}
			}
		}
		for _, p := range res.Problems {
			got = append(got, fmt.Sprintf("%s %v", p.Code, p.Pos))
			if !p.Advisory || !slices.Contains(ExemptionCodes, p.Code) {
				t.Errorf("%s: %+v", c.what, p)
			}
		}
		if g := strings.Join(got, "; "); g != c.want {
			t.Errorf("%s: %s, want %s", c.what, g, c.want)
		}
	}
}

// Many marks in a large file cost no more than a bounded look at each pattern.
func TestExemptionsAreBounded(t *testing.T) {
	data := []byte(strings.Repeat("# nearmiss:ignore\n", 30*maxExemptions) + "p1")
	res := (Exempting{Reader: words{}}).Read("f", data)
	if n := len(res.Problems); n != maxExemptions+1 || !strings.Contains(res.Problems[n-1].Message, "290000 exemptions from here on do not count") {
		t.Errorf("%d problems, %v", n, res.Problems[n-1])
	}
}
