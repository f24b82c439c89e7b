package lsp

import (
	"container/list"
	"fmt"
	"sync"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// maxCached is the number of rows that are kept: the largest rule sets have
// below 5,000 patterns, each under at most three sets of flags, and a row is
// some kilobytes.
const maxCached = 16_384

// A cache keeps rows by what they depend on; the one that was not asked for the
// longest goes first.
type cache struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of entries, the newest first
}

type entry struct {
	key string
	row gate.Row
}

func newCache() *cache { return &cache{byKey: map[string]*list.Element{}, order: list.New()} }

// key is everything that a row depends on: the pattern without its place and
// name, and what the policy makes of it.
func key(p corpus.Pattern, pol policy.Policy) string {
	p.Source, p.ID, p.Context.Exemption = corpus.Source{}, "", nil
	engines, limits := pol.Targets(p)
	return fmt.Sprintf("%#v %q %v %v", p, engines, limits, pol.Lines)
}

// get is the row of a pattern, as if it had been made for this very place.
func (c *cache) get(key string, p corpus.Pattern) (r gate.Row, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return r, false
	}
	c.order.MoveToFront(e)
	kept, _ := e.Value.(entry)
	r = kept.row
	r.Verdict.Pattern = p
	return r, true
}

func (c *cache) put(key string, r gate.Row) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		e.Value = entry{key, r}
		return
	}
	c.byKey[key] = c.order.PushFront(entry{key, r})
	if c.order.Len() > maxCached {
		last := c.order.Back()
		if old, ok := c.order.Remove(last).(entry); ok {
			delete(c.byKey, old.key)
		}
	}
}
