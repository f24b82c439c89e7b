package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

type fuzzFlags struct {
	lintFlags
	seed, steps            uint64
	noStatic, resume       bool
	out, shard, progressAs string
	compare                []string
}

func (f *fuzzFlags) set() *pflag.FlagSet {
	fs := newFlags("fuzz")
	f.common.add(fs)
	fs.Uint64Var(&f.steps, "steps", fuzz.DefaultSteps, "budget of the search for each pattern, in steps of the reference matcher")
	fs.Uint64Var(&f.seed, "seed", 1, "seed of the search's random choices")
	fs.BoolVar(&f.noStatic, "no-static", false, "search alone, without the static analysis")
	fs.StringSliceVar(&f.compare, "compare", []string{"all"}, "engines whose answers are compared: "+commaList(speakerNames())+", all that this machine has, or none")
	fs.StringVar(&f.out, "out", "", "file of results, one line of JSON for each pattern; a run that is stopped can go on with it")
	fs.BoolVar(&f.resume, "resume", false, "go on with the file of --out")
	fs.StringVar(&f.shard, "shard", "", "judge part I of N, as I/N; the same patterns on every machine")
	fs.StringVar(&f.progressAs, "progress", "auto", "on the error stream: bar, lines, none, or auto: a bar on a terminal, else lines")
	fs.StringVar(&f.failOn, "fail-on", "", "lowest level that makes the exit code 1: note, warning, error or never (default never)")
	f.addCorpus(fs)
	return fs
}

