package cli

import (
	"bytes"
	"errors"
	"iter"
	"slices"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

type explainFlags struct {
	common
	what
	fixing
	failOn, to string
	live       bool
}

func (f *explainFlags) set() *pflag.FlagSet {
	fs := newFlags("explain")
	f.common.add(fs)
	fs.StringVar(&f.failOn, "fail-on", "", "lowest level that makes the exit code 1: note, warning, error or never (default never)")
	f.what.add(fs)
	f.fixing.add(fs)
	addLive(fs, &f.live, true)
	fs.StringVar(&f.to, "to", "", "say whether the pattern can move to this engine of linear time: re2 or stdlib")
	return fs
}

// what are the flags that say which pattern is meant.
type what struct {
	reading
	rule, reader, policy string
}

func (f *what) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.rule, "rule", "", "the patterns of the rule of this name, in the files given")
	fs.StringVar(&f.reader, "reader", "", "read the files as: "+commaList(readerNames()))
	f.reading.add(fs)
	addPolicy(fs, &f.policy)
}

// maxPattern is the longest pattern read from the standard input: as long as
// the longest row of a list.
const maxPattern = 16 << 20

// explain says everything about one pattern.
func (c Command) explain(args []string) (int, error) {
	var f explainFlags
	fs := f.set()
	today, err := c.parse("explain", fs, &f.common, args)
	if err != nil {
		return 0, err
	}
	if err := f.check(); err != nil {
		return 0, err
	}
	c.Analyze = f.with(c.Analyze)
	threshold, err := failOn(f.failOn, policy.Never)
	if err != nil {
		return 0, err
	}
	sum := gate.NewSummary()
	items, pol, root, err := c.asked("explain", f.what, f.hosts, fs.Args(), &sum.Files)
	if err != nil {
		return 0, err
	}
	move, err := mover(f.to)
	if err != nil {
		return 0, err
	}
	out, err := c.open(f.formats, report.Explain, f.stable)
	if err != nil {
		return 0, err
	}
	sum.PolicyDigest, sum.Versions = pol.Digest(), versions()
	j := judging{c: c, policy: pol, root: root, today: today, options: verdict.Options{Verify: true}, jobs: f.jobs, timed: !f.stable, origins: onDisk(pol.Budgets.FileBytes), live: c.matrix(f.live && !f.stable), move: move}
	found, err := j.run(items, out, &sum)
	if err != nil {
		return 0, err
	}
	if err := out.close(sum); err != nil {
		return 0, err
	}
	return exitCode(sum, found.worst.AtLeast(threshold), found.undecided > 0), nil
}

// asked are the patterns of the rule that is named, or the one pattern that is
// given, as the policy has them read; root is the policy's folder.
func (c Command) asked(command string, f what, h hosts, args []string, n *gate.FileCounts) (items iter.Seq[item], pol policy.Policy, root string, err error) {
	d, err := f.defaults()
	if err != nil {
		return nil, pol, root, err
	}
	pol = policy.Default()
	pol.Profiles = h.profiles
	if f.rule != "" || f.policy != "" {
		paths := args
		if f.rule == "" {
			paths = nil
		}
		if pol, root, err = readPolicy(f.policy, paths, h.profiles); err != nil {
			return nil, pol, root, err
		}
	}
	if f.rule != "" {
		items, err = c.ruleItems(command, f, args, pol, root, n)
		return items, pol, root, err
	}
	text, err := c.patternText(command, args)
	if err != nil {
		return nil, pol, root, err
	}
	p := corpus.Pattern{Text: text, Dialect: d.Dialect, Flags: d.Flags, Mode: d.Mode}
	return func(yield func(item) bool) {
		for _, q := range policy.Expand(p, pol.Profiles, policy.Host{}.Under(pol.Limits)) {
			if !yield(item{pattern: q}) {
				return
			}
		}
	}, pol, root, nil
}

// patternText is the pattern: the only argument, or the standard input
// without its last line end.
func (c Command) patternText(command string, args []string) (string, error) {
	switch {
	case len(args) > 1:
		return "", usagef("%s: %d patterns: expected one; quote it for the shell", command, len(args))
	case len(args) == 1 && args[0] != "-":
		return args[0], nil
	case len(args) == 0 && isTerminal(c.Stdin):
		return "", usagef("%s: expected a pattern, or - to type one", command)
	}
	b, err := gate.ReadAll(c.Stdin, maxPattern)
	var large *gate.TooLarge
	switch {
	case errors.As(err, &large):
		return "", usagef("%s: pattern of more than %d bytes", command, maxPattern)
	case err != nil:
		return "", usagef("standard input: %w", err)
	}
	b = bytes.TrimSuffix(b, []byte("\n"))
	return string(bytes.TrimSuffix(b, []byte("\r"))), nil
}

// ruleItems are the patterns of the named rule, chained rules and selectors
// included, and the problems of files that could not be read.
func (c Command) ruleItems(command string, f what, paths []string, pol policy.Policy, root string, n *gate.FileCounts) (iter.Seq[item], error) {
	if len(paths) == 0 {
		return nil, usagef("%s --rule %s: expected the files or directories to look in", command, f.rule)
	}
	d, err := f.defaults()
	if err != nil {
		return nil, err
	}
	cl, err := newClaims(f.reader, pol.Files, d)
	if err != nil {
		return nil, err
	}
	cl.root = root
	cl, pol = readAhead(paths, cl, pol)
	var hits, broken []item
	for it := range c.items(paths, cl, pol, n) {
		switch p := it.pattern; {
		case it.problem != nil:
			if it.problem.Code == "unreadable" || it.problem.Code == "unclaimed" {
				broken = append(broken, it)
			}
		case p.Source.Rule == f.rule || p.Source.Rule == "" && p.ID == f.rule:
			hits = append(hits, it)
		}
	}
	if len(hits) == 0 {
		if len(broken) > 0 {
			return nil, usagef("rule %q: not found; %w", f.rule, broken[0].problem)
		}
		return nil, usagef("rule %q: no pattern of such a rule in %s", f.rule, commaList(paths))
	}
	return slices.Values(append(hits, broken...)), nil
}
