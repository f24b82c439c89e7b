// Package lsp is the language server: rule files in, diagnostics out, while
// they are typed.
//
// A document is read by its format's reader at every change; what it holds is
// looked up in a cache by pattern, dialect, flags and limits, so that only the
// pattern that is being edited is analysed. What is known is published at
// once, with a hint "analysing" on the rest, and again when all is known. A
// change ends the work on what it made old.
//
// Positions are bytes inside, and the client's encoding outside (position.go).
// Verdicts are those of every other front door: no clock decides anything.
package lsp
