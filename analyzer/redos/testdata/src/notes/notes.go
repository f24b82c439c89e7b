// Package notes holds what is left out unless it is asked for.
package notes

import "github.com/dlclark/regexp2"

// A restart every 301 bytes: quadratic, and no attack of 128 KiB costs a second.
var _ = regexp2.MustCompile(`#============================================================================================================================================================================================================================================================================================================.*;`, 0) // want "quadratic time in regexp2 v1"
