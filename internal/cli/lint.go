package cli

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/incidents"
	"github.com/nearmiss-dev/nearmiss/corpus/list"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

type lintFlags struct {
	common
	reading
	failOn, reader, policy  string
	verify, listFiles, live bool
	fileBytes               int64
	baseline                string
	fixing
	fixes bool
}

func (f *lintFlags) set() *pflag.FlagSet {
	fs := newFlags("lint")
	f.common.add(fs)
	fs.StringVar(&f.failOn, "fail-on", "", "lowest level that makes the exit code 1: note, warning, error or never (default warning)")
	fs.StringVar(&f.baseline, "baseline", "", "JSON lines of an earlier run: what stands there is known, and fails nothing")
	f.addCorpus(fs)
	fs.BoolVar(&f.fixes, "fixes", false, "look for a rewrite of every finding")
	f.fixing.add(fs)
	return fs
}

// addCorpus are the flags that say which files are read, and how.
func (f *lintFlags) addCorpus(fs *pflag.FlagSet) {
	fs.StringVar(&f.reader, "reader", "", "read every file as: "+commaList(readerNames()))
	f.reading.add(fs)
	addPolicy(fs, &f.policy)
	fs.BoolVar(&f.verify, "verify", false, "replay sizes up to 10⁷ steps instead of extrapolating them")
	addLive(fs, &f.live, false)
	fs.BoolVar(&f.listFiles, "list-files", false, "print which reader takes which file, and stop")
	fs.Int64Var(&f.fileBytes, "max-file-bytes", 0, fmt.Sprintf("the largest file that is read; lists are streamed (default %d)", policy.DefaultFileBytes))
}

// lint judges every pattern of the paths.
func (c Command) lint(args []string) (int, error) {
	var f lintFlags
	fs := f.set()
	today, err := c.parse("lint", fs, &f.common, args)
	if err != nil {
		return 0, err
	}
	paths, pol, cl, err := f.corpus("lint", fs)
	if err != nil {
		return 0, err
	}
	if err := f.check(); err != nil {
		return 0, err
	}
	if f.fixes {
		c.Analyze = f.with(c.Analyze)
	}
	threshold, err := failOn(f.failOn, pol.FailOn)
	if err != nil {
		return 0, err
	}
	if f.listFiles {
		return c.listFiles(paths, cl)
	}
	var known baseline
	if f.baseline != "" {
		if known, err = readBaseline(f.baseline); err != nil {
			return 0, err
		}
	}
	live, err := c.needLive(f.live, pol)
	if err != nil {
		return 0, err
	}
	out, err := c.open(f.formats, report.Lint, f.stable)
	if err != nil {
		return 0, err
	}
	cl, pol = readAhead(paths, cl, pol)
	j := judging{c: c, policy: pol, root: cl.root, today: today, known: known, origins: onDisk(pol.Budgets.FileBytes), options: verdict.Options{Verify: f.verify}, jobs: f.jobs, timed: !f.stable, live: live}
	sum := gate.NewSummary()
	sum.PolicyDigest, sum.Versions = pol.Digest(), versions()
	items := c.items(paths, cl, pol, &sum.Files)
	found, err := j.run(items, out, &sum)
	if err != nil {
		return 0, err
	}
	if err := out.close(sum); err != nil {
		return 0, err
	}
	if sum.Files.Read == 0 && sum.Files.Failed > 0 {
		return ExitUsage, nil
	}
	return exitCode(sum, found.worst.AtLeast(threshold), found.undecided > 0), nil
}

// corpus is what the flags say is read: the paths, and who reads them.
func (f lintFlags) corpus(name string, fs *pflag.FlagSet) (paths []string, pol policy.Policy, cl claims, err error) {
	if paths = fs.Args(); len(paths) == 0 {
		return nil, pol, cl, usagef("%s: expected files, directories, or - for the standard input", name)
	}
	pol, root, err := readPolicy(f.policy, paths, f.profiles)
	if err != nil {
		return nil, pol, cl, err
	}
	if pol.Budgets, err = (budgets{fileBytes: f.fileBytes}).over(pol.Budgets); err != nil {
		return nil, pol, cl, err
	}
	d, err := f.defaults()
	if err != nil {
		return nil, pol, cl, err
	}
	if cl, err = newClaims(f.reader, pol.Files, d); err != nil {
		return nil, pol, cl, err
	}
	cl.root = root
	return paths, pol, cl, nil
}

// exitCode is the code of a run that ended, given whether it found what it
// fails on, and whether it left something open.
func exitCode(s gate.Summary, failed, undecided bool) int {
	switch {
	case s.Canary == gate.CanaryMissed || s.Internal > 0:
		return ExitFault
	case failed:
		return ExitFindings
	case s.Faults > 0 || undecided:
		return ExitUndecided
	}
	return ExitClean
}

