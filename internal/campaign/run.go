package campaign

import (
	"context"
	"iter"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// A Result is a task with its row.
type Result struct {
	Task
	Row gate.Row
	// Stored says that it was read back from the log.
	Stored bool
}

// A Run is a corpus on its way through a unit.
type Run struct {
	Unit Unit
	// Jobs is how many patterns are judged at a time.
	Jobs int
	// Log keeps the results, nil to keep none; Format writes its lines.
	Log    *Log
	Format report.JSONL
	// Live times super-linear patterns on real engines, nil for none: advice,
	// which no row rests on.
	Live gate.Live
	// Emit receives every result in the order of the corpus, stored ones too.
	Emit func(Result) error
}

// Do runs the tasks. Once ctx is done it takes no further task, finishes what
// was begun, and reports complete as false.
func (r Run) Do(ctx context.Context, tasks iter.Seq[Task]) (complete bool, err error) {
	next, stop := iter.Pull(tasks)
	defer stop()
	first, more, err := r.stored(next)
	if err != nil || !more {
		return err == nil, err
	}
	rest := func(yield func(Task) bool) {
		for t, ok := first, true; ok; t, ok = next() {
			if ctx.Err() != nil {
				return
			}
			if !yield(t) {
				return
			}
		}
		complete = true
	}
	for res := range gate.InOrder(rest, r.Jobs, r.work) {
		if err := r.keep(res); err != nil {
			return false, err
		}
	}
	return complete, nil
}

// stored emits what the log holds, and returns the first task that it does not.
func (r Run) stored(next func() (Task, bool)) (Task, bool, error) {
	for {
		t, ok := next()
		if !ok || r.Log == nil {
			return t, ok, nil
		}
		e, err := r.Log.Done(t)
		if err != nil {
			return t, false, err
		}
		if e == nil {
			return t, true, nil
		}
		res := Result{Task: t, Stored: true}
		if e.Row != nil {
			res.Row = *e.Row
		}
		if err := r.Emit(res); err != nil {
			return t, false, err
		}
	}
}

func (r Run) work(t Task) Result {
	if t.Problem != nil {
		return Result{Task: t}
	}
	row := r.Unit.Row(t.Pattern)
	row.Seq = t.Seq
	if r.Live != nil && row.Verdict.Kind == verdict.Superlinear {
		row.Live = r.Live(row.Verdict)
	}
	return Result{Task: t, Row: row}
}

// keep writes a result down, and passes it on.
func (r Run) keep(res Result) error {
	if r.Log != nil {
		line := r.Format.Row(res.Row)
		if res.Problem != nil {
			line = r.Format.Fault(res.Problem)
		}
		if err := r.Log.Append(line); err != nil {
			return err
		}
	}
	return r.Emit(res)
}

// verdictOf is the row of a task that nothing is known of yet.
func verdictOf(t Task) verdict.Verdict { return verdict.Verdict{Pattern: t.Pattern} }
