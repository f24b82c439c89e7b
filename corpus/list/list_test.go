package list

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

var update = flag.Bool("update", false, "rewrite the expected dumps in testdata")

// TestGolden reads the first file of each testdata/*.txtar, by its name, and
// compares the dump of the result with the file "want". The archive's comment
// may hold "default: dialect", "crlf", "no final newline" and "escapes" (\xHH
// in the input stands for a byte).
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files (%v)", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(f)
			if err != nil {
				t.Fatal(err)
			}
			input := a.Files[0].Data
			rd := Reader{Defaults{Dialect: corpus.PCRE, Flags: corpus.Caseless, Mode: corpus.Match}}
			for _, l := range strings.Split(string(a.Comment), "\n") {
				switch {
				case l == "no default":
					rd = Reader{}
				case l == "crlf":
					input = bytes.ReplaceAll(input, []byte("\n"), []byte("\r\n"))
				case l == "no final newline":
					input = bytes.TrimRight(input, "\r\n")
				case l == "escapes":
					input = unhex(t, input)
				}
			}
			res := rd.Read(a.Files[0].Name, input)
			got := dump(res)
			if *update {
				a.Files = append(a.Files[:1], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(f, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) != 2 {
				t.Fatalf("%s: no file want: run with -update and read it", f)
			}
			if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
				t.Errorf("%s: -want +got\n%s", f, diff)
			}
		})
	}
}

func unhex(t *testing.T, b []byte) []byte {
	var out []byte
	for i := 0; i < len(b); i++ {
		if i+3 < len(b) && b[i] == '\\' && b[i+1] == 'x' {
			c, err := strconv.ParseUint(string(b[i+2:i+4]), 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, byte(c))
			i += 3
			continue
		}
		out = append(out, b[i])
	}
	return out
}

// dump writes a result down: a pattern's text, what it is read with, and the
// column of each of its bytes.
func dump(res corpus.Result) string {
	var b strings.Builder
	for _, p := range res.Patterns {
		fmt.Fprintf(&b, "%v %q id=%q %s %s %s", p.Source.Pos, p.Text, p.ID, p.Dialect, p.Flags, p.Mode)
		b.WriteString(" columns")
		for i := range len(p.Text) {
			fmt.Fprintf(&b, " %d", p.Source.At(i).Column)
		}
		b.WriteString("\n")
	}
	for _, p := range res.Problems {
		fmt.Fprintf(&b, "%v problem %s: %s\n", p.Pos, p.Code, p.Message)
	}
	fmt.Fprintf(&b, "skipped %d\n", res.Skipped)
	return b.String()
}

// TestStream compares a stream that gets its bytes one by one with Read, and
// leaves one early.
func TestStream(t *testing.T) {
	const src = "{\"pattern\":\"a\"}\n\n{\"pattern\":1}\n{\"pattern\":\"b\"}"
	want := Reader{Defaults{Dialect: corpus.Go}}.Read("x.jsonl", []byte(src))
	var got corpus.Result
	s := NewStream(iotest.OneByteReader(strings.NewReader(src)), "x.jsonl", Defaults{Dialect: corpus.Go})
	for p, problem := range s.Rows() {
		if problem != nil {
			got.Problems = append(got.Problems, problem)
		} else {
			got.Patterns = append(got.Patterns, p)
		}
	}
	got.Skipped = s.Skipped()
	if dump(got) != dump(want) || len(got.Patterns) != 2 || len(got.Problems) != 1 || got.Skipped != 1 {
		t.Errorf("stream reads\n%s, Read reads\n%s", dump(got), dump(want))
	}
	for range Rows(strings.NewReader(src), "x.jsonl", Defaults{}) {
		break
	}
}

