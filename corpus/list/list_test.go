package list

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/readertest"
)

// TestGolden: the line "no default" in an archive's comment leaves the reader
// without defaults.
func TestGolden(t *testing.T) {
	readertest.Golden(t, func(c readertest.Case) corpus.Reader {
		if c.Has("no default") {
			return Reader{}
		}
		return Reader{Defaults{Dialect: corpus.PCRE, Flags: corpus.Caseless, Mode: corpus.Match}}
	}, check)
}

// check holds a result against the file: a byte of a pattern stands there, or
// an escape or a code point begins there.
func check(t testing.TB, src []byte, res corpus.Result) {
	t.Helper()
	readertest.Check(t, src, res, codes, func(src []byte, at int) bool { return src[at] == '\\' || src[at] >= utf8.RuneSelf })
	for _, p := range res.Problems {
		if !p.Pos.IsValid() && p.Code != CodeTooMany {
			t.Errorf("problem %q without a place: %v", p.Code, p)
		}
	}
}

// TestColumns: a byte that an escape stands for has the place of that escape.
func TestColumns(t *testing.T) {
	for row, want := range map[string][]int{
		`{"pattern":"a\\d+\"b\u00e9c\u0041\n\/é"}`:                {13, 14, 16, 17, 18, 20, 21, 21, 27, 28, 34, 36, 38, 39},
		`{"pattern":"\u00e9é\\xe9","pattern_encoding":"bytes"}`:   {13, 19, 21, 23, 24, 25},
		`{"pattern":"\ud83d\ude00😀x","pattern_encoding":"utf-8"}`: {13, 13, 13, 13, 25, 26, 27, 28, 29},
	} {
		p := Reader{Defaults{Dialect: corpus.PCRE}}.Read("x.jsonl", []byte(row)).Patterns[0]
		var got []int
		for i := range len(p.Text) {
			got = append(got, p.Source.At(i).Column)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: columns %v, expected %v", row, got, want)
		}
	}
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
	if readertest.Dump(got) != readertest.Dump(want) || len(got.Patterns) != 2 || len(got.Problems) != 1 || got.Skipped != 1 {
		t.Errorf("stream reads\n%s, Read reads\n%s", readertest.Dump(got), readertest.Dump(want))
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
			check(t, src, res)
			if name == "x.jsonl" && !bytes.ContainsAny(src, "\n") && !bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
				checkJSON(t, src, res)
			}
		}
	})
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
	data := readertest.DevelopmentData(t)
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
