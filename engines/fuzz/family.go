package fuzz

import (
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A site is a place whose repetition may be expensive: a repeat, a
// backreference, the body of a call, the pattern as a whole; with words to
// repeat, words that lead there, and words that go on from there. Within an
// assertion or an atomic group there are two ways to lead and to go on: from
// the region's own beginning to its own end, and from the pattern's.
type site struct {
	node   *syntax.Node
	pumps  []string
	lefts  []string
	rights []string
	full   string      // the way on with optional parts
	extra  [][2]string // further prefixes and pumps
	left   string      // the usual way there from the pattern's start
}

// A context is what stands around a place: words that lead there from the
// pattern's start or from that of the innermost assertion or atomic group, and
// words that go on to the end of either; the last two with optional parts.
type context struct{ left, near, right, far, fullLeft, fullRight string }

// in is the context of the i-th of several parts in a row.
func (c context) in(before, after, fullBefore, fullAfter string) context {
	return context{
		left: last(c.left + before), near: last(c.near + before),
		right: first(after+c.right, maxFixed), far: first(after+c.far, maxFixed),
		fullLeft: last(c.fullLeft + fullBefore), fullRight: first(fullAfter+c.fullRight, maxFixed),
	}
}

// sites lists the places of a pattern in the order of its text, the pattern
// itself last.
func (g *search) sites() []site {
	var out []site
	var visit func(n *syntax.Node, c context, depth int)
	visit = func(n *syntax.Node, c context, depth int) {
		if depth > maxDepth || len(out) >= maxLoops {
			return
		}
		switch n.Op {
		case syntax.OpConcat:
			after, fullAfter := make([]string, len(n.Sub)+1), make([]string, len(n.Sub)+1)
			for i := len(n.Sub) - 1; i >= 0; i-- {
				after[i] = first(g.lex.first(n.Sub[i])+after[i+1], maxFixed)
				fullAfter[i] = first(g.full.first(n.Sub[i])+fullAfter[i+1], maxFixed)
			}
			before, fullBefore := "", ""
			for i, sub := range n.Sub {
				visit(sub, c.in(before, after[i+1], fullBefore, fullAfter[i+1]), depth+1)
				before = last(before + g.lex.first(sub))
				fullBefore = last(fullBefore + g.full.first(sub))
			}
			return
		case syntax.OpLook, syntax.OpAtomic:
			c.near, c.far = "", ""
			visit(n.Sub[0], c, depth+1)
			return
		case syntax.OpRepeat:
			if n.Max == syntax.Infinite || n.Max > 1 {
				out = append(out, g.site(n, g.lex.of(n.Sub[0]), c))
			}
		case syntax.OpBackref, syntax.OpCall, syntax.OpGrapheme:
			out = append(out, g.site(n, g.lex.of(n), c))
		}
		for _, sub := range n.Sub {
			visit(sub, c, depth+1)
		}
	}
	visit(g.re.Root, context{}, 0)
	between(out)
	whole := site{node: g.re.Root, pumps: distinct(append(slices.Clone(g.abc.reps), g.lex.of(g.re.Root)...), 3*maxWords)}
	whole.lefts = []string{"", g.lex.first(g.re.Root)}
	whole.rights = []string{"", g.lex.first(g.re.Root)}
	return append(out, whole)
}

// between adds, to each site, what stands between the one before and it as a
// pump: the loop before it takes that again and again, and each time the rest
// of the pattern starts anew.
func between(sites []site) {
	for i := 1; i < len(sites); i++ {
		s, before := &sites[i], sites[i-1]
		segment, ok := strings.CutPrefix(s.left, before.left)
		if !ok || segment == "" || len(segment) > maxLeft {
			continue
		}
		body := ""
		if len(s.pumps) > 0 && len(s.pumps[0]) <= maxPump {
			body = s.pumps[0]
		}
		into := before.left
		if len(before.pumps) > 0 && len(before.pumps[0]) <= maxPump {
			into += before.pumps[0]
		}
		s.extra = [][2]string{{into, segment}, {into, segment + body}}
	}
}

// segments are families whose pumps are what stands between several places in a
// row, or leads to the first of them: each restarts one more part of the
// pattern.
func segments(sites []site) []attack.Witness {
	var out []attack.Witness
	for i, start := range sites {
		if start.left == "" || len(start.left) > maxLeft {
			continue
		}
		whole := attack.Witness{Pumps: []attack.Pump{{Pump: []byte(start.left)}}}
		rest := attack.Witness{}
		lead := start.left
		if len(start.pumps) > 0 && len(start.pumps[0]) <= maxPump {
			lead += start.pumps[0]
		}
		at := start.left
		for _, s := range sites[i+1:] {
			segment, ok := strings.CutPrefix(s.left, at)
			if !ok || len(segment) > maxLeft || len(whole.Pumps) == maxPumps {
				break
			}
			if segment == "" {
				continue
			}
			at = s.left
			whole.Pumps = append(slices.Clone(whole.Pumps), attack.Pump{Pump: []byte(segment)})
			next := attack.Pump{Pump: []byte(segment)}
			if len(rest.Pumps) == 0 {
				next.Prefix = []byte(lead)
			}
			rest.Pumps = append(slices.Clone(rest.Pumps), next)
			out = append(out, whole)
			if len(rest.Pumps) > 1 {
				out = append(out, rest)
			}
		}
		if len(out) > maxSegments {
			break
		}
	}
	return out
}

// maxSegments bounds the families of segments of one pattern.
const maxSegments = 60

func first(s string, n int) string { return s[:min(len(s), n)] }
func last(s string) string         { return s[max(0, len(s)-maxFixed):] }

func (g *search) site(n *syntax.Node, words []string, c context) site {
	left := c.left
	s := site{node: n, left: left}
	s.lefts = distinct([]string{left, c.near, "", c.fullLeft, g.breaking() + left}, 5)
	s.rights = distinct([]string{c.right, c.far, ""}, 3)
	s.full = c.fullRight
	s.pumps = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
	own, own0 := s.pumps, ""
	if len(own) > 0 && len(own[0]) <= maxPump {
		own0 = own[0]
	}
	if left != "" && len(left) <= maxLeft {
		s.pumps = append(s.pumps, left)
		for _, w := range append([]string{own0}, own[:min(len(own), 4)]...) {
			s.pumps = append(s.pumps, left+w)
		}
	}
	for _, a := range own[:min(len(own), 4)] {
		for _, b := range own[:min(len(own), 4)] {
			if a != b {
				s.pumps = append(s.pumps, a+b)
			}
		}
	}
	s.pumps = slices.DeleteFunc(distinct(s.pumps, 3*maxWords), func(w string) bool {
		return len(w) > maxLeft+maxPump || len(w) > maxPump && !strings.HasPrefix(w, left)
	})
	return s
}

// breakers is how many characters are tried as the one that breaks a match.
const breakers = 8

// suffixes are the ends tried behind the pumps of a site: nothing, a breaking
// character, what goes on from there, entire, cut short, spoilt, or behind a
// breaking character.
func (g *search) suffixes(s site) []string {
	b := g.breaking()
	broken := []string{b}
	for i := len(g.abc.reps) - 1; i >= 0 && len(broken) < breakers; i-- {
		broken = append(broken, g.abc.reps[i])
	}
	c := g.abc.reps[0]
	broken = distinct(append(broken, c, "\n", "!", "\x00"), breakers+4)
	out := []string{""}
	for _, r := range s.rights {
		if r == "" {
			continue
		}
		chars := g.abc.split(r)
		cut := strings.Join(chars[:len(chars)-1], "")
		out = append(out, cut, cut+b, r, r+b, b+r, r+"\n")
	}
	out = append(out, broken...)
	out = append(out, "\n\n", "\n"+b, b+"\n"+b)
	if s.full != "" {
		out = append(out, s.full, s.full+b, c+"\n"+c)
	}
	return distinct(out, 40)
}

// breaking is the character that fewest parts of the pattern take, other than
// white space where there is another.
func (g *search) breaking() string {
	for i := len(g.abc.reps) - 1; i >= 0; i-- {
		if c := g.abc.reps[i]; strings.TrimSpace(c) != "" {
			return c
		}
	}
	return g.abc.reps[len(g.abc.reps)-1]
}

// families lists the pairs of prefix and pump of a site, the most usual ones
// of both first.
func (s site) families() [][2]string {
	out := slices.Clone(s.extra)
	for sum := 0; sum < len(s.lefts)+len(s.pumps); sum++ {
		for i, left := range s.lefts {
			if k := sum - i; k >= 0 && k < len(s.pumps) && len(out) < maxFamilies {
				out = append(out, [2]string{left, s.pumps[k]})
			}
		}
	}
	return out
}

// single is the family x yⁿ z.
func single(x, y, z string) attack.Witness {
	return attack.Witness{Pumps: []attack.Pump{{Prefix: []byte(x), Pump: []byte(y)}}, Suffix: []byte(z)}
}

// key names a family.
func key(w attack.Witness) string {
	var b strings.Builder
	part := func(p []byte) {
		b.WriteByte(byte(len(p)))
		b.WriteByte(byte(len(p) >> 8))
		b.Write(p)
	}
	for _, p := range w.Pumps {
		part(p.Prefix)
		part(p.Pump)
	}
	part(w.Suffix)
	return b.String()
}
