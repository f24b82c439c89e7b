package nfa

import (
	"math"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
)

// removeEpsilon turns the ε-automaton into states and edges.
//
// A state is an instruction to go on from, with the signature of the previous
// character (as far as guards ask) and an obligation on the next ones. Its
// edges are the consuming instructions that ε-paths lead to, in priority
// order; paths to the same step are counted in Mult and keep the first place,
// since a later attempt is only made when the earlier one failed in the same
// way.
//
// entered asks for the states of entering the pattern behind each class too.
func removeEpsilon(p *program, a *Automaton, entered bool) error {
	c := &closer{p: p, a: a, all: a.Classes.All(), ids: map[position]int32{}, memo: map[config]*closed{}}
	c.obs = newObligations(c.all, p.aheads)
	c.settled = map[[2]int32]bool{}
	c.past = newHistories(p.signatures(a.Classes), p.memories)
	begin := int32(0)
	if p.anchor[p.start] || p.remember[p.start] {
		begin = c.past.begin(p.remember[p.start])
	}
	c.state(position{p.start, begin, 0})
	if entered {
		c.enter()
	}
	for i := 0; i < len(c.todo); i++ {
		if err := c.expand(c.todo[i], int32(i)); err != nil {
			return err
		}
		if len(p.aheads) > 0 && len(c.todo) > maxForeseen {
			return &LimitError{"states with lookaheads", maxForeseen}
		}
	}
	a.Pasts = c.pasts.list
	if p.search >= 0 {
		a.Search = c.searchState()
	}
	return nil
}

// A position is what a state stands for.
type position struct{ pc, sig, obl int32 }

// A config is a point of an ε-path: loops are the ones entered on the path
// without having consumed, as an index into closer.entered.
type config struct {
	position
	loops     int32
	left, not Regions
	past      int32 // places passed where a matcher may stop: an index into closer.pasts
}

// A closed config: its entries by priority and the steps to explore it.
type closed struct {
	entries  []entry
	arrivals []Arrival
	weight   float64
	active   bool
}

// An entry is an edge whose target is still a position.
type entry struct {
	edge Edge
	to   position
}

type closer struct {
	p   *program
	a   *Automaton
	obs *obligations
	all charset.Mask

	past *histories

	ids  map[position]int32
	todo []position
	memo map[config]*closed

	// settled says of pairs of places, in the order of an ε-path, whether a matcher
	// that gets to the first surely gets to the second.
	settled map[[2]int32]bool

	entered sets // loops entered without consuming
	pasts   sets // places passed where a matcher may stop
	visits  int
	kept    int // entries of all closed configs, shared ones counted again
}

// state is the number of a position, which is discovered if it is new.
func (c *closer) state(p position) int32 {
	id, found := c.ids[p]
	if !found {
		id = int32(len(c.todo))
		c.ids[p] = id
		c.todo = append(c.todo, p)
		c.a.States = append(c.a.States, State{})
	}
	return id
}

// enter makes the states in which the pattern is entered behind each class.
func (c *closer) enter() {
	p := c.p.start
	c.a.entry = make([]int32, c.a.Classes.Len())
	if !c.p.anchor[p] {
		return
	}
	for class := range c.a.Classes.Len() {
		c.past.step(0, charset.Bit(class), false, func(_ charset.Mask, sig int32) {
			c.a.entry[class] = c.state(position{p, sig, 0})
		})
	}
}

// searchState is the search loop's state after a character. With several
// signatures there are several; the first is as good as any, since they lead
// to each other.
func (c *closer) searchState() int32 {
	for id, p := range c.todo {
		if p.pc == c.p.search && id > 0 {
			return int32(id)
		}
	}
	return 0
}