// TestUnreadable ends a stream whose input fails with a problem.
func TestUnreadable(t *testing.T) {
	in := io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(errors.New("disk on fire")))
	var got []string
	for p, problem := range Rows(in, "x.txt", Defaults{Dialect: corpus.Go}) {
		if problem != nil {
			got = append(got, problem.Code+" "+problem.Error())
		} else {
			got = append(got, p.Text)
		}
	}
	want := []string{"a", "unreadable x.txt:2:1: cannot be read: disk on fire"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, expected %q", got, want)
	}
}

// endless is an input of one byte, n times.
type endless struct {
	c byte
	n int
}

func (e *endless) Read(b []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	k := min(len(b), e.n)
	for i := range k {
		b[i] = e.c
	}
	e.n -= k
	return k, nil
}

func TestRowTooLong(t *testing.T) {
	in := io.MultiReader(strings.NewReader("a\n"), &endless{'x', MaxRow + 10}, strings.NewReader("\nb\n"))
	var got []string
	for p, problem := range Rows(in, "x.txt", Defaults{Dialect: corpus.Go}) {
		if problem != nil {
			got = append(got, problem.Code+" "+problem.Pos.String())
		} else {
			got = append(got, p.Text+" "+p.Source.Pos.String())
		}
	}
	if want := []string{"a 1:1", "row-too-long 2:1", "b 3:1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, expected %q", got, want)
	}
}

func TestTooMany(t *testing.T) {
	res := Reader{}.Read("x.jsonl", bytes.Repeat([]byte("x\n"), MaxProblems+7))
	if n := len(res.Problems); n != MaxProblems || res.Problems[n-1].Code != CodeTooMany {
		t.Errorf("%d problems, the last %v", n, res.Problems[n-1])
	}
}

var codes = []string{
	CodeUnreadable, CodeRowTooLong, CodeSyntax, CodeDuplicateKey, CodeMissingPattern, CodeMissingDialect,
	CodeBadValue, CodeBadFlags, CodeInvalidEncoding, CodeTooMany,
}

// FuzzRead compares a row with encoding/json: what it refuses is a problem,
// and what it reads as a pattern is the same text. Every byte of a pattern
// that is written as itself stands at its place.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		`{"pattern":"a\u00e9\\\ud83d\ude00\"b","id":7,"flags":"is"}`, `{"id":null,"x":[{},[1e5,"\u0041"],{"a":{}}],"pattern":"é"}`,
		`{"pattern":"\u00ff","pattern_encoding":"bytes"}`, `{"pattern":"\ud800"}`, `{"pattern":"a"`, "{}", `{"pattern":"a","pattern":"b"}`,
		"{\"pattern\":\"\xff\"}", `{"summary":{}}`, `{"pattern":"/","mode":"global","dialect":"go"} `,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, name := range []string{"x.txt", "x.jsonl"} {
			res := Reader{Defaults{Dialect: corpus.PCRE}}.Read(name, src)
			for _, p := range res.Patterns {
				checkPlaces(t, src, p)
			}
			for _, p := range res.Problems {
				if !slices.Contains(codes, p.Code) || !p.Pos.IsValid() || p.Pos.Offset > len(src) {
					t.Fatalf("problem %q at %v: %v", p.Code, p.Pos, p)
				}
			}
			if name == "x.jsonl" && !bytes.ContainsAny(src, "\n") && !bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
				checkJSON(t, src, res)
			}
		}
	})
}

// checkPlaces compares each byte of a pattern with the file: it stands there,
// or an escape or a code point begins there.
func checkPlaces(t testing.TB, src []byte, p corpus.Pattern) {
	t.Helper()
	for i := range len(p.Text) {
		at := p.Source.At(i)
		if at.Offset < 0 || at.Offset >= len(src) {
			t.Fatalf("byte %d of %q at offset %d of %d", i, p.Text, at.Offset, len(src))
		}
		if c := src[at.Offset]; c != p.Text[i] && c != '\\' && c < utf8.RuneSelf {
			t.Fatalf("byte %d of %q: place %v holds %q", i, p.Text, at, c)
		}
		before := src[:at.Offset]
		if line, column := 1+bytes.Count(before, []byte("\n")), at.Offset-bytes.LastIndexByte(before, '\n'); at.Line != line || at.Column != column {
			t.Fatalf("byte %d of %q: place %v, expected %d:%d", i, p.Text, at, line, column)
		}
	}
}

