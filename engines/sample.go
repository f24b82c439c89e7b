package engines

// A Sampling takes samples of one attack at growing sizes until its growth can
// be told.
type Sampling struct {
	// Stages are the pump counts. Behind each stage the samples are read.
	Stages [][]int
	// Take runs the attack at a pump count; ok is false when that is no sample,
	// because a limit ended it, and ends the sampling.
	Take func(n int) (s Sample, ok bool)
	// Enough is asked behind each sample whether to end the sampling; nil stands
	// for never.
	Enough func(all []Sample) bool
}

// Stages are pump counts up to most: every small one for an exact law, two
// stretches of larger ones to refute a lucky law, then doublings. The first few
// of them are a stage by themselves, where few says so.
func Stages(few, most int) [][]int {
	small := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}
	stages := [][]int{
		small,
		{15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28},
		{29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48},
		nil,
	}
	for n := 64; n <= most; n *= 2 {
		stages[3] = append(stages[3], n)
		if between := n + n/2; between <= most {
			stages[3] = append(stages[3], between)
		}
	}
	if few > 0 && few < len(small) {
		stages = append([][]int{small[:few], small[few:]}, stages[1:]...)
	}
	return stages
}

// Growth takes the samples and reads them. It ends as soon as they obey an
// exact law behind a stage; the growth is the zero value where nothing can be
// told.
func (s Sampling) Growth() (growth Growth, samples []Sample) {
	for _, ns := range s.Stages {
		more := s.stage(ns, &samples)
		var fit string
		growth, fit, _ = Fit(samples)
		exact := fit == FitDifferences || fit == FitRatios
		if !more || Known(growth) && exact {
			break
		}
	}
	return growth, samples
}

// stage takes the samples of one stage; it is false where that ended the
// sampling.
func (s Sampling) stage(ns []int, samples *[]Sample) bool {
	for _, n := range ns {
		sample, ok := s.Take(n)
		if !ok {
			return false
		}
		*samples = append(*samples, sample)
		if s.Enough != nil && s.Enough(*samples) {
			return false
		}
	}
	return true
}
