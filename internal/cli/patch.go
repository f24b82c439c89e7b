package cli

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// A patch is a file with edits on the way into it.
type patch struct {
	reader        corpus.Reader
	file          string
	before, after []byte
	read          corpus.Result // of before, then of after
}

// quotings are ways in which a host's quoting writes a text: as it is, with
// quotes escaped, as in JSON, with quotes doubled, inside slashes.
var quotings = []*strings.Replacer{
	strings.NewReplacer(),
	strings.NewReplacer(`"`, `\"`),
	strings.NewReplacer(`'`, `\'`),
	strings.NewReplacer(`\`, `\\`, `"`, `\"`),
	strings.NewReplacer(`'`, `''`),
	strings.NewReplacer(`/`, `\/`),
	strings.NewReplacer(`;`, `\;`, `"`, `\"`),
}

// apply puts a fix of the i-th pattern into the file. Which quoting is right is
// for the file's own reader to say: the file is read again, and must say the
// fix there and the same as before of everything else. It is false where no
// quoting does.
func (p *patch) apply(i int, f verdict.Fix) bool {
	src := p.read.Patterns[i].Source
	if !src.Pos.IsValid() {
		return false
	}
	for _, q := range quotings {
		for _, close := range []bool{false, true} {
			out, ok := p.after, true
			for k := len(f.Edits) - 1; k >= 0 && ok; k-- {
				e := f.Edits[k]
				from, to := src.At(e.Start).Offset, src.At(e.End).Offset
				if close { // the escapes around the edit are not part of it
					from, to = behind(src, e.Start), behind(src, e.End)
				}
				if ok = from <= to && to <= len(out); ok {
					out = bytes.Join([][]byte{out[:from], []byte(q.Replace(e.Text)), out[to:]}, nil)
				}
			}
			if read := p.reader.Read(p.file, out); ok && p.says(read, i, f.Pattern) {
				p.after, p.read = out, read
				return true
			}
		}
	}
	return false
}

// behind is the place right behind the byte before an offset of a pattern.
func behind(src corpus.Source, offset int) int {
	if offset == 0 {
		return src.At(0).Offset
	}
	return src.At(offset-1).Offset + 1
}

// says reports whether a file now says a text for the i-th pattern, and all
// else as it did.
func (p *patch) says(read corpus.Result, i int, text string) bool {
	if len(read.Patterns) != len(p.read.Patterns) || len(read.Problems) != len(p.read.Problems) {
		return false
	}
	for k, x := range read.Patterns {
		want := p.read.Patterns[k].Text
		if k == i {
			want = text
		}
		if x.Text != want || x.Source.Rule != p.read.Patterns[k].Source.Rule {
			return false
		}
	}
	return true
}

// contextLines is the number of unchanged lines around a change in a diff.
const contextLines = 3

// diff is the change of the file as a unified diff, "" for none. Fixes replace
// parts of lines, and may join lines: runs of lines that differ are found from
// both ends of each stretch between equal lines.
func (p *patch) diff() string {
	if bytes.Equal(p.before, p.after) {
		return ""
	}
	a, b := strings.SplitAfter(string(p.before), "\n"), strings.SplitAfter(string(p.after), "\n")
	var out strings.Builder
	name := strings.ReplaceAll(p.file, "\\", "/")
	fmt.Fprintf(&out, "--- a/%s\n+++ b/%s\n", strings.TrimPrefix(name, "/"), strings.TrimPrefix(name, "/"))
	for _, h := range hunks(a, b) {
		fmt.Fprintf(&out, "@@ -%d,%d +%d,%d @@\n", h.a+1, h.na, h.b+1, h.nb)
		out.WriteString(h.text)
	}
	return out.String()
}

// A hunk is a piece of a diff: na lines from line a on become nb lines.
type hunk struct {
	a, b, na, nb int
	text         string
}

// hunks compares two lists of lines of which few differ, with a look-ahead of
// resync lines to find where they go on alike.
func hunks(a, b []string) []hunk {
	var out []hunk
	var open *hunk
	equal := 0
	add := func(sign byte, line string) {
		if !strings.HasSuffix(line, "\n") {
			if line == "" {
				return
			}
			line += "\n\\ No newline at end of file\n"
		}
		open.text += string(sign) + line
		switch sign {
		case ' ':
			open.na, open.nb = open.na+1, open.nb+1
		case '-':
			open.na++
		case '+':
			open.nb++
		}
	}
	shut := func() {
		if open != nil {
			out, open = append(out, *open), nil
		}
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		if i < len(a) && j < len(b) && a[i] == b[j] {
			if open != nil {
				if equal++; equal > contextLines {
					shut()
				} else {
					add(' ', a[i])
				}
			}
			i, j = i+1, j+1
			continue
		}
		if open == nil {
			from := max(0, i-contextLines)
			open = &hunk{a: from, b: j - (i - from)}
			for _, line := range a[from:i] {
				add(' ', line)
			}
		}
		equal = 0
		di, dj := resync(a[i:], b[j:])
		for _, line := range a[i : i+di] {
			add('-', line)
		}
		for _, line := range b[j : j+dj] {
			add('+', line)
		}
		i, j = i+di, j+dj
	}
	shut()
	return out
}

// resync is the smallest number of lines to skip in both lists after which
// they go on alike.
func resync(a, b []string) (i, j int) {
	for total := 1; total <= len(a)+len(b); total++ {
		for i := min(total, len(a)); i >= 0 && total-i <= len(b); i-- {
			j := total - i
			if i == len(a) && j == len(b) || i < len(a) && j < len(b) && a[i] == b[j] && strings.TrimSpace(a[i]) != "" {
				return i, j
			}
		}
	}
	return len(a), len(b)
}