// An item is a pattern to judge or a problem to pass on.
type item struct {
	pattern corpus.Pattern
	problem *corpus.Problem
}

// items reads the files one after the other, lists row by row, and counts
// them. The order is that of the files and of the places in them.
func (c Command) items(paths []string, cl claims, pol policy.Policy, n *gate.FileCounts) iter.Seq[item] {
	return func(yield func(item) bool) {
		if cl.updated != nil {
			next := yield
			yield = func(it item) bool {
				it.pattern.Context.ActionsUpdated = it.problem == nil && cl.updated(it.pattern.Source.Rule)
				return next(it)
			}
		}
		fault := func(path, code, message string) bool {
			n.Failed++
			return yield(item{problem: &corpus.Problem{Code: code, File: path, Message: message}})
		}
		for f := range walk(paths) {
			k, claimed := cl.of(filepath.ToSlash(f.path))
			if f.path == incidents.Name || f.path == "-" && !claimed {
				k, claimed = claim{mustReader("jsonl"), cl.defaults}, true
			}
			more := true
			switch {
			case f.link:
				n.Links++
			case f.err != nil && (f.named || claimed || !errors.Is(f.err, errIrregular)):
				more = fault(f.path, "unreadable", "cannot be read: "+f.err.Error())
			case !claimed && f.named:
				more = fault(f.path, "unclaimed", "no reader claims this file: expected "+extensions()+", or --reader")
			case !claimed:
				n.Unclaimed++
			default:
				more = c.file(f.path, k, cl.host, pol, n, fault, yield)
			}
			if !more {
				return
			}
		}
	}
}

// readAhead reads what stands in one file and holds for all: what the host's own
// directives set, and which rules' actions a directive changes.
func readAhead(paths []string, cl claims, pol policy.Policy) (claims, policy.Policy) {
	var all corpus.Result
	for f := range walk(paths) {
		k, ok := cl.of(filepath.ToSlash(f.path))
		if !ok || k.stream || f.err != nil || f.link || f.path == "-" || f.path == incidents.Name {
			continue
		}
		st, err := os.Stat(f.path)
		if err != nil || !st.Mode().IsRegular() || st.Size() > pol.Budgets.FileBytes {
			continue // said when its turn comes
		}
		if data, err := os.ReadFile(f.path); err == nil {
			res := k.reader().Read(f.path, data)
			all.Settings = append(all.Settings, res.Settings...)
			all.Updates = append(all.Updates, res.Updates...)
		}
	}
	cl.updated = gate.ActionsUpdated(all.Updates)
	cl.host = policy.HostOf(all.Settings).Under(pol.Limits)
	pol.Limits = cl.host.Bytes
	return cl, pol
}

func mustReader(name string) entry {
	e, _ := findReader(name)
	return e
}

// file reads one file.
func (c Command) file(path string, k claim, host policy.Host, pol policy.Policy, n *gate.FileCounts, fault func(path, code, message string) bool, yield func(item) bool) bool {
	in := c.Stdin
	switch path {
	case "-":
	case incidents.Name:
		in, path = bytes.NewReader(incidents.List()), incidents.File
	default:
		h, err := os.Open(path)
		if err != nil {
			return fault(path, "unreadable", "cannot be read: "+reason(err).Error())
		}
		defer func() { _ = h.Close() }() // opened for reading: nothing can be lost
		in = h
	}
	reader := k.reader()
	expand := func(p corpus.Pattern) bool {
		profiles := pol.Profiles
		if len(profiles) == 0 {
			profiles = policy.DefaultProfiles(reader.Name())
		}
		for _, q := range policy.Expand(p, profiles, host) {
			if !yield(item{pattern: q}) {
				return false
			}
		}
		return true
	}
	if l, ok := reader.(list.Reader); ok && k.stream {
		n.Read++
		for p, problem := range list.Rows(in, path, l.Defaults) {
			if problem != nil && !yield(item{problem: problem}) || problem == nil && !expand(p) {
				return false
			}
		}
		return true
	}
	data, err := gate.ReadAll(in, pol.Budgets.FileBytes)
	var large *gate.TooLarge
	switch {
	case errors.As(err, &large):
		return fault(path, "budget", "not read: "+err.Error())
	case err != nil:
		return fault(path, "unreadable", "cannot be read: "+reason(err).Error())
	}
	n.Read++
	res := reader.Read(path, data)
	n.Includes += len(res.Includes)
	n.Updates += gate.Unnamed(res.Updates)
	problems := res.Problems
	for _, p := range res.Patterns {
		for len(problems) > 0 && problems[0].Pos.Offset <= p.Source.Pos.Offset {
			if !yield(item{problem: problems[0]}) {
				return false
			}
			problems = problems[1:]
		}
		if !expand(p) {
			return false
		}
	}
	for _, p := range problems {
		if !yield(item{problem: p}) {
			return false
		}
	}
	return true
}

