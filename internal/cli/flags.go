package cli

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/list"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// common are the flags of every subcommand that judges.
type common struct {
	hosts
	formats     []string
	stable      bool
	jobs        int
	showAttacks bool
	now         string
}

func (f *common) add(fs *pflag.FlagSet) {
	fs.SortFlags = false
	fs.StringArrayVar(&f.formats, "format", nil, commaList(formatNames)+", to a file with =FILE; may be given several times (default text)")
	fs.BoolVar(&f.stable, "stable", false, "leave out what differs between two runs")
	f.hosts.add(fs)
	fs.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "patterns judged at a time")
	fs.StringVar(&f.now, "now", "", "the day waivers are read at, as YYYY-MM-DD (default today, UTC)")
}

// hosts is the flag that names the hosts.
type hosts struct{ profiles []string }

func (f *hosts) add(fs *pflag.FlagSet) {
	fs.StringSliceVar(&f.profiles, "profile", nil, "hosts that run the patterns: "+commaList(policy.ProfileNames()))
}

func (f hosts) check() error {
	for _, p := range f.profiles {
		if _, ok := policy.FindProfile(p); !ok {
			return usagef("--profile %q: expected one of %s", p, commaList(policy.ProfileNames()))
		}
	}
	return nil
}

// newFlags is a flag set that reports to its caller alone.
func newFlags(name string) *pflag.FlagSet {
	fs := pflag.NewFlagSet(name, pflag.ContinueOnError)
	fs.Usage = func() {}
	return fs
}

// parse reads the arguments and checks the common flags.
func (c Command) parse(name string, fs *pflag.FlagSet, f *common, args []string) (today time.Time, err error) {
	if err := c.parseFlags(name, fs, args); err != nil {
		return today, err
	}
	if f.jobs < 1 {
		return today, usagef("--jobs %d: expected at least 1", f.jobs)
	}
	if err := f.hosts.check(); err != nil {
		return today, err
	}
	today = c.Now().UTC()
	if f.now != "" {
		if today, err = time.Parse(time.DateOnly, f.now); err != nil {
			return today, usagef("--now %q: expected YYYY-MM-DD", f.now)
		}
	}
	return today, nil
}

// parseFlags reads the arguments of a subcommand.
func (c Command) parseFlags(name string, fs *pflag.FlagSet, args []string) error {
	err := fs.Parse(args)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		if uerr := c.usage(name, func() *pflag.FlagSet { return fs }); uerr != nil {
			return uerr
		}
		return err
	case err != nil:
		return usagef("%s: %w: 'nearmiss help %s' lists the flags", name, err, name)
	}
	return nil
}

// reading are the flags that say how plain patterns are read.
type reading struct{ dialect, flags, mode string }

func (f *reading) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.dialect, "dialect", string(corpus.PCRE), "of patterns that do not say: "+commaList(corpus.Dialects))
	fs.StringVar(&f.flags, "flags", "", "of patterns that do not say: letters such as ims")
	fs.StringVar(&f.mode, "mode", "", "of patterns that do not say: search, match, full or global (default search)")
}

func (f reading) defaults() (d list.Defaults, err error) {
	var ok bool
	if d.Dialect, ok = corpus.ParseDialect(f.dialect); !ok {
		return d, usagef("--dialect %q: expected one of %s", f.dialect, commaList(corpus.Dialects))
	}
	if d.Flags, err = corpus.ParseFlags(f.flags); err != nil {
		return d, usagef("--flags: %w", err)
	}
	if d.Mode, ok = corpus.ParseMode(f.mode); !ok {
		return d, usagef("--mode %q: expected search, match, full or global", f.mode)
	}
	return d, nil
}

// failOn reads --fail-on, given a default.
func failOn(s string, otherwise policy.Level) (policy.Level, error) {
	if s == "" {
		return otherwise, nil
	}
	l, ok := policy.ParseLevel(s)
	if !ok {
		return l, usagef("--fail-on %q: expected note, warning, error or never", s)
	}
	return l, nil
}

// budgets are the flags that bound a run; 0 leaves the policy's own.
type budgets struct {
	files, read, patterns int
	fileBytes, totalBytes int64
	steps                 uint64
}

func (f *budgets) add(fs *pflag.FlagSet) {
	fs.IntVar(&f.files, "max-files", 0, fmt.Sprintf("files of a version that are read (default %d)", policy.DefaultFiles))
	fs.Int64Var(&f.fileBytes, "max-file-bytes", 0, fmt.Sprintf("the largest file that is read (default %d)", policy.DefaultFileBytes))
	fs.Int64Var(&f.totalBytes, "max-total-bytes", 0, fmt.Sprintf("all files of a version together (default %d)", policy.DefaultTotalBytes))
	fs.IntVar(&f.read, "max-read", 0, fmt.Sprintf("patterns of a version that are held and compared (default %d)", policy.DefaultRead))
	fs.IntVar(&f.patterns, "max-patterns", 0, fmt.Sprintf("new or changed patterns that are judged (default %d)", policy.DefaultPatterns))
	fs.Uint64Var(&f.steps, "max-steps", 0, fmt.Sprintf("reference steps of all replays (default %d)", uint64(policy.DefaultSteps)))
}

// over puts the flags that were given in place of the policy's budgets.
func (f budgets) over(b policy.Budgets) (policy.Budgets, error) {
	if min(int64(f.files), int64(f.read), int64(f.patterns), f.fileBytes, f.totalBytes) < 0 {
		return b, usagef("--max-…: expected positive counts")
	}
	if f.files > 0 {
		b.Files = f.files
	}
	if f.read > 0 {
		b.Read = f.read
	}
	if f.patterns > 0 {
		b.Patterns = f.patterns
	}
	if f.fileBytes > 0 {
		b.FileBytes = f.fileBytes
	}
	if f.totalBytes > 0 {
		b.TotalBytes = f.totalBytes
	}
	if f.steps > 0 {
		b.Steps = f.steps
	}
	return b, nil
}
