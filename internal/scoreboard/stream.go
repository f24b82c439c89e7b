package main

import (
	"bufio"
	"fmt"
	"io"
	"sync"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A task is one row to be judged in one dialect; done receives the result.
type task struct {
	row     row
	dialect corpus.Dialect
	done    chan *judgement
}

// inFlight is the number of judged rows for each worker that may wait for an
// earlier one: enough to keep every worker busy behind a slow row, and few
// enough that memory does not grow with the list.
const inFlight = 64

// stream judges the rows of a list on a number of workers and hands the
// judgements to each in the order of the rows, one for every dialect of
// dialectsOf. Rows that cannot be read are handed to fault.
func (j judge) stream(in io.Reader, workers int, read func(line []byte, n int) (row, error),
	dialectsOf func(row) []corpus.Dialect, each func(*judgement), fault func(error)) error {
	tasks := make(chan task, workers)
	order := make(chan task, workers*inFlight)
	var judges sync.WaitGroup
	for range workers {
		judges.Go(func() {
			for t := range tasks {
				t.done <- j.judge(t.row, t.dialect)
			}
		})
	}
	var failure error
	go func() {
		defer close(order)
		defer close(tasks)
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, maxLine)
		for n := 1; lines.Scan(); n++ {
			if len(lines.Bytes()) == 0 {
				continue
			}
			r, err := read(lines.Bytes(), n)
			if err != nil {
				done := make(chan *judgement, 1)
				done <- nil
				order <- task{row: row{line: n, id: err.Error()}, done: done}
				continue
			}
			for _, d := range dialectsOf(r) {
				t := task{r, d, make(chan *judgement, 1)}
				order <- t
				tasks <- t
			}
		}
		failure = lines.Err()
	}()
	for t := range order {
		if out := <-t.done; out != nil {
			each(out)
		} else {
			fault(fmt.Errorf("%s", t.row.id))
		}
	}
	judges.Wait()
	return failure
}
