package backtrack

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Limits of a program.
const (
	// MaxInstructions is the largest program, in instructions of 32 bytes: a
	// megabyte of literal text fits, and no pattern takes more than 128 MiB.
	MaxInstructions = 1 << 22
	// MaxDepth is the deepest tree, in nested nodes; the compiler recurses,
	// and the depth bounds its stack to some tens of megabytes.
	MaxDepth = 100_000
	// MaxSetBytes is the room for tables of character sets, in bytes; sets
	// that are equal share a table.
	MaxSetBytes = 256 << 20
	// setBytes is about what a table takes.
	setBytes = 300
)

// A LimitError says that a pattern would make a program beyond a limit.
type LimitError struct {
	Limit string // the constant's name
	Value int    // its value
	Span  syntax.Span
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("pattern at offset %d: program too large: expected at most %d (%s)", e.Span.Start, e.Value, e.Limit)
}

// Compile makes a program of a parsed pattern. The error is a *LimitError.
func Compile(re *syntax.Regexp) (*Program, error) {
	return assemble(newCompiler(re))
}

func assemble(c *compiler) (*Program, error) {
	re := c.re
	if err := c.survey(re.Root, 0); err != nil {
		return nil, err
	}
	c.layout()
	if err := c.node(re.Root); err != nil {
		return nil, err
	}
	c.emit(opMatch, 0, 0, 0)
	c.link()
	if c.err != nil {
		return nil, c.err
	}
	return c.p, nil
}

// A compiler turns one tree into one program.
type compiler struct {
	p       *Program
	re      *syntax.Regexp
	dialect corpus.Dialect
	widths  widths
	span    syntax.Span // of the node being compiled
	err     error       // the first limit passed

	called  map[int]bool            // groups that are called
	popped  map[int]bool            // groups that a balancing group pops
	counted map[*syntax.Node][2]int // for repeats: the range of groups inside, [lo, hi)
	entry   map[int]int32           // first instruction of each group
	calls   []int                   // call instructions to link

	bySet   map[outline][]int32
	byTable map[*charset.Range]int32
	sets    []charset.Set // as c.p.sets, uncompiled
	back    bool          // compiling for a run from right to left
	alt     int32         // slot with the height of the innermost alternation that (*THEN) means, or -1
	altPC   int32         // where that alternation begins
	open    []group       // capture groups open since the innermost assertion

	early map[*syntax.Node]early // for a model: loops that remember where they ended
}

// An open group: its number and the slot of where it was entered.
type group struct {
	index int
	slot  int32
}

func newCompiler(re *syntax.Regexp) *compiler {
	d := re.Pattern.Dialect
	if d == "" {
		d = corpus.PCRE
	}
	p := &Program{re: re, groups: max(1, len(re.Groups)), restoreCaps: d != corpus.Ruby}
	p.backward = re.Flags.Has(corpus.RightToLeft)
	p.anchored = re.Flags&(corpus.Anchored|corpus.Sticky) != 0
	p.looseX, p.leaky = d == corpus.PCRE, d == corpus.Java
	p.keepWithin = d == corpus.Ruby
	p.skipCRLF = re.Options.SkipCRLF && !p.backward
	switch {
	case re.Options.NotEmpty:
		p.notEmpty = neverEmpty
	case re.Options.NotEmptyAtStart:
		p.notEmpty = notEmptyAtStart
	}
	p.fold = foldingOf(d, re.Unit, re.Flags)
	return &compiler{
		p: p, re: re, dialect: d,
		widths:  widths{re: re, known: map[*syntax.Node]width{}, busy: map[*syntax.Node]bool{}},
		called:  map[int]bool{},
		popped:  map[int]bool{},
		counted: map[*syntax.Node][2]int{},
		entry:   map[int]int32{},
		bySet:   map[outline][]int32{},
		byTable: map[*charset.Range]int32{},
		back:    p.backward,
		alt:     -1,
	}
}

