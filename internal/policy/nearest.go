package policy

import "strings"

// Nearest is the word of words closest to s by edit distance, "" when none is
// within a third of its length.
func Nearest(s string, words []string) string {
	best, at := len(s)/3+2, ""
	for _, w := range words {
		if d := distance(strings.ToLower(s), w); d < best {
			best, at = d, w
		}
	}
	return at
}

// distance is the Levenshtein distance of a and b in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := prev
			if a[i] != b[j] {
				cost = 1 + min(prev, row[j], row[j+1])
			}
			prev, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
