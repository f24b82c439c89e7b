package records

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A node is one value of a document.
type node struct {
	kind kind
	at   corpus.Position
	text corpus.Text // of a string
	// coarse says that the text's places are all its beginning.
	coarse bool
	keys   []entry // of a mapping, in the order of the file
	index  map[string]*node
	items  []*node // of a sequence
}

type kind uint8

const (
	other kind = iota // a number, a date, true, null
	str
	mapping
	sequence
)

// An entry is a key of a mapping with its value.
type entry struct {
	key   string
	value *node
}

// add appends a key of a mapping.
func (n *node) add(key string, v *node) {
	if n.index == nil {
		n.index = map[string]*node{}
	}
	if n.index[key] == nil {
		n.index[key] = v
	}
	n.keys = append(n.keys, entry{key, v})
}

// get is the first value of a key, nil without one.
func (n *node) get(key string) *node { return n.index[key] }

// A syntaxError is where a file stops being what it should be.
type syntaxError struct {
	at      int // offset in the file
	message string
	limit   bool // a limit was passed: the rest was not looked at
}

func syntaxf(at int, format string, args ...any) *syntaxError {
	return &syntaxError{at: at, message: fmt.Sprintf(format, args...)}
}

// tooDeepAt is the error where values stand too deep in each other.
func tooDeepAt(at int) *syntaxError {
	return &syntaxError{at: at, message: fmt.Sprintf("values nested deeper than %d: expected less", MaxDepth), limit: true}
}
