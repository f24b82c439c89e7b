package lsp

import (
	"sync"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// maxMended is the number of patterns whose fixes are kept; when it is reached
// all are forgotten: they are asked for one at a time, by hand.
const maxMended = 1024

// mended keeps the fixes of patterns that were asked about.
type mended struct {
	mu    sync.Mutex
	byKey map[string][]verdict.Fix
}

func newMended() *mended { return &mended{byKey: map[string][]verdict.Fix{}} }

// of is the fix of a super-linear pattern, if any.
func (m *mended) of(v verdict.Verdict) []verdict.Fix {
	o := verdict.FixOptions{Options: verdict.Options{InputLimit: v.Pattern.Context.ByteLimit}, Use: verdict.UseOf(v.Pattern), Target: fix.RE2}
	k := key(v.Pattern, policy.Default())
	m.mu.Lock()
	fixes, ok := m.byKey[k]
	m.mu.Unlock()
	if ok {
		return fixes
	}
	fixes = verdict.Fixes(v, o)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.byKey) >= maxMended {
		clear(m.byKey)
	}
	m.byKey[k] = fixes
	return fixes
}
