package testfiles

import "github.com/dlclark/regexp2"

var _ = regexp2.MustCompile(`^(a+)+$`, 0) // want "exponential"
