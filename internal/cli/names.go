package cli

import (
	"path"
	"slices"
	"strings"
)

// Which reader takes a file is decided by its name alone, never by what is in
// it: the same file gets the same reader whatever a change writes into it. The
// steps are those of this table, the first that says something decides.
//
//  1. --reader, for every file.
//  2. The policy's "files", first match first.
//  3. Whole names: .htaccess is apache; *.rules is suricata; *.jsonl, *.ndjson
//     and *.txt are lists.
//  4. *.conf (*.conf.example, *.vhost): the words of the file's name, then those of the
//     folder it stands in, of the folder above, and so on. The first of these
//     names with a word of hostWords decides. Without any: seclang.
//  5. *.yaml, *.yml, *.toml, *.json: the same with recordWords. Without any:
//     no reader.
//
// A word is a run of letters, digits behind it left out: "apache2" and
// "h5bp-apache" hold the word apache.

// A wordRule gives names that hold one of the words a reader.
type wordRule struct {
	reader string
	words  []string
}

// hostWords decide for *.conf. One name with words of two hosts is the
// earlier's: a rule set for ModSecurity in nginx is ModSecurity's.
var hostWords = []wordRule{
	{"seclang", []string{"modsecurity", "modsec", "crs", "coreruleset", "coraza", "owasp"}},
	{"nginx", []string{"nginx", "openresty", "freenginx", "angie"}},
	{"apache", []string{"apache", "httpd", "htaccess"}},
}

// recordWords decide for files of records.
var recordWords = []wordRule{
	{"coraza", []string{"coraza"}}, {"gitleaks", []string{"gitleaks"}}, {"sigma", []string{"sigma"}}, {"semgrep", []string{"semgrep"}},
	{"nuclei", []string{"nuclei"}}, {"crowdsec", []string{"crowdsec"}},
}

// recordExtensions are those of records.
var recordExtensions = []string{".yaml", ".yml", ".toml", ".json"}

// configExtensions are those that hosts share.
var configExtensions = []string{".conf", ".conf.example", ".vhost"}

// byWords is the reader that the words of a path choose, its last element
// first; "" when none does.
func byWords(file string, rules []wordRule) string {
	elems := strings.Split(path.Clean(file), "/")
	for _, e := range slices.Backward(elems) {
		words := strings.FieldsFunc(strings.ToLower(e), func(r rune) bool { return r < 'a' || r > 'z' })
		for _, rule := range rules {
			for _, w := range rule.words {
				if slices.Contains(words, w) {
					return rule.reader
				}
			}
		}
	}
	return ""
}

// hasExtension reports whether the name ends in one of the extensions, with
// something before it.
func hasExtension(file string, exts []string) bool {
	base := strings.ToLower(path.Base(file))
	return slices.ContainsFunc(exts, func(ext string) bool { return strings.HasSuffix(base, ext) && base != ext })
}

// byName is the reader that a file's path chooses by the table above.
func byName(file string) (string, bool) {
	base := strings.ToLower(path.Base(file))
	if strings.HasSuffix(base, ".htaccess") {
		return "apache", true
	}
	for _, e := range readers() {
		if hasExtension(file, e.exts) {
			return e.name, true
		}
	}
	if hasExtension(file, configExtensions) {
		if name := byWords(file, hostWords); name != "" {
			return name, true
		}
		return "seclang", true
	}
	if hasExtension(file, recordExtensions) {
		name := byWords(file, recordWords)
		return name, name != ""
	}
	return "", false
}
