package records

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/readertest"
	"github.com/nearmiss-dev/nearmiss/corpus/seclang"
)

var codes = []string{
	CodeSyntax, CodeCoarsePlace, CodeNotText, CodeBadExpression, CodeTooLarge, CodeTooMany,
	seclang.CodeUnterminatedQuote, seclang.CodeMissingID, seclang.CodeMissingOperator, seclang.CodeMissingArgument, seclang.CodeExtraArgument, seclang.CodeUnknownDirective, seclang.CodeUnknownOperator, seclang.CodeBadOperator, seclang.CodeBadAction, seclang.CodeUnfinishedChain, seclang.CodeSwallowedDirective, seclang.CodeUnexpectedEnd, seclang.CodeNulByte, seclang.CodeLineTooLong,
}

func preset(t testing.TB, name string) Reader {
	t.Helper()
	for _, p := range Presets() {
		if p.Name == name {
			return Reader{p}
		}
	}
	t.Fatalf("no preset %q", name)
	return Reader{}
}

// check lets a byte stand at an escape, at the line end it is folded from, or,
// of a coarse scalar, at its beginning.
func check(t testing.TB, src []byte, res corpus.Result) {
	t.Helper()
	for _, p := range res.Problems {
		if p.Code == CodeCoarsePlace {
			return
		}
	}
	readertest.Check(t, src, res, codes, func(src []byte, at int) bool { return strings.IndexByte("\\ \t\r\n", src[at]) >= 0 })
}

// TestGolden: the archive's comment names the preset in its last line.
func TestGolden(t *testing.T) {
	readertest.Golden(t, func(c readertest.Case) corpus.Reader {
		for _, o := range c.Options {
			if name, ok := strings.CutPrefix(o, "preset: "); ok {
				return preset(t, name)
			}
		}
		t.Fatalf("%s: expected a line preset: NAME", c.Name)
		return nil
	}, check)
}

