package gate

import (
	"iter"
	"sync"
)

// ordersAhead is how many finished results per worker may wait for an earlier
// one: enough to keep every core busy behind one slow pattern, few enough to
// bound memory.
const ordersAhead = 64

// InOrder runs work on every job by so many workers and yields the results in
// the order of the jobs. At most workers × ordersAhead jobs are in flight.
func InOrder[J, R any](jobs iter.Seq[J], workers int, work func(J) R) iter.Seq[R] {
	workers = max(workers, 1)
	type task struct {
		job  J
		done chan R
	}
	return func(yield func(R) bool) {
		stop := make(chan struct{})
		tasks := make(chan task)
		queue := make(chan chan R, workers*ordersAhead)
		go func() {
			defer close(queue)
			defer close(tasks)
			for j := range jobs {
				t := task{j, make(chan R, 1)}
				select {
				case queue <- t.done:
				case <-stop:
					return
				}
				select {
				case tasks <- t:
				case <-stop:
					return
				}
			}
		}()
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for t := range tasks {
					t.done <- work(t.job)
				}
			})
		}
		defer wg.Wait()
		defer close(stop)
		for done := range queue {
			if !yield(<-done) {
				return
			}
		}
	}
}
