package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// File is the name of a policy file at the root of a rule repository.
const File = ".nearmiss.yaml"

// A Policy is everything a rule set decides for itself. The zero value is not
// one: start from Default.
type Policy struct {
	// Profiles are the hosts that run the rules; empty means the default of
	// each reader.
	Profiles []string `yaml:"profiles" json:"profiles"`
	// Engines take the place of those that the profiles name; empty leaves
	// them.
	Engines []string `yaml:"engines" json:"engines"`
	// Limits replace the profiles' own byte limits where they are positive.
	Limits ByteLimits `yaml:"limits" json:"limits"`
	// FailOn is the lowest level that makes lint fail.
	FailOn Level `yaml:"fail-on" json:"fail_on"`
	// Lines separate the levels.
	Lines Lines `yaml:"levels" json:"levels"`
	// Strict rejects any super-linear growth in a new or changed pattern,
	// debt and latent included.
	Strict bool `yaml:"strict" json:"strict"`
	// StepBudget accepts, as debt, polynomial growth that costs no more than
	// so many steps at the pattern's own input limit; 0 accepts none.
	StepBudget uint64 `yaml:"step-budget" json:"step_budget"`
	// LargestGrowth accepts, as debt, growth up to this one.
	LargestGrowth Growth `yaml:"largest-growth" json:"largest_growth"`
	// Tolerance is the factor up to which a changed pattern of the same
	// growth as its base counts as no worse.
	Tolerance float64 `yaml:"tolerance" json:"tolerance"`
	// Budgets bound one run.
	Budgets Budgets `yaml:"budgets" json:"budgets"`
	// Files say which reader and dialect a file gets, first match first,
	// before the built-in table.
	Files []FileRule `yaml:"files" json:"files"`
	// Waivers let findings of named rules pass.
	Waivers []Waiver `yaml:"waivers" json:"waivers"`
}

// A FileRule gives files a reader.
type FileRule struct {
	// Path is a slash-separated pattern as path.Match reads it, matched
	// against the whole path, or against the last element when it holds no
	// slash; "**/" at its start stands for any folders.
	Path string `yaml:"path" json:"path"`
	// Reader is a reader's name, or ReaderNone to leave the files unread.
	Reader string `yaml:"reader" json:"reader"`
	// Dialect replaces the reader's own where the format has none.
	Dialect corpus.Dialect `yaml:"dialect" json:"dialect"`
	// Keys are the ways to the patterns of a file that ReaderRecords reads,
	// and ID the key whose value names the rule around a pattern.
	Keys []string `yaml:"keys" json:"keys"`
	ID   string   `yaml:"id" json:"id"`
}

// The readers that the policy itself knows: no reader at all, and the one of
// records whose patterns stand where the policy says.
const (
	ReaderNone    = "none"
	ReaderRecords = "records"
)

// Match reports whether the rule is about the file.
func (r FileRule) Match(file string) bool { return matchPath(r.Path, file) }

func matchPath(pattern, file string) bool {
	if rest, ok := strings.CutPrefix(pattern, "**/"); ok {
		for f := file; ; {
			if ok, _ := path.Match(rest, f); ok {
				return true
			}
			_, after, more := strings.Cut(f, "/")
			if !more {
				return false
			}
			f = after
		}
	}
	if !strings.Contains(pattern, "/") {
		file = path.Base(file)
	}
	ok, _ := path.Match(pattern, file)
	return ok
}

// Budgets bound what one run judges. All are counts, so that the same change
// gets the same answer on every machine; passing one is an error that names
// what was not judged, never a pass.
type Budgets struct {
	// Files of a rule set that are read.
	Files int `yaml:"files" json:"files"`
	// FileBytes is the largest file that is read.
	FileBytes int64 `yaml:"file-bytes" json:"file_bytes"`
	// TotalBytes is what all the files of one rule set may add up to.
	TotalBytes int64 `yaml:"total-bytes" json:"total_bytes"`
	// Read is how many patterns of one version are held and compared.
	Read int `yaml:"read" json:"read"`
	// Patterns is how many new or changed patterns are judged.
	Patterns int `yaml:"patterns" json:"patterns"`
	// Steps is how many reference steps all their replays may take.
	Steps uint64 `yaml:"steps" json:"steps"`
}

// The budgets a run has unless it is given others.
const (
	// DefaultFiles: the largest public rule trees hold a few thousand files.
	DefaultFiles = 100_000
	// DefaultFileBytes: the largest public rule file is under 10 MiB; a
	// reader holds a file and its patterns in memory.
	DefaultFileBytes = 32 * MiB
	// DefaultTotalBytes keeps a whole rule set within a few hundred MB.
	DefaultTotalBytes = 256 * MiB
	// DefaultRead: the largest public rule sets have some 50,000 rules; a
	// pattern with its context takes about 1 KiB, and both versions are held.
	DefaultRead = 200_000
	// DefaultPatterns: a whole new CRS is about 700 patterns; 20,000 take a
	// minute.
	DefaultPatterns = 20_000
	// DefaultSteps is five minutes of one core at 200 million steps a second.
	DefaultSteps = 60_000_000_000
)

