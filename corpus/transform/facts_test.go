package transform

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	ask     = flag.String("ask", "", "write questions for the hosts' programs to this file")
	perKind = flag.Int("questions", 40, "how many random questions for each transformation")
	facts   = flag.String("facts", "testdata/facts", "folder with the hosts' answers")
)

// TestFacts compares every transformation with what each host answered: a line
// is a transformation, a text, and = with what it became, or ? where the host
// does not know the transformation.
func TestFacts(t *testing.T) {
	if *ask != "" {
		if err := os.WriteFile(*ask, questions(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, h := range Hosts {
		t.Run(string(h), func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(*facts, string(h)+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			asked := map[string]int{}
			wrong := map[string]int{}
			lines := bufio.NewScanner(bytes.NewReader(data))
			lines.Buffer(nil, 1<<20)
			for lines.Scan() {
				name, text, want := fact(t, lines.Text())
				asked[name]++
				if h == Coraza && name == "urlDecodeUni" && mapped.Match(text) {
					continue // its map of code page 20127
				}
				c, err := New(h, []string{name})
				if want == nil {
					if err == nil {
						t.Errorf("t:%s: known here, not to the host", name)
					}
					continue
				}
				if err != nil {
					t.Errorf("t:%s: %v; the host knows it", name, err)
					continue
				}
				if got := c.Apply(bytes.Clone(text)); !bytes.Equal(got, *want) {
					if wrong[name]++; wrong[name] <= 5 {
						t.Errorf("t:%s on %q:\n got %q\nwant %q", name, text, got, *want)
					}
				}
			}
			for name := range kinds {
				if asked[name] < 20 {
					t.Errorf("t:%s: %d answers: expected at least 20", name, asked[name])
				}
			}
			if len(wrong) > 0 {
				t.Errorf("wrong answers: %v", wrong)
			}
		})
	}
}

// mapped are code points that a map of Unicode decides.
var mapped = regexp.MustCompile(`(?i)%u([1-9a-f]...|0[1-9a-f]..|00[89a-f].)`)

// fact reads "name text answer"; the answer is nil where the host knows no
// such transformation.
func fact(t *testing.T, line string) (name string, text []byte, want *[]byte) {
	t.Helper()
	f := strings.Fields(line)
	if len(f) != 3 {
		t.Fatalf("fact %q: expected three words", line)
	}
	text, err := hex.DecodeString(strings.TrimPrefix(f[1], "-"))
	if err != nil {
		t.Fatalf("fact %q: %v", line, err)
	}
	if f[2] == "?" {
		return f[0], text, nil
	}
	out, err := hex.DecodeString(strings.TrimPrefix(f[2], "="))
	if err != nil {
		t.Fatalf("fact %q: %v", line, err)
	}
	return f[0], text, &out
}

// texts are questions for every transformation.
var texts = []string{
	"a", "A", "aBc", " a  b ", "\t\n\v\f\r x", "\xa0a\xa0\xa0b", "é", "caf\xe9", "a\x00b", "\x00", "+%2b%2B%", "a/../b", "\xc2\xa0x", "\x85x",
	"1 2", "--", "#", "&amp;", `\n`, "0x41", "=",
}

// pieces are what random questions for one transformation are made of.
var pieces = map[string][]string{
	"lowercase": {"A", "z", "É", "\xc9", "K", "İ"}, "uppercase": {"a", "Z", "é", "\xe9", "ı", "ß", "ſ"},
	"urlDecode":          {"%", "4", "1", "f", "g", "+", "%41", "%zz", "u", "%0a"},
	"urlDecodeUni":       {"%", "4", "1", "f", "g", "+", "%41", "%u", "%U", "%u0041", "%uff21", "%uFF5f", "00", "%u00"},
	"urlEncode":          {"a", " ", "*", "%", "\xff", "\n", "-", "_", "Z9"},
	"htmlEntityDecode":   {"&", "#", "x", ";", "41", "&#", "&#x", "&lt", "&GT;", "&nbsp", "&quot;", "amp", "g", "99999999999999999999999", "&#65;", "&#x4f", "z"},
	"jsDecode":           {`\`, "u", "x", "0", "7", "8", "41", "f", "n", "{", "}", `\u0041`, `\uff21`, `\377`, `\400`, `\u{41}`, "z"},
	"cssDecode":          {`\`, "4", "1", "f", "g", " ", "\n", "00", "0041", "ff21", `\1ff21`, "00ff21", "\t"},
	"escapeSeqDecode":    {`\`, "x", "X", "0", "7", "8", "41", "a", "n", "?", `"`, `\777`, "q"},
	"utf8toUnicode":      {"a", "é", "€", "😀", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xff", "\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\x00", "z"},
	"hexDecode":          {"4", "1", "a", "F", "g", " ", "\xff"},
	"sqlHexDecode":       {"0", "x", "X", "4", "1", "f", "g", "0x41", "\x00", " "},
	"base64Decode":       {"QUJD", "Q", "UU", "=", "\n", "\r\n", " ", "-", "_", "+/", "\x00", "."},
	"base64DecodeExt":    {"QUJD", "Q", "UU", "=", "\n", "\r\n", " ", "-", "_", "+/", "\x00", "."},
	"compressWhitespace": {" ", "\t", "\n", "\xa0", "\xc2\xa0", "a", "b", "\v", "à", "\xc2\x85", "\x85"},
	"removeWhitespace":   {" ", "\t", "\n", "\xa0", "\xc2\xa0", "a", "b", "\v", "à", "\xc2\x85", "\x85", "\xc2"},
	"trim":               {" ", "\t", "a", "\xa0", "\xc2\xa0", "\n"}, "trimLeft": {" ", "\t", "a", "\xa0", "\xc2\xa0"}, "trimRight": {" ", "\t", "a", "\xa0", "\xc2\xa0"},
	"removeNulls": {"\x00", "a"}, "replaceNulls": {"\x00", "a"},
	"replaceComments":    {"/", "*", "a", "/*", "*/", " "},
	"removeComments":     {"/", "*", "a", "/*", "*/", "<!--", "-->", "-", "#", "<", "!", ">", "/**/"},
	"removeCommentsChar": {"/", "*", "a", "/*", "*/", "<!--", "-->", "-", "#", "<", "!", ">"},
	"cmdLine":            {" ", ",", ";", "\t", "/", "(", `"`, "^", `\`, "'", "A", "b", "\v", "\n"},
	"normalizePath":      {"/", ".", "..", "a", "/./", "/../", "//", "x."},
	"normalizePathWin":   {"/", ".", "..", "a", `\`, `\..\`, "//", "x.", ":", " ", "C:", "b"},
	"parityEven7bit":     {"\x00", "\x01", "\x80", "\xff", "a", "b"}, "parityOdd7bit": {"\x00", "\x01", "\x80", "\xff", "a", "b"}, "parityZero7bit": {"\x80", "\xff", "a"},
}

// questions are texts for every transformation, one a line. The same seed gives
// the same.
func questions() []byte {
	var b bytes.Buffer
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		for _, s := range texts {
			fmt.Fprintf(&b, "%s %x\n", name, s)
		}
		parts := pieces[name]
		if parts == nil {
			parts = texts
		}
		for range *perKind {
			var s string
			for range 1 + rng.IntN(9) {
				s += parts[rng.IntN(len(parts))]
			}
			fmt.Fprintf(&b, "%s %x\n", name, s)
		}
	}
	return b.Bytes()
}
