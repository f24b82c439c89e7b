package gate

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// Live measures a super-linear pattern on the real engines of this machine.
type Live func(verdict.Verdict) []verdict.Live

// CodeModelFault is the code of an error: an engine's own deterministic count
// exceeds its model, so that a decision by the model does not hold.
const CodeModelFault = "model-fault"

// confront measures the pattern and holds the decision against the engines'
// own counts: an accepted pattern whose model leaves something out was not
// judged. Times are advice and decide nothing, and a reject stands: it rests
// on a replayed attack.
func (r *Row) confront(live Live) {
	r.Live = live(r.Verdict)
	j := r.Judgement
	for _, l := range r.Live {
		if l.Fault != nil && j.Decision != Reject {
			j.Decision, j.Code, j.Message = Error, CodeModelFault, l.Engine+" "+Faulty(l)
		}
	}
}

// Faulty says in which way an engine's count exceeds its model.
func Faulty(l verdict.Live) string {
	f := l.Fault
	return fmt.Sprintf("%s makes %d choices on %d bytes of the attack, its model (of %s) %d steps: a fault of the model", l.Version, f.Counted, f.Bytes, f.ModelVersion, f.Modelled)
}