// survey looks at the whole tree before any of it is compiled.
func (c *compiler) survey(n *syntax.Node, depth int) error {
	if depth > MaxDepth {
		return &LimitError{"MaxDepth", MaxDepth, n.Span}
	}
	lo, hi := 0, 0
	see := func(a, b int) {
		if b > a {
			if hi == 0 {
				lo, hi = a, b
			}
			lo, hi = min(lo, a), max(hi, b)
		}
	}
	switch n.Op {
	case syntax.OpCall:
		c.called[n.Index] = true
	case syntax.OpBalance:
		if len(n.Refs) > 0 {
			c.popped[n.Refs[0]] = true
		}
	case syntax.OpVerb:
		c.p.verbs = true
		c.widths.accept = c.widths.accept || n.Verb == syntax.VerbAccept
	}
	if (n.Op == syntax.OpGroup || n.Op == syntax.OpBalance) && n.Index > 0 {
		c.p.groups = max(c.p.groups, n.Index+1)
		see(n.Index, n.Index+1)
	}
	for _, sub := range n.Sub {
		if err := c.survey(sub, depth+1); err != nil {
			return err
		}
		if r, ok := c.counted[sub]; ok {
			see(r[0], r[1])
		}
	}
	if hi > lo {
		c.counted[n] = [2]int{lo, hi}
	}
	return nil
}

// layout gives the slots of the captures their places.
func (c *compiler) layout() {
	c.p.slots = slotCaps + 2*c.p.groups
	c.p.chain = make([]int32, c.p.groups)
	for g := range c.p.chain {
		c.p.chain[g] = -1
		if c.popped[g] {
			c.p.chain[g] = c.slot(1)
		}
	}
}

// link points calls at the groups they call. A call to a group that is not in
// the tree fails.
func (c *compiler) link() {
	for _, pc := range c.calls {
		in := &c.p.code[pc]
		if in.b == 0 {
			in.a = 0
			continue
		}
		at, ok := c.entry[int(in.b)]
		if !ok {
			*in = inst{op: opFail}
			continue
		}
		in.a = at
	}
	c.fuse()
}

// slot reserves n slots side by side.
func (c *compiler) slot(n int) int32 {
	k := c.p.slots
	c.p.slots += n
	return int32(k)
}

// emit appends an instruction. Past the limit it only remembers the error:
// the tree is finite, so compilation ends.
func (c *compiler) emit(op opcode, a, b, d int32) int {
	if len(c.p.code) >= MaxInstructions {
		if c.err == nil {
			c.err = &LimitError{"MaxInstructions", MaxInstructions, c.span}
		}
		c.p.code[len(c.p.code)-1] = inst{op: op, a: a, b: b, c: d}
		return len(c.p.code) - 1
	}
	c.p.code = append(c.p.code, inst{op: op, a: a, b: b, c: d})
	c.p.spans = append(c.p.spans, c.span)
	return len(c.p.code) - 1
}

// pc is where the next instruction will stand.
func (c *compiler) pc() int32 { return int32(len(c.p.code)) }

func (c *compiler) set(s charset.Set) int32 {
	rs := s.Ranges()
	if len(rs) > 0 {
		if k, ok := c.byTable[&rs[0]]; ok {
			return k
		}
	}
	key := outlineOf(rs)
	for _, k := range c.bySet[key] {
		if c.sets[k].Equal(s) {
			c.remember(rs, k)
			return k
		}
	}
	if (len(c.p.sets)+1)*setBytes > MaxSetBytes && c.err == nil {
		c.err = &LimitError{"MaxSetBytes", MaxSetBytes, c.span}
	}
	if c.err != nil {
		return 0
	}
	k := int32(len(c.p.sets))
	c.p.sets = append(c.p.sets, newSet(s))
	c.sets = append(c.sets, s)
	c.bySet[key] = append(c.bySet[key], k)
	c.remember(rs, k)
	return k
}

// An outline tells most sets apart: the number of ranges, the first and the last.
type outline struct {
	ranges      int
	first, last charset.Range
}

func outlineOf(rs []charset.Range) outline {
	if len(rs) == 0 {
		return outline{}
	}
	return outline{len(rs), rs[0], rs[len(rs)-1]}
}

// remember keeps the number of a set by its table, which nodes share: a set of
// hundreds of ranges is not compared again for each.
func (c *compiler) remember(table []charset.Range, k int32) {
	if len(table) > 0 {
		c.byTable[&table[0]] = k
	}
}

func (c *compiler) list(groups []int) int32 {
	l := make([]int32, 0, len(groups))
	for _, g := range groups {
		if g >= 0 && g < c.p.groups {
			l = append(l, int32(g))
		}
	}
	c.p.refs = append(c.p.refs, l)
	return int32(len(c.p.refs) - 1)
}

