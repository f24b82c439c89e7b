package nfa

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
)

// A Language is an over-approximation of the subjects that can occur, by what
// may stand where: every character is of one of the kinds, the first of a kind
// in First, and each of a kind that may follow that of the one before. The
// kinds are disjoint.
type Language struct {
	Kinds []charset.Set
	First []bool
	// Next[k][l] says that a character of kind l may follow one of kind k.
	Next [][]bool
}

// maxRestricted bounds the states of a restricted automaton: those of the
// largest automaton of a public rule set, a few times.
const maxRestricted = 100_000

// Restrict is the automaton on subjects of a language only: its runs on them
// are those of a, and on other words it has none beyond their longest prefix
// in the language. It fails with a *LimitError.
func (a *Automaton) Restrict(l Language) (*Automaton, error) {
	var sets []charset.Set
	for c := range a.Classes.Len() {
		sets = append(sets, a.Classes.Class(c))
	}
	classes, ok := charset.NewPartition(a.Unit.Max(), append(sets, l.Kinds...))
	if !ok {
		return nil, &LimitError{"classes", charset.MaxClasses}
	}
	r := &restriction{from: a, ids: map[at]int32{}}
	r.finer = make([]charset.Mask, a.Classes.Len())
	for c := range r.finer {
		r.finer[c] = classes.Mask(a.Classes.Class(c))
	}
	r.contexts(classes, l)
	part := *a
	part.Classes, part.States, part.Edges, part.Search = classes, nil, 0, -1
	part.Never = classes.All()
	for _, k := range l.Kinds {
		part.Never = part.Never.AndNot(classes.Mask(k))
	}
	r.out = &part
	return r.out, r.run()
}

// at is a state of a restricted automaton: one of the automaton's own, and
// what may come next.
type at struct{ state, context int32 }

// A context is what the characters so far allow: the classes that may come
// next, by the context that each leads to. Context 0 is that of the start.
type context struct{ to []charset.Mask }

type restriction struct {
	from  *Automaton
	out   *Automaton
	finer []charset.Mask // class of from → the classes it is divided into
	next  []context
	ids   map[at]int32
	queue []at
}

// contexts numbers the kinds by what may follow them: kinds with the same
// followers leave the same context.
func (r *restriction) contexts(classes *charset.Partition, l Language) {
	rows := [][]bool{l.First}
	leaves := make([]int, len(l.Kinds)) // kind → context
	for k, row := range l.Next {
		i := slices.IndexFunc(rows, func(other []bool) bool { return slices.Equal(other, row) })
		if i < 0 {
			i = len(rows)
			rows = append(rows, row)
		}
		leaves[k] = i
	}
	for _, row := range rows {
		to := make([]charset.Mask, len(rows))
		for k, may := range row {
			if may {
				to[leaves[k]] = to[leaves[k]].Or(classes.Mask(l.Kinds[k]))
			}
		}
		r.next = append(r.next, context{to})
	}
}

func (r *restriction) run() error {
	r.id(at{0, 0})
	for i := 0; i < len(r.queue); i++ {
		here := r.queue[i]
		from := &r.from.States[here.state]
		s := State{Weight: from.Weight, In: from.In, Free: from.Free, Copy: from.Copy, Wins: from.Wins}
		for k := range from.Out {
			s.Out = r.edges(s.Out, &from.Out[k], here.context)
		}
		r.out.States = append(r.out.States, s)
		if r.out.Edges += len(s.Out); r.out.Edges > maxEdges {
			return &LimitError{"edges", maxEdges}
		}
		if len(r.queue) > maxRestricted {
			return &LimitError{"restricted states", maxRestricted}
		}
		if here.state == r.from.Search && r.out.Search < 0 {
			r.out.Search = int32(i)
		}
	}
	return nil
}

// edges appends what is left of an edge in a context: one edge for each
// context that it leads to.
func (r *restriction) edges(out []Edge, e *Edge, here int32) []Edge {
	var on charset.Mask
	for c := range e.On.All {
		on = on.Or(r.finer[c])
	}
	if e.Kind == Accept || e.Kind == Exit {
		left := *e
		left.On = charset.Mask{}
		for _, to := range r.next[here].to {
			left.On = left.On.Or(on.And(to))
		}
		if left.AtEnd || !left.On.IsEmpty() {
			out = append(out, left)
		}
		return out
	}
	for c, to := range r.next[here].to {
		left := *e
		if left.On = on.And(to); left.On.IsEmpty() {
			continue
		}
		left.To = r.id(at{e.To, int32(c)})
		out = append(out, left)
	}
	return out
}

func (r *restriction) id(s at) int32 {
	id, ok := r.ids[s]
	if !ok {
		id = int32(len(r.queue))
		r.ids[s] = id
		r.queue = append(r.queue, s)
	}
	return id
}
