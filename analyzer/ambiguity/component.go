package ambiguity

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// Strong numbers the strongly connected components of a graph of n nodes in
// reverse topological order (Tarjan 1972), without recursion. edge(v, i) is
// the i-th edge of v: its target, or -1 for an edge to be skipped; ok is false
// past the last.
func Strong(n int, edge func(v int32, i int) (to int32, ok bool)) (component []int32, count int32) {
	type frame struct {
		v    int32
		edge int
	}
	index := make([]int32, n) // 0 = not visited
	low := make([]int32, n)
	component = make([]int32, n)
	for i := range component {
		component[i] = -1
	}
	var call []frame
	var stack []int32
	next := int32(0)
	open := func(v int32) {
		next++
		index[v], low[v] = next, next
		stack = append(stack, v)
		call = append(call, frame{v: v})
	}
	for root := range int32(n) {
		if index[root] != 0 {
			continue
		}
		open(root)
		for len(call) > 0 {
			f := &call[len(call)-1]
			to, ok := edge(f.v, f.edge)
			if ok {
				f.edge++
				if to < 0 {
					continue
				}
				if index[to] == 0 {
					open(to)
				} else if component[to] < 0 {
					low[f.v] = min(low[f.v], index[to])
				}
				continue
			}
			v := f.v
			call = call[:len(call)-1]
			if len(call) > 0 {
				u := call[len(call)-1].v
				low[u] = min(low[u], low[v])
			}
			if low[v] != index[v] {
				continue
			}
			for {
				w := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				component[w] = count
				if w == v {
					break
				}
			}
			count++
		}
	}
	return component, count
}

// components finds the loops of the automaton.
func (s *search) components() {
	states := s.a.States
	ids, count := Strong(len(states), func(v int32, i int) (int32, bool) {
		if i >= len(states[v].Out) {
			return 0, false
		}
		if e := &states[v].Out[i]; e.Kind == nfa.Step {
			return e.To, true
		}
		return -1, true
	})
	members := make([][]int32, count)
	for v, id := range ids {
		members[count-1-id] = append(members[count-1-id], int32(v))
	}
	s.r.of, s.place = make([]int32, len(states)), make([]int32, len(states))
	for _, m := range members {
		loop := len(m) > 1 || slices.ContainsFunc(states[m[0]].Out, func(e nfa.Edge) bool {
			return e.Kind == nfa.Step && e.To == m[0]
		})
		for i, v := range m {
			s.place[v] = int32(i)
			s.r.of[v] = -1
			if loop {
				s.r.of[v] = int32(len(s.r.Components))
			}
		}
		if loop {
			s.r.Components = append(s.r.Components, Component{m})
		}
	}
}
