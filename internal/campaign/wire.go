package campaign

import (
	"bytes"
	"encoding/gob"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A wireTask is a task in bytes: gob keeps text that is no UTF-8, and the
// segments are not to be seen from outside of a Source.
type wireTask struct {
	Seq      int
	Pattern  corpus.Pattern
	Segments []corpus.Segment
	Problem  *corpus.Problem
}

// MarshalBinary writes a task for another process of the same version.
func (t Task) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(wireTask{t.Seq, t.Pattern, t.Pattern.Source.Segments(), t.Problem})
	return b.Bytes(), err
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (t *Task) UnmarshalBinary(b []byte) error {
	var w wireTask
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&w); err != nil {
		return err
	}
	*t = Task{Seq: w.Seq, Pattern: w.Pattern, Problem: w.Problem}
	if s := w.Pattern.Source; len(w.Segments) > 0 {
		t.Pattern.Source = corpus.NewSource(s.File, s.Rule, w.Segments)
		t.Pattern.Source.Pos = s.Pos
	}
	return nil
}
