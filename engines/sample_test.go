package engines

import (
	"slices"
	"testing"
)

func TestStages(t *testing.T) {
	all := slices.Concat(Stages(0, 8192)...)
	if !slices.IsSorted(all) || slices.Contains(all, 0) || all[len(all)-1] != 8192 || all[len(all)-2] != 6144 {
		t.Errorf("%v", all)
	}
	few := Stages(10, 4096)
	if len(few) != len(Stages(0, 8192))+1 || len(few[0]) != 10 || few[1][0] != 11 || few[4][len(few[4])-1] != 4096 {
		t.Errorf("%v", few)
	}
	if !slices.EqualFunc(Stages(14, 64), Stages(0, 64), slices.Equal) {
		t.Error("a stage of all small counts is no stage apart")
	}
}

// TestSampling: sampling ends behind the stage whose samples obey a law, where a
// size is no sample, and where enough is known; what is read is all that was
// taken.
func TestSampling(t *testing.T) {
	costs := map[string]func(n int) uint64{
		"quadratic":   func(n int) uint64 { return uint64(n*n + 3) },
		"exponential": func(n int) uint64 { return 5 << n },
		"linear":      func(n int) uint64 { return uint64(7 * n) },
	}
	take := func(name string, until int) func(int) (Sample, bool) {
		return func(n int) (Sample, bool) {
			return Sample{N: n, Bytes: n, Cost: Cost{Steps: costs[name](n)}, State: NoMatch}, n <= until
		}
	}
	quadratic, linear := Growth{Class: Polynomial, Exponent: 2}, Growth{Class: Linear, Exponent: 1}
	for _, test := range []struct {
		name     string
		few      int
		until    int
		enough   int
		growth   Growth
		complete int // samples
	}{
		{"quadratic", 0, 99, 0, quadratic, 14},
		{"quadratic", 8, 99, 0, quadratic, 8},
		{"quadratic", 0, 9, 0, quadratic, 9},
		{"quadratic", 0, 3, 0, Growth{}, 3},
		{"exponential", 0, 20, 0, Growth{Class: Exponential}, 14},
		{"exponential", 0, 20, 9, Growth{Class: Exponential}, 9},
		{"linear", 10, 99, 0, linear, 10},
		{"linear", 0, 0, 0, Growth{}, 0},
	} {
		s := Sampling{Stages: Stages(test.few, 64), Take: take(test.name, test.until)}
		if test.enough > 0 {
			s.Enough = func(all []Sample) bool { return len(all) == test.enough }
		}
		growth, samples := s.Growth()
		if growth != test.growth || len(samples) != test.complete {
			t.Errorf("%s, %d few, up to %d: %v of %d samples, want %v of %d", test.name, test.few, test.until, growth, len(samples), test.growth, test.complete)
		}
	}
}
