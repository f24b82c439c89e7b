package fix

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Edits of a chain of random steps lead to its end, in order, and apart from
// each other.
func TestEdits(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	word := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "abcde"[random.IntN(5)]
		}
		return string(b)
	}
	apart := 0
	for range 20_000 {
		text := word(random.IntN(30))
		var steps []Step
		now := text
		for range random.IntN(5) {
			i := random.IntN(len(now) + 1)
			j := i + random.IntN(min(4, len(now)-i+1))
			next := now[:i] + word(random.IntN(4)) + now[j:]
			steps = append(steps, Step{From: now, To: next})
			now = next
		}
		edits := Edits(text, steps)
		at := 0
		for _, e := range edits {
			if e.Start < at || e.End < e.Start {
				t.Fatalf("%q: %v overlap", text, edits)
			}
			at = e.End
		}
		if got := Apply(text, edits); got != now {
			t.Fatalf("%q to %q by %v: %v give %q", text, now, steps, edits, got)
		}
		if len(edits) > 1 {
			apart++
		}
	}
	if apart == 0 {
		t.Error("no two edits were apart")
	}
	two := []Step{{From: "xa+yb+z", To: "xa+ybz"}, {From: "xa+ybz", To: "xaybz"}}
	if got, want := Edits("xa+yb+z", two), []Edit{{2, 3, ""}, {5, 6, ""}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
