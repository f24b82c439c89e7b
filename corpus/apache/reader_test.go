package apache

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
	CodeUnterminatedQuote, CodeUnexpectedEnd, CodeMissingArgument, CodeBadSection, CodeBadExpression, CodeEmbeddedRules,
	CodeNulByte, CodeLineTooLong, CodeTooMany,
}

func check(t testing.TB, src []byte, res corpus.Result) {
	t.Helper()
	readertest.Check(t, src, res, codes, nil)
}

func TestGolden(t *testing.T) {
	readertest.Golden(t, func(readertest.Case) corpus.Reader { return Reader{} }, check)
}

// TestRoundTrip writes random patterns, quoted and folded, and reads them
// back.
func TestRoundTrip(t *testing.T) {
	const seed, files, rules = 443, 200, 20
	rnd := rand.New(rand.NewPCG(seed, 1))
	for n := range files {
		var file bytes.Buffer
		var texts []string
		for range rules {
			b := []byte{'a'}
			for range rnd.IntN(40) {
				c := byte(1 + rnd.IntN(255))
				if rnd.IntN(2) == 0 {
					c = "\\\"' \t;{}#<>()~!"[rnd.IntN(15)]
				}
				if c != '\n' && c != '\r' && c != '$' {
					b = append(b, c)
				}
			}
			texts = append(texts, string(b))
			quote := `"'`[rnd.IntN(2)]
			rule := fmt.Sprintf("\tRewriteRule %c%s%c /x [NC]", quote, strings.NewReplacer(`\`, `\\`, string(quote), `\`+string(quote)).Replace(string(b)), quote)
			for i := range len(rule) {
				file.WriteByte(rule[i])
				if i+1 < len(rule) && rnd.IntN(12) == 0 {
					file.WriteString([]string{"\\\n", "\\\r\n"}[rnd.IntN(2)])
				}
			}
			file.WriteString([]string{"\n", "\r\n", "\n\n", " \t\n# \xe4\n"}[rnd.IntN(4)])
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

// crude knows nothing of words: names at the beginning of a line, and =~.
var crude = regexp.MustCompile(`(?m)^\s*(?:RewriteRule\s|RewriteCond\s+\S+\s+"?!?[^-=!"\s]|SetEnvIf\w*\s|(?:Request)?Header\s+edit\*?\s|<(?:Files|Location|Directory)Match\s)|[=!]~ m`)

// TestDevelopmentData finds every pattern of a public configuration.
func TestDevelopmentData(t *testing.T) {
	dir := filepath.Join(readertest.DevelopmentData(t), "rules", "h5bp-apache")
	files := readertest.Files(t, dir, func(p string) bool { return strings.HasSuffix(p, ".conf") || strings.HasSuffix(p, ".htaccess") })
	total := 0
	for f, src := range files {
		want := 0
		for l := range bytes.Lines(src) {
			if !bytes.HasPrefix(bytes.TrimSpace(l), []byte("#")) {
				want += len(crude.FindAll(l, -1))
				if bytes.Contains(l, []byte("SetEnvIfNoCase ^")) {
					want++ // the name of the header is one, too
				}
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
		"RewriteCond a !b [NC]\n<If \"x =~ /a/i && !( y !~ m#b\\\\#c#)\">\r\n<Macro a $b>\nRewriteRule $b ${c} [L]\n", "Header edit* A \"b\\\n c\" d expr=x\nSubstitute s|a|b|i\n", "<Files ~ 'a", "SetEnvIf ^a b c\nRedirectMatch 301 a\nProxyPassMatch a b=c\n\\",
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
		"newlines": fill("", "\n", ""), "words": fill("RewriteRule ", "a ", ";"), "continuations": fill("RewriteRule ", "\\\n", ""),
		"folded": fill("RewriteRule \"", "a\\\n", "\" b"), "folded words": fill("RewriteRule ", "a \\\n", ""), "escapes": fill("RewriteRule \"", "\\\\", "\" a"),
		"rules": fill("", "RewriteRule a b\n", ""), "sections": fill("", "<If a\n", ""), "expression": fill("<If ", "=~/", ">"),
		"quotes": fill("<If ", "\\'", ">"), "operators": fill("<If ", "=~", ">"), "flags": fill("RewriteRule a b [", "a,", "]"),
		"nul": make([]byte, n), "macro": fill("<Macro a ", "b ", ">\nRewriteRule c d\n"), "dollars": fill("RewriteRule \"", "${a", "\" b"),
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
	res := Reader{}.Read("many.conf", bytes.Repeat([]byte("<If a\n"), MaxProblems+5))
	if n := len(res.Problems); n != MaxProblems || res.Problems[n-1].Code != CodeTooMany || !strings.Contains(res.Problems[n-1].Message, strconv.Itoa(MaxProblems+5)) {
		t.Errorf("got %d problems, the last %v", n, res.Problems[n-1])
	}
	res = Reader{}.Read("many.conf", bytes.Repeat([]byte("RewriteRule a b\n"), MaxPatterns+1))
	if len(res.Patterns) != MaxPatterns || len(res.Problems) != 1 || res.Problems[0].Code != CodeTooMany {
		t.Errorf("got %d patterns, problems %v", len(res.Patterns), res.Problems)
	}
	src := append(bytes.Repeat([]byte("RewriteRule a\\\n"), MaxLine/14+1), "b\nRewriteRule c d\n"...)
	res = Reader{}.Read("long.conf", src)
	if len(res.Problems) != 1 || res.Problems[0].Code != CodeLineTooLong || len(res.Patterns) != 1 {
		t.Errorf("got %d patterns, problems %v", len(res.Patterns), res.Problems)
	}
}
