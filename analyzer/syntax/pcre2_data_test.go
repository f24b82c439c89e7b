package syntax

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// pcre2Modifiers are those of PCRE2's test files that this package can
// express: a flag, or text in front of the pattern.
var pcre2Modifiers = map[string]struct {
	flag corpus.Flags
	lead string
}{
	"anchored": {flag: corpus.Anchored}, "caseless": {flag: corpus.Caseless}, "dotall": {flag: corpus.DotAll},
	"dupnames": {flag: corpus.DupNames}, "extended": {flag: corpus.Extended}, "multiline": {flag: corpus.Multiline},
	"no_auto_capture": {flag: corpus.ExplicitCapture}, "ungreedy": {flag: corpus.Ungreedy}, "utf": {flag: corpus.Unicode},
	"dollar_endonly": {flag: corpus.DollarEndOnly}, "ucp": {lead: "(*UCP)"}, "extended_more": {lead: "(?xx)"},
	"newline=anycrlf": {lead: "(*ANYCRLF)"}, "newline=crlf": {lead: "(*CRLF)"}, "newline=cr": {lead: "(*CR)"},
	"newline=lf": {lead: "(*LF)"}, "newline=any": {lead: "(*ANY)"}, "newline=nul": {lead: "(*NUL)"},
	"bsr=anycrlf": {lead: "(*BSR_ANYCRLF)"}, "bsr=unicode": {lead: "(*BSR_UNICODE)"},
	"no_auto_possess": {}, "no_start_optimize": {}, "mark": {}, "info": {}, "debug": {}, "bincode": {}, "fullbincode": {},
	"global": {}, "altglobal": {}, "jit": {}, "jitverify": {}, "no_dotstar_anchor": {}, "aftertext": {}, "allaftertext": {},
	"replace": {}, "startchar": {}, "callout_info": {}, "firstline": {}, "allusedtext": {}, "memory": {}, "push": {},
	"subject_literal": {}, "expand": {}, "no_utf_check": {}, "framesize": {}, "stackguard": {}, "tables": {},
}

// pcre2Patterns are the patterns of PCRE2's test inputs, and how many were
// left out for their modifiers.
func pcre2Patterns(t testing.TB) (patterns []corpus.Pattern, skipped int) {
	for _, name := range []string{"testinput1", "testinput2", "testinput4", "testinput5"} {
		data, err := os.ReadFile(filepath.Join(dataDir(t), "pcre2-tests", name))
		if err != nil {
			t.Skip("PCRE2's test inputs are not among the development data")
		}
		lines := strings.Split(string(data), "\n")
		for i := 0; i < len(lines); i++ {
			line := lines[i]
			if line == "" || strings.IndexByte("/!\"'`-=%&@_,:;{", line[0]) < 0 || i > 0 && lines[i-1] != "" && !strings.HasPrefix(lines[i-1], "#") && !strings.HasPrefix(lines[i-1], "/") {
				continue
			}
			end := line[0]
			text := line[1:]
			for closingDelimiter(text, end) < 0 && i+1 < len(lines) {
				i++
				text += "\n" + lines[i]
			}
			at := closingDelimiter(text, end)
			if at < 0 {
				break
			}
			p, ok := pcre2Pattern(text[:at], text[at+1:])
			if !ok {
				skipped++
				continue
			}
			p.ID = name + ":" + decimalString(i+1)
			patterns = append(patterns, p)
		}
	}
	return patterns, skipped
}

func closingDelimiter(text string, end byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case end:
			return i
		}
	}
	return -1
}

func pcre2Pattern(text, modifiers string) (corpus.Pattern, bool) {
	p := corpus.Pattern{Text: text, Dialect: corpus.PCRE}
	lead := ""
	for k, m := range strings.Split(strings.TrimSpace(modifiers), ",") {
		m = strings.TrimSpace(m)
		if known, ok := pcre2Modifiers[m]; ok {
			p.Flags |= known.flag
			lead += known.lead
			continue
		}
		if m == "hex" {
			raw, err := hex.DecodeString(strings.NewReplacer(" ", "", "\n", "").Replace(text))
			if err != nil {
				return p, false
			}
			p.Text = string(raw)
			continue
		}
		if before, _, ok := strings.Cut(m, "="); ok && (before == "replace" || before == "jit" || before == "tables") {
			continue
		}
		if k > 0 && m != "" {
			return p, false
		}
		for i := 0; i < len(m); i++ {
			switch m[i] {
			case 'I', 'B', 'g', '\\':
			case 'x':
				p.Flags |= corpus.Extended
				if strings.HasPrefix(m[i:], "xx") {
					lead += "(?xx)"
					i++
				}
			default:
				f, err := corpus.ParseFlags(m[i : i+1])
				if err != nil || strings.IndexByte("imsnJ", m[i]) < 0 {
					return p, false
				}
				p.Flags |= f
			}
		}
	}
	if strings.Contains(lead, "(?") && strings.HasPrefix(p.Text, "(*") {
		return p, false
	}
	p.Text = lead + p.Text
	return p, true
}