var errIrregular = errors.New("not a regular file")

// reason is an error about a path without the path.
func reason(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// extensions lists what the table of readers claims.
func extensions() string {
	all := []string{configExtensions[0]}
	for _, e := range readers() {
		if len(e.exts) > 0 {
			all = append(all, e.exts[0])
		}
	}
	return commaList(all)
}

// listFiles prints the table of files.
func (c Command) listFiles(paths []string, cl claims) (int, error) {
	var read, none, failed int
	for f := range walk(paths) {
		k, ok := cl.of(filepath.ToSlash(f.path))
		word := policy.ReaderNone
		switch {
		case f.link:
			word = "link"
		case f.err != nil:
			failed++
			word = "error: " + f.err.Error()
		case f.path == incidents.Name:
			read++
			word = "jsonl"
		case ok:
			read++
			word = k.name
			if k.stream {
				word += " " + string(k.defaults.Dialect)
			}
		default:
			none++
		}
		if _, err := fmt.Fprintf(c.Stdout, "%s\t%s\n", f.path, word); err != nil {
			return 0, outputError(err)
		}
	}
	_, err := fmt.Fprintf(c.Stdout, "%d claimed, %d unclaimed, %d unreadable\n", read, none, failed)
	if err != nil {
		return 0, outputError(err)
	}
	if failed > 0 {
		return ExitUndecided, nil
	}
	return ExitClean, nil
}

// judging turns items into rows.
type judging struct {
	c       Command
	policy  policy.Policy
	root    string // that the policy's paths begin at
	today   time.Time
	options verdict.Options
	jobs    int
	timed   bool
	known   baseline
	origins *gate.Origins
	live    gate.Live // of super-linear patterns, nil for none
	move    func(verdict.Verdict) *verdict.Move
}

// findings are what an exit code depends on: what no waiver and no exemption
// covers.
type findings struct {
	worst     policy.Level
	undecided int // unknown or invalid
}

// run judges the items on all workers, writes the rows in their order, and
// counts them.
func (j judging) run(items iter.Seq[item], out sinks, sum *gate.Summary) (found findings, err error) {
	type answer struct {
		item
		row gate.Row
	}
	unit := campaign.Unit{Analyze: j.c.Analyze, Options: j.options, Policy: j.policy}
	if j.timed {
		unit.Clock = j.c.Now
	}
	work := func(it item) answer {
		if it.problem != nil {
			return answer{item: it}
		}
		r := unit.Row(it.pattern)
		if j.live != nil && r.Verdict.Kind == verdict.Superlinear {
			r.Live = j.live(r.Verdict)
		}
		if j.move != nil && r.Verdict.Kind != verdict.Invalid {
			r.Move = j.move(r.Verdict)
		}
		return answer{it, r}
	}
	for a := range gate.InOrder(items, j.jobs, work) {
		if a.problem != nil {
			sum.Fault(a.problem)
			if err := out.fault(a.problem); err != nil {
				return found, err
			}
			continue
		}
		j.excuse(&a.row)
		a.row.Origins = j.origins.Of(a.row.Verdict)
		found.count(a.row)
		sum.Count(a.row)
		if err := out.row(a.row); err != nil {
			return found, err
		}
	}
	return found, nil
}

// excuse finds the row's waiver, or else the exemption in its file.
func (j judging) excuse(r *gate.Row) {
	src := r.Verdict.Pattern.Source
	if r.Verdict.Kind == verdict.Linear {
		return
	}
	r.Known = j.known.has(*r)
	if r.Waiver, _ = j.policy.Waived(within(j.root, src.File), src.Rule, j.today); r.Waiver == nil {
		r.Exemption = r.Verdict.Pattern.Context.Exemption
	}
}

// onDisk finds assembly files beside the rule files on the disk.
func onDisk(limit int64) *gate.Origins {
	return &gate.Origins{Open: func(path string) ([]byte, bool) {
		h, err := os.Open(filepath.FromSlash(path))
		if err != nil {
			return nil, false
		}
		defer func() { _ = h.Close() }() // opened for reading: nothing can be lost
		data, err := gate.ReadAll(h, limit)
		return data, err == nil
	}}
}

// count adds a row.
func (f *findings) count(r gate.Row) {
	kind := r.Verdict.Kind
	switch {
	case r.Excused() || r.Known:
	case kind == verdict.Unknown || kind == verdict.Invalid:
		f.undecided++
	case r.Level.AtLeast(policy.Note) && !f.worst.AtLeast(r.Level):
		f.worst = r.Level
	}
}
