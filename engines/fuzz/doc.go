// Package fuzz finds inputs on which a pattern is slow, without any static
// claim about it: a guided search over attack families, driven by the step
// counters of the reference matcher.
//
// It is what finds the blow-ups that the automaton approximates or cannot
// see: backreferences, lookaround, conditionals, recursion, verbs, counters,
// atomic groups in loops.
//
// The stages, one file each:
//
//   - words.go and derive.go write words, and whole inputs, from the pattern's
//     own structure;
//   - family.go enumerates attack families x yⁿ z around each loop;
//   - probe.go tells in three short runs whether a family's cost bends upwards;
//   - evolve.go mutates the families that cost most, in all and in any single
//     instruction (the feedback of PerfFuzz, Lemieux et al. 2018; evolution of
//     inputs followed by pumping as in ReScue, Shen et al. 2018, and Regulator,
//     McLaughlin et al. 2022);
//   - sampler.go reads the growth of a family off the matcher: nothing is a
//     witness before that;
//   - shrink.go makes a witness small while its growth stays.
//
// Everything is deterministic for a seed and a budget of steps.
package fuzz
