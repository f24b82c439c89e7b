// Package golang reads string literals of Go source: the text that a program
// gets, and the place of each of its bytes in the file.
//
// The place of a byte that an escape stands for is the whole escape: \\ is one
// byte of text and two of source, \u00e9 two bytes of text and six of source.
// A raw literal drops carriage returns, so its text may be shorter than what
// stands between its quotes; go/ast drops them as well, which is why literals
// are read from the file and not from the syntax tree.
package golang
