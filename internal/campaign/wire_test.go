package campaign

import (
	"fmt"
	"reflect"
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
}

// TestTaskFields: every field of a task comes back, whatever fields there will
// be; and bytes that are cut off, or have others behind them, are no task.
func TestTaskFields(t *testing.T) {
	var w wireTask
	fill(t, reflect.ValueOf(&w).Elem(), new(int))
	want := Task{Seq: w.Seq, Pattern: w.Pattern, Problem: w.Problem}
	want.Pattern.Source = corpus.NewSource(w.Pattern.Source.File, w.Pattern.Source.Rule, w.Segments)
	want.Pattern.Source.Pos = w.Pattern.Source.Pos
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
	for n := range b {
		if err := new(Task).UnmarshalBinary(b[:n]); err == nil {
			t.Errorf("the first %d of %d bytes were read as a task", n, len(b))
		}
	}
	if err := new(Task).UnmarshalBinary(append(b, 0)); err == nil {
		t.Error("bytes behind a task were read")
	}
}

// fill sets every exported field to a value of its own, none of them zero.
func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("\xff%d", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(int64(*n))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n % 200))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n)
		fill(t, v.Index(1), n)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(t, v.Field(i), n)
			}
		}
	default:
		t.Fatalf("a task holds a %s", v.Type())
	}
}

// FuzzTask: no bytes make reading panic or take memory beyond their length.
func FuzzTask(f *testing.F) {
	b, err := Task{Seq: 4, Pattern: corpus.Pattern{ID: "x", Text: "a", Context: corpus.Context{Transformations: []string{"t"}}}}.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var task Task
		if task.UnmarshalBinary(b) == nil {
			if _, err := task.MarshalBinary(); err != nil {
				t.Error(err)
			}
		}
	})
}
