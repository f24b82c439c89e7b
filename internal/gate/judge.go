package gate

import (
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// A job is one row to judge, or one problem to pass on in its place.
type job struct {
	problem *corpus.Problem

	pattern corpus.Pattern  // in head
	before  *corpus.Pattern // in base, nil for a new pattern
	changed []string
	canary  bool
	skip    bool // past the budget of patterns
	// exempt is the comment that lets the pattern pass, nil without one.
	exempt *corpus.Exemption
}

// judged is a job with its evidence and what that cost.
type judged struct {
	job
	evidence
	steps    uint64
	language *language.Difference
}

// A bench runs the verdicts of one run. Patterns that are the same but for
// their place share one.
type bench struct {
	analyze Analyze
	replay  Replay
	options verdict.Options
	policy  policy.Policy

	// over is set once the budget of steps is used up: what is still queued
	// comes after, and would be thrown away.
	over atomic.Bool

	mu   sync.Mutex
	memo map[string]*sync.Once
	got  map[string]verdict.Verdict
}

func newBench(analyze Analyze, replay Replay, o verdict.Options, p policy.Policy) *bench {
	return &bench{analyze: Guard(analyze), replay: replay, options: o, policy: p, memo: map[string]*sync.Once{}, got: map[string]verdict.Verdict{}}
}

// maxSiblings is how many jobs go to one worker together: more than there are
// flags of hosts, and few enough that the others have something to do.
const maxSiblings = 16

// siblings are jobs on the same text one after the other: the rows of one place,
// under the flags of different hosts.
func siblings(jobs []job) iter.Seq[[]job] {
	return func(yield func([]job) bool) {
		for len(jobs) > 0 {
			n := 1
			for n < min(len(jobs), maxSiblings) && jobs[n].problem == nil && jobs[0].problem == nil && jobs[n].pattern.Text == jobs[0].pattern.Text {
				n++
			}
			if !yield(jobs[:n]) {
				return
			}
			jobs = jobs[n:]
		}
	}
}

// runAll gathers the evidence of siblings, which share what they have in common.
func (b *bench) runAll(jobs []job) []judged {
	var shared verdict.Shared
	out := make([]judged, len(jobs))
	for i, j := range jobs {
		out[i] = b.run(j, &shared)
	}
	return out
}

// run gathers the evidence of one job.
func (b *bench) run(j job, shared *verdict.Shared) judged {
	out := judged{job: j}
	if j.problem != nil || j.skip || b.over.Load() {
		return out
	}
	out.head = b.verdict(j.pattern, j.canary, shared)
	out.steps = out.head.Stats.ReplaySteps
	if j.before == nil {
		return out
	}
	base := b.verdict(*j.before, false, shared)
	out.base = &base
	out.steps += base.Stats.ReplaySteps
	if slices.ContainsFunc(j.changed, decidesLanguage) && !j.canary {
		d := Compare(*j.before, j.pattern, &language.Budget{Pairs: comparePairs, Work: compareWork})
		out.language = &d
	}
	if !slices.ContainsFunc(j.changed, costs) {
		return out // the base's witnesses are the head's own
	}
	for _, w := range base.Witnesses {
		if b.replay == nil {
			break
		}
		applied, _, _ := restarting(j.pattern)
		r := b.replay(applied, w, b.optionsOf(j.pattern))
		out.steps += r.Steps
		if r.Confirmed && r.Growth.Class != engines.Linear && (out.old == nil || r.Growth.Worse(out.old.Growth)) {
			out.old = &r
		}
	}
	return out
}

// costs reports whether a changed thing can change what a subject costs, once
// it has reached the pattern.
func costs(changed string) bool {
	switch changed {
	case ChangedPattern, ChangedFlags, ChangedDialect, ChangedMode, ChangedLimits:
		return true
	}
	return false
}

func (b *bench) optionsOf(p corpus.Pattern) verdict.Options {
	o := b.options
	if o.InputLimit == 0 {
		o.InputLimit = p.Context.ByteLimit
	}
	o.Engines, o.MatchLimits = b.policy.Targets(p)
	o.Hosts, o.Field = policy.TransformHosts(p), policy.InField(p)
	return o
}

// verdict is the pattern's verdict, from an equal pattern where one was
// judged already. A brief one leaves the sizes of the attack extrapolated:
// the canary's are known, and every run would pay for their replay.
func (b *bench) verdict(p corpus.Pattern, brief bool, shared *verdict.Shared) verdict.Verdict {
	o := b.optionsOf(p)
	o.Shared = shared
	o.Verify = o.Verify && !brief
	k := join(p.Text, string(p.Dialect), p.Flags.String(), string(mode(p)), p.Context.Operator, fmt.Sprint(o.InputLimit, o.Verify, o.Field, p.Context.Macro, p.Context.MultiMatch, p.Context.ActionsUpdated), join(p.Context.Profiles...), join(p.Context.Transformations...))
	b.mu.Lock()
	once := b.memo[k]
	if once == nil {
		once = new(sync.Once)
		b.memo[k] = once
	}
	b.mu.Unlock()
	once.Do(func() {
		v := b.analyze(p, o)
		b.mu.Lock()
		b.got[k] = v
		b.mu.Unlock()
	})
	b.mu.Lock()
	v := b.got[k]
	b.mu.Unlock()
	v.Pattern = p
	return v
}
