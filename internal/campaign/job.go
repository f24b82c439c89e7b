package campaign

import (
	"context"
	"errors"
	"iter"

	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// A Job is a run as it is handed to those who do it elsewhere.
type Job struct {
	Run
	// Head is, with the corpus, all that decides the rows.
	Head report.Run
	// Files are counted while Tasks are read.
	Files *gate.FileCounts
	Tasks iter.Seq[Task]
}

// Elsewhere does a job in place of Run.Do, and reports what that does.
type Elsewhere func(context.Context, Job) (complete bool, err error)

// ErrQueued is what Elsewhere returns when it took the job and does not wait
// for its end: no result was emitted.
var ErrQueued = errors.New("the job was queued")
