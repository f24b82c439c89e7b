package suricata

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/readertest"
)

var codes = []string{
	CodeUnknownLine, CodeUnfinishedRule, CodeMissingID, CodeUnterminatedQuote, CodeBadPattern, CodeBadFlag,
	CodeIgnoredText, CodeSwallowedDirective, CodeUnexpectedEnd, CodeNulByte, CodeTooMany,
}

func check(t testing.TB, src []byte, res corpus.Result) {
	t.Helper()
	readertest.Check(t, src, res, codes, nil)
}

func TestGolden(t *testing.T) {
	readertest.Golden(t, func(readertest.Case) corpus.Reader { return Reader{} }, check)
}

// TestRoundTrip writes random patterns into rules, folded at random bytes,
// and reads them back.
func TestRoundTrip(t *testing.T) {
	const seed, files, rules = 58, 200, 20
	rnd := rand.New(rand.NewPCG(seed, 1))
	for n := range files {
		var file bytes.Buffer
		var texts []string
		for id := range rules {
			text := randomPattern(rnd)
			texts = append(texts, text)
			rule := fmt.Sprintf("alert tcp any any -> any any (msg:\"%s\"; pcre:\"/%s/i\"; sid:%d;)", "a; b", text, id)
			for i := range len(rule) {
				file.WriteByte(rule[i])
				if i > 30 && rnd.IntN(15) == 0 && rule[i] != '\\' && rule[i+1:] != "" {
					file.WriteString([]string{"\\\n", "\\\r\n", "\\ \n"}[rnd.IntN(3)])
				}
			}
			file.WriteString([]string{"\n", "\r\n", "\n\n", "\n# \xe4 pcre:\"/no/\"\n"}[rnd.IntN(4)])
		}
		src := file.Bytes()
		res := Reader{}.Read("random.rules", src)
		if len(res.Patterns) != rules || len(res.Problems) > 0 {
			t.Fatalf("seed %d, file %d: %d patterns, expected %d; problems %v\n%s", seed, n, len(res.Patterns), rules, res.Problems, src)
		}
		for k, p := range res.Patterns {
			if p.Text != texts[k] || p.Source.Rule != strconv.Itoa(k) {
				t.Fatalf("seed %d, file %d: rule %q reads %q, expected %q", seed, n, p.Source.Rule, p.Text, texts[k])
			}
		}
		check(t, src, res)
	}
}

// randomPattern holds any byte that can stand in a pattern of a rule.
func randomPattern(rnd *rand.Rand) string {
	b := []byte{'a'}
	for range rnd.IntN(40) {
		switch c := byte(1 + rnd.IntN(255)); {
		case rnd.IntN(3) == 0:
			b = append(b, []string{`\;`, `\"`, `\\`, `\/`, "/", ")", "(", ",", " ", "#", "'", ":"}[rnd.IntN(12)]...)
		case c == '\n', c == '\r', c == '\\', c == ';', c == '"':
			b = append(b, 'x')
		default:
			b = append(b, c)
		}
	}
	return string(append(b, 'z'))
}

// crude is a count that knows nothing of rules: pcre: in lines that are no
// comments.
var crude = regexp.MustCompile(`[(;]\s*pcre\s*:|^\s*pcre\s*:`)

// TestDevelopmentData finds every pattern of Suricata's test rules.
func TestDevelopmentData(t *testing.T) {
	dir := filepath.Join(readertest.DevelopmentData(t), "rules", "suricata-verify")
	files := readertest.Files(t, dir, func(p string) bool { return strings.HasSuffix(p, ".rules") })
	total, problems := 0, map[string]int{}
	for f, src := range files {
		want := 0
		for l := range bytes.Lines(src) {
			if !bytes.HasPrefix(l, []byte("#")) {
				want += len(crude.FindAll(l, -1))
			}
		}
		res := Reader{}.Read(f, src)
		if len(res.Patterns) != want {
			t.Errorf("%s: %d patterns, expected %d", f, len(res.Patterns), want)
		}
		total += len(res.Patterns)
		for _, p := range res.Problems {
			problems[p.Code]++
			t.Logf("%v", p)
		}
		check(t, src, res)
	}
	t.Logf("%d files, %d patterns, problems %v", len(files), total, problems)
	if total < 100 {
		t.Errorf("%d patterns, expected more than 100", total)
	}
}

