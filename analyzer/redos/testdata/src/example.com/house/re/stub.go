// Package re is a house's own wrapper.
package re

import "time"

type Regexp struct{ Limit time.Duration }

type Cache struct{}

func Find(name, pattern string) *Regexp   { return new(Regexp) }
func (*Cache) Get(pattern string) *Regexp { return new(Regexp) }
