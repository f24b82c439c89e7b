package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

type gateFlags struct {
	common
	reading
	budgets
	base, head, dir, reader string
	trustHead, strict, live bool
	staged, worktree        bool
	selfTest                bool
	fixing
	fixes bool
}

func (f *gateFlags) set() *pflag.FlagSet {
	fs := newFlags("gate")
	f.common.add(fs)
	fs.BoolVar(&f.fixes, "fixes", false, "look for a rewrite of every pattern that is not accepted")
	f.fixing.add(fs)
	fs.StringVar(&f.base, "base", "", "revision to compare with: what head changes since it left this one")
	fs.StringVar(&f.head, "head", defaultHead, "revision that is judged")
	fs.BoolVar(&f.staged, "staged", false, "judge what the next commit would hold, against HEAD or --base")
	fs.BoolVar(&f.worktree, "worktree", false, "judge the working tree, new files included, against HEAD or --base")
	fs.BoolVar(&f.selfTest, "self-test", false, "send a known-bad rule for each cause and each reader through the gate, and judge nothing else")
	fs.StringVarP(&f.dir, "directory", "C", ".", "the git repository")
	fs.BoolVar(&f.strict, "strict", false, "reject any super-linear growth in a new or changed pattern")
	addLive(fs, &f.live, false)
	fs.BoolVar(&f.trustHead, "trust-head", false, "take policy and waivers from the head")
	fs.BoolVar(&f.showAttacks, "show-attacks", false, "print attacks on patterns that are deployed, too")
	fs.StringVar(&f.reader, "reader", "", "read every file as: "+commaList(readerNames()))
	f.reading.add(fs)
	f.budgets.add(fs)
	return fs
}

// defaultHead is the revision that is judged unless another is named.
const defaultHead = "HEAD"

// gate judges what differs between two versions.
func (c Command) gate(args []string) (int, error) {
	var f gateFlags
	fs := f.set()
	today, err := c.parse("gate", fs, &f.common, args)
	if err != nil {
		return 0, err
	}
	if f.selfTest {
		if fs.NArg() > 0 || f.base != "" || f.staged || f.worktree || len(f.formats) > 0 {
			return 0, usagef("gate --self-test: expected no revisions, directories or formats beside it")
		}
		return c.selfTest(f.jobs, today)
	}
	base, head, err := c.trees(f, fs.Args())
	if err != nil {
		return 0, err
	}
	defer func() { _ = errors.Join(base.Close(), head.Close()) }() // read only
	for _, t := range []gate.Tree{base, head} {
		if _, err := t.Files(); err != nil {
			return 0, usagef("%s: %w", t.Name(), err)
		}
	}
	if err := f.check(); err != nil {
		return 0, err
	}
	pol, next, broken, err := f.policies(base, head)
	if err != nil {
		return 0, err
	}
	d, err := f.defaults()
	if err != nil {
		return 0, err
	}
	cl, err := newClaims(f.reader, pol.Files, d)
	if err != nil {
		return 0, err
	}
	live, err := c.needLive(f.live, pol)
	if err != nil {
		return 0, err
	}
	out, err := c.open(f.formats, report.Gate, f.stable)
	if err != nil {
		return 0, err
	}
	if broken != nil {
		if err := out.fault(broken); err != nil {
			return 0, err
		}
	}
	hidden := false // a canary that some output would not show
	sum, err := gate.Run(gate.Config{
		Base: base, Head: head, Pick: cl.pick, Policy: pol, Pending: next.waivers, PolicyChanged: next.changed,
		Analyze: c.Analyze, Replay: c.Replay, Options: verdict.Options{Verify: true}, Live: live,
		Jobs: f.jobs, Now: today, TrustHead: f.trustHead, ShowAttacks: f.showAttacks, Canaries: cl.canaries(),
		Row: func(r gate.Row) error {
			if r.Canary {
				hidden = hidden || !out.shows(r)
				return nil
			}
			if f.fixes && r.Judgement.Decision != gate.Accept {
				o := verdict.Options{InputLimit: r.Verdict.Pattern.Context.ByteLimit}
				r.Verdict.Fixes = verdict.Fixes(r.Verdict, f.options(r.Verdict.Pattern, o))
			}
			return out.row(r)
		},
		Fault: out.fault,
	})
	if err != nil {
		out.abandon()
		return 0, usageError{err}
	}
	if broken != nil {
		sum.Faults++
	}
	if hidden {
		sum.Canary = gate.CanaryMissed
	}
	sum.Versions = versions()
	if err := out.close(sum); err != nil {
		return 0, err
	}
	return exitCode(sum, sum.Decisions[gate.Reject] > 0, sum.Decisions[gate.Error] > 0), nil
}