// node compiles n: code that goes on after itself when n matches.
func (c *compiler) node(n *syntax.Node) error {
	if c.err != nil {
		return c.err
	}
	outer := c.span
	c.span = n.Span
	defer func() { c.span = outer }()
	switch n.Op {
	case syntax.OpEmpty, syntax.OpCallout:
	case syntax.OpFail:
		c.emit(opFail, 0, 0, 0)
	case syntax.OpSet:
		c.character(n.Set)
	case syntax.OpConcat:
		return c.concat(n.Sub)
	case syntax.OpAlternate:
		return c.alternate(n.Sub)
	case syntax.OpRepeat:
		return c.repeat(n)
	case syntax.OpGroup:
		return c.group(n)
	case syntax.OpBalance:
		return c.balance(n)
	case syntax.OpAtomic:
		return c.atomic(func() error { return c.node(n.Sub[0]) })
	case syntax.OpLook:
		return c.look(n)
	case syntax.OpAssert:
		c.assert(n)
	case syntax.OpBackref:
		c.backref(n)
	case syntax.OpConditional:
		return c.conditional(n)
	case syntax.OpCall:
		c.calls = append(c.calls, c.emit(opCall, 0, int32(n.Index), 0))
	case syntax.OpVerb:
		c.verb(n)
	case syntax.OpKeep:
		c.emit(opKeep, 0, 0, 0)
	case syntax.OpGrapheme:
		c.emit(opGrapheme, 0, 0, 0)
	case syntax.OpScriptRun:
		return c.scriptRun(n)
	case syntax.OpAbsent:
		return c.absent(n)
	}
	return nil
}

func (c *compiler) character(s charset.Set) {
	rs := s.Ranges()
	switch {
	case len(rs) == 0:
		c.emit(opFail, 0, 0, 0)
	case len(rs) == 1 && rs[0].Lo == rs[0].Hi:
		c.emit(c.way(opChar, opCharBack), rs[0].Lo, 0, 0)
	default:
		c.emit(c.way(opSet, opSetBack), c.set(s), 0, 0)
	}
}

// way picks the instruction for the direction of matching.
func (c *compiler) way(forward, back opcode) opcode {
	if c.back {
		return back
	}
	return forward
}

func (c *compiler) concat(subs []*syntax.Node) error {
	for i := range subs {
		sub := subs[i]
		if c.back {
			sub = subs[len(subs)-1-i]
		}
		if err := c.node(sub); err != nil {
			return err
		}
	}
	return nil
}

// alternate tries each alternative in order. When the pattern has verbs, a
// slot holds the stack height at which the current alternative began, for
// (*THEN).
func (c *compiler) alternate(subs []*syntax.Node) error {
	return c.alternatives(len(subs), func(i int) error { return c.node(subs[i]) })
}

func (c *compiler) alternatives(n int, alternative func(i int) error) error {
	alt, altPC := c.alt, c.altPC
	defer func() { c.alt, c.altPC = alt, altPC }()
	if c.p.verbs {
		c.alt, c.altPC = c.slot(1), c.pc()
	}
	var ends []int
	for i := range n {
		last := i == n-1
		try := -1
		if !last {
			try = c.emit(opTry, 0, 0, 0)
		}
		if c.p.verbs {
			c.emit(opAtomic, c.alt, 0, 0)
		}
		if err := alternative(i); err != nil {
			return err
		}
		if !last {
			ends = append(ends, c.emit(opJump, 0, 0, 0))
			c.p.code[try].a = c.pc()
		}
	}
	if n == 0 {
		c.emit(opFail, 0, 0, 0)
	}
	c.land(ends)
	return nil
}

// land makes jumps go to the next instruction.
func (c *compiler) land(jumps []int) {
	for _, j := range jumps {
		c.p.code[j].a = c.pc()
	}
}

func (c *compiler) group(n *syntax.Node) error {
	if n.Index == 0 {
		return c.node(n.Sub[0])
	}
	entry := c.pc()
	if _, ok := c.entry[n.Index]; !ok {
		c.entry[n.Index] = entry
	}
	slot := c.slot(1)
	c.emit(opMark, slot, 0, 0)
	c.open = append(c.open, group{n.Index, slot})
	if err := c.node(n.Sub[0]); err != nil {
		return err
	}
	c.open = c.open[:len(c.open)-1]
	c.close(n.Index, slot)
	if c.called[n.Index] {
		c.emit(opReturn, int32(n.Index), entry, 0)
	}
	return nil
}

func (c *compiler) close(index int, slot int32) {
	op := c.way(opClose, opCloseBack)
	if c.p.chain[index] >= 0 {
		op = opClosePush
	}
	c.emit(op, int32(index), slot, 0)
}

