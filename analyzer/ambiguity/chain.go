package ambiguity

// chains finds for each component the most links on a path of components that
// ends there: the degree of ambiguity (Weber & Seidl 1991, Theorem 4.2).
// Components are in topological order, so one pass is enough.
func (s *search) chains() {
	r := s.r
	r.degree = make([]int, len(r.Components))
	r.via = make([]int32, len(r.Components))
	r.free = make([]bool, len(r.Components))
	for c := range r.free {
		r.free[c] = s.free(c)
	}
	links := map[[2]int32]int32{}
	for i, l := range r.IDA {
		links[[2]int32{l.FromComponent, l.ToComponent}] = int32(i)
	}
	const none = -1 << 30
	for c := range r.via {
		r.via[c] = none
	}
	for c := range r.Components {
		for _, d := range r.reach[c] {
			degree, via := r.degree[c], ^int32(c)
			if link, found := links[[2]int32{int32(c), d}]; found {
				degree, via = degree+1, link
			}
			if degree > r.degree[d] {
				r.degree[d], r.via[d] = degree, via
			}
		}
	}
}

// free reports whether the runs in a component cost nothing by themselves: those
// of a walk on its way.
func (s *search) free(component int) bool {
	return s.a.States[s.r.Components[component].States[0]].Free
}

// Chain is the links of a longest chain that ends in a component, in order.
func (r *Report) Chain(component int32) []Link {
	chain := make([]Link, r.degree[component])
	for k := len(chain); k > 0; {
		via := r.via[component]
		if via < 0 {
			component = ^via
			continue
		}
		k--
		chain[k] = r.IDA[via]
		component = r.IDA[via].FromComponent
	}
	return chain
}

// Ends are the components where chains of at least one link end, those with
// the longest first, and in topological order among equals.
func (r *Report) Ends() []int32 {
	var ends []int32
	for d := r.Degree(); d > 0; d-- {
		for c := range r.degree {
			if r.paid(c) == d && r.via[c] >= 0 {
				ends = append(ends, int32(c))
			}
		}
	}
	return ends
}