// trees opens the two versions.
func (c Command) trees(f gateFlags, args []string) (base, head gate.Tree, err error) {
	switch {
	case f.staged && f.worktree:
		return nil, nil, usagef("gate: --staged and --worktree: expected one of them")
	case (f.staged || f.worktree) && (len(args) > 0 || f.head != defaultHead):
		return nil, nil, usagef("gate: --staged and --worktree say what is judged: expected --base at most beside them")
	case f.staged || f.worktree:
		return c.uncommitted(f)
	case f.base != "" && len(args) > 0:
		return nil, nil, usagef("gate: --base and %q: expected one of them", args[0])
	case f.base != "":
		return c.revisions(f, f.base, f.head)
	case len(args) == 1 && strings.Contains(args[0], ".."):
		from, to, _ := strings.Cut(args[0], "..")
		to = strings.TrimPrefix(to, ".") // BASE...HEAD says the same
		if to == "" {
			to = f.head
		}
		if from == "" {
			return nil, nil, usagef("gate %q: expected BASE..HEAD", args[0])
		}
		return c.revisions(f, from, to)
	case len(args) == 2:
		b, err := gate.OpenDir(args[0])
		if err != nil {
			return nil, nil, usageError{err}
		}
		h, err := gate.OpenDir(args[1])
		if err != nil {
			return nil, nil, usageError{err}
		}
		return b, h, nil
	}
	return nil, nil, usagef("gate: expected BASE..HEAD, --base and --head, --staged, --worktree, or two directories")
}

// revisions opens two commits.
func (c Command) revisions(f gateFlags, from, to string) (base, head gate.Tree, err error) {
	repo, err := gate.OpenRepository(context.Background(), f.dir, c.Env)
	if err != nil {
		return nil, nil, usageError{err}
	}
	h, err := repo.Commit(to)
	if err != nil {
		return nil, nil, usageError{err}
	}
	b := from
	if from != gate.EmptyRevision {
		if b, err = repo.Commit(from); err == nil {
			b, err = repo.MergeBase(b, h)
		}
		if err != nil {
			return nil, nil, usageError{err}
		}
	}
	return repo.Revision(b), repo.Revision(h), nil
}

// uncommitted opens HEAD, or where it left --base, and the index or the
// working tree. Before the first commit everything is new.
func (c Command) uncommitted(f gateFlags) (base, head gate.Tree, err error) {
	repo, err := gate.OpenRepository(context.Background(), f.dir, c.Env)
	if err != nil {
		return nil, nil, usageError{err}
	}
	b := gate.EmptyRevision
	if repo.Born() {
		h, err := repo.Commit(defaultHead)
		if err != nil {
			return nil, nil, usageError{err}
		}
		if b = h; f.base != "" {
			if b, err = repo.Commit(f.base); err == nil {
				b, err = repo.Fork(b, h)
			}
			if err != nil {
				return nil, nil, usageError{err}
			}
		}
	}
	if f.staged {
		return repo.Revision(b), repo.Index(), nil
	}
	if head, err = repo.Worktree(); err != nil {
		return nil, nil, usageError{err}
	}
	return repo.Revision(b), head, nil
}

// pending is what of the head's policy holds only after the merge.
type pending struct {
	waivers []policy.Waiver
	changed bool
}

// policies reads the policy that holds, and the waivers that will hold after
// the merge. A head whose own policy is broken is a problem of the change; a
// broken policy that would hold ends the run.
func (f gateFlags) policies(base, head gate.Tree) (pol policy.Policy, after pending, broken *corpus.Problem, err error) {
	b, _, berr := gate.ReadPolicy(base)
	h, _, herr := gate.ReadPolicy(head)
	pol = b
	switch {
	case f.trustHead && herr != nil:
		return pol, after, nil, usagef("%s: %w", head.Name(), herr)
	case f.trustHead:
		pol = h
	case berr != nil:
		return pol, after, nil, usagef("%s: %w", base.Name(), berr)
	case herr != nil:
		broken = &corpus.Problem{Code: "policy", File: policy.File, Message: herr.Error()}
		var de *policy.DecodeError
		if errors.As(herr, &de) {
			broken.Message, broken.Pos = de.Message, corpus.Position{Line: de.Line, Column: de.Column}
		}
	default:
		after = pending{policy.Added(b.Waivers, h.Waivers), b.Digest() != h.Digest()}
	}
	if len(f.profiles) > 0 {
		pol.Profiles = f.profiles
	}
	pol.Strict = pol.Strict || f.strict
	if pol.Budgets, err = f.over(pol.Budgets); err != nil {
		return pol, after, nil, err
	}
	return pol, after, broken, nil
}
