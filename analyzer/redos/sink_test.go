package redos

import (
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

func TestParseSink(t *testing.T) {
	for _, test := range []struct {
		text, path, function string
		arg                  int
		engine               string
		dialect              corpus.Dialect
	}{
		{"example.com/re.Compile", "example.com/re", "Compile", 0, "", corpus.PCRE},
		{"example.com/re.Cache.Get,arg=1", "example.com/re", "Cache.Get", 1, "", corpus.PCRE},
		{"gopkg.in/re.v2.Compile,engine=regexp2-v1,dialect=dotnet", "gopkg.in/re.v2", "Compile", 0, "regexp2-v1", corpus.DotNet},
		{"re.Compile,flags=is,name=house,timeout=Limit", "re", "Compile", 0, "", corpus.PCRE},
		{"re.find,engine=stdlib", "re", "find", 0, "stdlib", corpus.PCRE},
	} {
		l, err := ParseSink(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		f := l.Functions[0]
		if l.Paths[0] != test.path || f.Name != test.function || f.Arg != test.arg || l.Engine != test.engine || l.Dialect != test.dialect {
			t.Errorf("%s: read as %+v", test.text, l)
		}
	}
	for text, want := range map[string]string{
		"":                            "expected IMPORTPATH.Function",
		"example.com/re":              `sink "example.com/re": expected IMPORTPATH.Function`,
		"example.com/re.F,arg=-1":     `arg="-1": expected the index of an argument, from 0`,
		"example.com/re.F,dialect=x":  `dialect="x": expected one of [pcre dotnet`,
		"example.com/re.F,engine=x":   `engine="x": expected one of pcre2, `,
		"example.com/re.F,flags=q":    `flags: flag 'q' at offset 0`,
		"example.com/re.F,speed=fast": `key "speed": expected arg, dialect, flags, engine, name or timeout`,
	} {
		if _, err := ParseSink(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}
