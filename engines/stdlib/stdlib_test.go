package stdlib

import (
	"errors"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/enginetest"
)

func TestSuite(t *testing.T) { enginetest.Suite(t, New(), corpus.Go, enginetest.WithoutBacktracking) }

func TestDialects(t *testing.T) {
	for _, test := range []struct {
		p  corpus.Pattern
		e  engines.Engine
		ok bool
	}{
		{corpus.Pattern{Text: `a`, Dialect: corpus.PCRE}, New(), false},
		{corpus.Pattern{Text: `a`, Dialect: corpus.PCRE}, New(ReadAsGo()), true},
		{corpus.Pattern{Text: `a`, Dialect: corpus.Go, Flags: corpus.Extended}, New(), false},
		{corpus.Pattern{Text: `a+`, Dialect: corpus.Go, Flags: corpus.Ungreedy}, New(), true},
		{corpus.Pattern{Text: `a)(?:b`, Dialect: corpus.Go, Mode: corpus.Full}, New(), false},
		{corpus.Pattern{Text: `\Qa`, Dialect: corpus.Go, Mode: corpus.Full}, New(), true},
		{corpus.Pattern{Text: `a`, Dialect: corpus.Go, Flags: corpus.Anchored, Mode: corpus.Global}, New(), false},
	} {
		m, err := test.e.Compile(test.p)
		if test.ok != (err == nil) || !test.ok && !errors.Is(err, engines.ErrUnsupported) {
			t.Errorf("%q %s %q: error %v", test.p.Text, test.p.Dialect, test.p.Flags, err)
		}
		if err == nil {
			if out := m.Match([]byte("a"), engines.Limits{}); out.State != engines.Matched {
				t.Errorf("%q: state %d", test.p.Text, out.State)
			}
			m.Close()
		}
	}
}
