package report

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

// jsonShared is what attacks on other patterns of the run added to the row.
type jsonShared struct {
	Attacks []jsonSharedAttack `json:"attacks"`
	Reason  *jsonReason        `json:"reason"`
}

type jsonSharedAttack struct {
	Seq     int          `json:"seq"`
	Witness *jsonWitness `json:"witness"`
}

func sharedRow(r gate.Row) *jsonShared {
	if r.Shared == nil {
		return nil
	}
	out := &jsonShared{Attacks: []jsonSharedAttack{}, Reason: reason(r.Shared.Reason)}
	for _, a := range r.Shared.Attacks {
		j := jsonSharedAttack{Seq: a.Seq}
		if !r.Hide {
			j.Witness = encodeWitness(r.Verdict.Pattern, a.Witness)
		}
		out.Attacks = append(out.Attacks, j)
	}
	return out
}

// sharedOf is the inverse of sharedRow; ok is false where a witness is not in
// its encoding.
func sharedOf(j *jsonShared) (s *gate.Shared, ok bool) {
	if j == nil {
		return nil, true
	}
	s = &gate.Shared{Reason: reasonOf(j.Reason)}
	for _, a := range j.Attacks {
		attack := gate.SharedAttack{Seq: a.Seq}
		if a.Witness != nil {
			if attack.Witness, ok = witnessOf(a.Witness); !ok {
				return nil, false
			}
		}
		s.Attacks = append(s.Attacks, attack)
	}
	return s, true
}

// sharedWords says where the attacks came from, or why they were not tried;
// "" where nothing was added.
func sharedWords(s *gate.Shared) string {
	switch {
	case s == nil:
		return ""
	case s.Reason != nil:
		return limitNamed(*s.Reason)
	}
	var from []string
	for _, a := range s.Attacks {
		from = append(from, fmt.Sprintf("pattern %d", a.Seq))
	}
	return "an attack on " + strings.Join(from, " and ") + " grows faster here than any found before"
}
