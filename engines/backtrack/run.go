package backtrack

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Budgets of a run that asks for none.
const (
	// DefaultSteps is about half a second of work: ten times what a replay
	// needs to tell one growth from another.
	DefaultSteps = 100_000_000
	// DefaultMemory is the room for the backtracking stack and call records,
	// in bytes: 16 frames a byte of a megabyte of subject.
	DefaultMemory = 256 << 20
)

// keepFrames is the largest stack a pooled Runner keeps, in frames: 4 MiB.
const keepFrames = 4 << 20 / frameBytes

// Options say how to run a program. The zero value searches as the pattern's
// mode says, with the default budgets.
type Options struct {
	// Mode is how the pattern is applied; "" is the pattern's own mode.
	Mode corpus.Mode
	// Start is the byte offset at which the search starts. For a pattern that
	// runs from right to left it counts back from the subject's end.
	Start int
	// Steps is the budget of steps, DefaultSteps when 0.
	Steps uint64
	// Memory is the budget of the backtracking stack in bytes, DefaultMemory
	// when 0.
	Memory int
	// Profile, when it has Program.Len elements, receives the steps spent in
	// each instruction, added to what it holds.
	Profile []uint64
}

// An Outcome is how a run ended.
type Outcome uint8

// The outcomes.
const (
	NoMatch       Outcome = iota
	Matched               //
	StepLimit             // the budget of steps was spent
	MemoryLimit           // the budget of memory was spent, or the subject is above MaxSubject
	BadSubject            // the subject is not valid in the pattern's encoding
	RecursionLoop         // a recursion came back to where it was without progress: PCRE2's error -52
)

// String is the outcome in words.
func (o Outcome) String() string {
	names := [...]string{"no match", "matched", "step limit", "memory limit", "bad subject", "recursion loop"}
	if int(o) < len(names) {
		return names[o]
	}
	return "unknown"
}

// A Result is what a run found and what it cost.
type Result struct {
	Outcome Outcome
	// Steps is the cost: every instruction and loop test, over all starts.
	// When a budget is spent it is at most one above it.
	Steps uint64
	// Caps are the byte offsets of the match and of each group, two each, -1
	// when unset; nil unless Matched. In Global mode those of the first match.
	// They stay valid until the Runner's next run.
	Caps []int
	// Matches is the number of matches: 0 or 1, more in Global mode.
	Matches int
}

// A Runner runs one program again and again without allocating. It serves
// one goroutine at a time.
type Runner struct {
	p *Program

	text  text
	stack []frame
	slots []int32
	seen  []uint32 // per slot: the last cut that kept a change of it
	caps  []int
	calls []call
	saved []int32 // slots at the time of each call
	pasts []past

	scriptOf map[rune]scriptBits // of characters in script runs, as far as seen

	generation  uint32
	left        int64 // steps of the budget not yet spent
	memory      int
	full        bool
	at          int32 // the start of the attempt; then come those step apart, up to last
	last, step  int32
	pc, pos, sp int // of match, between its calls
	searchStart int32
	profile     []uint64

	skipTo int32 // where (*SKIP) says to go on
	passed int   // (*SKIP:name) verbs met in this attempt, for ignoring
	ignore int   // how many of them to ignore
	end    int32 // where the match ended

	starts *starts // a model's choice of starts, nil in the reference
	// attempted is called after each attempt of a model, with what the profile
	// holds; nil for nothing.
	attempted func()
}

// NewRunner makes a Runner for p.
func (p *Program) NewRunner() *Runner {
	r := &Runner{
		p:     p,
		slots: make([]int32, p.slots),
		seen:  make([]uint32, p.slots),
		caps:  make([]int, 2*p.groups),
	}
	if p.scripts != nil {
		r.scriptOf = map[rune]scriptBits{}
	}
	r.reset()
	return r
}

// Run applies the program to subject.
func (p *Program) Run(subject []byte, o Options) Result {
	r, _ := p.pool.Get().(*Runner)
	if r == nil {
		r = p.NewRunner()
	}
	res := r.Run(subject, o)
	res.Caps = append([]int(nil), res.Caps...)
	if len(res.Caps) == 0 {
		res.Caps = nil
	}
	if len(r.stack) <= keepFrames {
		p.pool.Put(r)
	}
	return res
}

// Run applies the program to subject; the Result's Caps are r's own.
func (r *Runner) Run(subject []byte, o Options) Result {
	budget := int64(min(o.Steps, math.MaxInt64))
	if budget == 0 {
		budget = DefaultSteps
	}
	r.left, r.memory = budget, o.Memory
	if r.memory == 0 {
		r.memory = DefaultMemory
	}
	r.profile = nil
	if len(o.Profile) == len(r.p.code) {
		r.profile = o.Profile
	}
	if len(subject) > MaxSubject {
		return Result{Outcome: MemoryLimit}
	}
	if !r.text.decode(subject, r.p.re.Unit, r.p.re.Pattern.Dialect) {
		return Result{Outcome: BadSubject}
	}
	mode := o.Mode
	if mode == "" {
		mode = r.p.re.Pattern.Mode
	}
	start := r.text.index(max(0, min(o.Start, len(subject))))
	if r.p.backward {
		start = r.text.index(max(0, len(subject)-max(0, o.Start)))
	}
	if r.p.leaky {
		r.reset()
	}
	res := r.apply(mode, start)
	res.Steps = uint64(budget - r.left)
	if res.Matches > 0 && res.Outcome == Matched {
		res.Caps = r.caps
	}
	r.text.bytes = nil
	return res
}

