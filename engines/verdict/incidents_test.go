package verdict

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus/incidents"
)

// TestIncidents replays every incident on the reference matcher: each shows
// the growth and the cause that the collection says.
func TestIncidents(t *testing.T) {
	for _, i := range incidents.All() {
		v := Analyze(i.Pattern, Options{})
		if v.Kind != Superlinear {
			t.Errorf("%s: %s %v, expected superlinear", i.Pattern.ID, v.Kind, v.Reason)
			continue
		}
		if v.Growth.Class.String() != i.Growth || v.Cause != i.Cause {
			t.Errorf("%s: %s by %s, the collection says %s by %s", i.Pattern.ID, v.Growth.Class, v.Cause, i.Growth, i.Cause)
		}
		if len(v.Witnesses) == 0 || len(v.Samples) < 3 {
			t.Errorf("%s: %d witnesses, %d samples", i.Pattern.ID, len(v.Witnesses), len(v.Samples))
		}
	}
}
