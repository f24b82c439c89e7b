package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/apache"
	"github.com/nearmiss-dev/nearmiss/corpus/list"
	"github.com/nearmiss-dev/nearmiss/corpus/nginx"
	"github.com/nearmiss-dev/nearmiss/corpus/records"
	"github.com/nearmiss-dev/nearmiss/corpus/seclang"
	"github.com/nearmiss-dev/nearmiss/corpus/suricata"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// An entry is one reader as the command line knows it.
type entry struct {
	name string
	// exts are the extensions that are its own, in lower case; names.go says
	// who gets the others.
	exts []string
	// canaryName is a name it claims.
	canaryName string
	// open is the reader, given what plain patterns are read with.
	open func(list.Defaults) corpus.Reader
	// canary writes a file with one rule.
	canary func(rule, pattern string) []byte
	// stream says that the format is a list, which is read row by row.
	stream bool
	// indented says that statements go on over lines indented deeper.
	indented bool
	// keys tells records of the policy's own apart; empty for all others.
	keys string
	// declared says that the policy must say where the patterns stand.
	declared bool
}

// readers is the table of formats. Which of them reads a file is said in
// names.go.
func readers() []entry {
	return append(append(formats(), presets()...), entry{name: policy.ReaderRecords, declared: true})
}

// presets are the readers of records.
func presets() (out []entry) {
	// A file that each of them takes for its own: JSON is YAML, and read as
	// itself where TOML is expected.
	shapes := map[string]string{
		"gitleaks": `{"rules":[{"id":"%s","regex":"%s"}]}`,
		"sigma":    `{"id":"%s","detection":{"s":{"x|re":"%s"}}}`,
		"semgrep":  `{"rules":[{"id":"%s","pattern-regex":"%s"}]}`,
		"nuclei":   `{"id":"%s","http":[{"matchers":[{"regex":["%s"]}]}]}`,
		"crowdsec": `{"name":"%s","filter":"a matches '%s'"}`,
		"coraza":   `{"name":"%s","directives":"SecRule ARGS \"@rx %s\" \"id:1,phase:2,deny,t:none\""}`,
	}
	for _, p := range records.Presets() {
		out = append(out, entry{
			name: p.Name, canaryName: p.Name + ".yaml", indented: true,
			open:   func(list.Defaults) corpus.Reader { return records.Reader{Preset: p} },
			canary: func(rule, pattern string) []byte { return fmt.Appendf(nil, shapes[p.Name]+"\n", rule, pattern) },
		})
	}
	return out
}

// formats are the readers of formats of their own.
func formats() []entry {
	lists := func(f list.Format) func(list.Defaults) corpus.Reader {
		return func(d list.Defaults) corpus.Reader {
			d.Format = f
			return list.Reader{Defaults: d}
		}
	}
	return []entry{
		{
			name: "seclang", canaryName: "nearmiss-canary.conf",
			open: func(list.Defaults) corpus.Reader { return seclang.Reader{} },
			canary: func(rule, pattern string) []byte {
				return fmt.Appendf(nil, "SecRule ARGS \"@rx %s\" \"id:%s,phase:2,deny,t:none\"\n", pattern, rule)
			},
		},
		{
			name: "suricata", exts: []string{".rules"}, canaryName: "nearmiss-canary.rules", indented: true,
			open: func(list.Defaults) corpus.Reader { return suricata.Reader{} },
			canary: func(rule, pattern string) []byte {
				return fmt.Appendf(nil, "alert tcp any any -> any any (pcre:\"/%s/\"; sid:%s;)\n", pattern, rule)
			},
		},
		{
			name: "nginx", canaryName: "nginx.conf",
			open: func(list.Defaults) corpus.Reader { return nginx.Reader{} },
			canary: func(_, pattern string) []byte {
				return fmt.Appendf(nil, "location ~ \"%s\" { }\n", pattern)
			},
		},
		{
			name: "apache", canaryName: "httpd.conf",
			open: func(list.Defaults) corpus.Reader { return apache.Reader{} },
			canary: func(_, pattern string) []byte {
				return fmt.Appendf(nil, "RewriteRule \"%s\" -\n", pattern)
			},
		},
		{name: "jsonl", exts: []string{".jsonl", ".ndjson"}, canaryName: "nearmiss-canary.jsonl", stream: true, open: lists(list.JSONL), canary: func(rule, pattern string) []byte {
			b, err := json.Marshal(map[string]string{"id": rule, "pattern": pattern, "dialect": string(corpus.PCRE)})
			if err != nil { // a map of strings always has a JSON form
				return nil
			}
			return append(b, '\n')
		}},
		{
			name: "text", exts: []string{".txt"}, canaryName: "nearmiss-canary.txt", stream: true, open: lists(list.Text),
			canary: func(_, pattern string) []byte { return []byte(pattern + "\n") },
		},
	}
}

