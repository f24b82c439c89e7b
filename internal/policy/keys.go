package policy

import (
	"reflect"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Key is one key of a policy file.
type Key struct {
	// Path leads to it, keys joined by dots; [] is each item of a list.
	Path string
	// Doc says in a sentence or two what it decides.
	Doc string
	// Example is a value as it stands in a file, for a key whose default says
	// nothing.
	Example string
	// Words are the values it takes, where they are a closed set.
	Words []string
}

// Keys is the reference of the policy file, in the order it is written in.
// readers are the names of the readers, which the policy itself does not know.
func Keys(readers []string) []Key {
	var dialects []string
	for _, d := range corpus.Dialects {
		dialects = append(dialects, string(d))
	}
	return []Key{
		{Path: "profiles", Words: ProfileNames(), Example: "[modsecurity2, modsecurity3]",
			Doc: "The hosts that run the rules. Each brings its flags, its engines and its limits, and the decision is the worst over all of them. Empty: the hosts of each file's format."},
		{Path: "engines", Words: EngineNames(), Example: "[pcre2]",
			Doc: "The engines that these hosts really run, in place of those that their installations may run. Empty: the profiles' own."},
		{Path: "largest-growth", Words: growthWords(),
			Doc: "The largest growth that a new or changed pattern may have. What is above linear and allowed here is accepted as debt."},
		{Path: "step-budget", Example: "10000000",
			Doc: "Polynomial growth that costs no more than so many steps at the pattern's own input limit is accepted as debt. 0: none."},
		{Path: "strict",
			Doc: "Reject any super-linear growth in a new or changed pattern: debt, and what real engines are saved from, included."},
		{Path: "tolerance",
			Doc: "The factor by which a changed pattern of the same growth as before may cost more and still counts as no worse."},
		{Path: "fail-on", Words: []string{string(Note), string(Warning), string(Error), string(Never)},
			Doc: "The lowest level of a finding that makes nearmiss lint fail."},
		{Path: "levels", Doc: "Where one level ends and the next begins: the largest attack, in bytes as they are sent, that costs 100,000,000 steps."},
		{Path: "levels.error", Doc: "Up to so many bytes a finding is an error: what fits a header or a URI."},
		{Path: "levels.warning", Doc: "Up to so many bytes it is a warning: what fits a form argument. Beyond, it is a note."},
		{Path: "limits", Doc: "The largest subjects, in bytes, that the hosts hand to a pattern, by the kind of the variable it is matched against. 0: what the host's own directives in the rule set say (SecRequestBodyNoFilesLimit, SecRequestBodyLimit, SecResponseBodyLimit; nginx's large_client_header_buffers and client_max_body_size; Apache's LimitRequestLine, LimitRequestFieldSize and LimitRequestBody), else what the profile comes with."},
		{Path: "limits.arguments", Example: "131072", Doc: "Arguments, and bodies without files."},
		{Path: "limits.headers", Example: "8192", Doc: "Headers, cookies, the URI and what is cut from it."},
		{Path: "limits.multipart", Example: "13107200", Doc: "Bodies with files."},
		{Path: "limits.response", Example: "524288", Doc: "Response bodies."},
		{Path: "limits.other", Example: "131072", Doc: "Everything else."},
		{Path: "budgets", Doc: "What one run reads and judges at most. All are counts, so that the same change gets the same answer on every machine. What lies beyond is named, and is an error."},
		{Path: "budgets.files", Doc: "Files of one version."},
		{Path: "budgets.file-bytes", Doc: "Bytes of one file."},
		{Path: "budgets.total-bytes", Doc: "Bytes of all files of one version."},
		{Path: "budgets.read", Doc: "Patterns of one version that are held and compared."},
		{Path: "budgets.patterns", Doc: "New or changed patterns that are judged."},
		{Path: "budgets.steps", Doc: "Steps of the reference matcher, all replays together."},
		{Path: "files",
			Doc: "Which reader takes which file, the first match first, before the built-in table (nearmiss lint --list-files prints the outcome)."},
		{Path: "files.[].path", Example: `"patterns/*.txt"`,
			Doc: "A pattern of paths with * and ?, matched against the file's name where it holds no slash, and against its whole path where it does; **/ at its start stands for any folders."},
		{Path: "files.[].reader", Words: append(readers, ReaderNone), Example: "text", Doc: "The reader, or none to leave the files unread."},
		{Path: "files.[].dialect", Words: dialects, Example: "python", Doc: "The dialect of patterns that do not say theirs."},
		{Path: "files.[].keys", Example: "[rules.[].regex]",
			Doc: "For the reader records: where the patterns of a YAML, TOML or JSON file stand. Keys joined by dots; * stands for any part of a key, ** for any number of keys and items, [] for each item of a list."},
		{Path: "files.[].id", Example: "id", Doc: "For the reader records: the key whose value names the rule around a pattern."},
		{Path: "waivers",
			Doc: "Rules whose findings pass, for a reason and for a time. The gate reads them from the base: a change cannot waive itself."},
		{Path: "waivers.[].rule", Example: `"942310"`, Doc: "The rule's name, as reports print it."},
		{Path: "waivers.[].file", Example: `"rules/*.conf"`, Doc: "Only in files that match, as in files. Empty: in all."},
		{Path: "waivers.[].reason", Example: `"rewritten in 4.1"`, Doc: "Why. Required."},
		{Path: "waivers.[].owner", Example: "alice", Doc: "Who answers for it. Required."},
		{Path: "waivers.[].expires", Example: "2027-01-31", Doc: "The last day it holds, as YYYY-MM-DD in UTC. Required: from the next day on the finding counts again."},
	}
}

// find is the field that a path leads to, and its value where the path names
// no item of a list.
func find(v reflect.Value, path string) (t reflect.Type, value reflect.Value) {
	t = v.Type()
	for word := range strings.SplitSeq(path, ".") {
		if word == "[]" {
			t, v = t.Elem(), reflect.Value{}
			continue
		}
		for i := range t.NumField() {
			if keyOf(t.Field(i)) == word {
				if v.IsValid() {
					v = v.Field(i)
				}
				t = t.Field(i).Type
				break
			}
		}
	}
	return t, v
}

// keyOf is the key of a field in a policy file.
func keyOf(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key
}
