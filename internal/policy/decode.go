package policy

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// A DecodeError says where a policy file is not what it should be.
type DecodeError struct {
	File         string
	Line, Column int // 1-based; 0 when the whole file is meant
	Message      string
}

func (e *DecodeError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// MaxFileBytes is the largest policy file that is read, 1 MiB: a waiver for
// every rule of a large rule set fits, a bomb does not.
const MaxFileBytes = 1 * MiB

// Decode reads a policy file over the defaults. It is strict: an unknown key,
// a key given twice, a value of the wrong kind or without meaning is a
// *DecodeError with its place, and an unknown key's with the nearest known
// one.
func Decode(file string, data []byte) (Policy, error) {
	p := Default()
	if len(data) > MaxFileBytes {
		return p, &DecodeError{File: file, Message: fmt.Sprintf("%d bytes: expected at most %d", len(data), MaxFileBytes)}
	}
	doc, err := parser.ParseBytes(data, 0)
	if err != nil {
		return p, place(file, err)
	}
	empty := true
	for _, d := range doc.Docs {
		if d.Body != nil && d.Body.Type() != ast.NullType && d.Body.Type() != ast.CommentType {
			empty = false
		}
		if err := known(file, d.Body, reflect.TypeFor[Policy](), ""); err != nil {
			return p, err
		}
	}
	if len(doc.Docs) > 1 {
		t := doc.Docs[1].Start
		e := &DecodeError{File: file, Message: "a second document: expected one"}
		if t != nil && t.Position != nil {
			e.Line, e.Column = t.Position.Line, t.Position.Column
		}
		return p, e
	}
	if empty {
		return p, nil
	}
	if err := yaml.UnmarshalWithOptions(data, &p, yaml.Strict()); err != nil {
		return p, place(file, err)
	}
	if err := p.Check(); err != nil {
		return p, placeOf(file, err, doc)
	}
	return p, nil
}

// placeOf turns a value's error into one line with the value's place.
func placeOf(file string, err error, doc *ast.File) *DecodeError {
	e := &DecodeError{File: file, Message: err.Error()}
	var v *ValueError
	if !errors.As(err, &v) {
		return e
	}
	// A value that the file leaves to its default has no place.
	if p, err := yaml.PathString(v.At); err == nil {
		if n, err := p.FilterFile(doc); err == nil && n != nil {
			at(e, first(n))
		}
	}
	return e
}

// first is the token that a value begins with: a mapping's own is the colon
// behind its first key.
func first(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if n.IsFlowStyle || len(n.Values) == 0 {
			return n.GetToken()
		}
		return first(n.Values[0])
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return n.GetToken()
}

// place turns a YAML error into one line with its place.
func place(file string, err error) *DecodeError {
	e := &DecodeError{File: file, Message: oneLine(err.Error())}
	var y yaml.Error
	if errors.As(err, &y) {
		e.Message = oneLine(y.GetMessage())
		at(e, y.GetToken())
	}
	return e
}

func at(e *DecodeError, t *token.Token) {
	if t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
}

func oneLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// maxDepth bounds the nesting that known follows: the policy's own is 3.
const maxDepth = 16

// known walks a document along the shape of t and reports the first key that
// t lacks. Aliases and merge keys are refused: they have no use in a file
// this small, and are how YAML bombs are made.
func known(file string, n ast.Node, t reflect.Type, where string) error {
	if strings.Count(where, ".") > maxDepth {
		return nil
	}
	switch n := n.(type) {
	case *ast.AliasNode:
		e := &DecodeError{File: file, Message: "an alias: expected the value itself"}
		at(e, n.GetToken())
		return e
	case *ast.AnchorNode:
		return known(file, n.Value, t, where)
	case *ast.SequenceNode:
		if t.Kind() == reflect.Slice {
			for _, v := range n.Values {
				if err := known(file, v, t.Elem(), where); err != nil {
					return err
				}
			}
		}
	case *ast.MappingValueNode:
		return knownKey(file, n, t, where)
	case *ast.MappingNode:
		for _, v := range n.Values {
			if err := knownKey(file, v, t, where); err != nil {
				return err
			}
		}
	}
	return nil
}

func knownKey(file string, n *ast.MappingValueNode, t reflect.Type, where string) error {
	if t.Kind() != reflect.Struct {
		return nil // the decoder says what kind it expected
	}
	key := n.Key.GetToken()
	name := ""
	if key != nil {
		name = key.Value
	}
	var keys []string
	for i := range t.NumField() {
		tag, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if tag == name {
			return known(file, n.Value, t.Field(i).Type, where+"."+name)
		}
		keys = append(keys, tag)
	}
	e := &DecodeError{File: file, Message: fmt.Sprintf("unknown key %q: expected one of %s%s", name, strings.Join(keys, ", "), DidYouMean(name, keys))}
	at(e, key)
	return e
}
