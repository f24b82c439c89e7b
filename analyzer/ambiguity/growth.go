package ambiguity

// A Class is an asymptotic class of matching time.
type Class uint8

// The classes, in order.
const (
	Linear Class = iota
	Polynomial
	Exponential
)

func (c Class) String() string { return [...]string{"linear", "polynomial", "exponential"}[c] }

// A Growth is a class with its exponent: 1 for linear, 0 for exponential.
type Growth struct {
	Class    Class
	Exponent int
}

// Worse reports whether g grows faster than h.
func (g Growth) Worse(h Growth) bool {
	if g.Class != h.Class {
		return g.Class > h.Class
	}
	return g.Exponent > h.Exponent
}