// apply searches in the given mode from unit start on.
func (r *Runner) apply(mode corpus.Mode, start int32) Result {
	r.full = mode == corpus.Full
	once := mode == corpus.Match || mode == corpus.Full || r.p.anchored
	res := Result{}
	for {
		r.searchStart = start
		out, at := r.search(start, once)
		if out != Matched {
			if out != NoMatch || res.Matches == 0 {
				res.Outcome = out
			}
			return res
		}
		res.Outcome = Matched
		res.Matches++
		if res.Matches == 1 {
			r.capture(at)
		}
		end := r.end
		r.reset()
		if mode != corpus.Global {
			return res
		}
		start = r.after(start, at, end)
		if start < 0 || int(start) > r.text.n {
			return res
		}
	}
}

// after is where the search goes on behind a match from at to end: at its
// end, or one further when it is empty.
func (r *Runner) after(start, at, end int32) int32 {
	if r.p.backward {
		if end = min(end, start); end == at {
			end--
		}
		return end
	}
	if end = max(end, start); end == max(at, start) {
		end++
	}
	return end
}

// search tries every start from start on, or only the first. at is the start
// that matched.
func (r *Runner) search(start int32, once bool) (out Outcome, at int32) {
	last, step := int32(r.text.n), int32(1)
	if r.p.backward {
		last, step = 0, -1
	}
	if once {
		last = start
	}
	r.passed, r.ignore = 0, 0
	r.starts.reset(start)
	for at = start; (last-at)*step >= 0; {
		until := last
		if r.starts != nil {
			if at, out = r.starts.next(r, at, last); out != Matched {
				return out, at
			}
			until = at
		}
		out, at = r.attempt(at, until, step)
		r.passed = 0
		if r.attempted != nil {
			r.attempted()
		}
		switch out {
		case NoMatch:
			if until == last {
				return out, at
			}
		case endCommit:
			return NoMatch, at
		case endAgain:
			if once {
				return NoMatch, at
			}
			continue // the same start, with the (*SKIP:name) ignored
		case endSkip:
			if (r.skipTo-at)*step > 0 {
				at = r.skipTo - step
			}
		case endPrune:
		default:
			return out, at
		}
		if at += step; r.p.skipCRLF && r.text.between(int(at)) {
			at++
		}
		r.ignore = 0
	}
	return NoMatch, at
}

// grown is how match ends when the stack has moved, for it to be called again.
const grown Outcome = 99

// Ways for an attempt to end that only verbs know.
const (
	endCommit Outcome = 100 + iota // no further start
	endPrune                       // the next start
	endSkip                        // start at skipTo
	endAgain                       // the same start once more
)

// attempt tries to match at the starts from at on, until one matches or ends
// in a way of its own.
func (r *Runner) attempt(at, last, step int32) (out Outcome, end int32) {
	r.at, r.last, r.step = at, last, step
	r.pc, r.pos, r.sp = 0, int(at), 0
	for out = grown; out == grown; {
		switch r.text.width {
		case 2:
			out = match(r, r.text.words)
		case 4:
			out = match(r, r.text.runes)
		default:
			out = match(r, r.text.bytes)
		}
	}
	if out != NoMatch && out != Matched {
		r.reset()
	}
	return out, r.at
}

// refusesEmpty reports whether the pattern forbids an empty match here
// (PCRE2's NOTEMPTY and NOTEMPTY_ATSTART).
func (r *Runner) refusesEmpty(at, pos int32) bool {
	if k := r.slots[slotKeep]; k >= 0 {
		at = k
	}
	return at == pos && (r.p.notEmpty == neverEmpty || at == r.searchStart)
}

// capture keeps the captures of a match that began at unit at.
func (r *Runner) capture(at int32) {
	s := r.slots
	for i := range r.caps {
		r.caps[i] = r.text.offset(s[slotCaps+i])
	}
	begin, end := at, r.end
	if s[slotKeep] >= 0 {
		begin = s[slotKeep]
		if r.p.keepWithin {
			begin = min(begin, end)
		}
	}
	if r.p.backward {
		begin, end = end, begin
	}
	r.caps[0], r.caps[1] = r.text.offset(begin), r.text.offset(end)
}

// reset forgets the state of a match.
func (r *Runner) reset() {
	for i := range r.slots {
		r.slots[i] = -1
	}
	r.calls, r.saved, r.pasts = r.calls[:0], r.saved[:0], r.pasts[:0]
}
