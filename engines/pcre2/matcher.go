//go:build !nopcre2

package pcre2

import (
	"fmt"
	"unsafe"

	"github.com/nearmiss-dev/nearmiss/engines"
)

// A Matcher is a pattern compiled by PCRE2. It is not safe for concurrent
// use.
type Matcher struct {
	lib    *library
	jit    bool
	global bool
	utf    bool

	code, data, context, stack uintptr
	stackSize                  uint64
	limits                     engines.Limits
	ovector                    []uint
	caps                       []int
}

func (m *Matcher) compile(text string, options Options) error {
	pattern := append([]byte(text), 0)
	code, number, offset := m.lib.compile(pattern[:len(text)], uint32(options))
	if code == 0 {
		return &SyntaxError{number, offset, m.lib.message(number)}
	}
	m.code = code
	m.utf = m.lib.info(code, infoAllOptions)&uint32(utf) != 0
	if m.jit {
		if rc := m.lib.call("pcre2_jit_compile_8", code, jitComplete); int32(rc) != 0 {
			m.Close()
			return fmt.Errorf("%w: jit: %s", engines.ErrUnsupported, m.lib.message(int(int32(rc))))
		}
	}
	m.data = m.lib.call("pcre2_match_data_create_from_pattern_8", code, 0)
	m.context = m.lib.call("pcre2_match_context_create_8", 0)
	if m.data == 0 || m.context == 0 {
		m.Close()
		return fmt.Errorf("%w: out of memory", engines.ErrUnsupported)
	}
	at := m.lib.call("pcre2_get_ovector_pointer_8", m.data)
	n := uint32(m.lib.call("pcre2_get_ovector_count_8", m.data))
	m.ovector = unsafe.Slice((*uint)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), 2*n)
	m.caps = make([]int, 2*n)
	return nil
}

// Defaults of the library, set again when a limit is lifted.
const (
	defaultMatchLimit = 10_000_000
	defaultDepthLimit = 10_000_000
	defaultHeapLimit  = 20_000_000 // KiB
	jitStackStart     = 32 << 10   // bytes: what the JIT has without a stack of its own
)

func (m *Matcher) limit(l engines.Limits) {
	if l == m.limits {
		return
	}
	m.limits = l
	or := func(v, otherwise uint64) uintptr {
		if v == 0 {
			v = otherwise
		}
		return uintptr(min(v, 1<<32-1))
	}
	m.lib.call("pcre2_set_match_limit_8", m.context, or(l.Steps, defaultMatchLimit))
	m.lib.call("pcre2_set_depth_limit_8", m.context, or(l.Depth, defaultDepthLimit))
	m.lib.call("pcre2_set_heap_limit_8", m.context, or((l.Memory+1023)/1024, defaultHeapLimit))
	if m.jit && l.Memory != m.stackSize {
		m.freeStack()
		if l.Memory > 0 {
			size := uintptr(max(l.Memory, 1024))
			m.stack = m.lib.call("pcre2_jit_stack_create_8", min(size, jitStackStart), size, 0)
		}
		m.stackSize = l.Memory
		m.lib.call("pcre2_jit_stack_assign_8", m.context, 0, m.stack)
	}
}

func (m *Matcher) freeStack() {
	if m.stack != 0 {
		m.lib.call("pcre2_jit_stack_assign_8", m.context, 0, 0)
		m.lib.call("pcre2_jit_stack_free_8", m.stack)
		m.stack = 0
	}
}

// At searches once, from a byte offset, under the limits of the last Match.
func (m *Matcher) At(subject []byte, start int) engines.Outcome { return m.at(subject, start, 0) }

func (m *Matcher) at(subject []byte, start int, options uintptr) engines.Outcome {
	if !m.jit {
		options |= noJIT
	}
	rc := m.lib.match(m.code, subject, start, options, m.data, m.context)
	if rc < 0 {
		return m.state(rc)
	}
	caps := make([]int, len(m.ovector))
	for i, v := range m.ovector {
		caps[i] = int(v) // PCRE2_UNSET is the largest value: -1
	}
	return engines.Outcome{State: engines.Matched, Caps: caps}
}

// SmallestLimit is the smallest match limit under which one search of subject
// from its start does not end in StepLimit: the library's own deterministic
// count, the largest over the start offsets. It is at most most; ok is false
// when that is not enough.
func (m *Matcher) SmallestLimit(subject []byte, most uint64) (limit uint64, ok bool) {
	return m.smallest(most, func() engines.State { return m.At(subject, 0).State })
}

// TotalLimit is the sum over the start offsets that a search of subject tries
// of the smallest match limits of the match there, less one each: as many
// choices as the search makes in all. Starts that an anchor, written or found
// by the library, leaves out are left out. It is meant for subjects of up to a
// few hundred bytes; ok is false where one start needs more than most, and for
// the JIT, which does not match at one start alone.
func (m *Matcher) TotalLimit(subject []byte, most uint64) (total uint64, ok bool) {
	if m.jit {
		return 0, false
	}
	lines := m.lib.info(m.code, infoStartType) == startLine
	only := m.lib.info(m.code, infoAllOptions)&uint32(anchored) != 0
	for start := 0; start <= len(subject); start++ {
		switch {
		case start == 0:
		case only:
			return total, true
		case lines && subject[start-1] != '\n', m.utf && start < len(subject) && subject[start]&0xC0 == 0x80:
			continue
		}
		matched := false
		limit, ok := m.smallest(most, func() engines.State {
			state := m.at(subject, start, uintptr(anchored)).State
			matched = matched || state == engines.Matched
			return state
		})
		if !ok {
			return 0, false
		}
		total += limit - 1
		if matched {
			return total, true
		}
	}
	return total, true
}

// smallest is the smallest match limit under which a match does not end in
// StepLimit; ok is false when most is not enough.
func (m *Matcher) smallest(most uint64, match func() engines.State) (limit uint64, ok bool) {
	enough := func(l uint64) bool {
		m.limit(engines.Limits{Steps: l})
		return match() != engines.StepLimit
	}
	lo, hi := uint64(1), uint64(1)
	for !enough(hi) {
		if hi >= most {
			return 0, false
		}
		lo, hi = hi+1, min(2*hi, most)
	}
	for lo < hi {
		if mid := (lo + hi) / 2; enough(mid) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo, true
}

// Close frees the compiled pattern.
func (m *Matcher) Close() {
	if m.context != 0 {
		m.freeStack()
		m.lib.call("pcre2_match_context_free_8", m.context)
	}
	if m.data != 0 {
		m.lib.call("pcre2_match_data_free_8", m.data)
	}
	if m.code != 0 {
		m.lib.call("pcre2_code_free_8", m.code)
	}
	m.context, m.data, m.code, m.ovector = 0, 0, 0, nil
}
