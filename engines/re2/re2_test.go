package re2

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/enginetest"
)

func TestSuite(t *testing.T) { enginetest.Suite(t, New(), corpus.Go, enginetest.WithoutBacktracking) }