func (c *closer) expand(p position, id int32) error {
	cl, err := c.close(config{position: p})
	if err != nil {
		return err
	}
	c.a.Edges += len(cl.entries)
	if c.a.Edges > maxEdges {
		return &LimitError{"edges", maxEdges}
	}
	out := make([]Edge, len(cl.entries))
	for i, e := range cl.entries {
		out[i] = e.edge
		out[i].To = -1
		if e.edge.Kind == Step || e.edge.Kind == Ghost {
			out[i].To = c.state(e.to)
		}
	}
	c.a.States[id] = State{Out: out, Weight: cl.weight, In: c.p.code[p.pc].in, Arrivals: cl.arrivals, Copy: c.p.copyAt(p.pc)}
	return nil
}

// copyAt is the end of the copy that an instruction stands in, or right before
// with nothing but conditions between; 0 for none.
func (p *program) copyAt(pc int32) int32 {
	for {
		switch in := &p.code[pc]; in.op {
		case opGuard, opBehind, opAhead, opNot, opOver:
			pc = in.next
		default:
			return in.copy
		}
	}
}

// signatures partitions the classes by the questions guards ask about the
// previous character.
func (p *program) signatures(classes *charset.Partition) []charset.Mask {
	all := classes.All()
	bySignature := map[string]int{}
	var asked []charset.Mask
	for _, g := range p.guards {
		for _, b := range g.branches {
			if (!b.prev.edge || b.prev.in != all) && !slices.Contains(asked, b.prev.in) {
				asked = append(asked, b.prev.in)
			}
		}
	}
	for _, f := range p.aheads {
		for _, m := range f.asked {
			if !slices.Contains(asked, m) {
				asked = append(asked, m)
			}
		}
	}
	if len(asked) == 0 {
		return nil
	}
	var sigs []charset.Mask
	key := make([]byte, len(asked))
	for class := range classes.Len() {
		for i, m := range asked {
			key[i] = 0
			if m.Has(class) {
				key[i] = 1
			}
		}
		k, found := bySignature[string(key)]
		if !found {
			k = len(sigs)
			bySignature[string(key)] = k
			sigs = append(sigs, charset.Mask{})
		}
		sigs[k] = sigs[k].Or(charset.Bit(class))
	}
	return sigs
}

func (c *closer) close(at config) (*closed, error) {
	if known := c.memo[at]; known != nil {
		// A config that is reached again on its own path is a call that calls
		// itself without consuming: no engine gets through it.
		if known.active {
			return &closed{weight: 1}, nil
		}
		return known, nil
	}
	if c.visits++; c.visits > maxClosure {
		return nil, &LimitError{"ε-configurations", maxClosure}
	}
	if len(c.p.aheads) > 0 && c.visits > maxForeseenClosure {
		return nil, &LimitError{"ε-configurations with lookaheads", maxForeseenClosure}
	}
	out := &closed{weight: 1, active: true}
	if c.p.code[at.pc].op == opPass {
		out.weight = 0
	}
	c.memo[at] = out
	err := c.fill(at, out)
	out.active = false
	if c.kept += len(out.entries); c.kept > maxEntries && err == nil {
		err = &LimitError{"kept edges", maxEntries}
	}
	return out, err
}

