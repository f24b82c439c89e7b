package report

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
)

type jsonDifference struct {
	Kind            string     `json:"kind"`
	Where           string     `json:"where"`
	Construct       string     `json:"construct"`
	Pattern         string     `json:"pattern"`
	PatternEncoding Encoding   `json:"pattern_encoding"`
	Flags           string     `json:"flags"`
	Input           string     `json:"input"`
	InputEncoding   Encoding   `json:"input_encoding"`
	Want            jsonAnswer `json:"want"`
	Got             jsonAnswer `json:"got"`
}

type jsonAnswer struct {
	Engine  string `json:"engine"`
	Dialect string `json:"dialect"`
	// Match is null for no match.
	Match *[2]int `json:"match"`
}

func differences(ds []fuzz.Difference) []jsonDifference {
	out := make([]jsonDifference, 0, len(ds))
	for _, d := range ds {
		j := jsonDifference{
			Kind: d.Kind, Where: d.Where, Construct: escaped(d.Construct), Flags: d.Pattern.Flags.String(),
			Want: answer(d.Want), Got: answer(d.Got),
		}
		j.Pattern, j.PatternEncoding = encode(d.Pattern.Text)
		j.Input, j.InputEncoding = encode(string(d.Input))
		out = append(out, j)
	}
	return out
}

func answer(a fuzz.Answer) jsonAnswer {
	j := jsonAnswer{Engine: a.Engine, Dialect: string(a.Dialect)}
	if a.Matched {
		j.Match = &[2]int{a.Start, a.End}
	}
	return j
}

// differencesOf reads them back; ok is false where a part is not in the
// encoding or flags that it names.
func differencesOf(p corpus.Pattern, js []jsonDifference) (out []fuzz.Difference, ok bool) {
	for _, j := range js {
		d := fuzz.Difference{Kind: j.Kind, Where: j.Where, Construct: j.Construct, Want: answerOf(j.Want), Got: answerOf(j.Got)}
		text, ok1 := decode(j.Pattern, j.PatternEncoding)
		in, ok2 := decode(j.Input, j.InputEncoding)
		flags, err := corpus.ParseFlags(j.Flags)
		if !ok1 || !ok2 || err != nil {
			return nil, false
		}
		d.Pattern = corpus.Pattern{Text: text, Dialect: p.Dialect, Flags: flags, Mode: p.Mode}
		d.Input = []byte(in)
		out = append(out, d)
	}
	return out, true
}

func answerOf(j jsonAnswer) fuzz.Answer {
	a := fuzz.Answer{Engine: j.Engine, Dialect: corpus.Dialect(j.Dialect)}
	if j.Match != nil {
		a.Matched, a.Start, a.End = true, j.Match[0], j.Match[1]
	}
	return a
}

// differs is a difference in one line: "dialect pcre → go: `a$` on "a\n":
// pcre2 0–1, re2 no match".
func differs(d fuzz.Difference) string {
	flags := ""
	if d.Pattern.Flags != 0 {
		flags = " flags " + d.Pattern.Flags.String()
	}
	return d.Kind + " " + d.Where + ": `" + shown(d.Pattern.Text) + "`" + flags + " on " + quote(d.Input) + ": " + answers(d)
}

// answers is who says what.
func answers(d fuzz.Difference) string {
	return fmt.Sprintf("%s %s, %s %s", d.Want.Engine, d.Want, d.Got.Engine, d.Got)
}
