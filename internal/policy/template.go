package policy

import (
	"fmt"
	"reflect"
	"strings"
)

// templateWidth is how wide the comments of a template are.
const templateWidth = 80

// Template is a policy file in which everything is commented out: prose
// behind "# ", keys with their defaults, or with an example where the default
// is empty, behind "#" alone. found are lines about the rule set it is for.
func Template(readers, found []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# yaml-language-server: $schema=%s\n#\n", SchemaURL)
	prose(&b, "What nearmiss asks of this rule set. Every key may be left out; what is commented out here is the default, or an example where that is empty. A gate reads this file from the base of a change: an edit holds after the merge.")
	for _, l := range found {
		prose(&b, l)
	}
	def := reflect.ValueOf(Default())
	item := ""
	for _, k := range Keys(readers) {
		t, v := find(def, k.Path)
		depth := strings.Count(k.Path, ".")
		name := k.Path[strings.LastIndexByte(k.Path, '.')+1:]
		switch {
		case depth == 0:
			b.WriteByte('\n')
			prose(&b, k.Doc)
			if k.Words != nil {
				prose(&b, "One of: "+strings.Join(k.Words, ", ")+".")
			}
			if t.Kind() == reflect.Struct || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct {
				fmt.Fprintf(&b, "#%s:\n", name)
				item = "- "
				continue
			}
			fmt.Fprintf(&b, "#%s: %s\n", name, k.shown(v))
		case strings.Contains(k.Path, "[]"):
			if k.Path == "files.[].keys" || k.Path == "files.[].id" {
				continue // for one reader; the reference tells
			}
			fmt.Fprintf(&b, "#  %s%s: %s\n", item, name, k.Example)
			item = "  "
		default:
			fmt.Fprintf(&b, "#  %s: %s  # %s\n", name, k.shown(v), k.Doc)
		}
	}
	return b.String()
}

// shown is the key's default, or its example where the default is empty.
func (k Key) shown(v reflect.Value) string {
	if k.Example != "" && v.IsZero() {
		return k.Example
	}
	return fmt.Sprint(v.Interface())
}

// prose writes a comment, broken into lines.
func prose(b *strings.Builder, text string) {
	line := "#"
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > templateWidth {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}
