// Package redos is a go/analysis pass that finds regular expressions handed to
// backtracking engines whose matching time grows faster than their input.
//
// # Checks
//
//   - superlinear: a constant pattern is super-linear on the very engine and
//     version that the code calls. `\s+$` is quadratic in regexp2 v1 and linear
//     in v2: only a call of v1 is reported. A finding was replayed as counted
//     steps on a model of the engine; no clock decides.
//   - invalid: a constant pattern does not compile in the engine it is given to.
//   - timeout: a pattern from outside the program is compiled by an engine that
//     has a time limit, and no limit is set: neither the package's default nor
//     the object's own, in this package.
//
// # Constants
//
// A pattern may be a literal, a named constant, a concatenation, a conversion,
// the result of fmt.Sprintf, strings.Join, strings.Repeat or
// strings.ReplaceAll on such, a variable, field or element that is only ever
// given such values, or a parameter of a function that is only ever called with
// them. A diagnostic stands on the competing quantifiers inside the literal, and
// names the call as a related place where that is somewhere else.
//
// # Sinks
//
// The functions that take patterns are a table: see [Libraries]. The flag
// -sink adds one. A package that imports none of the table's packages is left
// at once, and the pass has no facts, so go vet never runs it on dependencies.
//
// # Levels
//
// A finding is an error when an attack of 8 KiB costs a second, a warning when
// one of 128 KiB does, and a note beyond. Notes are left out unless -notes is
// given.
package redos