// fuzz searches for attacks on every pattern of a corpus.
func (c Command) fuzz(args []string) (int, error) {
	var f fuzzFlags
	fs := f.set()
	today, err := c.parse("fuzz", fs, &f.common, args)
	if err != nil {
		return 0, err
	}
	paths, pol, cl, err := f.corpus("fuzz", fs)
	if err != nil {
		return 0, err
	}
	if f.listFiles {
		return c.listFiles(paths, cl)
	}
	threshold, err := failOn(f.failOn, policy.Never)
	if err != nil {
		return 0, err
	}
	shard, err := campaign.ParseShard(f.shard)
	if err != nil {
		return 0, usagef("--shard %w", err)
	}
	if f.resume && f.out == "" {
		return 0, usagef("--resume: expected --out with the file to go on with")
	}
	cl, pol = readAhead(paths, cl, pol)
	compared, engineVersions, err := c.speakers(f.compare)
	if err != nil {
		return 0, err
	}
	if _, err := c.needLive(f.live, pol); err != nil {
		return 0, err
	}
	head := f.head(paths, shard, pol, compared, engineVersions)
	head.Share = c.Share
	if head.Build, err = campaign.Build(); err != nil {
		return 0, usagef("this program cannot read its own file: %w", err)
	}
	log, err := f.log(head)
	if err != nil {
		return 0, usageError{cleanPath(err)}
	}
	out, err := c.open(f.formats, report.Lint, f.stable)
	if err != nil {
		return 0, err
	}
	if err := out.head(head); err != nil {
		return 0, err
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	j := judging{c: c, policy: pol, root: cl.root, today: today}
	sum := gate.NewSummary()
	sum.PolicyDigest, sum.Versions = pol.Digest(), engineVersions
	var found findings
	tasks := shard.Tasks(taskSeq(c.items(paths, cl, pol, &sum.Files)))
	bar, err := c.progress(f.progressAs, func() int { return c.count(paths, cl, pol, shard) })
	if err != nil {
		return 0, err
	}
	run := campaign.Run{
		Unit: c.fuzzUnit(head, pol, compared),
		Jobs: f.jobs, Log: log, Format: report.JSONL{Style: report.Lint, Stable: f.stable},
		Emit: func(r campaign.Result) error {
			bar.add(r)
			if r.Problem != nil {
				sum.Fault(r.Problem)
				return out.fault(r.Problem)
			}
			j.excuse(&r.Row)
			found.count(r.Row)
			sum.Count(r.Row)
			return out.row(r.Row)
		},
	}
	if !f.stable {
		run.Unit.Clock = c.Now
	}
	if f.live {
		run.Live = c.matrix(true)
	}
	do := run.Do
	if c.Elsewhere != nil {
		do = func(ctx context.Context, tasks iter.Seq[campaign.Task]) (bool, error) {
			return c.Elsewhere(ctx, campaign.Job{Run: run, Head: head, Files: &sum.Files, Tasks: tasks})
		}
	}
	complete, err := do(ctx, tasks)
	bar.end()
	if errors.Is(err, campaign.ErrQueued) {
		return ExitClean, out.stop()
	}
	if err != nil {
		return 0, errors.Join(err, closeLog(log))
	}
	if complete && log != nil {
		err = log.End(run.Format.Summary(sum))
	}
	if err = errors.Join(err, closeLog(log)); err != nil {
		return 0, outputError(err)
	}
	if !complete {
		c.interrupted(f, sum)
		return ExitUndecided, out.stop()
	}
	if err := out.close(sum); err != nil {
		return 0, err
	}
	if sum.Files.Read == 0 && sum.Files.Failed > 0 {
		return ExitUsage, nil
	}
	return exitCode(sum, found.worst.AtLeast(threshold), found.undecided > 0), nil
}

// fuzzUnit is the unit of a run with that head.
func (c Command) fuzzUnit(head report.Run, pol policy.Policy, compared []fuzz.Speaker) campaign.Unit {
	search := verdict.Search{Seed: head.Seed, Steps: head.Steps, Alone: !head.Static}
	return campaign.Unit{Analyze: c.Analyze, Options: verdict.Options{Verify: head.Verify, Search: &search, Curves: true, Speakers: compared}, Policy: pol}
}

// head is what decides the rows of the run.
func (f fuzzFlags) head(paths []string, shard campaign.Shard, pol policy.Policy, compared []fuzz.Speaker, versions map[string]string) report.Run {
	r := report.Run{
		Command: "fuzz", Seed: f.seed, Steps: f.steps, Static: !f.noStatic, Verify: f.verify,
		Corpus: paths, Policy: pol.Digest(), Versions: versions,
	}
	for _, s := range compared {
		r.Compared = append(r.Compared, s.Engine.Name())
	}
	if shard.Count > 0 {
		s := shard.String()
		r.Shard = &s
	}
	return r
}

// log opens the file of results, nil where none was asked for.
func (f fuzzFlags) log(head report.Run) (*campaign.Log, error) {
	switch {
	case f.out == "":
		return nil, nil
	case f.resume:
		return campaign.Resume(f.out, head)
	}
	return campaign.Create(f.out, head)
}

func closeLog(l *campaign.Log) error {
	if l == nil {
		return nil
	}
	return l.Close()
}

// interrupted says how to go on.
func (c Command) interrupted(f fuzzFlags, sum gate.Summary) {
	switch {
	case c.Elsewhere != nil:
		c.complain(fmt.Errorf("interrupted after %d patterns: the campaign keeps what was judged, and the same command with --continue goes on", sum.Patterns))
		return
	case f.out == "":
		c.complain(fmt.Errorf("interrupted after %d patterns: without --out nothing was kept to go on with", sum.Patterns))
		return
	}
	c.complain(fmt.Errorf("interrupted after %d patterns: the same command with --resume goes on behind them", sum.Patterns))
}

// taskSeq is items as a campaign takes them.
func taskSeq(items iter.Seq[item]) iter.Seq[campaign.Task] {
	return func(yield func(campaign.Task) bool) {
		for it := range items {
			if !yield(campaign.Task{Pattern: it.pattern, Problem: it.problem}) {
				return
			}
		}
	}
}

// count reads ahead for the number of patterns, 0 where the standard input or
// a pipe can be read only once.
func (c Command) count(paths []string, cl claims, pol policy.Policy, shard campaign.Shard) int {
	for _, p := range paths {
		if st, err := os.Stat(p); p == "-" || err == nil && !st.IsDir() && !st.Mode().IsRegular() {
			return 0
		}
	}
	var files gate.FileCounts
	n := 0
	for t := range shard.Tasks(taskSeq(c.items(paths, cl, pol, &files))) {
		if t.Problem == nil {
			n++
		}
	}
	return n
}

// head writes the run's head to outputs that have one.
func (s sinks) head(r report.Run) error {
	for _, o := range s {
		if _, ok := o.format.(report.JSONL); !ok {
			continue
		}
		if _, err := o.out.Write(r.Line()); err != nil {
			return outputError(err)
		}
	}
	return nil
}