func (c *closer) fill(at config, out *closed) error {
	in := &c.p.code[at.pc]
	out.weight += in.cost
	follow := func(to config) error {
		cl, err := c.close(to)
		if err == nil {
			out.entries, out.arrivals = cl.entries, cl.arrivals
			out.weight += cl.weight
		}
		return err
	}
	switch in.op {
	case opDead:
		return nil
	case opChar:
		c.step(at, in, out)
		return nil
	case opAccept:
		c.accept(at, out)
		return nil
	case opPass:
		at.pc = in.next
		return follow(at)
	case opOver:
		at.past = c.pasts.push(at.past, at.pc)
		at.pc = in.next
		return follow(at)
	case opExit:
		c.exit(at, in, out)
		at.past = c.pasts.push(at.past, at.pc)
		at.pc, at.left = in.next, at.left|1<<in.region
		cl, err := c.close(at)
		if err != nil {
			return err
		}
		m := merger{out: out}
		m.add(cl)
		return nil
	case opNot:
		at.pc, at.not = in.next, at.not|1<<in.region
		return follow(at)
	case opEnter:
		at.pc = in.next
		at.loops = c.entered.add(at.loops, in.loop)
		return follow(at)
	case opLeave:
		rest, empty := c.entered.remove(at.loops, in.loop)
		if !empty {
			at.pc = in.head
			return follow(at)
		}
		if c.p.reject && !in.keep {
			return nil
		}
		at.pc, at.loops = in.next, rest
		return follow(at)
	case opGuard:
		return c.guard(at, in, out)
	case opAhead:
		to := at
		to.pc = in.next
		var ok bool
		if to.obl, ok = c.obs.expect(at.obl, in.guard, c.past.entry(c.obs.aheads[in.guard], at.sig), in.negate); !ok {
			return nil
		}
		return follow(to)
	case opBehind:
		if c.past.remembers(in.guard, at.sig) == in.negate {
			return nil
		}
		at.pc = in.next
		return follow(at)
	case opWalk:
		to := at
		to.pc = in.next
		if err := follow(to); err != nil {
			return err
		}
		c.arrive(at, in.guard, out)
		return nil
	}
	merged := merger{out: out}
	for _, alt := range in.alts {
		to := at
		to.pc = alt
		cl, err := c.close(to)
		if err != nil {
			return err
		}
		merged.add(cl)
	}
	return nil
}

func (c *closer) guard(at config, in *instruction, out *closed) error {
	merged := merger{out: out}
	for _, b := range c.p.guards[in.guard].branches {
		if !c.past.holds(b.prev, at.sig, c.all) {
			continue
		}
		want, ok := c.obs.of(b.next)
		if !ok {
			continue
		}
		to := at
		to.pc = in.next
		if to.obl, ok = c.obs.and(at.obl, want); !ok {
			continue
		}
		cl, err := c.close(to)
		if err != nil {
			return err
		}
		merged.add(cl)
	}
	return nil
}

// step adds the edges of a consuming instruction: one for each signature that
// a guard behind it tells apart.
func (c *closer) step(at config, in *instruction, out *closed) {
	remember := c.p.remember[in.next]
	c.obs.step(at.obl, in.mask, func(on charset.Mask, rest int32) {
		add := func(on charset.Mask, sig int32) {
			if on.IsEmpty() {
				return
			}
			out.entries = append(out.entries, entry{
				Edge{On: on, Atom: in.atom, Kind: Step, Over: at.past != 0, Past: at.past, Left: at.left, Not: at.not, Mult: 1},
				position{in.next, sig, rest},
			})
		}
		if !c.p.anchor[in.next] && !remember {
			add(on, 0)
			return
		}
		c.past.step(at.sig, on, remember, add)
	})
}

// exit adds the edge that ends the body of a region. A condition on more than
// one character is left out: without it nothing is pruned.
func (c *closer) exit(at config, in *instruction, out *closed) {
	var on charset.Mask
	c.obs.step(at.obl, c.all, func(m charset.Mask, rest int32) {
		if rest == 0 {
			on = m
		}
	})
	at.past = c.unsettled(at.past, at.pc)
	out.entries = append(out.entries, entry{edge: Edge{
		On: on, AtEnd: c.obs.atEnd(at.obl), Atom: -1, Kind: Exit, Region: in.region, Place: at.pc,
		Over: at.past != 0, Past: at.past, Left: at.left, Not: at.not, Mult: 1,
	}})
}

// accept adds the edge that reports a match, behind its obligation.
func (c *closer) accept(at config, out *closed) {
	at.past = c.unsettled(at.past, at.pc)
	e := Edge{Atom: -1, Kind: Accept, Over: at.past != 0, Past: at.past, Left: at.left, Not: at.not, Mult: 1, On: c.all, AtEnd: true}
	if at.obl == 0 {
		out.entries = append(out.entries, entry{edge: e})
		return
	}
	e.On, e.AtEnd = charset.Mask{}, c.obs.atEnd(at.obl)
	type rest struct {
		on  charset.Mask
		obl int32
	}
	var later []rest
	c.obs.step(at.obl, c.all, func(on charset.Mask, obl int32) {
		if obl == 0 {
			e.On = on
		} else {
			later = append(later, rest{on, obl})
		}
	})
	if e.AtEnd || !e.On.IsEmpty() {
		out.entries = append(out.entries, entry{edge: e})
	}
	e.Kind, e.AtEnd = Ghost, false
	for _, r := range later {
		e.On = r.on
		out.entries = append(out.entries, entry{e, position{at.pc, 0, r.obl}})
	}
}

