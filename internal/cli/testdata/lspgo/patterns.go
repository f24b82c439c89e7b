// Package lspgo is what the test of the language server opens.
package lspgo

import "github.com/dlclark/regexp2"

var slow = regexp2.MustCompile("é\"(a+)+$", regexp2.None)
