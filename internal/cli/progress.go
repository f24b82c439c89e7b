package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/campaign"
)

// progress shows how far a run is, on the error stream.
type progress struct {
	now          func() time.Time
	out          io.Writer
	bar          *progressbar.ProgressBar // nil for lines
	total        int                      // 0 when it is not known
	done, stored int
	findings     int
	began, told  time.Time
	silent       bool
}

// lineEvery is the time between two lines of progress: short enough to see that
// a run lives, long enough that a log of an hour has 360 of them.
const lineEvery = 10 * time.Second

// progress begins to show a run; count gives the number of its patterns.
func (c Command) progress(as string, count func() int) (*progress, error) {
	p := &progress{now: c.Now, out: c.Stderr, began: c.Now(), told: c.Now()}
	bar := false
	switch as {
	case "bar":
		bar = true
	case "auto":
		bar = isTerminal(c.Stderr)
	case "lines":
	case "none":
		p.silent = true
		return p, nil
	default:
		return nil, usagef("--progress %q: expected auto, bar, lines or none", as)
	}
	p.total = count()
	if bar {
		size := p.total
		if size == 0 {
			size = -1
		}
		p.bar = progressbar.NewOptions(size, progressbar.OptionSetWriter(c.Stderr), progressbar.OptionShowCount(),
			progressbar.OptionShowIts(), progressbar.OptionSetItsString("patterns"), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetPredictTime(p.total > 0), progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish())
	}
	return p, nil
}

// add counts a result.
func (p *progress) add(r campaign.Result) {
	if p.silent || r.Problem != nil {
		return
	}
	p.done++
	if r.Row.Verdict.Kind == verdict.Superlinear {
		p.findings++
	}
	if r.Stored {
		p.stored++
	}
	if p.bar != nil {
		_ = p.bar.Add(1) // a bar that cannot be drawn stops nothing
		p.bar.Describe(fmt.Sprintf("%d findings", p.findings))
		return
	}
	if now := p.now(); now.Sub(p.told) >= lineEvery {
		p.told = now
		p.line(now)
	}
}

// line is "1200 of 13425 patterns (8%), 87 findings, 212.0 a second, 58s left".
func (p *progress) line(now time.Time) {
	parts := []string{fmt.Sprintf("%d patterns", p.done)}
	if p.total > 0 {
		parts[0] = fmt.Sprintf("%d of %d patterns (%d%%)", p.done, p.total, 100*p.done/p.total)
	}
	parts = append(parts, fmt.Sprintf("%d findings", p.findings))
	if since := now.Sub(p.began); since > 0 && p.done > p.stored {
		rate := float64(p.done-p.stored) / since.Seconds()
		parts = append(parts, fmt.Sprintf("%.1f a second", rate))
		if p.total > 0 {
			left := time.Duration(float64(p.total-p.done) / rate * float64(time.Second))
			parts = append(parts, left.Round(time.Second).String()+" left")
		}
	}
	_, _ = fmt.Fprintf(p.out, "nearmiss: %s\n", strings.Join(parts, ", ")) // progress that cannot be shown stops nothing
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish() // as above
	}
}

// isTerminal reports whether a stream is a terminal: one that a bar can be drawn on,
// or that somebody types at.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}
