package cli

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

type reportFlags struct {
	formats []string
	failOn  string
}

func (f *reportFlags) set() *pflag.FlagSet {
	fs := newFlags("report")
	fs.SortFlags = false
	fs.StringArrayVar(&f.formats, "format", nil, commaList(formatNames)+", to a file with =FILE; may be given several times (default text)")
	fs.StringVar(&f.failOn, "fail-on", "", "lowest level that makes the exit code 1: note, warning, error or never (default never)")
	return fs
}

// report writes files of results in any format, the shards of a run as one.
func (c Command) report(args []string) (int, error) {
	var f reportFlags
	fs := f.set()
	if err := c.parseFlags("report", fs, args); err != nil {
		return 0, err
	}
	threshold, err := failOn(f.failOn, policy.Never)
	if err != nil {
		return 0, err
	}
	if fs.NArg() == 0 {
		return 0, usagef("report: expected files of results: what --out or --format jsonl=FILE wrote")
	}
	out, err := c.open(f.formats, report.Lint, false)
	if err != nil {
		return 0, err
	}
	sum := gate.NewSummary()
	var found findings
	m, err := campaign.Merge(fs.Args(), func(line []byte, e report.Event) error {
		switch {
		case e.Row != nil:
			sum.Count(*e.Row)
			found.count(*e.Row)
		case e.Fault != nil:
			sum.Fault(e.Fault)
		}
		return out.line(line, e)
	})
	if err != nil {
		out.abandon()
		return 0, usageError{cleanPath(err)}
	}
	sum.Files, sum.Versions, sum.PolicyDigest = m.Files, m.Versions, m.Policy
	if err := out.close(sum); err != nil {
		return 0, err
	}
	for _, w := range m.Missing {
		c.complain(fmt.Errorf("not complete: %s", w))
	}
	code := exitCode(sum, found.worst.AtLeast(threshold), found.undecided > 0)
	if len(m.Missing) > 0 && code == ExitClean {
		code = ExitUndecided
	}
	return code, nil
}

// line passes on a line that was read back: as it is to outputs of lines, as
// what it says to others.
func (s sinks) line(line []byte, e report.Event) error {
	for _, o := range s {
		b := line
		if _, same := o.format.(report.JSONL); !same {
			switch {
			case e.Row != nil:
				b = o.format.Row(*e.Row)
			case e.Fault != nil:
				b = o.format.Fault(e.Fault)
			default:
				continue
			}
		}
		if _, err := o.out.Write(b); err != nil {
			return outputError(err)
		}
	}
	return nil
}
