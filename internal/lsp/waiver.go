package lsp

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

func policyFile(root string) string { return filepath.Join(root, policy.File) }

// addWaiver is where in a policy file a waiver goes, and the text to put
// there. ok is false where the file's list of waivers is not written as a
// block, so that nothing can be put into it line by line.
func addWaiver(data []byte, w policy.Waiver) (offset int, text string, ok bool) {
	item := fmt.Sprintf("- rule: %q\n  file: %q\n  reason: \"\" # why it may pass\n  owner: \"\" # who answers for it\n  expires: %s\n", w.Rule, w.File, w.Expires)
	for _, line := range strings.SplitAfter(string(data), "\n") {
		offset += len(line)
		rest, found := strings.CutPrefix(line, "waivers:")
		if !found {
			continue
		}
		if value, _, _ := strings.Cut(rest, "#"); strings.TrimSpace(value) != "" {
			return 0, "", false
		}
		indent := ""
		for _, next := range strings.Split(string(data[offset:]), "\n") {
			if trimmed := strings.TrimLeft(next, " "); strings.HasPrefix(trimmed, "-") {
				indent = next[:len(next)-len(trimmed)]
				break
			} else if trimmed != "" && !strings.HasPrefix(trimmed, "#") {
				break // another key: the list is empty
			}
		}
		return offset, begun(line) + indented(item, indent), true
	}
	last := data[strings.LastIndexByte(string(data), '\n')+1:]
	return len(data), begun(string(last)) + "waivers:\n" + item, true
}

// begun ends a line that has no end.
func begun(line string) string {
	if line == "" || strings.HasSuffix(line, "\n") {
		return ""
	}
	return "\n"
}

// indented puts an indent before each line.
func indented(text, indent string) string {
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = indent + l
		}
	}
	return strings.Join(lines, "")
}
