package positions

import "github.com/dlclark/regexp2"

var returns = regexp2.MustCompile(`^
#
(b+)+$`, 0) // want "exponential time in regexp2 v1"
