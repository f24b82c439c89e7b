package nginx

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/readertest"
)

var codes = []string{
	CodeUnterminatedQuote, CodeUnexpectedEnd, CodeUnexpectedBrace, CodeCutWord, CodeMissingArgument, CodeEmbeddedRules,
	CodeNulByte, CodeTooMany,
}

func check(t testing.TB, src []byte, res corpus.Result) {
	t.Helper()
	readertest.Check(t, src, res, codes, func(src []byte, at int) bool {
		return src[at] == '\\' && at+1 < len(src) && strings.IndexByte("trn", src[at+1]) >= 0
	})
}

func TestGolden(t *testing.T) {
	readertest.Golden(t, func(readertest.Case) corpus.Reader { return Reader{} }, check)
}

// TestRoundTrip writes random patterns, quoted in each way, and reads them
// back.
func TestRoundTrip(t *testing.T) {
	const seed, files, rules = 404, 200, 20
	rnd := rand.New(rand.NewPCG(seed, 1))
	for n := range files {
		var file bytes.Buffer
		var texts []string
		for range rules {
			b := []byte{'a'}
			for range rnd.IntN(40) {
				if rnd.IntN(2) == 0 {
					b = append(b, "\\\\\"' \t;{}#$()~*tnr"[rnd.IntN(17)])
				} else {
					b = append(b, byte(1+rnd.IntN(255)))
				}
			}
			texts = append(texts, string(b))
			file.WriteString("rewrite ")
			file.WriteString(quoted(rnd, b))
			file.WriteString([]string{" /x;\n", "\t/x;# c \"\n", "\r\n/x;\r\n"}[rnd.IntN(3)])
		}
		src := file.Bytes()
		res := Reader{}.Read("random.conf", src)
		if len(res.Patterns) != rules || len(res.Problems) > 0 {
			t.Fatalf("seed %d, file %d: %d patterns, expected %d; problems %v\n%q", seed, n, len(res.Patterns), rules, res.Problems, src)
		}
		for k, p := range res.Patterns {
			if p.Text != texts[k] {
				t.Fatalf("seed %d, file %d: pattern %d reads %q, expected %q", seed, n, k, p.Text, texts[k])
			}
		}
		check(t, src, res)
	}
}

// quoted is a text as nginx reads it back.
func quoted(rnd *rand.Rand, b []byte) string {
	quote := `"'`[rnd.IntN(2)]
	var w strings.Builder
	w.WriteByte(quote)
	for _, c := range b {
		switch {
		case c == quote || c == '\\':
			w.WriteByte('\\')
		case c == '\t' && rnd.IntN(2) == 0:
			w.WriteString(`\t`)
			continue
		case c == '\n' && rnd.IntN(2) == 0:
			w.WriteString(`\n`)
			continue
		}
		w.WriteByte(c)
	}
	w.WriteByte(quote)
	return w.String()
}

// crude knows nothing of words and blocks: lines that begin with a directive,
// and ~ at a line's beginning.
var crude = regexp.MustCompile(`^\s*(?:location\s+~|rewrite\s|if\s*\(\s*\S+\s+!?~|"?~|fastcgi_split_path_info|server_name\s.*~)`)

// TestDevelopmentData finds every pattern of a public configuration.
func TestDevelopmentData(t *testing.T) {
	dir := filepath.Join(readertest.DevelopmentData(t), "rules", "h5bp-nginx")
	files := readertest.Files(t, dir, func(p string) bool { return strings.HasSuffix(p, ".conf") })
	total := 0
	for f, src := range files {
		want := 0
		for l := range bytes.Lines(src) {
			if crude.Match(l) {
				want++
			}
		}
		res := Reader{}.Read(f, src)
		if len(res.Patterns) != want {
			t.Errorf("%s: %d patterns, expected %d", f, len(res.Patterns), want)
		}
		total += len(res.Patterns)
		for _, p := range res.Problems {
			t.Errorf("%v", p)
		}
		check(t, src, res)
	}
	t.Logf("%d files, %d patterns", len(files), total)
	if total < 30 {
		t.Errorf("%d patterns, expected more than 30", total)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"map $a $b { ~*x\\\\ y; }\nlocation ~ \"\\\"a\\n\" { if ($x !~* 'a') { rewrite a{2} b; } }", "x_by_lua_block { [==[ ]] \"}\" -- }\n }", "a \"b", "}\n{;if (", "if ($a ~ b))",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) { check(t, src, Reader{}.Read("fuzz.conf", src)) })
}

// hostile are files that a reader with a slow path would hang on.
func hostile(n int) map[string][]byte {
	fill := func(head, body, tail string) []byte {
		b := []byte(head)
		for len(b) < n {
			b = append(b, body...)
		}
		return append(b, tail...)
	}
	return map[string][]byte{
		"newlines": fill("", "\n", ""), "words": fill("rewrite ", "a ", ";"), "quotes": fill("", "\" ", ""), "open": fill("", "'a", ""),
		"escapes": fill("rewrite \"", "\\\\", "\";"), "tabs": fill("rewrite ", "\\t", " a;"), "blocks": fill("", "a{", ""), "ends": fill("", "}", ""),
		"rewrites": fill("", "rewrite a b;", ""), "lines": fill("rewrite '", "a\n", "' b;"), "lua": fill("a_by_lua_block {", "[=", "}"),
		"lua strings": fill("a_by_lua_block {", "[[", "}"), "luas": fill("", "a_by_lua_block {", ""), "nul": make([]byte, n), "map": fill("map $a $b {", "~a b;", "}"), "mixed": fill("", "\"'", ""),
	}
}

func TestHostile(t *testing.T) {
	for name, src := range hostile(1 << 16) {
		t.Run(name, func(t *testing.T) { check(t, src, Reader{}.Read("hostile.conf", src)) })
	}
}

func BenchmarkHostile(b *testing.B) {
	for _, n := range []int{1 << 18, 1 << 21} {
		for name, src := range hostile(n) {
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(name, " ", "-"), n), func(b *testing.B) {
				b.SetBytes(int64(len(src)))
				for b.Loop() {
					Reader{}.Read("hostile.conf", src)
				}
			})
		}
	}
}

func TestTooMany(t *testing.T) {
	res := Reader{}.Read("many.conf", bytes.Repeat([]byte("}\n"), MaxProblems+5))
	if n := len(res.Problems); n != MaxProblems || res.Problems[n-1].Code != CodeTooMany || !strings.Contains(res.Problems[n-1].Message, strconv.Itoa(MaxProblems+5)) {
		t.Errorf("got %d problems, the last %v", n, res.Problems[n-1])
	}
	res = Reader{}.Read("many.conf", bytes.Repeat([]byte("rewrite a b;\n"), MaxPatterns+1))
	if len(res.Patterns) != MaxPatterns || len(res.Problems) != 1 || res.Problems[0].Code != CodeTooMany {
		t.Errorf("got %d patterns, problems %v", len(res.Patterns), res.Problems)
	}
	res = Reader{}.Read("deep.conf", bytes.Repeat([]byte("a{"), MaxBlocks+1))
	if n := len(res.Problems); n != MaxProblems {
		t.Errorf("%d problems", n)
	}
	res = Reader{}.Read("wide.conf", append(bytes.Repeat([]byte("a "), MaxWords+2), ';'))
	if len(res.Problems) != 1 || res.Problems[0].Code != CodeTooMany {
		t.Errorf("problems %v", res.Problems)
	}
}
