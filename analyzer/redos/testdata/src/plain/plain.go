// Package plain imports no sink.
package plain

import "regexp"

var _ = regexp.MustCompile(`^(a+)+$`)
