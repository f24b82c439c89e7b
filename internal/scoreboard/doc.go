// Command scoreboard measures nearmiss on labelled lists of patterns, so that
// two releases, or nearmiss and a peer, can be compared in one run.
//
//	go run ./internal/scoreboard -workers 1 patterns.jsonl
//	go run ./internal/scoreboard -peer other=results.jsonl -format jsonl labelled/*.jsonl
//
// Every row of a list is a JSON object with a pattern, and optionally id,
// flags, dialect, mode, and what others said of it: attacks, and a label. Every
// pattern gets its verdict; every attack, listed, a peer's or our own, is
// replayed on the reference matcher; and the table says how often the one
// follows from the other. A row which is called linear while an attack of it
// replays is a fault of the analysis, and so is one which is called super-linear
// on attacks of which none grows: either makes the program exit with 1.
//
// A file without dialects is measured once for each of ecmascript, python and
// pcre, which bound what its author may have meant.
//
// Everything printed is deterministic but the times, the memory, and what
// -node says.
//
// The stages, one file each: rows are read (row.go) with their attacks
// (family.go, notation.go, escape.go) and a peer's results (peer.go); a row is
// judged (judge.go) and its attacks replayed (replay.go), in a stream that
// keeps the order (stream.go); the judgements are counted (table.go,
// tally.go) and printed (text.go, jsonl.go). What a peer says otherwise is set
// against replays (disagree.go) and, with -node, against a real engine
// (node.go).
package main