// DefaultTolerance is 2.5: an alternative added beside another doubles the
// steps at most and shortens an attack little (by 30 % where growth is
// quadratic), which is an ordinary edit and no regression. A class or exponent
// above the base's is caught whatever the factor.
const DefaultTolerance = 2.5

// Default is the policy of a rule set that has none.
func Default() Policy {
	return Policy{
		FailOn: Warning, Lines: DefaultLines(), LargestGrowth: "linear", Tolerance: DefaultTolerance,
		Budgets: Budgets{
			Files: DefaultFiles, FileBytes: DefaultFileBytes, TotalBytes: DefaultTotalBytes,
			Read: DefaultRead, Patterns: DefaultPatterns, Steps: DefaultSteps,
		},
	}
}

// A ValueError is a value of a policy that means nothing.
type ValueError struct {
	// At leads to it as a YAMLPath: "$.waivers[0].expires".
	At      string
	Message string
}

func (e *ValueError) Error() string { return e.Message }

func valuef(at, format string, args ...any) error {
	return &ValueError{At: "$." + at, Message: fmt.Sprintf(format, args...)}
}

// Check names the first value that means nothing, as a *ValueError.
func (p Policy) Check() error {
	for i, name := range p.Profiles {
		if _, ok := FindProfile(name); !ok {
			return valuef(fmt.Sprintf("profiles[%d]", i), "unknown profile %q: expected one of %s%s", name, strings.Join(ProfileNames(), ", "), DidYouMean(name, ProfileNames()))
		}
	}
	for i, name := range p.Engines {
		if !slices.Contains(EngineNames(), name) {
			return valuef(fmt.Sprintf("engines[%d]", i), "unknown engine %q: expected one of %s%s", name, strings.Join(EngineNames(), ", "), DidYouMean(name, EngineNames()))
		}
	}
	if !slices.Contains(growths, p.LargestGrowth) {
		return valuef("largest-growth", "largest-growth %q: expected linear, quadratic or cubic", p.LargestGrowth)
	}
	if _, ok := ParseLevel(string(p.FailOn)); !ok {
		return valuef("fail-on", "fail-on %q: expected note, warning, error or never", p.FailOn)
	}
	if p.Lines.Error <= 0 || p.Lines.Warning < p.Lines.Error {
		return valuef("levels", "levels: expected 0 < error (%d) ≤ warning (%d), in bytes", p.Lines.Error, p.Lines.Warning)
	}
	if p.Tolerance < 1 {
		return valuef("tolerance", "tolerance %v: expected a factor of at least 1", p.Tolerance)
	}
	b := p.Budgets
	if b.Files <= 0 || b.FileBytes <= 0 || b.TotalBytes <= 0 || b.Read <= 0 || b.Patterns <= 0 || b.Steps == 0 {
		return valuef("budgets", "budgets: expected positive counts")
	}
	l := p.Limits
	if min(l.Arguments, l.Headers, l.Multipart, l.Response, l.Other) < 0 {
		return valuef("limits", "limits: expected bytes, none negative")
	}
	for i, f := range p.Files {
		if err := f.check(fmt.Sprintf("files[%d]", i)); err != nil {
			return err
		}
	}
	for i, w := range p.Waivers {
		if err := w.check(fmt.Sprintf("waivers[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

func (r FileRule) check(at string) error {
	if _, err := path.Match(strings.TrimPrefix(r.Path, "**/"), ""); err != nil || r.Path == "" {
		return valuef(at, "files: path %q: expected a pattern such as rules/*.conf", r.Path)
	}
	if _, ok := corpus.ParseDialect(string(r.Dialect)); !ok && r.Dialect != "" {
		return valuef(at+".dialect", "files: unknown dialect %q for %s: expected one of %v", r.Dialect, r.Path, corpus.Dialects)
	}
	switch own := r.Reader == ReaderRecords; {
	case own && len(r.Keys) == 0:
		return valuef(at, "files: reader %s for %s: expected keys, the ways to its patterns, such as rules.[].regex", ReaderRecords, r.Path)
	case own && slices.Contains(r.Keys, ""):
		return valuef(at+".keys", "files: an empty key for %s: expected one such as rules.[].regex", r.Path)
	case !own && (len(r.Keys) > 0 || r.ID != ""):
		return valuef(at, "files: keys and id for %s: expected them beside reader: %s only", r.Path, ReaderRecords)
	}
	return nil
}

// DidYouMean is a hint at the nearest known word, "" when none is near.
func DidYouMean(word string, known []string) string {
	if w := Nearest(word, known); w != "" {
		return fmt.Sprintf(" (did you mean %q?)", w)
	}
	return ""
}

// Digest is the SHA-256, in hex, of the policy as it is applied: two runs
// with the same digest judge alike.
func (p Policy) Digest() string {
	b, err := json.Marshal(p)
	if err != nil { // a Policy holds nothing that JSON lacks but NaN, which Check refuses
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