// A merger joins the entries of ε-paths in priority order; the weights add up.
type merger struct {
	out  *closed
	seen map[mergeKey]int
}

type mergeKey struct {
	on        charset.Mask
	to        position
	left, not Regions
	kind      Kind
	region    uint8
	end       bool
	past      int32
}

// mergeScan is the number of entries up to which a merger compares one by one:
// below it, building a map costs more than it saves.
const mergeScan = 12

func (m *merger) add(cl *closed) {
	m.out.weight += cl.weight
	m.out.arrivals = together(m.out.arrivals, cl.arrivals)
	if len(m.out.entries) == 0 {
		m.out.entries = slices.Clone(cl.entries)
		return
	}
	for _, e := range cl.entries {
		k := m.find(e)
		if k < 0 {
			m.out.entries = append(m.out.entries, e)
			if m.seen != nil {
				m.seen[keyOf(e)] = len(m.out.entries) - 1
			}
			continue
		}
		old := &m.out.entries[k].edge
		old.Mult = saturate(old.Mult, e.edge.Mult)
	}
}

func (m *merger) find(e entry) int {
	if m.seen == nil && len(m.out.entries) < mergeScan {
		key := keyOf(e)
		for i := range m.out.entries {
			if keyOf(m.out.entries[i]) == key {
				return i
			}
		}
		return -1
	}
	if m.seen == nil {
		m.seen = make(map[mergeKey]int, 2*len(m.out.entries))
		for i, old := range m.out.entries {
			m.seen[keyOf(old)] = i
		}
	}
	if k, found := m.seen[keyOf(e)]; found {
		return k
	}
	return -1
}

func keyOf(e entry) mergeKey {
	return mergeKey{e.edge.On, e.to, e.edge.Left, e.edge.Not, e.edge.Kind, e.edge.Region, e.edge.AtEnd, e.edge.Past}
}

func saturate(a, b uint32) uint32 {
	if a > math.MaxUint32-b {
		return math.MaxUint32
	}
	return a + b
}

// findAsked marks the instructions from which what stands before a position
// will be asked for.
func (p *program) findAsked(all charset.Mask) {
	p.anchor = make([]bool, len(p.code))
	p.remember = make([]bool, len(p.code))
	epsilon := make([][]int32, len(p.code)) // backwards
	char := make([][]int32, len(p.code))
	var guards, behinds []int32
	link := func(from, to int32) { epsilon[to] = append(epsilon[to], from) }
	for pc := range p.code {
		in := &p.code[pc]
		from := int32(pc)
		switch in.op {
		case opChar:
			char[in.next] = append(char[in.next], from)
		case opAlt:
			for _, to := range in.alts {
				link(from, to)
			}
		case opLeave:
			link(from, in.head)
			link(from, in.next)
		case opGuard:
			link(from, in.next)
			if p.guards[in.guard].usesPrev(all) {
				guards = append(guards, from)
			}
		case opBehind:
			link(from, in.next)
			behinds = append(behinds, from)
		case opAhead:
			link(from, in.next)
			if len(p.aheads[in.guard].asked) > 0 {
				guards = append(guards, from)
			}
		case opEnter, opOver, opExit, opNot, opPass, opWalk:
			link(from, in.next)
		}
	}
	spread := func(todo []int32, marked []bool, ways ...[][]int32) {
		for len(todo) > 0 {
			pc := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if marked[pc] {
				continue
			}
			marked[pc] = true
			for _, way := range ways {
				todo = append(todo, way[pc]...)
			}
		}
	}
	spread(guards, p.anchor, epsilon)
	spread(behinds, p.remember, epsilon, char)
}
