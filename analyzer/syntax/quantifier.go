package syntax

import "fmt"

// A repeat is a quantifier as written.
type repeat struct {
	min, max int
	greed    Greed
	braces   bool
	span     Span
	// end is where the quantifier ends with its mark: blanks and comments that
	// may stand before a mark are no part of it where none follows.
	end int
}

// quantifier reads a quantifier if the text goes on with one and applies it
// to the sequence's last item. It reports whether it read something.
func (p *parser) quantifier(s *sequence) bool {
	start := p.pos
	q, ok := p.bounds()
	if !ok {
		return false
	}
	if s.target == targetNone || s.target&p.d.quant.targets == 0 {
		if q.braces && p.d.quant.orphan || !q.braces && p.d.quant.orphanStar {
			p.pos = start
			return false
		}
		if q.braces && p.d.quant.emptyTarget && s.target == targetNone {
			s.add(&Node{Op: OpEmpty, Span: Span{start, start}}, targetPlain)
			p.mark(&q)
			p.apply(s, q)
			return true
		}
		p.fail(ErrBadRepeat, start, p.pos, "nothing to repeat", "something that can be repeated before "+p.src[start:p.pos])
		return true
	}
	if s.repeated {
		switch {
		case p.d.quant.stacked == stackBraces && q.braces:
			p.pos = start
			return false
		case p.d.quant.stacked == stackBraceEmpty && q.braces:
			s.add(&Node{Op: OpEmpty, Span: Span{start, start}}, targetPlain)
		case p.d.quant.stacked == stackNest:
			s.stack++
			if p.depth+s.stack > p.d.nest {
				p.fail(ErrLimit, start, p.pos, "repeats nested too deep", fmt.Sprintf("at most %d levels", p.d.nest))
				return true
			}
		default:
			last := s.items[len(s.items)-1]
			p.failAt(ErrBadRepeat, start, p.pos, last.Span, "a repeat of a repeat", "a group around the first")
			return true
		}
	}
	p.mark(&q)
	p.apply(s, q)
	return true
}

// bounds reads * + ? or {n,m}, without the mark behind it.
func (p *parser) bounds() (repeat, bool) {
	start := p.pos
	q := repeat{span: Span{start, start + 1}}
	switch p.peek() {
	case '*':
		q.min, q.max = 0, Infinite
	case '+':
		q.min, q.max = 1, Infinite
	case '?':
		q.min, q.max = 0, 1
	case '{':
		return p.braces(start)
	default:
		return q, false
	}
	p.pos++
	return q, true
}

// braces reads {n}, {n,}, {n,m} and, where the dialect has it, {,m}. Anything
// else leaves the cursor where it was, or is an error in a strict dialect.
func (p *parser) braces(start int) (repeat, bool) {
	q := repeat{braces: true}
	p.pos++
	low, hasLow := p.decimal()
	comma := p.eat(",")
	high, hasHigh := low, false
	if comma {
		high, hasHigh = p.decimal()
	}
	whole := p.peek() == '}' && !p.eof()
	if !whole || !hasLow && !(comma && (hasHigh && p.d.quant.emptyLow || !hasHigh && p.d.quant.emptyBoth)) {
		if p.d.quant.strict {
			p.fail(ErrBadRepeat, start, p.pos+1, "incomplete quantifier", "{n}, {n,} or {n,m}")
			return q, true
		}
		p.pos = start
		return q, false
	}
	p.pos++
	q.span = Span{start, p.pos}
	q.min, q.max = low, high
	if comma && !hasHigh {
		q.max = Infinite
	}
	if low > p.d.quant.max || hasHigh && high > p.d.quant.max {
		p.fail(ErrRepeatSize, start, p.pos, "repeat bound too large", fmt.Sprintf("at most %d", p.d.quant.max))
		return q, true
	}
	if q.max != Infinite && q.min > q.max {
		p.fail(ErrRepeatSize, start, p.pos, "repeat bounds out of order", "the smaller bound first")
	}
	return q, true
}

// mark reads ? or + after a quantifier.
func (p *parser) mark(q *repeat) {
	lazy, greedy := Lazy, Greedy
	if p.mode&ungreedy != 0 {
		lazy, greedy = Greedy, Lazy
	}
	q.greed, q.end = greedy, p.pos
	if p.d.quant.gap && (!q.braces || p.d.quant.braceGap) {
		p.skip()
	}
	switch {
	case p.eof() || p.quote:
	case p.peek() == '?' && q.braces && q.min == q.max && p.d.quant.exactOptional:
	case p.peek() == '?':
		p.pos++
		q.greed, q.end = lazy, p.pos
	case p.peek() == '+' && p.d.quant.possessive && (!q.braces || p.d.quant.braces):
		p.pos++
		q.greed, q.end = Possessive, p.pos
	}
}

// apply wraps the last item in a repeat.
func (p *parser) apply(s *sequence, q repeat) {
	i := len(s.items) - 1
	body := s.items[i]
	s.items[i] = &Node{Op: OpRepeat, Min: q.min, Max: q.max, Greed: q.greed, Sub: []*Node{body}, Span: Span{body.Span.Start, min(q.end, len(p.src))}}
	s.repeated, s.braced = true, q.braces
}
