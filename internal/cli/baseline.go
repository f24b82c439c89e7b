package cli

import (
	"bufio"
	"errors"
	"io"
	"os"

	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// A baseline is what an earlier run found: findings that stand in it are known
// and fail nothing.
type baseline map[known][]engines.Growth

// known is a pattern of a rule wherever it stands: files are renamed, and
// lines move.
type known struct {
	rule, pattern, dialect, flags, mode string
	kind                                verdict.Kind
}

func knownAs(v verdict.Verdict) known {
	p := v.Pattern
	rule := p.Source.Rule
	if rule == "" {
		rule = p.ID
	}
	return known{rule, p.Text, string(p.Dialect), p.Flags.String(), string(mode(p.Mode)), v.Kind}
}

// readBaseline reads the rows of an earlier run from its JSON lines. An output
// without a summary is not whole.
func readBaseline(file string) (baseline, error) {
	h, err := os.Open(file)
	if err != nil {
		return nil, usageError{cleanPath(err)}
	}
	defer func() { _ = h.Close() }() // opened for reading: nothing can be lost
	b := baseline{}
	whole := false
	r := bufio.NewReader(h)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			e, derr := report.Decode(line)
			if derr != nil {
				return nil, usagef("%s:%d: %w", file, n, derr)
			}
			if e.Row != nil && e.Row.Verdict.Kind != verdict.Linear {
				k := knownAs(e.Row.Verdict)
				b[k] = append(b[k], e.Row.Verdict.Growth)
			}
			whole = whole || e.Summary != nil
		}
		switch {
		case errors.Is(err, io.EOF) && !whole:
			return nil, usagef("%s: ends without a summary: expected the whole output of nearmiss lint --format jsonl", file)
		case errors.Is(err, io.EOF):
			return b, nil
		case err != nil:
			return nil, usagef("%s: %w", file, err)
		}
	}
}

// has reports whether the row stands in the baseline, no better than it is
// now. Every row of the baseline stands for one.
func (b baseline) has(r gate.Row) bool {
	k := knownAs(r.Verdict)
	for i, g := range b[k] {
		if !r.Verdict.Growth.Worse(g) {
			rest := b[k]
			b[k] = append(rest[:i:i], rest[i+1:]...)
			return true
		}
	}
	return false
}