func checkJSON(t testing.TB, row []byte, res corpus.Result) {
	t.Helper()
	if len(bytes.TrimLeft(row, " \t\r")) == 0 {
		return
	}
	var m map[string]any
	err := json.Unmarshal(row, &m)
	if err != nil || m == nil {
		if len(res.Patterns) > 0 {
			t.Fatalf("%q is read, and is no JSON object: %v", row, err)
		}
		return
	}
	if len(res.Patterns) == 0 {
		if len(res.Problems) == 1 && res.Problems[0].Code == CodeSyntax && !strings.Contains(res.Problems[0].Message, "brackets") {
			t.Fatalf("%q is a JSON object: %v", row, res.Problems[0])
		}
		return
	}
	want, _ := m["pattern"].(string)
	if m["pattern_encoding"] == "bytes" {
		var b []byte
		for _, r := range want {
			b = append(b, byte(r))
		}
		want = string(b)
	}
	if got := res.Patterns[0].Text; got != want {
		t.Fatalf("%q reads %q, expected %q", row, got, want)
	}
}

// TestLists reads the JSONL lists of the development data; each row is read or
// has a problem, and agrees with encoding/json.
func TestLists(t *testing.T) {
	data := developmentData(t)
	for _, name := range []string{
		"labelled/sok-exponential.jsonl", "labelled/sok-polynomial.jsonl", "labelled/npm-vulnerable-packages.jsonl",
		"benchmarks/corpus.jsonl", "benchmarks/snort.jsonl", "chroma-regexp2.jsonl", "incidents.jsonl",
	} {
		src, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Error(err)
			continue
		}
		rows, patterns := 0, 0
		found := map[string]int{}
		var samples []*corpus.Problem
		for row := range bytes.Lines(src) {
			rows++
			res := Reader{Defaults{Dialect: corpus.ECMAScript}}.Read(name, row)
			patterns += len(res.Patterns)
			for _, p := range res.Problems {
				if found[p.Code]++; found[p.Code] == 1 {
					samples = append(samples, p)
				}
			}
			checkJSON(t, bytes.TrimRight(row, "\r\n"), res)
		}
		res := Reader{Defaults{Dialect: corpus.ECMAScript}}.Read(name, src)
		if len(res.Patterns) != patterns || len(res.Patterns)+len(res.Problems)+res.Skipped != rows {
			t.Errorf("%s: %d patterns, %d problems, %d skipped of %d rows, %d by rows", name, len(res.Patterns), len(res.Problems), res.Skipped, rows, patterns)
		}
		for _, p := range res.Patterns {
			if at := p.Source.At(0); at.Offset >= len(src) {
				t.Errorf("%s: %q at %v", name, p.ID, at)
			}
		}
		t.Logf("%s: %d of %d rows; problems %v %v", name, patterns, rows, found, samples)
	}
}

func developmentData(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("NEARMISS_DATA")
	if dir == "" {
		root, err := filepath.Abs(".")
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			up := filepath.Dir(root)
			if up == root {
				t.Skip("no go.mod above this folder: the development data cannot be found")
			}
			root = up
		}
		dir = filepath.Join(root, "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("development data absent: set NEARMISS_DATA (%v)", err)
	}
	return dir
}

func BenchmarkRows(b *testing.B) {
	row := []byte(`{"id": "corpus:1", "set": "corpus", "source": "some words about where it stands", "pattern": " *(?P<key>'.+\\s') *=> *", "flags": "i"}` + "\n")
	for _, n := range []int{1_000, 100_000} {
		src := bytes.Repeat(row, n)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				for range Rows(bytes.NewReader(src), "x.jsonl", Defaults{Dialect: corpus.PCRE}) {
				}
			}
		})
	}
}
