package campaign

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// A Log is a file of results: a line that says what the run is, a line for
// each task in the order of the corpus, and a summary. It is the checkpoint as
// well: what has its line is done, and a run that was killed goes on behind the
// last line that is whole. There is no other state that could disagree.
type Log struct {
	file *os.File
	// stored reads what was there, nil once that is used up; at counts lines,
	// and end is the offset behind the last whole one that was read.
	stored *bufio.Reader
	at     int
	end    int64
	// since counts the lines that are not known to be on the disk.
	since int
}

// syncLines is how many lines may be lost when the machine itself stops: 256,
// a few seconds of work. A process that is killed loses none.
const syncLines = 256

// errInUse says that another process writes a file of results: two would write
// over each other.
var errInUse = errors.New("another run is writing it: expected a file of its own for each run, or that one to end first")

// Create begins a file of results. A file that exists is an error: it may hold
// results.
func Create(path string, head report.Run) (*Log, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s exists: expected a new file, or --resume to go on with it", path)
	}
	if err != nil {
		return nil, err
	}
	l := &Log{file: f}
	if err = lock(f); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	} else {
		err = l.write(head.Line())
	}
	if err != nil {
		_ = f.Close() // the first error is the one to tell
		return nil, err
	}
	return l, nil
}

// Resume opens a file of results to go on with it; it is created where there is
// none. It must have been begun by a run of the same options, and no other run
// may be writing it.
func Resume(path string, head report.Run) (*Log, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return Create(path, head)
	}
	if err != nil {
		return nil, err
	}
	l := &Log{file: f, stored: bufio.NewReader(f)}
	var line []byte
	if err = lock(f); err == nil {
		line, err = l.line()
	}
	if err == nil && line == nil {
		// Killed before its first line was whole.
		if err = l.cut(); err == nil {
			err = l.write(head.Line())
		}
	} else if err == nil {
		err = sameRun(line, head)
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return l, nil
}

func sameRun(line []byte, head report.Run) error {
	e, err := report.Decode(line)
	if err != nil || e.Run == nil {
		return errors.New("not a file of results: expected a first line with the key \"run\"")
	}
	if d := e.Run.Differs(head); d != "" {
		return fmt.Errorf("cannot go on: begun with %s", d)
	}
	return nil
}

// line is the next whole line that is stored, nil where there is none.
func (l *Log) line() ([]byte, error) {
	line, err := l.stored.ReadBytes('\n')
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l.at++
	l.end += int64(len(line))
	return line, nil
}

// cut drops what stands behind the last whole line, and writes from there on.
func (l *Log) cut() error {
	l.stored = nil
	if err := l.file.Truncate(l.end); err != nil {
		return err
	}
	_, err := l.file.Seek(l.end, io.SeekStart)
	return err
}

// Done is the stored result of a task, nil where there is none yet. Tasks must
// come in the order of the corpus; a stored line of another task means that the
// corpus is not what it was.
func (l *Log) Done(t Task) (*report.Event, error) {
	if l.stored == nil {
		return nil, nil
	}
	line, err := l.line()
	if err != nil {
		return nil, err
	}
	if line == nil {
		return nil, l.cut()
	}
	e, err := report.Decode(line)
	if err != nil {
		return nil, fmt.Errorf("%s:%d: %w", l.file.Name(), l.at, err)
	}
	same := false
	switch {
	case e.Row != nil:
		same = t.Problem == nil && report.IsOf(line, gate.Row{Verdict: verdictOf(t), Seq: t.Seq})
	case e.Fault != nil:
		same = t.Problem != nil && bytes.Equal(line, report.JSONL{}.Fault(t.Problem))
	case e.Summary != nil:
		return nil, fmt.Errorf("%s:%d: cannot go on: it ended here, and the corpus has more patterns now", l.file.Name(), l.at)
	}
	if !same {
		return nil, fmt.Errorf("%s:%d: cannot go on: the line is not of what stands there in the corpus now; the corpus, or how it is read, has changed", l.file.Name(), l.at)
	}
	return &e, nil
}

// Append adds the line of a task that was done.
func (l *Log) Append(line []byte) error { return l.write(line) }

func (l *Log) write(line []byte) error {
	if _, err := l.file.Write(line); err != nil {
		return err
	}
	if l.since++; l.since >= syncLines {
		l.since = 0
		return l.file.Sync()
	}
	return nil
}

// End writes the summary of a run that is complete; one that was complete
// before keeps the summary it has.
func (l *Log) End(summary []byte) error {
	if l.stored != nil {
		line, err := l.line()
		if err != nil {
			return err
		}
		if line != nil {
			if e, err := report.Decode(line); err != nil || e.Summary == nil {
				return fmt.Errorf("%s:%d: cannot go on: the corpus has fewer patterns now", l.file.Name(), l.at)
			}
			return nil
		}
		if err := l.cut(); err != nil {
			return err
		}
	}
	return l.write(summary)
}

// Close ends the file, and waits for the disk.
func (l *Log) Close() error {
	if err := l.file.Sync(); err != nil && !errors.Is(err, os.ErrInvalid) {
		_ = l.file.Close() // the first error is the one to tell
		return err
	}
	return l.file.Close()
}
