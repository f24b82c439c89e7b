// Package transform says what a rule's transformations do to the bytes on
// their way to the pattern: the t: actions of ModSecurity and Coraza as pure
// functions of bytes. It knows no pattern.
//
// # Whose transformations
//
// The hosts differ, so every function asks for one ([Host]). What is followed
// was read off, and then compared byte by byte with, these versions:
//
//   - ModSecurity 2.9.7 in Apache httpd 2.4.66,
//   - libmodsecurity 3.0.9,
//   - Coraza 3.8.1.
//
// testdata/hosts holds the programs that ask the hosts, testdata/facts.jsonl
// what they answered. Where a host has no answer to an input (it reads behind
// a buffer, or refuses a transformation), the facts leave it out.
//
// # What a transformation is
//
// Three things are known of each: what it does ([Chain.Apply]), what may come
// out of it ([Chain.Image], an over-approximation, for proofs that something
// does not arrive), and texts that it turns into a given one
// ([Chain.Sources], guesses, for attacks: a caller runs them forward).
//
// # What a host's configuration decides
//
// urlDecodeUni follows a host without a SecUnicodeMapFile: %uHHHH becomes its
// low byte, full-width forms their ASCII counterparts. Hosts with a map give
// other bytes for code points above U+007F. Coraza has the map of code page
// 20127 built in. No text that Sources writes depends on it.
//
// Character classes are those of the C locale, which servers run in.
package transform
