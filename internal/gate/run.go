package gate

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// Config is everything one run needs.
type Config struct {
	Base, Head Tree
	Pick       Pick
	// Policy is the base's, unless the user trusts the head.
	Policy policy.Policy
	// Pending are waivers that hold only after the merge.
	Pending []policy.Waiver
	// PolicyChanged says that the head's policy differs from the one applied.
	PolicyChanged bool

	Analyze Analyze
	Replay  Replay
	Options verdict.Options
	// Live measures super-linear patterns, nil for not at all.
	Live Live
	// Jobs is how many patterns are judged at a time.
	Jobs int
	// Now is the day that waivers are read at.
	Now time.Time
	// TrustHead takes exemptions from the head's files.
	TrustHead bool
	// ShowAttacks prints attacks on patterns that stand in the base.
	ShowAttacks bool
	// Canaries, the most general first.
	Canaries []Canary
	// Row and Fault receive the results, in the order of files and places.
	Row   func(Row) error
	Fault func(*corpus.Problem) error

	// pair stands in for the function of that name, in tests of the canary.
	pair func(base, head []*occurrence) ([]pairing, []*occurrence)
}

// Run compares the two versions. The error is set when nothing could be
// judged, or when Row or Fault failed; everything else is in the rows and in
// the summary.
func Run(c Config) (Summary, error) {
	s := NewSummary()
	s.BaseName, s.HeadName, s.PolicyDigest, s.Pending = c.Base.Name(), c.Head.Name(), c.Policy.Digest(), c.Pending
	s.PolicyChanged = c.PolicyChanged
	base, err := ReadRules(c.Base, c.Pick, c.Policy.Budgets)
	if err != nil {
		return s, fmt.Errorf("%s: %w", c.Base.Name(), err)
	}
	head, err := ReadRules(c.Head, c.Pick, c.Policy.Budgets)
	if err != nil {
		return s, fmt.Errorf("%s: %w", c.Head.Name(), err)
	}
	s.Base, s.Files = base.Counts, head.Counts
	canaries := expected(c.Canaries, head)
	canaryFiles, canaryProblems := plant(c.Canaries, c.Pick, base, head)
	head.Files = append(canaryFiles, head.Files...)
	fresh, old := standing(base.Problems, head.Problems)
	s.OldFaults = old

	jobs, counts := c.plan(base, head, fresh)
	s.Unchanged, s.Removed, s.PendingExemptions = counts.unchanged, counts.removed, counts.pending

	texts := map[string]bool{}
	for _, f := range base.Files {
		for _, p := range f.Patterns {
			texts[p.Text] = true
		}
	}
	origins := &Origins{Open: opener(c.Head, c.Policy.Budgets.FileBytes)}
	sung := 0
	bench := newBench(c.Analyze, c.Replay, c.Options, c.Policy)
	var steps uint64
	for got := range flat(InOrder(siblings(jobs), c.Jobs, bench.runAll)) {
		if got.problem != nil {
			s.Fault(got.problem)
			if err := c.Fault(got.problem); err != nil {
				return s, err
			}
			continue
		}
		over := steps >= c.Policy.Budgets.Steps
		if over {
			bench.over.Store(true)
		}
		if !got.canary {
			steps += got.steps
		}
		r := c.judge(got, over, texts)
		r.Origins = origins.Of(r.Verdict)
		s.Overrun = s.Overrun || got.skip || over
		if r.Canary {
			if sings(r) {
				sung++
			}
		} else {
			s.Count(r)
		}
		if err := c.Row(r); err != nil {
			return s, err
		}
	}
	if canaries > 0 {
		s.Canary = CanaryMissed
		if sung > 0 && len(canaryProblems) == 0 && len(canaryFiles) == canaries && sung == counts.canaries && sung >= canaries {
			s.Canary = CanaryRejected
		}
	}
	return s, nil
}

// flat are the members of groups, one by one.
func flat[T any](groups iter.Seq[[]T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for g := range groups {
			for _, t := range g {
				if !yield(t) {
					return
				}
			}
		}
	}
}

type planned struct {
	unchanged, removed, canaries int
	pending                      []PendingExemption
}

