package assembly

import (
	"fmt"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	files := map[string]string{
		"regex-assembly/1.ra":              "##! prose\r\n##!+ i\r\n##!^ ^\r\n##!$ \\b$\r\n##!> define q [\"']\r\n\r\n  ##!> assemble\r\n  {{q}}a+\r\n  ##!=>\r\n\tb*\r\n##!<\r\n##!> include common\r\n##!> include-except other x\r\n#!/bin/sh",
		"regex-assembly/include/common.ra": "##!> define r c{2}\n{{r}}{{q}}\n##!> include common",
		"regex-assembly/other.ra":          "d",
	}
	got := ""
	for _, f := range Read("regex-assembly/1.ra", []byte(files["regex-assembly/1.ra"]), func(p string) ([]byte, bool) {
		text, ok := files[p]
		return []byte(text), ok
	}) {
		got += fmt.Sprintf("%s:%v %s %v; ", strings.TrimPrefix(f.File, "regex-assembly/"), f.Pos, f.Text, f.Literal)
		if f.Literal && !strings.HasPrefix(files[f.File][f.Pos.Offset:], f.Text) {
			t.Errorf("%+v does not stand there", f)
		}
	}
	loop := strings.Repeat(`include/common.ra:1:15 c{2} true; include/common.ra:2:1 c{2}["'] false; `, maxDepth)
	want := `1.ra:3:6 ^ true; 1.ra:4:6 \b$ true; 1.ra:5:15 ["'] true; 1.ra:8:3 ["']a+ false; 1.ra:10:2 b* true; ` + loop + `other.ra:1:1 d true; 1.ra:14:1 #!/bin/sh true; `
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if FileFor("942310#chain2") != "942310-chain2.ra" {
		t.Error(FileFor("942310#chain2"))
	}
}

// A definition that grows, an include of itself and a flood of lines end.
func TestReadIsBounded(t *testing.T) {
	bomb := "##!> define a {{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}\n{{a}}\n##!> include self\n" + strings.Repeat("x\n", 2*MaxFragments)
	fs := Read("self.ra", []byte(bomb), func(string) ([]byte, bool) { return []byte(bomb), true })
	if len(fs) != MaxFragments {
		t.Errorf("%d fragments", len(fs))
	}
	for _, f := range fs {
		if len(f.Text) > maxText {
			t.Fatalf("a text of %d bytes", len(f.Text))
		}
	}
}
