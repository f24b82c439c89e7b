package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/incidents"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

type fixFlags struct {
	reading
	fixing
	reader, policy string
	profiles       []string
	write          bool
}

func (f *fixFlags) set() *pflag.FlagSet {
	set := newFlags("fix")
	set.SortFlags = false
	set.BoolVar(&f.write, "write", false, "change the files: only what is proved, and only where the file says the same of every other pattern afterwards")
	f.fixing.add(set)
	set.StringSliceVar(&f.profiles, "profile", nil, "hosts that run the patterns: "+commaList(policy.ProfileNames()))
	set.StringVar(&f.reader, "reader", "", "read every file as: "+commaList(readerNames()))
	set.StringVar(&f.policy, "policy", "", "policy file (default "+policy.File+" in the first directory named, else in this one)")
	f.reading.add(set)
	return set
}

// fix rewrites super-linear patterns, and prints what it would change, or has
// changed, as a diff.
func (c Command) fix(args []string) (int, error) {
	var f fixFlags
	set := f.set()
	if err := c.parseFlags("fix", set, args); err != nil {
		return 0, err
	}
	if err := f.check(); err != nil {
		return 0, err
	}
	paths := set.Args()
	if len(paths) == 0 {
		return 0, usagef("fix: expected files or directories; for one pattern use 'nearmiss explain'")
	}
	for _, p := range f.profiles {
		if _, ok := policy.FindProfile(p); !ok {
			return 0, usagef("--profile %q: expected one of %s", p, commaList(policy.ProfileNames()))
		}
	}
	pol, root, err := readPolicy(f.policy, paths, f.profiles)
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
	cl.root = root
	cl, pol = readAhead(paths, cl, pol)
	w := &workshop{c: c, f: f, policy: pol, host: cl.host, origins: onDisk(pol.Budgets.FileBytes)}
	for file := range walk(paths) {
		if file.path == "-" || file.path == incidents.Name {
			return 0, usagef("fix: %s: expected files that can be changed", file.path)
		}
		if err := w.file(file, cl); err != nil {
			return 0, err
		}
	}
	return w.summary()
}

// A workshop mends the files of one run.
type workshop struct {
	c      Command
	f      fixFlags
	policy policy.Policy
	host   policy.Host
	// origins are the lines that generated rules come from.
	origins *gate.Origins

	fixed, left, failed int
}

// file mends one file.
func (w *workshop) file(file found, cl claims) error {
	k, claimed := cl.of(filepath.ToSlash(file.path))
	switch {
	case file.link:
		return nil
	case !claimed && file.named && file.err == nil:
		return w.fault(file.path, "no reader claims this file: expected "+extensions()+", or --reader")
	case !claimed && !file.named:
		return nil
	}
	data, err := w.read(file)
	if err != nil {
		return w.fault(file.path, reason(err).Error())
	}
	reader := k.reader()
	p := &patch{reader: reader, file: file.path, before: data, after: data, read: reader.Read(file.path, data)}
	if err := w.mend(p); err != nil {
		return err
	}
	if err := w.say(p.diff()); err != nil || !w.f.write || string(p.after) == string(data) {
		return err
	}
	return overwrite(file.path, p.after)
}

// read is a file's content.
func (w *workshop) read(file found) ([]byte, error) {
	if file.err != nil {
		return nil, file.err
	}
	h, err := os.Open(file.path)
	if err != nil {
		return nil, err
	}
	data, err := gate.ReadAll(h, w.policy.Budgets.FileBytes)
	return data, errors.Join(err, h.Close())
}

// mend goes through the patterns of a file, last one first, so that no place
// moves before it is used.
func (w *workshop) mend(p *patch) error {
	var said []string
	for i := len(p.read.Patterns) - 1; i >= 0; i-- {
		x := p.read.Patterns[i]
		v, ok := w.worst(p.reader, x)
		if !ok {
			continue
		}
		line := report.FixHeadline(v)
		source := assembly(p.file, x.Source.Rule)
		switch {
		case len(v.Fixes) == 0:
			w.left++
			line += "no fix found"
		case v.Fixes[0].Safety != verdict.Proved:
			w.left++
			line += report.FixProposal(v)
		case source != "":
			w.left++
			line += fmt.Sprintf("generated from %s: change it there; %s", source, report.FixProposal(v))
			for _, r := range w.origins.Remedies(v, v.Fixes[0]) {
				line += "\n" + report.Remedy(r)
			}
		case !p.apply(i, v.Fixes[0]):
			w.left++
			line += "its file's quoting has no place for the fix; " + report.FixProposal(v)
		default:
			w.fixed++
			line += report.FixReason(v)
		}
		said = append([]string{line}, said...)
	}
	for _, line := range said {
		if err := w.say("# " + strings.ReplaceAll(line, "\n", "\n# ") + "\n"); err != nil {
			return err
		}
	}
	return nil
}

