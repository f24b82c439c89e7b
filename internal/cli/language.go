package cli

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

type compareFlags struct {
	reading
	profiles []string
}

func (f *compareFlags) set() *pflag.FlagSet {
	fs := newFlags("compare")
	f.reading.add(fs)
	fs.StringSliceVar(&f.profiles, "profile", nil, "hosts that run the patterns: "+commaList(policy.ProfileNames()))
	return fs
}

// compare says how what a new pattern matches relates to what the old one did.
func (c Command) compare(args []string) (int, error) {
	var f compareFlags
	fs := f.set()
	if err := c.parseFlags("compare", fs, args); err != nil {
		return 0, err
	}
	if fs.NArg() != 2 {
		return 0, usagef("compare: %d patterns: expected two, OLD and NEW; quote them for the shell", fs.NArg())
	}
	d, err := f.defaults()
	if err != nil {
		return 0, err
	}
	for _, p := range f.profiles {
		if _, ok := policy.FindProfile(p); !ok {
			return 0, usagef("--profile %q: expected one of %s", p, commaList(policy.ProfileNames()))
		}
	}
	expand := func(text string) []corpus.Pattern {
		return policy.Expand(corpus.Pattern{Text: text, Dialect: d.Dialect, Flags: d.Flags, Mode: d.Mode}, f.profiles, policy.Host{})
	}
	olds, news := expand(fs.Arg(0)), expand(fs.Arg(1))
	code := ExitClean
	for i := range olds {
		for _, p := range []corpus.Pattern{olds[i], news[i]} {
			if _, err := syntax.Parse(p); err != nil {
				return 0, usagef("compare: %q: %w", p.Text, err)
			}
		}
		diff := gate.Compare(olds[i], news[i], nil)
		if diff.Relation == language.Undecided {
			code = ExitUndecided
		}
		if err := c.compared(olds[i], diff, len(olds) > 1); err != nil {
			return 0, err
		}
	}
	return code, nil
}

// compared writes one comparison.
func (c Command) compared(p corpus.Pattern, d language.Difference, several bool) error {
	read := ""
	if several {
		read = fmt.Sprintf(" (flags %s)", p.Flags)
	}
	if _, err := fmt.Fprintf(c.Stdout, "%s%s\n", gate.DescribeLanguage(d), read); err != nil {
		return outputError(err)
	}
	return nil
}
