package backtrack

// graphemeAt is the length of the cluster at i, 0 at the end.
func graphemeAt[T unit](s []T, i int) int {
	if i >= len(s) {
		return 0
	}
	return 1
}
