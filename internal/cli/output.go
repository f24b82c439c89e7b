package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// formats is the table of output formats.
func (c Command) format(name string, style report.Style, stable, toFile bool) (report.Format, bool) {
	switch name {
	case "text":
		return &report.Text{Style: style, Colour: !toFile && c.colour()}, true
	case "jsonl":
		return report.JSONL{Style: style, Stable: stable}, true
	case "github":
		return &report.GitHub{Style: style}, true
	case "markdown":
		return &report.Markdown{Style: style}, true
	case "sarif":
		return &report.SARIF{Style: style}, true
	case "html":
		return &report.HTML{Style: style}, true
	case "junit":
		return &report.JUnit{Style: style}, true
	case "dot":
		return report.Dot{}, style == report.Explain
	}
	return nil, false
}

// formatNames are the names of the table.
var formatNames = []string{"text", "jsonl", "github", "markdown", "sarif", "junit", "html"}

// stepSummary is the variable that names the file of a GitHub step's summary:
// a run with --format github adds its page to it.
const stepSummary = "GITHUB_STEP_SUMMARY"

// summaryPage is the sink of that page; ok is false where there is none.
func (c Command) summaryPage(style report.Style, stable bool) (s sink, ok bool, err error) {
	for _, kv := range c.Env {
		file, found := strings.CutPrefix(kv, stepSummary+"=")
		if !found || file == "" {
			continue
		}
		h, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return s, false, usageError{fmt.Errorf("%s: %w", stepSummary, cleanPath(err))}
		}
		format, _ := c.format("markdown", style, stable, true)
		return sink{format: format, out: bufio.NewWriter(h), file: h}, true, nil
	}
	return s, false, nil
}

// colour reports whether the output is a terminal that wants colours
// (no-color.org).
func (c Command) colour() bool {
	for _, kv := range c.Env {
		if v, ok := strings.CutPrefix(kv, "NO_COLOR="); ok && v != "" || kv == "TERM=dumb" {
			return false
		}
	}
	return isTerminal(c.Stdout)
}

// A sink is one format on its way to one destination.
type sink struct {
	format report.Format
	out    *bufio.Writer
	file   *os.File // nil for the standard output
}

// sinks are all outputs of a run.
type sinks []sink

// open makes the outputs of --format.
func (c Command) open(formats []string, style report.Style, stable bool) (out sinks, err error) {
	if len(formats) == 0 {
		formats = []string{"text"}
	}
	stdout := ""
	for _, f := range formats {
		name, file, toFile := strings.Cut(f, "=")
		format, ok := c.format(name, style, stable, toFile)
		if !ok || toFile && file == "" {
			out.abandon()
			return nil, usagef("--format %q: expected %s, or one of them with =FILE", f, commaList(formatNames))
		}
		if name == "github" {
			page, ok, err := c.summaryPage(style, stable)
			if err != nil {
				out.abandon()
				return nil, err
			}
			if ok {
				out = append(out, page)
			}
		}
		if !toFile {
			if stdout != "" {
				out.abandon()
				return nil, usagef("--format %s and --format %s: both on the standard output; give one a file: %s=FILE", stdout, name, name)
			}
			stdout = name
			out = append(out, sink{format: format, out: bufio.NewWriter(c.Stdout)})
			continue
		}
		h, err := os.Create(file)
		if err != nil {
			out.abandon()
			return nil, usageError{cleanPath(err)}
		}
		out = append(out, sink{format: format, out: bufio.NewWriter(h), file: h})
	}
	return out, nil
}

// abandon closes what was opened before a mistake was found.
func (s sinks) abandon() {
	for _, o := range s {
		if o.file != nil {
			_ = o.file.Close() // nothing was written
		}
	}
}

func (s sinks) row(r gate.Row) error {
	for _, o := range s {
		if _, err := o.out.Write(o.format.Row(r)); err != nil {
			return outputError(err)
		}
	}
	return nil
}

func (s sinks) fault(p *corpus.Problem) error {
	for _, o := range s {
		if _, err := o.out.Write(o.format.Fault(p)); err != nil {
			return outputError(err)
		}
	}
	return nil
}

// shows reports whether every output would show the row's decision.
func (s sinks) shows(r gate.Row) bool {
	for _, o := range s {
		if !report.Shows(o.format, r) {
			return false
		}
	}
	return len(s) > 0
}

// close writes the summary and ends the outputs.
func (s sinks) close(sum gate.Summary) error {
	for _, o := range s {
		if _, err := o.out.Write(o.format.Summary(sum)); err != nil {
			return outputError(err)
		}
	}
	return s.stop()
}

// stop ends the outputs where they are.
func (s sinks) stop() error {
	var errs []error
	for _, o := range s {
		errs = append(errs, o.out.Flush())
		if o.file != nil {
			errs = append(errs, o.file.Close())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return outputError(err)
	}
	return nil
}

func outputError(err error) error { return fmt.Errorf("output: %w", err) }

// cleanPath drops the system call's name from an error about a path.
func cleanPath(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}
