package gate

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// Pick is the reader of a file, nil when no reader claims it.
type Pick func(path string) corpus.Reader

// A Read is one file as its reader saw it. Reader is the reader's name.
type Read struct {
	Path, Reader string
	Patterns     []corpus.Pattern

	canary bool
}

// Rules are all patterns of one version of a repository.
type Rules struct {
	Files    []Read
	Problems []*corpus.Problem
	Counts   FileCounts
	// Settings are the host's limits as the files set them.
	Settings []corpus.Setting

	updates  updates
	patterns int
}

// FileCounts say what became of a tree's files; they add up to its entries.
type FileCounts struct {
	Read      int // by a reader
	Unclaimed int // no reader wants them
	Failed    int // claimed, and not read
	Links     int // symbolic links and submodules, not followed
	Includes  int // references to other files that the host would follow
	Updates   int // directives that change rules by tag or message, not followed
}

// ReadRules reads every file that a reader claims. What cannot be read, or
// passes a budget, is a problem; the rest is read all the same.
func ReadRules(t Tree, pick Pick, b policy.Budgets) (Rules, error) {
	files, err := t.Files()
	if err != nil {
		return Rules{}, err
	}
	var r Rules
	var total int64
	for _, f := range files {
		reader := pick(f.Path)
		switch {
		case f.Kind == Link || f.Kind == Submodule:
			r.Counts.Links++
			continue
		case reader == nil:
			r.Counts.Unclaimed++
			continue
		case f.Kind == Irregular:
			r.fail(f.Path, "unreadable", "not a regular file")
			continue
		case r.Counts.Read >= b.Files:
			r.fail(f.Path, "budget", fmt.Sprintf("not read: the budget of %d files is used up", b.Files))
			continue
		}
		data, err := t.Read(f, b.FileBytes)
		var large *TooLarge
		switch {
		case errors.As(err, &large):
			r.fail(f.Path, "budget", fmt.Sprintf("not read: %s", err))
			continue
		case err != nil:
			r.fail(f.Path, "unreadable", fmt.Sprintf("cannot be read: %s", err))
			continue
		case total+int64(len(data)) > b.TotalBytes:
			r.fail(f.Path, "budget", fmt.Sprintf("not read: the budget of %d bytes for all files is used up", b.TotalBytes))
			continue
		}
		if f.untracked && isReport(data) {
			r.Counts.Unclaimed++
			r.Problems = append(r.Problems, &corpus.Problem{
				Code: CodeOwnReport, File: f.Path, Advisory: true,
				Message: "not read: it is a report of nearmiss that git does not track; a list of patterns is read once it is added",
			})
			continue
		}
		total += int64(len(data))
		r.add(f.Path, reader, data)
		r.cut(b.Read)
	}
	r.Counts.Updates = r.updates.unread
	return r, nil
}

func (r *Rules) add(path string, reader corpus.Reader, data []byte) {
	res := reader.Read(path, data)
	r.Counts.Read++
	r.Counts.Includes += len(res.Includes)
	r.Problems = append(r.Problems, res.Problems...)
	r.Problems = append(r.Problems, r.updates.add(path, res.Updates)...)
	r.Settings = append(r.Settings, res.Settings...)
	r.Files = append(r.Files, Read{Path: path, Reader: reader.Name(), Patterns: res.Patterns})
}

// cut leaves out the patterns of the last file that pass the budget.
func (r *Rules) cut(most int) {
	last := &r.Files[len(r.Files)-1]
	if r.patterns += len(last.Patterns); r.patterns <= most {
		return
	}
	over := r.patterns - most
	keep := len(last.Patterns) - over
	pos := last.Patterns[keep].Source.Pos
	last.Patterns = slices.Clone(last.Patterns[:keep])
	r.patterns = most
	r.Problems = append(r.Problems, &corpus.Problem{
		Code: "budget", File: last.Path, Pos: pos,
		Message: fmt.Sprintf("the %d patterns from here on are not compared: the budget of %d patterns of one version is used up", over, most),
	})
}

func (r *Rules) fail(path, code, message string) {
	r.Counts.Failed++
	r.Problems = append(r.Problems, &corpus.Problem{Code: code, File: path, Message: message})
}

// unread are the codes of problems, of this package and of readers, that
// leave part of a file out. What stands there may have changed unseen, so such
// a problem is never an old one.
var unread = []string{"budget", "unreadable", "line-too-long", "row-too-long", "too-many", "nul-byte", "syntax", "embedded-rules", "bad-pattern"}

// standing are the problems of head that base has too, in the same file and
// words: they are old, and no reason to stop a change. New ones are fresh.
func standing(base, head []*corpus.Problem) (fresh []*corpus.Problem, old int) {
	type key struct{ code, file, message string }
	count := map[key]int{}
	for _, p := range base {
		count[key{p.Code, p.File, p.Message}]++
	}
	for _, p := range head {
		k := key{p.Code, p.File, p.Message}
		if count[k] > 0 && !slices.Contains(unread, p.Code) {
			count[k]--
			old++
			continue
		}
		fresh = append(fresh, p)
	}
	return fresh, old
}
