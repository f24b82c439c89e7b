package campaign

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Task is one row to be: a pattern, or a problem to pass on in its place.
type Task struct {
	// Seq is the pattern's number in the whole corpus, from 1; a problem has
	// that of the pattern before it.
	Seq     int
	Pattern corpus.Pattern
	Problem *corpus.Problem
}

// A Shard is one of Count parts of a corpus, from 1. The zero Shard is all of
// it.
type Shard struct{ Index, Count int }

// ParseShard reads "2/5".
func ParseShard(s string) (Shard, error) {
	if s == "" {
		return Shard{}, nil
	}
	a, b, ok := strings.Cut(s, "/")
	i, err1 := strconv.Atoi(a)
	n, err2 := strconv.Atoi(b)
	if !ok || err1 != nil || err2 != nil || i < 1 || n < 1 || i > n {
		return Shard{}, fmt.Errorf("%q: expected I/N with I from 1 to N", s)
	}
	return Shard{i, n}, nil
}

func (s Shard) String() string {
	if s.Count == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Count)
}

// has reports whether a pattern belongs to the shard: by what it is, not by
// where it stands, so that equal patterns meet, and no pattern moves when
// others come or go.
func (s Shard) has(p corpus.Pattern) bool {
	if s.Count <= 1 {
		return true
	}
	h := sha256.New()
	for _, part := range []string{p.Text, string(p.Dialect), p.Flags.String(), string(p.Mode)} {
		_, _ = fmt.Fprintf(h, "%d:%s", len(part), part) // a hash takes everything
	}
	return binary.BigEndian.Uint64(h.Sum(nil))%uint64(s.Count) == uint64(s.Index-1)
}

// Tasks numbers a corpus and keeps the shard's part of it. A problem goes with
// the pattern before it; those before the first pattern to the first shard.
func (s Shard) Tasks(all iter.Seq[Task]) iter.Seq[Task] {
	return func(yield func(Task) bool) {
		seq, mine := 0, s.Index <= 1
		for t := range all {
			if t.Problem == nil {
				seq++
				mine = s.has(t.Pattern)
			}
			t.Seq = seq
			if mine && !yield(t) {
				return
			}
		}
	}
}
