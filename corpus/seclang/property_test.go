package seclang

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestRoundTrip writes random patterns into a file, with every byte that a
// line can hold, quoted, continued and with both line ends, and reads them
// back: the texts, the ids, and the place of each byte.
func TestRoundTrip(t *testing.T) {
	const seed, files, rules = 20190702, 300, 20
	rnd := rand.New(rand.NewPCG(seed, 1))
	for n := range files {
		var file bytes.Buffer
		var texts []string
		for id := range rules {
			text := randomPattern(rnd)
			texts = append(texts, text)
			quote := []byte(`"'`)[rnd.IntN(2)]
			rule := "\tSecRule ARGS  " + quoted("@rx \t"+text, quote) + " \"id:" + strconv.Itoa(id) + "\""
			file.WriteString(fold(rnd, rule))
			file.WriteString([]string{"\n", "\r\n", "\n\n", " \t\n# \xe4\n"}[rnd.IntN(4)])
		}
		src := file.Bytes()
		res := Reader{}.Read("random.conf", src)
		if len(res.Patterns) != rules {
			t.Fatalf("seed %d, file %d: %d patterns, expected %d\n%s", seed, n, len(res.Patterns), rules, src)
		}
		for k, p := range res.Patterns {
			if p.Text != texts[k] || p.Source.Rule != strconv.Itoa(k) {
				t.Fatalf("seed %d, file %d: rule %q reads %q, expected %q", seed, n, p.Source.Rule, p.Text, texts[k])
			}
		}
		check(t, src, res)
	}
}

// randomPattern is a text of bytes other than newlines which neither begins
// with white space, which the operator's name would take, nor ends in a
// carriage return, which would belong to a line end.
func randomPattern(rnd *rand.Rand) string {
	const special = "\\\\\\\"\"'' \t#%{}@!|,/<>"
	b := []byte{'a'}
	for range rnd.IntN(40) {
		switch c := byte(rnd.IntN(256)); {
		case rnd.IntN(2) == 0:
			b = append(b, special[rnd.IntN(len(special))])
		case c == '\n', c == '\r', c == 0:
			b = append(b, 'x')
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

// quoted is s as Apache reads it back.
func quoted(s string, quote byte) string {
	q := string(quote)
	return q + strings.NewReplacer(`\`, `\\`, q, `\`+q).Replace(s) + q
}

// fold breaks a line at random bytes.
func fold(rnd *rand.Rand, s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if i+1 < len(s) && rnd.IntN(12) == 0 {
			b.WriteString([]string{"\\\n", "\\\r\n"}[rnd.IntN(2)])
		}
	}
	return b.String()
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"SecRule ARGS|!ARGS:/x/ \"!@rx a\\\"b\\\\\" \\\r\n \"id:1,phase:2,t:none,chain\"\nSecRule ARGS:'/a\\\\/' \"b\"\n",
		"SecDefaultAction \"phase:1,t:lowercase\"\n<Location /x>\nSecAction \"id:1,ctl:ruleRemoveTargetById=1;ARGS:/a|b/\"\n</Location>",
		"# comment \\\nSecRule A \"@rsub s/a/b/i\" \"id:2\"\nInclude x\nSecRuleUpdateTargetByTag a \"!B:/c/\"\n\"x",
	} {
		f.Add([]byte(s), uint8(0))
	}
	f.Fuzz(func(t *testing.T, src []byte, q uint8) {
		check(t, src, Reader{Quoting: Quoting(q % 3)}.Read("fuzz.conf", src))
	})
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
		"newlines":       fill("", "\n", ""),
		"continuations":  fill("SecRule ARGS \"@rx ", "\\\n", ""),
		"folded":         fill("SecRule ARGS \"@rx ", "a\\\n", "\" \"id:1\"\n"),
		"escapes":        fill("SecRule ARGS \"@rx ", "\\\"", "\" \"id:1\"\n"),
		"backslashes":    fill("SecRule ARGS \"@rx ", "\\", "\" \"id:1\"\n"),
		"slashes":        fill("SecRule ARGS \"@rx a\" \"id:1,", "ctl:a=b;C:/\\", "\"\n"),
		"targets":        fill("SecRule ", "A:/a|", " \"@rx a\" \"id:1\"\n"),
		"open targets":   fill("SecRule ", "A:'", " \"@rx a\" \"id:1\"\n"),
		"actions":        fill("SecRule ARGS \"@rx a\" \"id:1,", "t:trim,", "\"\n"),
		"rules":          fill("", "SecRule A a\n", ""),
		"chain":          fill("SecRule A a id:1,chain\n", "SecRule A a chain\n", ""),
		"sections":       fill("", "<a>\n", ""),
		"section ends":   fill("<a>\n", "</b>\n", ""),
		"comment":        fill("", "# \\\n", ""),
		"hidden":         fill("", "# \\\nSecRule A a id:1\n", ""),
		"hidden rules":   fill("# \\\n", "SecRule A a id:1 \\\n", ""),
		"defaults":       fill("", "SecDefaultAction t:trim\n", ""),
		"nul":            make([]byte, n),
		"unknown":        fill("", "SecX\n", ""),
		"substitution":   fill("SecRule A \"@rsub s/", "a\\/", "\" id:1\n"),
		"words":          fill("SecRuleRemoveById ", "1 ", "\n"),
		"swallow no Sec": fill("# ", "secular \\\n", "\n"),
	}
}

// TestHostile reads them; BenchmarkHostile shows that the time is linear.
func TestHostile(t *testing.T) {
	for name, src := range hostile(1 << 16) {
		t.Run(name, func(t *testing.T) {
			check(t, src, Reader{}.Read("hostile.conf", src))
		})
	}
}

func TestLineTooLong(t *testing.T) {
	src := slices.Concat([]byte("SecRule ARGS \""), bytes.Repeat([]byte("a\\\n"), MaxLine/3+1), []byte("\" \"id:1\"\nSecRule ARGS b \"id:2\"\n"))
	res := Reader{}.Read("long.conf", src)
	if len(res.Problems) != 1 || res.Problems[0].Code != CodeLineTooLong || len(res.Patterns) != 1 || res.Patterns[0].ID != "2" {
		t.Errorf("got %d patterns, problems %v", len(res.Patterns), res.Problems)
	}
}

func TestTooMany(t *testing.T) {
	res := Reader{}.Read("many.conf", bytes.Repeat([]byte("SecX\n"), MaxProblems+5))
	if n := len(res.Problems); n != MaxProblems || res.Problems[n-1].Code != CodeTooMany || !strings.Contains(res.Problems[n-1].Message, strconv.Itoa(MaxProblems+5)) {
		t.Errorf("got %d problems, the last %v", n, res.Problems[n-1])
	}
	res = Reader{}.Read("many.conf", bytes.Repeat([]byte("SecRule A a id:1\n"), MaxPatterns+1))
	if len(res.Patterns) != MaxPatterns || len(res.Problems) != 1 || res.Problems[0].Code != CodeTooMany {
		t.Errorf("got %d patterns, problems %v", len(res.Patterns), res.Problems)
	}
}

func BenchmarkHostile(b *testing.B) {
	for _, n := range []int{1 << 18, 1 << 20, 1 << 22} {
		for name, src := range hostile(n) {
			b.Run(strings.ReplaceAll(name, " ", "-")+"/"+strconv.Itoa(n), func(b *testing.B) {
				b.SetBytes(int64(len(src)))
				b.ReportAllocs()
				for b.Loop() {
					Reader{}.Read("hostile.conf", src)
				}
			})
		}
	}
}
