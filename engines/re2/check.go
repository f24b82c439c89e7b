package re2

import (
	"fmt"
	"regexp/syntax"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxInstructions is the largest estimated RE2 program that is tried: 2¹⁸
// instructions compile in well under a second and leave room for the DFA in
// RE2's 128 MiB. RE2 gives up, and says so on standard error, at several
// times as many.
const maxInstructions = 1 << 18

// check refuses what RE2 would refuse. RE2 inside go-re2 prints every refusal
// to standard error and offers no switch for it, so no text may reach it that
// it does not take.
//
// Go's own parser stands in for RE2's, whose syntax it follows; what it takes
// beyond RE2 is refused here: names of Unicode tables that RE2 lacks, code
// points beyond a byte in bytewise mode, programs of enormous size. What RE2
// takes beyond Go (\C, group names outside ASCII) is refused as well.
func check(text string, bytewise bool) error {
	parsed := text
	if bytewise {
		parsed = latin1(text)
	}
	tree, err := syntax.Parse(parsed, syntax.Perl)
	if err != nil {
		return err
	}
	if err := checkEscapes(text, bytewise); err != nil {
		return err
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return err
	}
	n := 0
	for i := range prog.Inst {
		n += weight(&prog.Inst[i])
	}
	if n > maxInstructions {
		return fmt.Errorf("program of about %d instructions: expected at most %d", n, maxInstructions)
	}
	return nil
}

// weight estimates how many RE2 instructions one of Go's becomes: a class is
// matched as UTF-8, one path of bytes for each range.
func weight(in *syntax.Inst) int {
	switch in.Op {
	case syntax.InstRune:
		return 1 + len(in.Rune)
	case syntax.InstRune1:
		return utf8.UTFMax
	case syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return 2 * utf8.UTFMax
	}
	return 1
}

// checkEscapes reads \p{NAME} and \x{HEX} wherever they stand. A name or a
// number inside \Q…\E is judged too, which refuses a text that RE2 would have
// taken: rare, and on the quiet side.
func checkEscapes(text string, bytewise bool) error {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		i++
		arg, braced := strings.CutPrefix(text[i+1:], "{")
		if !braced {
			continue // one-letter names are the same for both parsers
		}
		arg, _, _ = strings.Cut(arg, "}")
		switch text[i] {
		case 'p', 'P':
			if name := strings.TrimPrefix(arg, "^"); !tableKnown(name) {
				return fmt.Errorf("\\%c{%s} at offset %d: expected a Unicode category or script that RE2 has", text[i], arg, i-1)
			}
		case 'x':
			if code, err := strconv.ParseUint(arg, 16, 32); bytewise && err == nil && code > 0xFF {
				return fmt.Errorf("\\x{%s} at offset %d: expected a byte", arg, i-1)
			}
		}
	}
	return nil
}

// tableKnown reports whether RE2 has the table: categories and scripts by
// their exact names, without those that only Go's later versions have.
func tableKnown(name string) bool {
	switch name {
	case "Any":
		return true
	case "LC", "Cn":
		return false
	}
	return unicode.Categories[name] != nil || unicode.Scripts[name] != nil
}

// latin1 reads each byte as one code point, as RE2's Latin-1 mode reads a
// pattern.
func latin1(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteRune(rune(text[i]))
	}
	return b.String()
}
