package nfa

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Lower turns a parsed pattern into its automaton. It fails with a
// *LimitError or an *UnsupportedError.
func Lower(re *syntax.Regexp) (*Automaton, error) { return lowered(findPins(re)) }

// lowered is the automaton of a pattern over its own alphabet.
func lowered(p *pins, options ...func(*lowering)) (*Automaton, error) {
	classes, err := newAlphabet(p)
	if err != nil {
		return nil, err
	}
	return lower(p, classes, append(options, whole)...)
}

// whole says that the tree is all of the pattern, and not the body of a
// lookaround.
func whole(l *lowering) { l.unset = unset(l.re) }

// LowerGlobal is the automaton of replacing or finding every match: behind a
// match the search starts anew, one character further on if the match was
// empty. A match is a region: what has lower priority is given up with it. Its
// runs mean something only as far as they are explored.
func LowerGlobal(re *syntax.Regexp) (*Automaton, error) {
	return lowered(findPins(re), func(l *lowering) { l.restart = true })
}

func lower(p *pins, classes *charset.Partition, options ...func(*lowering)) (*Automaton, error) {
	re := p.re
	a := &Automaton{Classes: classes, Unit: re.Unit, Search: -1}
	l := &lowering{re: re, measure: syntax.NewMeasure(re), a: a, masks: map[*charset.Range]charset.Mask{}, subs: map[int]*subroutine{}, numbers: map[*syntax.Node]uint8{}, remembered: map[*syntax.Node]*memory{}, walks: map[*syntax.Node]int32{}, foresights: map[*syntax.Node]*foresight{}, pins: p, pinnedText: map[int][]rune{}}
	for _, o := range options {
		o(l)
	}
	l.p.reject = re.Empty == syntax.RejectEmpty
	l.all = classes.All()
	if re.Flags.Has(corpus.RightToLeft) {
		return nil, &UnsupportedError{Construct{"right-to-left matching", re.Root.Span}}
	}
	l.program()
	if l.err != nil {
		return nil, l.err
	}
	l.p.findAsked(l.all)
	if err := removeEpsilon(&l.p, a, l.entered); err != nil {
		return nil, err
	}
	return a, nil
}

type lowering struct {
	re      *syntax.Regexp
	measure *syntax.Measure
	a       *Automaton
	p       program
	all     charset.Mask
	masks   map[*charset.Range]charset.Mask
	subs    map[int]*subroutine
	loops   []int32 // the unbounded repeats around the current node
	in      Place
	copy    int32 // the end of the copy in hand, 0 for none
	// restart says that a match is followed by another search.
	restart bool
	// entered says that the pattern may be entered behind any character.
	entered bool
	// regions are the bodies around the current node, by number; numbers
	// belong to the tree's nodes, so that copies of a body share theirs.
	regions Regions
	numbers map[*syntax.Node]uint8
	// foresee says that lookaheads are followed by automata beside the states;
	// foresights are those of bodies, nil where there is none.
	foresee    bool
	foresights map[*syntax.Node]*foresight
	// walks are the numbers of the walks of lookbehinds, -1 where there is none.
	walks map[*syntax.Node]int32
	// remembered are the memories of lookbehinds, nil where there is none.
	remembered map[*syntax.Node]*memory
	// pins are the groups with few texts, pinnedText those in force.
	pins       *pins
	pinnedText map[int][]rune
	// unset are the references to groups that are not set there; nil in the body
	// of a lookaround.
	unset map[*syntax.Node]bool
	err   error
	// accept is the instruction that reports a match.
	accept int32
	dead   int32
}

// A subroutine is a group that is called: its body once, and where its calls
// return to.
type subroutine struct{ entry, returns int32 }

// program builds the ε-automaton for the pattern's mode.
func (l *lowering) program() {
	mode := l.re.Pattern.Mode
	l.dead = l.emit(instruction{op: opDead})
	l.accept = l.emit(instruction{op: opAccept})
	if mode == corpus.Full {
		l.accept = l.guarded(guard{[]branch{{look{l.all, true}, []look{{edge: true}}}}}, l.accept)
	}
	l.a.Global = mode == corpus.Global
	if l.restart {
		l.global()
		return
	}
	l.a.NoPrune = l.a.Global
	start := l.node(l.re.Root, l.accept)
	l.p.start, l.p.search = start, -1
	if (mode == corpus.Search || mode == corpus.Global || mode == "") && !l.re.Flags.Has(corpus.Anchored) && !l.re.Flags.Has(corpus.Sticky) {
		loop := l.emit(instruction{op: opAlt})
		again := l.emit(instruction{op: opChar, mask: l.all, next: loop, atom: -1})
		l.p.code[loop].alts = []int32{start, again}
		l.p.start, l.p.search = loop, loop
	}
}