// TestDevelopmentData counts the patterns of public rule sets by lines.
func TestDevelopmentData(t *testing.T) {
	data := readertest.DevelopmentData(t)
	comment := regexp.MustCompile(`(?m)^\s*#.*$`)
	for _, c := range []struct {
		name, dir string
		count     func(src []byte) int
		least     int
	}{
		{"gitleaks", "rules/gitleaks", func(src []byte) int {
			n := len(regexp.MustCompile(`(?m)^\s*(?:regex|path) = `).FindAll(src, -1))
			for _, m := range regexp.MustCompile(`(?ms)^(?:regexes|paths) = \[(.*?)^\]|^(?:regexes|paths) = \[(.*?)\]$`).FindAllSubmatch(src, -1) {
				n += len(regexp.MustCompile(`'''.*?'''|"[^"\n]*"`).FindAll(append(m[1], m[2]...), -1))
			}
			return n
		}, 200},
		{"sigma", "rules/sigma", func(src []byte) int {
			n, list := 0, -1 // list is the column of a key with a list below
			for l := range bytes.Lines(src) {
				text := bytes.TrimSpace(l)
				column := len(l) - len(bytes.TrimLeft(l, " "))
				switch {
				case len(text) == 0:
				case list >= 0 && column > list && text[0] == '-':
					n++
				default:
					list = -1
					if regexp.MustCompile(`^(?:- )?\S*\|re(?:\|\w+)*:$`).Match(text) {
						list = column
					} else if bytes.Contains(text, []byte("|re: ")) || bytes.Contains(text, []byte("|re|i: ")) {
						n++
					}
				}
			}
			return n
		}, 100},
		{"crowdsec", "rules/crowdsec", func(src []byte) int {
			return len(regexp.MustCompile(`\bmatches\s*\(?\s*['"]`).FindAll(src, -1))
		}, 15},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := readertest.Files(t, filepath.Join(data, c.dir), func(p string) bool {
				ext := filepath.Ext(p)
				return ext == ".yml" || ext == ".yaml" || ext == ".toml"
			})
			total, skipped, problems := 0, 0, map[string]int{}
			for f, src := range files {
				res := preset(t, c.name).Read(f, src)
				if want := c.count(comment.ReplaceAll(src, nil)); len(res.Patterns) != want {
					t.Errorf("%s: %d patterns, expected %d", f, len(res.Patterns), want)
				}
				total += len(res.Patterns)
				skipped += res.Skipped
				for _, p := range res.Problems {
					problems[p.Code]++
					t.Errorf("%s: %v", p.Code, p)
				}
				check(t, src, res)
			}
			t.Logf("%d files, %d patterns, %d skipped, problems %v", len(files), total, skipped, problems)
			if total < c.least {
				t.Errorf("%d patterns, expected at least %d", total, c.least)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"rules:\n- id: a\n  pattern-regex: >-\n    a\n    b\n  pattern-not-regex: 'a''b'\n", "detection: {a: {'x|re|i': [\"\\x41\\\n b\", &q c]}, b: *q}\n---\nx: |2\n  y",
		"[[rules]]\nid = \"a\"\nregex = '''\nx''''\npath = \"\\u0041\\n\"\n[a.b]\nc = [1, {d = \"e\"}]\n", `{"rules":[{"id":"a","regex":"\ud83d\ude00\\d"}]}`, "filter: \"a matches 'b\\\\\\\\d' && c matches d\"\ndirectives: |\n  SecRule A \"@rx b\" \"id:1\"\n",
	} {
		f.Add([]byte(s), uint8(0))
	}
	all := Presets()
	f.Fuzz(func(t *testing.T, src []byte, n uint8) {
		ext := []string{".yaml", ".toml", ".json"}[n%3]
		check(t, src, Reader{all[int(n/3)%len(all)]}.Read("fuzz"+ext, src))
	})
}

// TestLimits: what is beyond a limit is said, and not read.
func TestLimits(t *testing.T) {
	for name, src := range map[string]string{
		"large.yaml": strings.Repeat("# x\n", MaxYAML/4+1), "keys.yaml": strings.Repeat("a: b\n", MaxKeys+1), "deep.yaml": "a: " + strings.Repeat("[", MaxDepth+1),
		"deep.toml": "a = " + strings.Repeat("[", MaxDepth+1), "deep.json": strings.Repeat("[", MaxDepth+1),
	} {
		if res := preset(t, "sigma").Read(name, []byte(src)); len(res.Problems) != 1 || res.Problems[0].Code != CodeTooLarge {
			t.Errorf("%s: %v", name, res.Problems)
		}
	}
}

// TestHostile reads files that a parser with a slow or deep path would not
// come back from.
func TestHostile(t *testing.T) {
	const n = 1 << 15
	fill := func(head, body, tail string) []byte {
		b := []byte(head)
		for len(b) < n {
			b = append(b, body...)
		}
		return append(b, tail...)
	}
	aliases := "a0: &a0 [x]\n"
	for k := range 12 {
		aliases += "a" + string(rune('b'+k)) + ": &a" + string(rune('b'+k)) + " [" + strings.Repeat("*a"+map[bool]string{true: "0", false: string(rune('a' + k))}[k == 0]+", ", 9) + "]\n"
	}
	for name, src := range map[string][]byte{
		"flow.yaml": fill("a: ", "[", ""), "maps.yaml": fill("", "{a: ", ""), "dashes.yaml": fill("", "- ", ""), "keys.yaml": fill("", "? ", ""),
		"tags.yaml": fill("a: ", "!!x ", ""), "lines.yaml": fill("", "a: b\n", ""), "text.yaml": fill("a: '", "b\n ", "'"), "aliases.yaml": []byte(aliases),
		"escapes.yaml": fill("a: \"", "\\\\", "\""), "block.yaml": fill("a: |\n", "  b\n", ""), "nul.yaml": make([]byte, n),
		"arrays.toml": fill("a = ", "[", ""), "tables.toml": fill("", "[[a]]\n", ""), "dots.toml": fill("a", ".a", " = 1\n"), "quotes.toml": fill("a = '''", "''x", ""),
		"arrays.json": fill("", "[", ""), "objects.json": fill("", `{"a":`, ""), "string.json": fill(`"`, `\u0041`, `"`),
	} {
		t.Run(name, func(t *testing.T) {
			for _, p := range Presets() {
				check(t, src, Reader{p}.Read(name, src))
			}
		})
	}
}
