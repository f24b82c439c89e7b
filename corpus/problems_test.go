package corpus

import (
	"strings"
	"testing"
)

func TestProblems(t *testing.T) {
	p := Problems{Most: 3}
	for _, offset := range []int{9, 4, 4} {
		p.Add(&Problem{Code: "x", Pos: Position{Offset: offset}, Message: "m"})
	}
	list := p.List("f", "too-many")
	if len(list) != 3 || list[0].Pos.Offset != 4 || list[2].Pos.Offset != 9 || list[2].Code != "x" {
		t.Errorf("%v", list)
	}
	p.Add(&Problem{Code: "x", Pos: Position{Offset: 1}})
	list = p.List("f", "too-many")
	if last := list[2]; len(list) != 3 || last.Code != "too-many" || last.File != "f" || !strings.Contains(last.Message, "4 in all") {
		t.Errorf("%v", list)
	}
	if got := (&Problems{Most: 3}).List("f", "too-many"); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestExcerpt(t *testing.T) {
	if got := Excerpt("a\"b"); got != `"a\"b"` {
		t.Error(got)
	}
	if got := Excerpt(strings.Repeat("x", 41)); got != `"`+strings.Repeat("x", 40)+`"…` {
		t.Error(got)
	}
}
