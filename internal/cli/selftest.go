package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/incidents"
	"github.com/nearmiss-dev/nearmiss/corpus/list"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// selfTest sends every canary through the gate and judges nothing else: for
// each cause the known incident with the shortest pattern, and for each reader
// a rule in its own format. All must be rejected, by every format. The policy
// is a strict one: some incidents are linear on today's engines.
func (c Command) selfTest(jobs int, today time.Time) (int, error) {
	birds, err := aviary()
	if err != nil {
		return 0, err
	}
	pol := policy.Default()
	pol.Strict = true
	formats := c.allFormats()
	rejected := map[string]bool{}
	sum, err := gate.Run(gate.Config{
		Base: fileTree{}, Head: birds, Pick: birds.pick, Policy: pol,
		Analyze: c.Analyze, Replay: c.Replay, Jobs: jobs, Now: today, Canaries: claims{}.canaries(),
		Row: func(r gate.Row) error {
			if b, ok := birds.of(r.Verdict.Pattern); ok && b.rejected(r) && formats.shows(r) {
				rejected[b.name] = true
			}
			return nil
		},
		Fault: func(*corpus.Problem) error { return nil },
	})
	if err != nil {
		return 0, err
	}
	missed := sum.Canary != gate.CanaryRejected || sum.Internal > 0
	var out strings.Builder
	for _, b := range birds.order {
		word := "rejected"
		if !rejected[b.name] {
			word, missed = "MISSED", true
		}
		fmt.Fprintf(&out, "%-9s %s\n", word, b.name)
	}
	code, last := ExitClean, "every canary is rejected, as it must be"
	if missed {
		code, last = ExitFault, "a canary came through: no decision of this nearmiss counts"
	}
	return code, c.write(out.String() + last + "\n")
}

// A canary is one known-bad rule of a self-test.
type canary struct {
	name string // "cause nested (owasp-redos)", "reader nginx"
	// cause is what its verdict must say; "" for any.
	cause string
	file  string
	data  []byte
	read  corpus.Reader
}

// rejected reports whether a row says of the canary what it must.
func (b canary) rejected(r gate.Row) bool {
	return r.Judgement != nil && r.Judgement.Decision == gate.Reject && r.Verdict.Kind == verdict.Superlinear &&
		(b.cause == "" || r.Verdict.Cause == b.cause)
}

// canaries are a tree of them, one to a file.
type canaries struct {
	fileTree
	order []canary
}

// aviary is all of them.
func aviary() (canaries, error) {
	out := canaries{fileTree: fileTree{}}
	for _, i := range incidents.Canaries() {
		p := i.Pattern
		row, err := json.Marshal(map[string]string{
			"id": p.ID, "pattern": p.Text, "dialect": string(p.Dialect), "flags": p.Flags.String(), "mode": string(p.Mode),
		})
		if err != nil {
			return out, err
		}
		out.order = append(out.order, canary{
			name: fmt.Sprintf("cause %s (%s)", i.Cause, p.ID), cause: i.Cause, file: i.Cause + ".jsonl", data: append(row, '\n'),
			read: list.Reader{Defaults: list.Defaults{Format: list.JSONL}},
		})
	}
	for _, e := range append(formats(), presets()...) {
		out.order = append(out.order, canary{
			name: "reader " + e.name, file: e.name + "/" + e.canaryName,
			data: e.canary("1", "^nearmiss(a+)+$"), read: e.open(list.Defaults{Dialect: corpus.PCRE, Mode: corpus.Search}),
		})
	}
	for _, b := range out.order {
		out.fileTree[b.file] = b.data
	}
	return out, nil
}

func (t canaries) pick(file string) corpus.Reader {
	for _, b := range t.order {
		if b.file == file {
			return b.read
		}
	}
	return nil
}

func (t canaries) of(p corpus.Pattern) (canary, bool) {
	i := slices.IndexFunc(t.order, func(b canary) bool { return b.file == p.Source.File })
	if i < 0 {
		return canary{}, false
	}
	return t.order[i], true
}

// fileTree is a version that is not on any disk: paths and their content.
type fileTree map[string][]byte

// Name is how reports call it.
func (fileTree) Name() string { return "self-test" }

// Files lists it.
func (t fileTree) Files() (files []gate.File, err error) {
	for path := range t {
		files = append(files, gate.File{Path: path})
	}
	slices.SortFunc(files, func(a, b gate.File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// Read is a file's content.
func (t fileTree) Read(f gate.File, limit int64) ([]byte, error) {
	data, ok := t[f.Path]
	switch {
	case !ok:
		return nil, errors.New("no such file")
	case int64(len(data)) > limit:
		return nil, &gate.TooLarge{Limit: limit}
	}
	return data, nil
}

// Close does nothing.
func (fileTree) Close() error { return nil }

// allFormats are a sink for every format, with nobody behind it.
func (c Command) allFormats() sinks {
	var out sinks
	for _, name := range formatNames {
		if format, ok := c.format(name, report.Gate, true, true); ok {
			out = append(out, sink{format: format})
		}
	}
	return out
}
