package gate

import (
	"fmt"
	"path"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// A Canary knows how to write a rule that must be rejected, in one reader's
// format.
type Canary struct {
	// Claims reports whether files of that name are in the canary's format,
	// and Name is one such name.
	Claims func(file string) bool
	Name   string
	// File is a file with one rule of that name (digits) and pattern.
	File func(rule, pattern string) []byte
}

// What became of the canaries.
const (
	CanaryRejected = "rejected"
	CanaryMissed   = "missed"
)

// canaryRule is the first name tried for the canary's rule: above the ranges
// that rule sets reserve for themselves.
const canaryRule = 2_147_000_000

// plant adds to both the head's files and its problems what the readers make
// of one canary file each: for every reader that has files in the run, or for
// the first canary when none has. The name and the text of the canary are
// made so that nothing in base or head has them: a rule that pairs with
// another would not be new.
//
// The canary goes through the reader's own Read and on with all other rules;
// from here on nothing treats it otherwise but that its row is marked.
func plant(canaries []Canary, pick Pick, base, head Rules) ([]Read, []*corpus.Problem) {
	taken := map[string]bool{}
	for _, r := range [][]Read{base.Files, head.Files} {
		for _, f := range r {
			for _, p := range f.Patterns {
				taken[p.Source.Rule] = true
				taken[p.Text] = true
			}
		}
	}
	var files []Read
	var problems []*corpus.Problem
	for i, c := range canaries {
		near, ok := firstOf(head.Files, c)
		if !ok && (i > 0 || len(head.Files) > 0) {
			continue
		}
		n := canaryRule
		rule, text := canaryName(n)
		for taken[rule] || taken[text] {
			n++
			rule, text = canaryName(n)
		}
		// A file beside one that the reader claims, its name ending alike.
		file := path.Join(path.Dir(near), "nearmiss-canary-"+path.Base(near))
		if !ok {
			file = c.Name
		}
		reader := pick(file)
		if reader == nil || !c.Claims(file) {
			reader = pick(near) // a policy gives that one file its reader
		}
		if reader == nil {
			continue // missed: expected counts it
		}
		res := reader.Read(file, c.File(rule, text))
		files = append(files, Read{Path: file, Reader: reader.Name(), Patterns: res.Patterns, canary: true})
		problems = append(problems, res.Problems...)
	}
	return files, problems
}

// canaryName is the n-th canary's rule name and pattern: (a+)+$ behind a
// start that makes it unlike any rule's.
func canaryName(n int) (rule, text string) {
	return fmt.Sprint(n), fmt.Sprintf("^nearmiss%d(a+)+$", n)
}

// firstOf is the first file in the canary's format.
func firstOf(files []Read, c Canary) (string, bool) {
	for _, f := range files {
		if c.Claims(f.Path) {
			return f.Path, true
		}
	}
	return "", false
}

// expected is how many canary files a run must have.
func expected(canaries []Canary, head Rules) int {
	n := 0
	for i, c := range canaries {
		if _, ok := firstOf(head.Files, c); ok || i == 0 && len(head.Files) == 0 {
			n++
		}
	}
	return n
}

// sings reports whether a canary's row is what it must be: exponential by a
// replayed attack, and rejected. Where no host of the profiles backtracks,
// the growth must be seen all the same, and is accepted as latent.
func sings(r Row) bool {
	v, j := r.Verdict, r.Judgement
	if j == nil || v.Kind != verdict.Superlinear || r.Waiver != nil {
		return false
	}
	if j.Decision == Accept && j.Code == CodeLatent {
		return linearHosts(v)
	}
	return j.Decision == Reject
}

// linearHosts reports that no engine the pattern was judged for backtracks.
func linearHosts(v verdict.Verdict) bool {
	if len(v.Targets) == 0 {
		return !policy.Backtracks(v.Pattern.Context.Profiles)
	}
	for _, t := range v.Targets {
		if !policy.LinearEngine(t.Engine) {
			return false
		}
	}
	return true
}