// plan pairs the rules of both versions and lists what is to be judged.
func (c Config) plan(base, head Rules, fresh []*corpus.Problem) ([]job, planned) {
	var n planned
	olds, news := c.occurrences(base), c.occurrences(head)
	if c.pair == nil {
		c.pair = pair
	}
	pairs, removed := c.pair(olds, news)
	for _, o := range removed {
		n.removed += len(expand(o))
	}
	canary := map[string]bool{}
	for _, f := range head.Files {
		canary[f.Path] = canary[f.Path] || f.canary
	}
	var jobs []job
	patterns := 0
	slices.SortStableFunc(fresh, func(a, b *corpus.Problem) int { return strings.Compare(a.File, b.File) })
	for _, p := range pairs {
		at := p.head.Source
		for !canary[at.File] && len(fresh) > 0 && due(fresh[0], at) {
			jobs, fresh = append(jobs, job{problem: fresh[0]}), fresh[1:]
		}
		var before []corpus.Pattern
		if p.base != nil {
			before = expand(p.base)
		}
		exempt := c.exemption(p)
		if x := p.head.Context.Exemption; x != nil && exempt == nil {
			n.pending = append(n.pending, PendingExemption{File: at.File, Rule: at.Rule, Exemption: *x})
		}
		for _, h := range expand(p.head) {
			j := job{pattern: h, before: counterpart(before, h), canary: canary[at.File], exempt: exempt}
			if j.before != nil {
				if j.changed = changes(*j.before, h, p.base, p.head); len(j.changed) == 0 {
					n.unchanged++
					continue
				}
			}
			if j.canary {
				n.canaries++
			} else {
				patterns++
				j.skip = patterns > c.Policy.Budgets.Patterns
			}
			jobs = append(jobs, j)
		}
	}
	for _, p := range fresh {
		jobs = append(jobs, job{problem: p})
	}
	return jobs, n
}

// due reports whether a problem stands before the place.
func due(p *corpus.Problem, at corpus.Source) bool {
	return p.File < at.File || p.File == at.File && p.Pos.Offset <= at.Pos.Offset
}

func (c Config) occurrences(r Rules) []*occurrence {
	var out []*occurrence
	host := policy.HostOf(r.Settings).Under(c.Policy.Limits)
	for _, f := range r.Files {
		profiles := c.Policy.Profiles
		if len(profiles) == 0 {
			profiles = policy.DefaultProfiles(f.Reader)
		}
		for _, p := range f.Patterns {
			o := &occurrence{Pattern: p, reader: f.Reader, profiles: profiles, host: host}
			o.targets, o.actions = r.updates.of(p.Source.Rule)
			o.Context.ActionsUpdated = o.actions != ""
			out = append(out, o)
		}
	}
	return out
}

func expand(o *occurrence) []corpus.Pattern {
	return policy.Expand(o.Pattern, o.profiles, o.host)
}

// judge turns evidence into a row.
func (c Config) judge(got judged, over bool, texts map[string]bool) Row {
	if got.skip || over {
		limit, value := "patterns", int64(c.Policy.Budgets.Patterns)
		if !got.skip {
			limit, value = "steps", int64(min(c.Policy.Budgets.Steps, 1<<62))
		}
		got.head = verdict.Verdict{Pattern: got.pattern, Kind: verdict.Unknown, Reason: &verdict.Reason{
			Code: "limit", Limit: "budget." + limit, Value: value, Offset: -1,
			Message: fmt.Sprintf("not judged: the run's budget of %d %s is used up", value, limit),
		}}
		got.base, got.old = nil, nil
	}
	v := got.head
	j := &Judgement{Changed: got.changed, Base: got.base, Language: got.language}
	j.Decision, j.Code, j.Message = decide(c.Policy, got.evidence)
	if got.skip || over {
		j.Code = CodeOverrun
	}
	if j.Changed == nil {
		j.Changed = []string{}
	}
	r := Row{Verdict: v, Level: c.Policy.Lines.Level(v), Judgement: j, Canary: got.canary}
	if c.Live != nil && !got.canary && v.Kind == verdict.Superlinear {
		r.confront(c.Live)
	}
	if (j.Decision == Reject || j.Decision == Error) && j.Code != CodeOverrun {
		inForce, expired := c.Policy.Waived(v.Pattern.Source.File, v.Pattern.Source.Rule, c.Now)
		switch {
		case inForce != nil:
			r.Waiver = inForce
			j.Decision, j.Code = Debt, CodeWaived
			j.Message = fmt.Sprintf("%s; waived by %s until %s: %s", j.Message, inForce.Owner, inForce.Expires, inForce.Reason)
		case expired != nil:
			j.Message += fmt.Sprintf("; its waiver expired after %s (%s)", expired.Expires, expired.Owner)
		}
		if inForce == nil && got.exempt != nil {
			c.exempt(&r, *got.exempt)
		}
	}
	// What is deployed is not attacked in public: neither a pattern that
	// stands in the base, nor one that is no worse than its base.
	r.Hide = !c.ShowAttacks && !got.canary && (texts[v.Pattern.Text] || j.Decision == Debt && got.base != nil)
	return r
}

// opener reads files of a tree by their paths.
func opener(t Tree, limit int64) func(string) ([]byte, bool) {
	var index map[string]File
	return func(path string) ([]byte, bool) {
		if index == nil {
			index = map[string]File{}
			files, err := t.Files()
			if err != nil {
				return nil, false
			}
			for _, f := range files {
				index[f.Path] = f
			}
		}
		f, ok := index[path]
		if !ok || f.Kind != Regular {
			return nil, false
		}
		data, err := t.Read(f, limit)
		return data, err == nil
	}
}
