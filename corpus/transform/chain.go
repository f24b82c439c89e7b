package transform

import (
	"fmt"
	"slices"
)

// A Chain is the transformations of one rule on one host, in their order.
type Chain struct {
	host  Host
	names []string
	kinds []kind
}

// An UnknownError names a transformation that is not known on a host.
type UnknownError struct {
	Host Host
	Name string
}

func (e *UnknownError) Error() string { return fmt.Sprintf("t:%s is not known on %s", e.Name, e.Host) }

// MaxChain bounds the transformations of one rule: those in use have up to
// ten, and each may grow a text.
const MaxChain = 64

// New is the chain of the named transformations. It fails with an
// *UnknownError.
func New(h Host, names []string) (Chain, error) {
	c := Chain{host: h}
	for i, name := range names {
		k, ok := find(h, name)
		if !ok || i >= MaxChain {
			return Chain{}, &UnknownError{h, name}
		}
		c.names, c.kinds = append(c.names, name), append(c.kinds, k)
	}
	return c, nil
}

// maxBytes is where a text is cut: the longest witness times what the encoders
// of one chain can make of it. It bounds the memory of chains of encoders.
const maxBytes = 64 << 20

// Apply is what the text becomes.
func (c Chain) Apply(b []byte) []byte {
	for i := range c.kinds {
		b = c.step(i, b)
	}
	return b
}

// step applies one transformation.
func (c Chain) step(i int, b []byte) []byte {
	if out := c.kinds[i].run(c.host, b); len(out) <= maxBytes {
		return out
	}
	return nil
}

// Image is what may come out of the chain, whatever goes in.
func (c Chain) Image() *Image {
	im := anything(every)
	for _, k := range c.kinds {
		im = k.out(c.host, im)
	}
	return im
}

// InField is the chain for the value of an HTTP field: a server refuses one
// with CR, LF or NUL in it, or puts a blank instead (RFC 9110 section 5.5).
func (c Chain) InField() Chain {
	c.kinds = append([]kind{field}, c.kinds...)
	c.names = append([]string{Field}, c.names...)
	return c
}

// Field is the name of what a server does to a field's value.
const Field = "HTTP field"

var field = kind{
	run:   func(_ Host, b []byte) []byte { return each(b, fieldByte) },
	image: mapping(fieldByte),
}

func fieldByte(c byte) byte {
	switch c {
	case 0, '\r', '\n':
		return ' '
	}
	return c
}

// Names are the transformations, in order.
func (c Chain) Names() []string { return c.names }

// Without is the chain without its i-th transformation.
func (c Chain) Without(i int) Chain {
	c.kinds = slices.Delete(slices.Clone(c.kinds), i, i+1)
	c.names = slices.Delete(slices.Clone(c.names), i, i+1)
	return c
}
