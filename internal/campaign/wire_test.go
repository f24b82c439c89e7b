package campaign

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

func TestTaskBinary(t *testing.T) {
	src := corpus.NewSource("a.conf", "1", []corpus.Segment{{Offset: 0, Pos: corpus.Position{Line: 3, Column: 7}}, {Offset: 2, Pos: corpus.Position{Line: 4, Column: 1}}})
	for _, want := range []Task{
		{Seq: 4, Pattern: corpus.Pattern{ID: "x", Text: "a\xffb", Dialect: corpus.PCRE, Flags: 5, Mode: corpus.Search, Source: src, Context: corpus.Context{Transformations: []string{"t"}, ByteLimit: 9, Exemption: &corpus.Exemption{Reason: "r"}}}},
		{Seq: 1, Pattern: corpus.Pattern{Text: "", Source: corpus.Source{File: "f", Pos: corpus.Position{Line: 2}}}},
		{Seq: 2, Problem: &corpus.Problem{Code: "c", Message: "m", File: "f"}},
	} {
		b, err := want.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var got Task
		if err := got.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, cmp.AllowUnexported(corpus.Source{})); d != "" {
			t.Errorf("a task comes back otherwise (-want +got):\n%s", d)
		}
	}
	if err := new(Task).UnmarshalBinary([]byte("no task")); err == nil {
		t.Error("bytes that are no task were read as one")
	}
}