// TestGlobal: what stands before a relative option is run again.
func TestGlobal(t *testing.T) {
	for options, want := range map[string][]corpus.Mode{
		`pcre:"/a/"; content:"x"; within:5;`:               {corpus.Global},
		`pcre:"/a/"; pcre:"/b/R";`:                         {corpus.Global, corpus.Search},
		`pcre:"/a/"; content:"x";`:                         {corpus.Search},
		`pcre:"/a/R"; pcre:"/b/";`:                         {corpus.Search, corpus.Search},
		`pcre:"/a/"; content:"x", distance 1;`:             {corpus.Global},
		`content:"x"; content:"y"; distance:1;`:            nil,
		`content:"x"; distance:1; pcre:"/a/";`:             {corpus.Search},
		`pcre:"/a/"; pcre:"/b/"; content:"y"; distance:1;`: {corpus.Search, corpus.Global},
	} {
		var got []corpus.Mode
		for _, p := range (Reader{}).Read("", []byte("alert tcp any any -> any any ("+options+" sid:1;)")).Patterns {
			got = append(got, p.Mode)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, expected %v", options, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"alert tcp any any -> any any (msg:\"a\\;\"; pcre:!\"/a\\/b/iR\"; \\\n sid:1;)\n#alert \\\n x\n",
		"alert http\n(\n # c\n /* d */ pcre:\"/a/\";\n sid:1;\n)\nalert tcp any (pcre:/x/;", "include a\npcre:\"", "a(b:\"c;\\\n\n;)(",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) { check(t, src, Reader{}.Read("fuzz.rules", src)) })
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
		"newlines": fill("", "\n", ""), "continuations": fill("alert tcp (", "\\\n", ""), "comments": fill("", "#\\\n", ""),
		"actions": fill("", "alert\n", ""), "open": fill("", "alert (", ""), "open rules": fill("", "alert (\n", ""),
		"options": fill("alert (", "a:b;", ")"), "quotes": fill("alert (", "a:\"b;", ")"), "lines": fill("alert (\n", "a\n", ""),
		"patterns": fill("alert (", "pcre:/a/;", "sid:1;)"), "rules": fill("", "alert (pcre:/a/;sid:1;)\n", ""),
		"slashes": fill("alert (pcre:/", "\\/", "/;sid:1;)"), "folded": fill("alert (pcre:/", "a\\\n", "/;sid:1;)"),
		"unfinished": fill("", "alert (a\nb\nc\n", ""), "nul": make([]byte, n), "unknown": fill("", "x\n", ""),
		"escapes": fill("alert (a:\"", "\\\";", ")"), "blanks": fill("alert (a:", " ", "\";)"), "junk": fill("", "x (\n", ""), "stars": fill("alert (", "/*", ")"),
		"comments of Snort 3": fill("", "/* a\n", ""), "rules in a comment": fill("/*\n", "alert (pcre:/a/;sid:1;)\n", ""), "short comments": fill("", "/**/", ""),
	}
}

func TestHostile(t *testing.T) {
	for name, src := range hostile(1 << 16) {
		t.Run(name, func(t *testing.T) { check(t, src, Reader{}.Read("hostile.rules", src)) })
	}
}

func BenchmarkHostile(b *testing.B) {
	for _, n := range []int{1 << 18, 1 << 21} {
		for name, src := range hostile(n) {
			b.Run(strings.ReplaceAll(name, " ", "-")+"/"+strconv.Itoa(n), func(b *testing.B) {
				b.SetBytes(int64(len(src)))
				for b.Loop() {
					Reader{}.Read("hostile.rules", src)
				}
			})
		}
	}
}

func TestTooMany(t *testing.T) {
	res := Reader{}.Read("many.rules", bytes.Repeat([]byte("x\n"), MaxProblems+5))
	if n := len(res.Problems); n != MaxProblems || res.Problems[n-1].Code != CodeTooMany || !strings.Contains(res.Problems[n-1].Message, strconv.Itoa(MaxProblems+5)) {
		t.Errorf("got %d problems, the last %v", n, res.Problems[n-1])
	}
	res = Reader{}.Read("many.rules", bytes.Repeat([]byte("alert (pcre:/a/;sid:1;)\n"), MaxPatterns+1))
	if len(res.Patterns) != MaxPatterns || len(res.Problems) != 1 || res.Problems[0].Code != CodeTooMany {
		t.Errorf("got %d patterns, problems %v", len(res.Patterns), res.Problems)
	}
}
