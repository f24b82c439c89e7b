package attack

import (
	"fmt"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestForecast: growth of families by hand, with all that a match, an
// approximation or a finite repeat takes from it.
func TestForecast(t *testing.T) {
	one := func(x, y, z string) Witness {
		return Witness{Pumps: []Pump{{[]byte(x), []byte(y)}}, Suffix: []byte(z)}
	}
	for _, c := range []struct {
		pattern string
		w       Witness
		want    string
	}{
		{`.*.*=.*`, one("", "x", ""), "polynomial 3"},
		{`.*.*=.*`, one("=", "x", ""), "linear 1 to polynomial 3"}, // it matches
		{`^(a|a)*$`, one("", "a", "b"), "exponential 0"},
		{`^(a|a)*$`, one("", "b", "b"), "linear 1"},
		{`^a*a*$`, one("", "a", "b"), "polynomial 2"},
		{`a{40}b`, one("", "a", ""), "linear 1"},                      // up to a bound
		{`a{40,}b`, one("", "a", ""), "polynomial 2"},                 // behind it
		{`(a*)\1b`, one("", "a", ""), "polynomial 2 to polynomial 3"}, // the copy is approximated
		{`^x*x*;y*y*z`, Witness{Pumps: []Pump{{nil, []byte("x")}, {[]byte(";"), []byte("y")}}}, "polynomial 3"},
		{`^(?:aa)*(?:aaa)*b`, one("", "a", ""), "polynomial 2"},
		{`(?>a*)b`, one("", "a", ""), "polynomial 2"},
	} {
		b := builder(t, c.pattern, corpus.Search)
		f := NewForecaster(b.Base).Forecast(c.w)
		got := fmt.Sprintf("%v %d", f.Least.Class, f.Least.Exponent)
		if f.Most != f.Least {
			got += fmt.Sprintf(" to %v %d", f.Most.Class, f.Most.Exponent)
		}
		if got != c.want {
			t.Errorf("%s on %q: %s, want %s", c.pattern, c.w.Bytes(3), got, c.want)
		}
	}
}
