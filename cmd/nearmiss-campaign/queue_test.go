package main

import (
	"fmt"
	"path/filepath"
	"testing"
)

// TestFeeder: tasks are in the queue once and in their order, also where the
// server had some of them already, or lost the word of them.
func TestFeeder(t *testing.T) {
	store := filepath.Join(t.TempDir(), "store")
	served(t, store)
	js, err := connect(flags{store: store})
	if err != nil {
		t.Fatal(err)
	}
	defer js.close()
	if err := js.lay(t.Context(), "t", record{Replicas: 1, LostAfter: minLost}); err != nil {
		t.Fatal(err)
	}
	const tasks = 3*ahead + 7
	body := func(n uint64) []byte { return fmt.Appendf(nil, "task %d", n) }
	for _, there := range []uint64{ahead + 3, ahead + 9, tasks} { // the last run ends what the others left
		f := feeder{client: js, name: "t"}
		for n := uint64(1); n <= there; n++ {
			if err := f.put(t.Context(), n, body(n)); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	queue, err := js.Stream(t.Context(), tasksStream("t"))
	if err != nil {
		t.Fatal(err)
	}
	if s := queue.CachedInfo().State; s.Msgs != tasks || s.LastSeq != tasks {
		t.Fatalf("%d tasks, the last is number %d, want %d", s.Msgs, s.LastSeq, tasks)
	}
	for n := uint64(1); n <= tasks; n++ {
		if m, err := queue.GetMsg(t.Context(), n); err != nil || string(m.Data) != string(body(n)) {
			t.Fatalf("task %d is %q, %v", n, m.Data, err)
		}
	}
}
