package gate

import (
	"path"
	"regexp/syntax"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/assembly"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// An Origin is the line of an assembly file that a competing part of a
// generated pattern comes from.
type Origin struct {
	File string
	// Line, Column and EndColumn are the part in that line, 1-based, in bytes;
	// EndColumn is one past it.
	Line, Column, EndColumn int
	// Text is the part as it stands in the generated pattern.
	Text string
	// Others is how many further lines it may come from as well.
	Others int
}

// Origins finds the lines that generated patterns come from.
type Origins struct {
	// Open is a file of the version that is judged.
	Open func(path string) ([]byte, bool)

	read map[string][]assembly.Fragment
}

// maxOrigins bounds the parts of one pattern that are led back: the most
// competing ones.
const maxOrigins = 3

// Of leads the competing parts of a rule's pattern back to their lines; none
// for a rule that is not generated.
func (o *Origins) Of(v verdict.Verdict) []Origin {
	p := v.Pattern
	if o == nil || o.Open == nil || v.Kind != verdict.Superlinear || p.Source.Rule == "" || p.Context.Role != "operator" || p.Source.File == "" {
		return nil
	}
	fragments := o.fragments(p.Source)
	if len(fragments) == 0 {
		return nil
	}
	parts := scan(p.Text)
	var out []Origin
	for _, s := range v.Spans {
		for i, part := range parts {
			if part.start != s.Start || part.end != s.End || len(out) >= maxOrigins {
				continue
			}
			if at, ok := find(fragments, parts, i); ok && !holds(out, at) {
				at.Text = p.Text[s.Start:s.End]
				out = append(out, at)
			}
			break
		}
	}
	return out
}

func holds(all []Origin, o Origin) bool {
	for _, a := range all {
		if a.File == o.File && a.Line == o.Line {
			return true
		}
	}
	return false
}

// fragments are the lines behind a rule: of the file in the folder for it that
// stands nearest above the rule's own.
func (o *Origins) fragments(at corpus.Source) []assembly.Fragment {
	name := assembly.FileFor(at.Rule)
	for dir := path.Dir(at.File); ; dir = path.Dir(dir) {
		file := path.Join(dir, assembly.Folder, name)
		if got, ok := o.read[file]; ok {
			if len(got) > 0 {
				return got
			}
		} else {
			var fs []assembly.Fragment
			if data, ok := o.Open(file); ok {
				fs = assembly.Read(file, data, o.Open)
			}
			if o.read == nil {
				o.read = map[string][]assembly.Fragment{}
			}
			if o.read[file] = fs; len(fs) > 0 {
				return fs
			}
		}
		if dir == "." || dir == "/" || dir == path.Dir(dir) {
			return nil
		}
	}
}

// find is the line whose loop is the part's, with the most of the same around
// it; a definition goes before the lines that use it. An assembler shares
// beginnings and ends between lines, so one side alone may be left.
func find(fragments []assembly.Fragment, parts []part, i int) (best Origin, ok bool) {
	most, literal := 0, false
	for _, f := range fragments {
		line := scan(f.Text)
		for k, c := range line {
			if c.key != parts[i].key || !c.loop {
				continue
			}
			score := 1 + alike(parts, i, line, k, -1) + alike(parts, i, line, k, 1)
			at := Origin{File: f.File, Line: f.Pos.Line, Column: f.Pos.Column, EndColumn: f.Pos.Column + len(f.Text)}
			if f.Literal {
				at.Column, at.EndColumn = f.Pos.Column+c.start, f.Pos.Column+c.end
			}
			switch {
			case score > most || score == most && f.Literal && !literal:
				best, most, literal, ok = at, score, f.Literal, true
			case score == most && f.Literal && (at.File != best.File || at.Line != best.Line):
				best.Others++
			}
		}
	}
	return best, ok
}

// contextParts bounds how far two places are compared: enough to tell lines
// apart.
const contextParts = 12

// alike counts the parts beside two places that are the same, in one
// direction, up to where a group or an alternative begins or ends.
func alike(a []part, i int, b []part, k, step int) int {
	for n := 1; n <= contextParts; n++ {
		x, y := i+n*step, k+n*step
		if x < 0 || x >= len(a) || y < 0 || y >= len(b) || a[x].border || a[x].key != b[y].key {
			return n - 1
		}
	}
	return contextParts
}

// A part is one item of a pattern's text: a character, a class or a group
// border, with its quantifier.
type part struct {
	start, end int
	// key is the same for parts that mean the same, however they are spelt.
	key string
	// loop says that it is quantified; border, that a group or an alternative
	// begins or ends there.
	loop, border bool
}

// scan cuts a pattern into its parts. It needs no whole pattern: a line of an
// assembly file may close what another opens. A quantified group is a part
// behind its own.
func scan(text string) []part {
	var out []part
	var open []int // where groups begin
	for i := 0; i < len(text); {
		p := part{start: i}
		switch c := text[i]; {
		case c == '\\':
			p.end = escapeEnd(text, i)
		case c == '[':
			p.end = classEnd(text, i)
		case c == '(':
			open = append(open, i)
			p.end, p.border = groupHead(text, i), true
		case c == ')':
			p.end, p.border = i+1, true
			if n := len(open); n > 0 {
				p.start, open = open[n-1], open[:n-1]
			}
		case c == '|':
			p.end, p.border = i+1, true
		default:
			p.end = i + 1
		}
		i = p.end
		if q := quantifierEnd(text, i); q > i && (!p.border || text[p.end-1] == ')') {
			p.key, p.loop, p.border = canonical(text[p.start:p.end])+text[i:q], true, false
			p.end, i = q, q
		} else {
			p.key = canonical(text[p.start:p.end])
		}
		out = append(out, p)
	}
	return out
}

// escapeEnd is where the escape at i ends.
func escapeEnd(text string, i int) int {
	switch {
	case i+1 >= len(text):
		return len(text)
	case text[i+1] == 'x' && i+3 < len(text) && text[i+2] != '{':
		return i + 4
	case strings.IndexByte("xpP", text[i+1]) >= 0 && i+2 < len(text) && text[i+2] == '{':
		if k := strings.IndexByte(text[i:], '}'); k >= 0 {
			return i + k + 1
		}
	}
	return i + 2
}

// classEnd is where the class at i ends; one that does not end is a character.
func classEnd(text string, i int) int {
	k := i + 1
	if k < len(text) && text[k] == '^' {
		k++
	}
	for first := k; k < len(text); k++ {
		switch {
		case text[k] == '\\':
			k++
		case strings.HasPrefix(text[k:], "[:"):
			if e := strings.Index(text[k:], ":]"); e >= 0 {
				k += e + 1
			}
		case text[k] == ']' && k > first:
			return k + 1
		}
	}
	return i + 1
}

// groupHead is where what opens the group at i ends.
func groupHead(text string, i int) int {
	if i+1 >= len(text) || text[i+1] != '?' {
		return i + 1
	}
	for k := i + 2; k < len(text); k++ {
		if strings.IndexByte(":=!>)", text[k]) >= 0 {
			if text[k] == ')' {
				return k // (?i): the closing parenthesis is its own
			}
			return k + 1
		}
		if k > i+8 {
			break
		}
	}
	return i + 2
}

// quantifierEnd is where the quantifier at i ends, i where there is none.
func quantifierEnd(text string, i int) int {
	if i >= len(text) {
		return i
	}
	var end int
	switch text[i] {
	case '*', '+', '?':
		end = i + 1
	case '{':
		k := i + 1
		for k < len(text) && (text[k] >= '0' && text[k] <= '9' || text[k] == ',') {
			k++
		}
		if k >= len(text) || text[k] != '}' || k == i+1 {
			return i
		}
		end = k + 1
	default:
		return i
	}
	if end < len(text) && (text[end] == '?' || text[end] == '+') {
		end++
	}
	return end
}

// canonical is one spelling for all that mean the same: as Go's printer writes
// it, which assemblers use. PCRE's \s has the vertical tab, Go's has not.
func canonical(item string) string {
	item = strings.NewReplacer(`\s\v`, `\s`, `\s\x0b`, `\s`).Replace(item)
	re, err := syntax.Parse(item, syntax.Perl)
	if err != nil {
		return item
	}
	return re.String()
}
