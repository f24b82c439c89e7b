package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

func TestFamilies(t *testing.T) {
	for _, c := range []struct {
		name, in string
		unit     syntax.Unit
		want     []string // prefix|pump|…|suffix of each witness, quoted
	}{
		{"null", `null`, syntax.Rune, nil},
		{"object", `{"prefix":"x","pump":"a","suffix":"!"}`, syntax.Rune, []string{`x|a|!`}},
		{"lists", `[{"prefix":["x","y"],"pump":["a","b"],"suffix":"!"}]`, syntax.Rune, []string{`x|a|y|b|!`}},
		{"no pump", `{"prefix":"x","pump":"","suffix":"!"}`, syntax.Rune, nil},
		{"escaped", `{"prefix":"","pump":"\\\\x41","suffix":"\\n"}`, syntax.Rune, []string{`|\\x41|\n`, `|A|\n`, "|A|\n"}},
		{"bytes tried", `{"prefix":"","pump":"é","suffix":""}`, syntax.Byte, []string{"|é|", "|\xe9|"}},
		{"ours", `{"pumps":[{"prefix":"x","pump":"\u00e9"}],"suffix":"","encoding":"bytes"}`, syntax.Byte, []string{"x|\xe9|"}},
		{"utf-16", `{"pumps":[{"prefix":"d83dde00","pump":"d800"}],"suffix":"0041","encoding":"utf-16"}`, syntax.UTF16, []string{"😀|\xed\xa0\x80|A"}},
		{"notation", `"'x' 'a'³¹ 'y' '\\x00'¹⁷ 'z'"`, syntax.Rune, []string{"x|a|y|\x00|z"}},
		{"notation, two readings", `"'\\' '\\\"'² 'z'"`, syntax.Rune, []string{`\|\"|z`, `\|"|z`}},
		{"notation without a count", `"'abc'"`, syntax.Rune, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			fs, err := families([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range witnesses(fs, c.unit) {
				s := ""
				for _, p := range w.Pumps {
					s += fmt.Sprintf("%s|%s|", p.Prefix, p.Pump)
				}
				got = append(got, s+string(w.Suffix))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, in := range []string{`{"prefix":["a","b"],"pump":["c"]}`, `"no quote"`, `"'open"`, `7x`, `[{"pump":3}]`} {
		if _, err := families([]byte(in)); err == nil {
			t.Errorf("families(%s) found no fault", in)
		}
	}
}

func TestParseClass(t *testing.T) {
	for in, want := range map[string]string{
		"safe": "linear", "linear": "linear", "safe (fuzz)": "linear", "exponential (fuzz)": "exponential", "2nd degree polynomial": "polynomial 2",
		"13th degree polynomial (fuzz)": "polynomial 13", "polynomial": "polynomial", "vulnerable": "superlinear", "unsafe-score": "superlinear",
		"unknown": "unknown", "": "unknown", "invalid": "invalid", "timeout": "unknown",
	} {
		w, exponent := parseClass(in)
		if got := w.show(exponent); got != want {
			t.Errorf("parseClass(%q) = %s, want %s", in, got, want)
		}
	}
}
