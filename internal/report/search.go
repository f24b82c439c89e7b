package report

import (
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// jsonSearch is what the guided search found by itself.
type jsonSearch struct {
	Seed         uint64  `json:"seed"`
	Budget       uint64  `json:"budget"`
	Steps        uint64  `json:"steps"`
	Growth       string  `json:"growth"`
	Exponent     *int    `json:"exponent"`
	StepsPerByte float64 `json:"steps_per_byte"`
	// Static and StaticGrowth are what the analysis said before, null where it
	// was left out.
	Static         *verdict.Kind `json:"static"`
	StaticGrowth   *string       `json:"static_growth"`
	StaticExponent *int          `json:"static_exponent"`
	Beyond         bool          `json:"beyond"`
}

func searched(s *verdict.Searched) *jsonSearch {
	if s == nil {
		return nil
	}
	out := &jsonSearch{Seed: s.Seed, Budget: s.Steps, Steps: s.Spent, StepsPerByte: s.StepsPerByte, Beyond: s.Beyond()}
	class, exponent := classOf(s.Growth)
	out.Growth, out.Exponent = value(class), exponent
	if s.Static != "" {
		out.Static = &s.Static
		out.StaticGrowth, out.StaticExponent = classOf(s.StaticGrowth)
	}
	return out
}

// classOf is null for a growth that is not known; exponential growth has no
// exponent.
func classOf(g engines.Growth) (class *string, exponent *int) {
	if !engines.Known(g) {
		return nil, nil
	}
	c := g.Class.String()
	if g.Class != engines.Exponential {
		exponent = &g.Exponent
	}
	return &c, exponent
}

func searchedOf(j *jsonSearch) *verdict.Searched {
	if j == nil {
		return nil
	}
	return &verdict.Searched{
		Search: verdict.Search{Seed: j.Seed, Steps: j.Budget, Alone: j.Static == nil},
		Spent:  j.Steps, Growth: growthOf(&j.Growth, j.Exponent), StepsPerByte: j.StepsPerByte,
		Static: value(j.Static), StaticGrowth: growthOf(j.StaticGrowth, j.StaticExponent),
	}
}