// global builds the search for every match.
func (l *lowering) global() {
	const number = 0
	l.numbers[nil] = number
	id := int32(len(l.a.Loops))
	l.a.Loops = append(l.a.Loops, Loop{l.re.Root.Span, 0, syntax.Infinite})
	enter := l.emit(instruction{op: opEnter, loop: id})
	step := l.emit(instruction{op: opChar, mask: l.all, next: enter, atom: -1})
	leave := l.emit(instruction{op: opLeave, loop: id, head: enter, next: step, keep: true})
	l.regions = 1 << number
	l.accept = l.emit(instruction{op: opExit, region: number, next: leave})
	l.a.Ends[number] = l.accept
	loop := l.emit(instruction{op: opAlt})
	again := l.emit(instruction{op: opChar, mask: l.all, next: loop, atom: -1})
	start := l.node(l.re.Root, l.accept)
	l.p.code[loop].alts = []int32{start, again}
	l.p.code[enter].next = loop
	l.regions = 0
	l.p.start, l.p.search = enter, loop
}

// part is a part of the pattern as a pattern of its own, read from left to right
// and unanchored.
func (l *lowering) part(root *syntax.Node, mode corpus.Mode) *syntax.Regexp {
	re := *l.re
	re.Root = root
	re.Pattern.Mode = mode
	re.Flags &^= corpus.Anchored | corpus.Sticky | corpus.RightToLeft
	return &re
}

// region builds the body of a node that accepts by itself, with the
// instruction behind its end. ok is false when the regions are used up.
func (l *lowering) region(n *syntax.Node, next int32) (pc int32, number uint8, ok bool) {
	number, found := l.numbers[n]
	if !found {
		if len(l.numbers) == MaxRegions {
			return l.node(n.Sub[0], next), 0, false
		}
		number = uint8(len(l.numbers))
		l.numbers[n] = number
	} else {
		l.a.Copied |= 1 << number
	}
	before := l.regions
	l.regions |= 1 << number
	exit := l.emit(instruction{op: opExit, region: number, next: next})
	l.a.Ends[number] = exit
	pc = l.node(n.Sub[0], exit)
	l.regions = before
	return pc, number, true
}

// emit adds an instruction in the regions of the current node.
func (l *lowering) emit(in instruction) int32 {
	in.in = l.regions
	return l.p.add(in)
}

func (l *lowering) fail(err error) int32 {
	if l.err == nil {
		l.err = err
	}
	return l.dead
}

func (l *lowering) nullable(n *syntax.Node) bool { return l.measure.Min(n) == 0 }

// alternate builds alternatives, over a coarse alphabet with its symbols joined.
func (l *lowering) alternate(subs []*syntax.Node, next int32) int32 {
	alts := make([]int32, len(subs))
	if !l.a.Classes.Coarse {
		for i, sub := range subs {
			alts[i] = l.node(sub, next)
		}
		return l.emit(instruction{op: opAlt, alts: alts})
	}
	subs, counts := symbols(subs)
	alts = alts[:len(subs)]
	for i, sub := range subs {
		alts[i] = l.pass(counts[i]*4, l.node(sub, next))
	}
	return l.emit(instruction{op: opAlt, alts: alts})
}

// exact reports whether the classes of a set hold no other characters: those of
// a coarse alphabet may.
func (l *lowering) exact(s charset.Set) bool {
	if !l.a.Classes.Coarse {
		return true
	}
	n := 0
	for class := range l.mask(s).All {
		n += l.a.Classes.Class(class).Len()
	}
	return n == s.Len()
}

func (l *lowering) mask(s charset.Set) charset.Mask {
	r := s.Ranges()
	if len(r) == 0 {
		return charset.Mask{}
	}
	m, found := l.masks[&r[0]]
	if !found {
		m = l.a.Classes.Mask(s)
		l.masks[&r[0]] = m
	}
	return m
}

// node builds the instructions of n in front of next, and returns the first.
func (l *lowering) node(n *syntax.Node, next int32) int32 {
	if l.err != nil {
		return l.dead
	}
	if len(l.p.code) > maxInstructions {
		return l.fail(&LimitError{"instructions", maxInstructions})
	}
	switch n.Op {
	case syntax.OpEmpty, syntax.OpCallout:
		return next
	case syntax.OpKeep:
		return l.pass(1, next)
	case syntax.OpFail:
		return l.dead
	case syntax.OpSet:
		pc := l.char(l.mask(n.Set), n.Span, next)
		if !l.exact(n.Set) {
			pc = l.over("one of very many characters", n.Span, pc)
		}
		return pc
	case syntax.OpConcat:
		return l.sequence(n.Sub, next)
	case syntax.OpAlternate:
		return l.alternate(n.Sub, next)
	case syntax.OpRepeat:
		return l.repeat(n, next)
	case syntax.OpGroup:
		if n.Index == 0 {
			return l.node(n.Sub[0], next)
		}
		return l.pass(1, l.node(n.Sub[0], l.pass(1, next)))
	case syntax.OpAssert:
		return l.assert(n, next)
	case syntax.OpLook:
		return l.look(n, next)
	case syntax.OpAtomic:
		return l.atomic(n, next)
	case syntax.OpBackref:
		return l.backref(n, next)
	case syntax.OpCall:
		return l.call(n, next)
	case syntax.OpConditional:
		return l.conditional(n, next)
	case syntax.OpVerb:
		l.a.NoPrune = true
		if n.Verb == syntax.VerbAccept {
			next = l.accept
		}
		return l.over("verb", n.Span, next)
	case syntax.OpGrapheme:
		return l.grapheme(n, next)
	case syntax.OpAbsent:
		return l.absent(n, next)
	case syntax.OpBalance:
		return l.node(n.Sub[0], l.over("balancing group", n.Span, next))
	case syntax.OpScriptRun:
		return l.node(n.Sub[0], l.over("script run", n.Span, next))
	}
	return l.fail(&UnsupportedError{Construct{"an unknown construct", n.Span}})
}