// balance is .NET's (?<a-b>…): the end pops a capture of b and, when a is
// given, captures what lies between the two.
func (c *compiler) balance(n *syntax.Node) error {
	slot := c.slot(1)
	c.emit(opMark, slot, 0, 0)
	if err := c.node(n.Sub[0]); err != nil {
		return err
	}
	if len(n.Refs) == 0 || n.Refs[0] >= c.p.groups || n.Refs[0] < 0 {
		c.emit(opFail, 0, 0, 0)
		return nil
	}
	c.emit(opBalance, int32(n.Refs[0]), slot, int32(n.Index))
	return nil
}

func (c *compiler) atomic(body func() error) error {
	slot := c.slot(1)
	c.emit(opAtomic, slot, 0, 0)
	if err := body(); err != nil {
		return err
	}
	c.emit(opCut, slot, 0, 0)
	return nil
}

func (c *compiler) assert(n *syntax.Node) {
	switch n.Assert {
	case syntax.BeginText:
		c.emit(opBegin, 0, 0, 0)
	case syntax.EndText:
		c.emit(opEnd, 0, 0, 0)
	case syntax.SearchStart:
		c.emit(opSearchStart, 0, 0, 0)
	case syntax.WordBoundary, syntax.NotWordBoundary, syntax.WordStart, syntax.WordEnd:
		c.emit(opWord, c.set(n.Set), int32(n.Assert), 0)
	default:
		if !n.CRLF {
			c.line(n)
			return
		}
		c.p.edges = append(c.p.edges, edge{n.Assert, n.CRLF, c.dialect == corpus.PCRE, c.set(n.Set)})
		c.emit(opEdge, int32(len(c.p.edges)-1), 0, 0)
	}
}

// line compiles an assertion about newlines of one character.
func (c *compiler) line(n *syntax.Node) {
	switch n.Assert {
	case syntax.EndTextOptional:
		c.emit(opEndOrLast, c.set(n.Set), 0, 0)
	case syntax.EndLine:
		c.emit(opLineEnd, c.set(n.Set), 0, 0)
	case syntax.BeginLine:
		c.emit(opLineBegin, c.set(n.Set), 0, 0)
	case syntax.BeginLineNotEnd:
		c.emit(opLineBegin, c.set(n.Set), 1, 0)
	}
}

func (c *compiler) backref(n *syntax.Node) {
	var flags int32
	if n.Fold {
		flags |= refFold
	}
	if n.UnsetEmpty {
		flags |= refUnsetEmpty
	}
	c.emit(c.way(opBackref, opBackrefBack), c.list(n.Refs), flags, 0)
}

// verb compiles a verb. (*ACCEPT) first closes the groups that are open
// within the innermost assertion.
func (c *compiler) verb(n *syntax.Node) {
	if n.Verb == syntax.VerbAccept {
		for i := len(c.open) - 1; i >= 0; i-- {
			c.close(c.open[i].index, c.open[i].slot)
		}
		c.emit(opAccept, 0, 0, 0)
		return
	}
	c.p.marks = append(c.p.marks, verb{n.Verb, n.Name, c.alt, c.altPC})
	c.emit(opVerb, int32(len(c.p.marks)-1), 0, 0)
}

// scriptRun checks what the body matched; without code points anything is a
// script run.
func (c *compiler) scriptRun(n *syntax.Node) error {
	if c.re.Unit == syntax.Byte {
		return c.node(n.Sub[0])
	}
	if c.p.scripts == nil {
		c.p.scripts = newScripts()
	}
	slot := c.slot(1)
	c.emit(opMark, slot, 0, 0)
	if err := c.node(n.Sub[0]); err != nil {
		return err
	}
	c.emit(opScriptRun, slot, 0, 0)
	return nil
}

// absent is Onigmo's (?~X): the longest text without a match of X inside,
// shorter ones on backtracking. The body is tried from every offset, each of
// its matches bounds the text.
func (c *compiler) absent(n *syntax.Node) error {
	slot := c.slot(2)
	begin := c.emit(opAbsent, slot, 0, 0)
	next := c.emit(opAbsentNext, slot, 0, 0)
	if err := c.node(n.Sub[0]); err != nil {
		return err
	}
	c.emit(opAbsentHit, slot, 0, 0)
	c.p.code[begin].b = c.pc()
	c.p.code[next].b = c.pc()
	return nil
}
