package lsp

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// A judged is one version of a document with what is known of it.
type judged struct {
	version  int32
	text     text
	findings []finding
	problems []*corpus.Problem
	includes []corpus.Include
	notes    []Note // of a Go file, which has nothing else
	policy   policy.Policy
	// root is the folder that the policy's paths begin at.
	root string
}

// A finding is one pattern of the document, under the flags that say the worst
// of it.
type finding struct {
	row  gate.Row
	said report.Description
	// pending says that no verdict is there yet.
	pending bool
	// start and end are the pattern's place in bytes.
	start, end int
}

// judge reads a document, publishes what is known of it, analyses the rest,
// and publishes all. It ends early, without a word, once the text has changed.
func (s *Server) judge(ctx context.Context, d *document) {
	if isGo(d.path) {
		s.judgeGo(ctx, d)
		return
	}
	j, rows := s.read(d)
	if j == nil {
		return
	}
	if !s.publish(ctx, d, j.with(rows, s)) {
		return
	}
	if pending := missing(rows); len(pending) > 0 {
		if !s.analyse(ctx, d, j, pending) {
			return
		}
		s.publish(ctx, d, j.with(rows, s))
	}
}

// An asked is one pattern with one set of flags, and its row once known.
type asked struct {
	pattern corpus.Pattern
	key     string
	row     gate.Row
	known   bool
}

func missing(rows []asked) []*asked {
	var out []*asked
	for i := range rows {
		if !rows[i].known {
			out = append(out, &rows[i])
		}
	}
	return out
}

// read is the document's newest text through its reader, with the verdicts
// that the cache has. It is nil for a document that no reader takes.
func (s *Server) read(d *document) (*judged, []asked) {
	s.mu.Lock()
	path, version, text := d.path, d.version, d.text
	pol, root, problem := s.policyOf(path)
	s.mu.Unlock()
	j := &judged{version: version, text: text, policy: pol, root: root}
	if isPolicy(path) {
		j.problems = policyProblems(path, text.bytes)
		return j, nil
	}
	if problem != nil {
		j.problems = []*corpus.Problem{problem}
	}
	reader, err := s.host.Reader(root, pol, path)
	if err != nil {
		j.problems = append(j.problems, &corpus.Problem{Code: "policy", File: path, Message: err.Error()})
		return j, nil
	}
	if reader == nil {
		return nil, nil
	}
	if int64(len(text.bytes)) > pol.Budgets.FileBytes {
		j.problems = append(j.problems, &corpus.Problem{Code: "budget", File: path, Pos: corpus.Position{Line: 1, Column: 1},
			Message: fmt.Sprintf("not read: %d bytes: expected at most %d", len(text.bytes), pol.Budgets.FileBytes)})
		return j, nil
	}
	res := reader.Read(path, text.bytes)
	j.problems, j.includes = append(j.problems, res.Problems...), res.Includes
	if n := pol.Budgets.Patterns; len(res.Patterns) > n {
		j.problems = append(j.problems, &corpus.Problem{Code: "budget", File: path, Pos: res.Patterns[n].Source.Pos,
			Message: fmt.Sprintf("the %d patterns from here on are not judged: the budget of %d patterns is used up", len(res.Patterns)-n, n)})
		res.Patterns = res.Patterns[:n]
	}
	profiles := pol.Profiles
	if len(profiles) == 0 {
		profiles = policy.DefaultProfiles(reader.Name())
	}
	host := policy.HostOf(res.Settings).Under(pol.Limits)
	var rows []asked
	for _, p := range res.Patterns {
		for _, q := range policy.Expand(p, profiles, host) {
			a := asked{pattern: q, key: key(q, pol)}
			a.row, a.known = s.cache.get(a.key, q)
			rows = append(rows, a)
		}
	}
	return j, rows
}

// analyse gives the patterns their verdicts, several at a time. It is false
// when the document has changed meanwhile.
func (s *Server) analyse(ctx context.Context, d *document, j *judged, pending []*asked) bool {
	work := make(chan *asked)
	unit := campaign.Unit{Analyze: s.host.Analyze, Policy: j.policy}
	var all sync.WaitGroup
	for range min(s.host.Jobs, len(pending)) {
		all.Go(func() {
			for a := range work {
				a.row, a.known = unit.Row(a.pattern), true
				s.cache.put(a.key, a.row)
			}
		})
	}
	current := true
	for _, a := range pending {
		if current = s.current(ctx, d, j.version); !current {
			break
		}
		work <- a
	}
	close(work)
	all.Wait()
	return current && s.current(ctx, d, j.version)
}

// current reports whether the document still is of that version.
func (s *Server) current(ctx context.Context, d *document, version int32) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return ctx.Err() == nil && d.version == version
}

// with is the document with its rows in words: of one place, the worst.
func (j *judged) with(rows []asked, s *Server) *judged {
	out := *j
	now := s.host.Now()
	for _, a := range rows {
		f := finding{pending: !a.known}
		src := a.pattern.Source
		f.start = src.At(0).Offset
		f.end = max(f.start, src.At(max(len(a.pattern.Text)-1, 0)).Offset+min(len(a.pattern.Text), 1))
		f.row = a.row
		f.row.Verdict.Pattern = a.pattern
		if a.known {
			if a.row.Verdict.Kind != verdict.Linear {
				if f.row.Waiver, _ = j.policy.Waived(within(j.root, src.File), src.Rule, now); f.row.Waiver == nil {
					f.row.Exemption = a.pattern.Context.Exemption
				}
			}
			f.said = report.Describe(f.row)
		}
		last := len(out.findings) - 1
		switch {
		case last < 0 || out.findings[last].start != f.start || out.findings[last].end != f.end:
			out.findings = append(out.findings, f)
		case worse(f, out.findings[last]):
			out.findings[last] = f
		}
	}
	return &out
}

// worse reports whether a finding says more than another of the same place.
func worse(f, g finding) bool {
	if f.pending != g.pending {
		return g.pending && f.said.Severity != policy.None
	}
	if f.said.Severity != g.said.Severity {
		return f.said.Severity.AtLeast(policy.Note) && !g.said.Severity.AtLeast(f.said.Severity)
	}
	return f.row.Verdict.Kind == verdict.Superlinear && f.row.Verdict.Growth.Worse(g.row.Verdict.Growth)
}

// at are the findings whose pattern covers a byte of the range.
func (j *judged) at(start, end int) []finding {
	return slices.DeleteFunc(slices.Clone(j.findings), func(f finding) bool { return f.end < start || end < f.start })
}
