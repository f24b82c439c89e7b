package lsp

import (
	"container/list"
	"fmt"
	"sync"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// maxCached is the number of verdicts that are kept: the largest rule sets
// have below 5,000 patterns, each under at most three sets of flags, and a
// verdict is some kilobytes.
const maxCached = 16_384

// A cache keeps verdicts by what they depend on; the one that was not asked
// for the longest goes first.
type cache struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of entries, the newest first
}

type entry struct {
	key string
	v   verdict.Verdict
}

func newCache() *cache { return &cache{byKey: map[string]*list.Element{}, order: list.New()} }

// key is everything that a verdict depends on, its place left out.
func key(p corpus.Pattern, o verdict.Options) string {
	p.Source, p.ID = corpus.Source{}, ""
	return fmt.Sprintf("%#v %#v", p, o)
}

// get is the verdict of a pattern, as if it had been made for this very place.
func (c *cache) get(p corpus.Pattern, o verdict.Options) (v verdict.Verdict, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key(p, o)]
	if !ok {
		return v, false
	}
	c.order.MoveToFront(e)
	kept, _ := e.Value.(entry)
	v = kept.v
	v.Pattern = p
	return v, true
}

func (c *cache) put(p corpus.Pattern, o verdict.Options, v verdict.Verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := key(p, o)
	if e, ok := c.byKey[k]; ok {
		e.Value = entry{k, v}
		return
	}
	c.byKey[k] = c.order.PushFront(entry{k, v})
	if c.order.Len() > maxCached {
		last := c.order.Back()
		if old, ok := c.order.Remove(last).(entry); ok {
			delete(c.byKey, old.key)
		}
	}
}