// worst is the verdict of a pattern under the flags that make it worst, with
// its fix, which holds under the others. ok is false where it is linear, or
// undecided, under all.
func (w *workshop) worst(reader corpus.Reader, p corpus.Pattern) (v verdict.Verdict, ok bool) {
	profiles := w.policy.Profiles
	if len(profiles) == 0 {
		profiles = policy.DefaultProfiles(reader.Name())
	}
	for _, q := range policy.Expand(p, profiles, w.host) {
		got := gate.Guard(w.c.Analyze)(q, verdict.Options{InputLimit: q.Context.ByteLimit})
		got.Pattern = q
		if got.Kind == verdict.Superlinear && (!ok || got.Growth.Worse(v.Growth)) {
			v, ok = got, true
		}
	}
	if ok {
		o := verdict.Options{InputLimit: v.Pattern.Context.ByteLimit}
		v.Fixes = verdict.Fixes(v, w.f.options(v.Pattern, o))
	}
	return v, ok
}

// assembly is the file that a rule is generated from, relative to the folder
// that holds it; "" where there is none. CRS keeps them beside its rules.
func assembly(file, rule string) string {
	if rule == "" || strings.ContainsAny(rule, `/\`) {
		return ""
	}
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return ""
	}
	name := strings.ReplaceAll(rule, "#", "-")
	for range assemblyDepth {
		for _, at := range []string{"regex-assembly/" + name + ".ra", "util/regexp-assemble/data/" + name + ".data"} {
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(at))); err == nil {
				return at
			}
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return ""
}

// assemblyDepth is how many folders above a rule file its sources are looked
// for: rule sets keep both one or two below their root.
const assemblyDepth = 5

func (w *workshop) fault(path, message string) error {
	w.failed++
	return w.say(fmt.Sprintf("# %s: not read: %s\n", path, message))
}

func (w *workshop) say(s string) error {
	if _, err := io.WriteString(w.c.Stdout, s); err != nil {
		return outputError(err)
	}
	return nil
}

// summary ends the run: 0 when nothing super-linear is left, 1 when something
// is, or was not written.
func (w *workshop) summary() (int, error) {
	what := "can be fixed (--write changes the files)"
	if w.f.write {
		what = "fixed"
	}
	s := fmt.Sprintf("# %d %s, %d left", w.fixed, what, w.left)
	if w.failed > 0 {
		s += fmt.Sprintf(", %d files not read", w.failed)
	}
	if err := w.say(s + "\n"); err != nil {
		return 0, err
	}
	switch {
	case w.left > 0 || w.fixed > 0 && !w.f.write:
		return ExitFindings, nil
	case w.failed > 0:
		return ExitUndecided, nil
	}
	return ExitClean, nil
}

// overwrite puts new content in a file's place in one move, with its mode.
func overwrite(path string, data []byte) (err error) {
	path, err = filepath.EvalSymlinks(path)
	if err != nil {
		return usageError{cleanPath(err)}
	}
	st, err := os.Stat(path)
	if err != nil {
		return usageError{cleanPath(err)}
	}
	h, err := os.CreateTemp(filepath.Dir(path), ".nearmiss-*")
	if err != nil {
		return usageError{cleanPath(err)}
	}
	_, err = h.Write(data)
	err = errors.Join(err, h.Chmod(st.Mode()&fs.ModePerm), h.Close())
	if err == nil {
		err = os.Rename(h.Name(), path)
	}
	if err != nil {
		return usageError{errors.Join(cleanPath(err), os.Remove(h.Name()))}
	}
	return nil
}
