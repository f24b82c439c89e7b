package re2

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// childEnv makes the test program compile everything that could make RE2
// print, and nothing else.
const childEnv = "NEARMISS_RE2_CHILD"

// TestNothingIsPrinted runs the adapter over texts that RE2 refuses and over
// random ones, in a process of its own, and looks at its standard error.
func TestNothingIsPrinted(t *testing.T) {
	if os.Getenv(childEnv) != "" {
		compileAll()
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^TestNothingIsPrinted$")
	cmd.Env = append(os.Environ(), childEnv+"=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("child: %v\n%s", err, stderr.Bytes())
	}
	if stderr.Len() > 0 {
		t.Errorf("RE2 printed:\n%.4000s", stderr.String())
	}
}

func compileAll() {
	texts := []string{
		`(`, `a**`, `[z-a]`, `[[:foo:]]`, `\8`, `\p{LC}`, `\p{lu}`, `\p{Letter}`, `\P{^Cn}`, `\pQ`, `\p`, `\x{100}`, `[\x{100}-\x{200}]`,
		`\x{110000}`, `(?P<é>a)`, `(?<=a)`, `(?>a)`, `\C`, "\xff", "a\xc3\xa9", `x{1001}`, `(?:(?:a{100}){100}){2}`, `\Q\E+`, `\`, `(?i`, `é`, `[é]`,
		`(?:\pL{100}){10}`, strings.Repeat(`.`, 40000), strings.Repeat(`(?:\pL\pN){10}`, 50), strings.Repeat("(", 2000),
		`(?:` + strings.Repeat(`[^a]?`, 700) + `){100}`, `(?:` + strings.Repeat(`.`, 300) + `){100}`,
	}
	for name := range unicode.Categories {
		texts = append(texts, `\p{`+name+`}`)
	}
	for name := range unicode.CategoryAliases {
		texts = append(texts, `\p{`+name+`}`)
	}
	for name := range unicode.Scripts {
		texts = append(texts, `\P{`+name+`}`)
	}
	pieces := []string{`a`, `(`, `)`, `[`, `]`, `*`, `+`, `?`, `{2}`, `{,3}`, `{0,1000}`, `|`, `\`, `\d`, `\x{fff}`, `\pL`, `\p{`, `}`, `^`, `-`, `[:alpha:]`, `(?i)`,
		`(?P<n>`, `\Q`, `\E`, `.`, `$`, `\b`, `é`, "\x80", `(?s-`, `:`, `\07`, `\z`, `\A`, `x`, `,`, `0`}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		var b strings.Builder
		for range 1 + r.IntN(7) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		texts = append(texts, b.String())
	}
	subject := []byte(strings.Repeat("ab\xc3\xa9\xff1", 500))
	for _, text := range texts {
		for _, e := range []engines.Engine{New(), New(Bytes())} {
			m, err := e.Compile(corpus.Pattern{Text: text, Dialect: corpus.Go})
			if err == nil {
				m.Match(subject, engines.Limits{})
				m.Close()
			}
		}
	}
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		text     string
		bytewise bool
		ok       bool
	}{
		{`(a|b)*\pL\p{Greek}[[:alpha:]]`, false, true},
		{`\p{Any}`, false, true},
		{`\p{Letter}`, false, false},
		{`\x{100}`, false, true},
		{`\x{100}`, true, false},
		{`\xff`, true, true},
		{"\xff", true, true},
		{"\xff", false, false},
		{`(?:\pL{100}){10}`, false, false},
		{`\pL{100}`, false, true},
	} {
		t.Run(fmt.Sprintf("%s/%t", test.text, test.bytewise), func(t *testing.T) {
			if err := check(test.text, test.bytewise); (err == nil) != test.ok {
				t.Errorf("error %v, want ok %t", err, test.ok)
			}
		})
	}
}

func TestBytewise(t *testing.T) {
	for _, test := range []struct {
		name    string
		engine  engines.Engine
		p       corpus.Pattern
		subject string
		want    engines.State
	}{
		{"code point", New(), corpus.Pattern{Text: `^.$`, Dialect: corpus.Go}, "é", engines.Matched},
		{"two bytes", New(Bytes()), corpus.Pattern{Text: `^.$`, Dialect: corpus.Go}, "é", engines.NoMatch},
		{"one byte", New(Bytes()), corpus.Pattern{Text: `^\xe9$`, Dialect: corpus.Go}, "\xe9", engines.Matched},
		{"pcre without u", New(ReadAsRE2()), corpus.Pattern{Text: `^..$`, Dialect: corpus.PCRE}, "é", engines.Matched},
		{"pcre with u", New(ReadAsRE2()), corpus.Pattern{Text: `^.$`, Dialect: corpus.PCRE, Flags: corpus.Unicode}, "é", engines.Matched},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := test.engine.Compile(test.p)
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			if out := m.Match([]byte(test.subject), engines.Limits{}); out.State != test.want {
				t.Errorf("state %d, want %d", out.State, test.want)
			}
		})
	}
	if _, err := New().Compile(corpus.Pattern{Text: `a`, Dialect: corpus.PCRE}); !errors.Is(err, engines.ErrUnsupported) {
		t.Errorf("pcre: error %v, want ErrUnsupported", err)
	}
}
