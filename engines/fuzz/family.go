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
	node         *syntax.Node
	pumps        []string
	lefts        []string
	rights       []string
	global, near string // left contexts, also used as pumps: restarting costs too
}

// sites lists the places of a pattern in the order of its text, the pattern
// itself last.
func (g *search) sites() []site {
	var out []site
	var visit func(n *syntax.Node, left, right, near, far string, depth int)
	visit = func(n *syntax.Node, left, right, near, far string, depth int) {
		if depth > maxDepth || len(out) >= maxLoops {
			return
		}
		left, near = last(left, maxFixed), last(near, maxFixed)
		right, far = first(right, maxFixed), first(far, maxFixed)
		switch n.Op {
		case syntax.OpConcat:
			words := make([]string, len(n.Sub))
			for i, sub := range n.Sub {
				words[i] = g.lex.first(sub)
			}
			after := make([]string, len(n.Sub)+1)
			for i := len(n.Sub) - 1; i >= 0; i-- {
				after[i] = first(words[i]+after[i+1], maxFixed)
			}
			before := ""
			for i, sub := range n.Sub {
				visit(sub, left+before, after[i+1]+right, near+before, after[i+1]+far, depth+1)
				before = last(before+words[i], maxFixed)
			}
			return
		case syntax.OpLook, syntax.OpAtomic:
			visit(n.Sub[0], left, right, "", "", depth+1)
			return
		case syntax.OpRepeat:
			if n.Max == syntax.Infinite || n.Max > 1 {
				out = append(out, g.site(n, g.lex.of(n.Sub[0]), left, right, near, far))
			}
		case syntax.OpBackref, syntax.OpCall:
			out = append(out, g.site(n, g.lex.of(n), left, right, near, far))
		}
		for _, sub := range n.Sub {
			visit(sub, left, right, near, far, depth+1)
		}
	}
	visit(g.re.Root, "", "", "", "", 0)
	whole := site{node: g.re.Root, pumps: distinct(append(slices.Clone(g.abc.reps), g.lex.of(g.re.Root)...), 3*maxWords)}
	whole.lefts = []string{"", g.lex.first(g.re.Root)}
	whole.rights = []string{"", g.lex.first(g.re.Root)}
	return append(out, whole)
}

func first(s string, n int) string { return s[:min(len(s), n)] }
func last(s string, n int) string  { return s[max(0, len(s)-n):] }

func (g *search) site(n *syntax.Node, words []string, left, right, near, far string) site {
	s := site{node: n, global: left, near: near}
	s.lefts = distinct([]string{left, near, ""}, 3)
	s.rights = distinct([]string{right, far, ""}, 3)
	s.pumps = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
	own := s.pumps
	if left != "" {
		s.pumps = append(s.pumps, left)
		if len(own) > 0 {
			s.pumps = append(s.pumps, left+own[0])
		}
	}
	for _, a := range own[:min(len(own), 4)] {
		for _, b := range own[:min(len(own), 4)] {
			if a != b {
				s.pumps = append(s.pumps, a+b)
			}
		}
	}
	s.pumps = slices.DeleteFunc(distinct(s.pumps, 3*maxWords), func(w string) bool { return len(w) > maxPump })
	return s
}

// breakers is how many characters are tried as the one that breaks a match.
const breakers = 8

// suffixes are the ends tried behind the pumps of a site: nothing, a breaking
// character, what goes on from there, entire, cut short, spoilt, or behind a
// breaking character.
func (g *search) suffixes(s site) []string {
	var broken []string
	for i := len(g.abc.reps) - 1; i >= 0 && len(broken) < breakers; i-- {
		broken = append(broken, g.abc.reps[i])
	}
	if n := len(g.abc.reps); n > breakers {
		broken = append(broken, g.abc.reps[0])
	}
	broken = distinct(append(broken, "\n", "!", "\x00"), breakers+4)
	out := []string{""}
	for _, r := range s.rights {
		if r == "" {
			continue
		}
		chars := g.abc.split(r)
		cut := strings.Join(chars[:len(chars)-1], "")
		out = append(out, cut, cut+broken[0], r, r+broken[0], broken[0]+r, r+"\n")
	}
	out = append(out, broken...)
	out = append(out, "\n\n")
	return distinct(out, 40)
}

// families lists the pairs of prefix and pump of a site, the most usual ones
// of both first.
func (s site) families() [][2]string {
	var out [][2]string
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