// sequence builds nodes in order in front of next.
func (l *lowering) sequence(nodes []*syntax.Node, next int32) int32 {
	if len(l.pins.texts) > 0 {
		for i, n := range nodes {
			if group := l.pins.find(n, nodes[i+1:]); group > 0 {
				return l.sequence(nodes[:i], l.pin(n, group, func() int32 { return l.sequence(nodes[i+1:], next) }))
			}
		}
	}
	for _, n := range slices.Backward(nodes) {
		next = l.node(n, next)
	}
	return next
}

func (l *lowering) char(m charset.Mask, span syntax.Span, next int32) int32 {
	if m.IsEmpty() {
		return l.dead
	}
	in := instruction{op: opChar, mask: m, next: next, atom: l.atom(span)}
	// What is spent behind the character is paid where it is tried, so that a
	// state stands behind every mark that it can.
	for l.p.code[in.next].op == opPass {
		in.cost += l.p.code[in.next].cost
		in.next = l.p.code[in.next].next
	}
	return l.emit(in)
}

// pass adds steps that a matcher spends on its way to next.
func (l *lowering) pass(steps int, next int32) int32 {
	return l.emit(instruction{op: opPass, cost: float64(steps) * step, next: next})
}

func (l *lowering) atom(span syntax.Span) int32 {
	// The slice of loops is shared: it is never changed in place.
	l.a.Atoms = append(l.a.Atoms, Atom{span, l.loops, l.in, l.copy})
	return int32(len(l.a.Atoms) - 1)
}

func (l *lowering) guarded(g guard, next int32) int32 {
	l.p.guards = append(l.p.guards, g)
	return l.emit(instruction{op: opGuard, guard: int32(len(l.p.guards) - 1), next: next})
}

func (l *lowering) over(name string, span syntax.Span, next int32) int32 {
	c := Construct{name, span}
	known := false
	for _, o := range l.a.Over {
		known = known || o == c
	}
	if !known {
		l.a.Over = append(l.a.Over, c)
	}
	return l.emit(instruction{op: opOver, next: next})
}

func (l *lowering) assert(n *syntax.Node, next int32) int32 {
	if n.Assert == syntax.SearchStart && l.a.Global {
		return l.over(`\G`, n.Span, next)
	}
	if l.lineStart(n) {
		next = l.over("line start behind \\r\\n", n.Span, next)
	}
	return l.guarded(l.assertion(n), next)
}

// lineStart reports whether a line may only begin behind \r\n: a guard asks
// about one character before it, and takes every \n for one.
func (l *lowering) lineStart(n *syntax.Node) bool {
	return n.CRLF && !n.Set.Contains('\n') && (n.Assert == syntax.BeginLine || n.Assert == syntax.BeginLineNotEnd)
}

func (l *lowering) assertion(n *syntax.Node) guard {
	var cr, lf charset.Mask
	if n.CRLF {
		cr = charset.Bit(l.a.Classes.Of('\r'))
		lf = charset.Bit(l.a.Classes.Of('\n'))
	}
	// PCRE2 lets a line begin and end between the characters of \r\n.
	return assertGuard(n, l.mask(n.Set), cr, lf, l.all, l.re.Pattern.Dialect == corpus.PCRE)
}

// inside builds a part of the pattern with the given surroundings.
func (l *lowering) inside(place Place, build func() int32) int32 {
	before := l.in
	l.in |= place
	pc := build()
	l.in = before
	return pc
}

// looping builds the body of an unbounded repeat.
func (l *lowering) looping(n *syntax.Node, build func() int32) int32 {
	before := l.loops
	l.a.Loops = append(l.a.Loops, Loop{n.Span, n.Min, n.Max})
	l.loops = append(append(make([]int32, 0, len(before)+1), before...), int32(len(l.a.Loops)-1))
	pc := build()
	l.loops = before
	return pc
}