func readerNames() []string {
	var out []string
	for _, e := range readers() {
		out = append(out, e.name)
	}
	return out
}

func findReader(name string) (entry, bool) {
	for _, e := range readers() {
		if e.name == name {
			return e, true
		}
	}
	return entry{}, false
}

// A claim is which reader takes a file, and how.
type claim struct {
	entry
	defaults list.Defaults
}

// reader reads the file, and the exemptions in it. A list has no comments.
func (c claim) reader() corpus.Reader {
	if c.stream {
		return c.open(c.defaults)
	}
	return corpus.Exempting{Reader: c.open(c.defaults), Indented: c.indented}
}

// claims decides for files: by --reader, by the policy, by the table.
type claims struct {
	forced   string
	files    []policy.FileRule
	defaults list.Defaults
	// root is the folder of the policy file, which its paths begin at.
	root string
	// updated reports whether a directive changes the actions of the named rule
	// from elsewhere; nil where nothing was read ahead.
	updated func(rule string) bool
	// host is what directives in the files say of their host, under the policy.
	host policy.Host
}

// newClaims checks the names.
func newClaims(forced string, files []policy.FileRule, d list.Defaults) (claims, error) {
	if forced != "" {
		if e, ok := findReader(forced); !ok {
			return claims{}, usagef("--reader %q: expected one of %s", forced, commaList(readerNames()))
		} else if e.declared {
			return claims{}, usagef("--reader %s: expected it in %s, with the keys that lead to the patterns", forced, policy.File)
		}
	}
	for _, f := range files {
		if _, ok := findReader(f.Reader); !ok && f.Reader != policy.ReaderNone {
			return claims{}, usagef("%s: files: reader %q for %s: expected one of %s, %s", policy.File, f.Reader, f.Path, commaList(readerNames()), policy.ReaderNone)
		}
	}
	return claims{forced: forced, files: files, defaults: d}, nil
}

// of is the claim on a file; ok is false when there is none.
func (c claims) of(file string) (claim, bool) {
	if c.forced != "" {
		e, ok := findReader(c.forced)
		return claim{e, c.defaults}, ok
	}
	for _, f := range c.files {
		if !f.Match(within(c.root, file)) {
			continue
		}
		d := c.defaults
		if f.Dialect != "" {
			d.Dialect = f.Dialect
		}
		e, ok := findReader(f.Reader)
		if e.declared {
			e = declared(f)
		}
		return claim{e, d}, ok
	}
	if name, ok := byName(within(c.root, file)); ok {
		e, ok := findReader(name)
		return claim{e, c.defaults}, ok
	}
	return claim{}, false
}

// within is the slash-separated path of a file from the root on; the path as
// it is where the root does not hold it, or is not known.
func within(root, file string) string {
	if root == "" {
		return file
	}
	rel, err := filepath.Rel(root, filepath.FromSlash(file))
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return file
	}
	return filepath.ToSlash(rel)
}

// pick is the claims as a gate asks for them.
func (c claims) pick(file string) corpus.Reader {
	if k, ok := c.of(file); ok {
		return k.reader()
	}
	return nil
}

// canaries are the files that every gate must reject.
func (c claims) canaries() []gate.Canary {
	var out []gate.Canary
	all := append(formats(), presets()...)
	for _, f := range c.files {
		if f.Reader == policy.ReaderRecords {
			all = append(all, declared(f))
		}
	}
	for _, e := range all {
		if c.forced != "" && c.forced != e.name {
			continue
		}
		out = append(out, gate.Canary{
			Claims: func(file string) bool {
				k, ok := c.of(file)
				return ok && k.name == e.name && k.keys == e.keys
			},
			Name: e.canaryName, File: e.canary,
		})
	}
	return out
}
