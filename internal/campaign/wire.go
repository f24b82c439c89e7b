package campaign

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A wireTask is a task in bytes; the segments are not to be seen from outside of
// a Source.
type wireTask struct {
	Seq      int
	Pattern  corpus.Pattern
	Segments []corpus.Segment
	Problem  *corpus.Problem
}

// MarshalBinary writes a task for another process of the same build: the fields
// one after the other, without their names, which a package that writes them
// would repeat in each task. Text need not be UTF-8.
func (t Task) MarshalBinary() ([]byte, error) {
	return appendValue(nil, reflect.ValueOf(wireTask{t.Seq, t.Pattern, t.Pattern.Source.Segments(), t.Problem}))
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (t *Task) UnmarshalBinary(b []byte) error {
	var w wireTask
	rest, err := readValue(b, reflect.ValueOf(&w).Elem())
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errNoTask
	}
	*t = Task{Seq: w.Seq, Pattern: w.Pattern, Problem: w.Problem}
	if s := w.Pattern.Source; len(w.Segments) > 0 {
		t.Pattern.Source = corpus.NewSource(s.File, s.Rule, w.Segments)
		t.Pattern.Source.Pos = s.Pos
	}
	return nil
}

var errNoTask = errors.New("the bytes are no task of this build")

// appendValue writes a value: numbers as varints, what has a length with the
// length before it, a pointer as a list of none or one. Fields that are not
// exported are left out.
func appendValue(b []byte, v reflect.Value) ([]byte, error) {
	switch v.Kind() {
	case reflect.String:
		return append(binary.AppendUvarint(b, uint64(v.Len())), v.String()...), nil
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1), nil
		}
		return append(b, 0), nil
	case reflect.Int:
		return binary.AppendVarint(b, v.Int()), nil
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(b, v.Uint()), nil
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0), nil
		}
		return appendValue(append(b, 1), v.Elem())
	case reflect.Slice:
		var err error
		b = binary.AppendUvarint(b, uint64(v.Len()))
		for i := 0; i < v.Len() && err == nil; i++ {
			b, err = appendValue(b, v.Index(i))
		}
		return b, err
	case reflect.Struct:
		var err error
		for i := 0; i < v.NumField() && err == nil; i++ {
			if v.Type().Field(i).IsExported() {
				b, err = appendValue(b, v.Field(i))
			}
		}
		return b, err
	}
	return b, fmt.Errorf("a task holds a %s, which has no form in bytes", v.Type())
}

// readValue reads a value into v, and returns the bytes behind it.
func readValue(b []byte, v reflect.Value) ([]byte, error) {
	switch v.Kind() {
	case reflect.Struct:
		var err error
		for i := 0; i < v.NumField() && err == nil; i++ {
			if v.Type().Field(i).IsExported() {
				b, err = readValue(b, v.Field(i))
			}
		}
		return b, err
	case reflect.Int:
		n, size := binary.Varint(b)
		if size <= 0 {
			return b, errNoTask
		}
		v.SetInt(n)
		return b[size:], nil
	}
	n, size := binary.Uvarint(b) // a number, or a length
	if size <= 0 {
		return b, errNoTask
	}
	b = b[size:]
	switch v.Kind() {
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.OverflowUint(n) {
			return b, errNoTask
		}
		v.SetUint(n)
		return b, nil
	case reflect.Bool:
		v.SetBool(n == 1)
		return b, nil
	}
	if n > uint64(len(b)) { // nothing has a length without a byte for each
		return b, errNoTask
	}
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(string(b[:n]))
		return b[n:], nil
	case reflect.Pointer:
		if n > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			b, err = readValue(b, v.Elem())
		}
		return b, err
	case reflect.Slice:
		if n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
		}
		for i := 0; i < v.Len() && err == nil; i++ {
			b, err = readValue(b, v.Index(i))
		}
		return b, err
	}
	return b, fmt.Errorf("a task holds a %s, which has no form in bytes", v.Type())
}
