package syntax

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Print writes a tree as a pattern of its own dialect. Flags that were
// resolved while reading are dropped, since sets and assertions are spelled
// out; parsing the result gives the same tree but for spans and for
// parentheses that only group.
func Print(re *Regexp) corpus.Pattern {
	pr := printer{re: re, d: tableOf(re.Pattern.Dialect, re.Pattern.Flags)}
	out := re.Pattern
	kept := corpus.Unicode | corpus.UnicodeSets | corpus.Anchored | corpus.RightToLeft | corpus.Sticky | corpus.Indices | corpus.GlobalFlag
	if re.Pattern.Dialect == corpus.Java {
		kept = corpus.GlobalFlag
	}
	out.Flags &= kept
	pr.b.WriteString(re.Pattern.Text[:re.lead])
	if pr.repeatedNames() {
		pr.b.WriteString("(?J)")
	}
	pr.node(re.Root, false)
	out.Text = pr.b.String()
	return out
}

type printer struct {
	b  strings.Builder
	re *Regexp
	d  *dialect
}

// repeatedNames reports whether PCRE needs dupnames.
func (pr *printer) repeatedNames() bool {
	if pr.d.names.repeat != repeatWithMode {
		return false
	}
	seen := map[string]bool{}
	for _, g := range pr.re.Groups {
		if g.Name != "" && seen[g.Name] {
			return true
		}
		seen[g.Name] = true
	}
	return false
}

// node writes a node; part says that it stands in a sequence, where
// alternatives need parentheses.
func (pr *printer) node(n *Node, part bool) {
	switch n.Op {
	case OpEmpty:
	case OpFail:
		pr.fail(n)
	case OpSet:
		pr.set(n.Set)
	case OpConcat:
		for _, s := range n.Sub {
			pr.node(s, true)
		}
	case OpAlternate:
		pr.alternate(n, part)
	case OpRepeat:
		pr.repeat(n)
	case OpGroup, OpBalance:
		pr.group(n)
	case OpAtomic:
		pr.wrap("(?>", n.Sub[0])
	case OpAbsent:
		pr.wrap("(?~", n.Sub[0])
	case OpScriptRun:
		pr.wrap("(*sr:", n.Sub[0])
	case OpLook:
		pr.wrap(lookOpening(n), n.Sub[0])
	case OpAssert:
		pr.assert(n)
	case OpBackref:
		pr.backref(n)
	case OpConditional:
		pr.conditional(n)
	case OpCall:
		pr.call(n)
	case OpVerb:
		pr.b.WriteString("(*" + n.Verb.String())
		if n.Name != "" {
			pr.b.WriteString(":" + n.Name)
		}
		pr.b.WriteByte(')')
	case OpKeep:
		pr.b.WriteString(`\K`)
	case OpGrapheme:
		pr.b.WriteString(`\X`)
	case OpCallout:
		fmt.Fprintf(&pr.b, "(?C%d)", n.Index)
	}
}

func (pr *printer) wrap(open string, n *Node) {
	pr.b.WriteString(open)
	pr.node(n, false)
	pr.b.WriteByte(')')
}

func (pr *printer) alternate(n *Node, part bool) {
	if part {
		pr.b.WriteString("(?:")
	}
	for i, s := range n.Sub {
		if i > 0 {
			pr.b.WriteByte('|')
		}
		pr.node(s, s.Op == OpAlternate)
	}
	if part {
		pr.b.WriteByte(')')
	}
}

// fail writes what matches nothing: (*F) where the pattern had a verb, else a
// class without characters.
func (pr *printer) fail(n *Node) {
	if pr.re.Pattern.Dialect == corpus.PCRE && strings.HasPrefix(pr.re.Pattern.Text[n.Span.Start:], "(*F") {
		pr.b.WriteString("(*F)")
		return
	}
	pr.b.WriteString("[^")
	pr.char(0)
	pr.b.WriteByte('-')
	pr.char(pr.re.Unit.Max())
	pr.b.WriteByte(']')
}

// set writes one character as itself or its number, more as a class.
func (pr *printer) set(s charset.Set) {
	ranges := s.Ranges()
	if len(ranges) == 1 && ranges[0].Lo == ranges[0].Hi {
		pr.char(ranges[0].Lo)
		return
	}
	pr.b.WriteByte('[')
	for _, r := range ranges {
		if pr.d.noSurrogates && pr.re.Unit == Rune && r.Lo >= 0xD800 && r.Lo <= 0xDFFF {
			pr.b.WriteString(`\p{Cs}`)
			if r.Lo = 0xE000; r.Hi < r.Lo {
				continue
			}
		}
		pr.char(r.Lo)
		if r.Hi > r.Lo {
			pr.b.WriteByte('-')
			pr.char(r.Hi)
		}
	}
	pr.b.WriteByte(']')
}

// char writes a letter or digit as itself, anything else as its number.
func (pr *printer) char(c rune) {
	if c < 0x80 && (isAlpha(byte(c)) || isDigit(byte(c))) {
		pr.b.WriteByte(byte(c))
		return
	}
	form := `\x{%x}`
	switch d := pr.re.Pattern.Dialect; {
	case c < 0x80 || pr.re.Unit == Byte:
		form = `\x%02x`
	case pr.re.Unit == UTF16, d == corpus.Python && c <= 0xFFFF:
		form = `\u%04x`
	case d == corpus.Python:
		form = `\U%08x`
	case d == corpus.ECMAScript, d == corpus.Ruby:
		form = `\u{%x}`
	}
	fmt.Fprintf(&pr.b, form, c)
}

func (pr *printer) repeat(n *Node) {
	pr.atom(n.Sub[0])
	switch {
	case n.Min == 0 && n.Max == Infinite:
		pr.b.WriteByte('*')
	case n.Min == 1 && n.Max == Infinite:
		pr.b.WriteByte('+')
	case n.Min == 0 && n.Max == 1:
		pr.b.WriteByte('?')
	case n.Max == Infinite:
		fmt.Fprintf(&pr.b, "{%d,}", n.Min)
	case n.Min == n.Max:
		fmt.Fprintf(&pr.b, "{%d}", n.Min)
	default:
		fmt.Fprintf(&pr.b, "{%d,%d}", n.Min, n.Max)
	}
	switch n.Greed {
	case Lazy:
		pr.b.WriteByte('?')
	case Possessive:
		pr.b.WriteByte('+')
	}
}

// atom writes what a quantifier can follow.
func (pr *printer) atom(n *Node) {
	bare := false
	switch n.Op {
	case OpSet, OpGroup, OpAtomic, OpBalance, OpGrapheme, OpAbsent, OpScriptRun, OpVerb, OpConditional:
		bare = true
	case OpLook:
		t := targetLookahead
		if n.Behind {
			t = targetLookbehind
		}
		bare = pr.d.quant.targets&t != 0
	}
	if bare {
		pr.node(n, true)
		return
	}
	pr.wrap("(?:", n)
}

func (pr *printer) group(n *Node) {
	text := pr.re.Pattern.Text
	switch {
	case n.Op == OpBalance:
		name := n.Name
		if name == "" && n.Index > 0 {
			name = decimalString(n.Index)
		}
		pr.wrap(fmt.Sprintf("(?<%s-%d>", name, n.Refs[0]), n.Sub[0])
	case n.Index > 0 && n.Name != "" && pr.re.Pattern.Dialect == corpus.Python:
		pr.wrap("(?P<"+n.Name+">", n.Sub[0])
	case n.Index > 0 && n.Name != "":
		pr.wrap("(?<"+n.Name+">", n.Sub[0])
	case n.Index > 0 && pr.d.balance:
		pr.wrap(fmt.Sprintf("(?<%d>", n.Index), n.Sub[0])
	case n.Index > 0:
		pr.wrap("(", n.Sub[0])
	case pr.re.Pattern.Dialect == corpus.PCRE && strings.HasPrefix(text[min(n.Span.Start, len(text)):], "(?|"):
		pr.wrap("(?|", n.Sub[0])
	default:
		pr.wrap("(?:", n.Sub[0])
	}
}

func lookOpening(n *Node) string {
	switch {
	case n.Behind && n.NonAtomic:
		return "(?<*"
	case n.NonAtomic:
		return "(?*"
	case n.Behind && n.Negate:
		return "(?<!"
	case n.Behind:
		return "(?<="
	case n.Negate:
		return "(?!"
	}
	return "(?="
}

// assert writes an assertion under no flags.
func (pr *printer) assert(n *Node) {
	pr.b.WriteString(pr.assertText(n))
}

func (pr *printer) assertText(n *Node) string {
	dialect := pr.re.Pattern.Dialect
	unix := ""
	if dialect == corpus.Java && !n.CRLF && (n.Assert == EndTextOptional || n.Assert == BeginLineNotEnd || n.Assert == EndLine) {
		unix = "d"
	}
	switch n.Assert {
	case BeginText:
		if dialect == corpus.ECMAScript {
			return "^"
		}
		return `\A`
	case EndText:
		switch dialect {
		case corpus.ECMAScript:
			return "$"
		case corpus.Python:
			return `\Z`
		}
		return `\z`
	case EndTextOptional:
		switch {
		case dialect == corpus.Python:
			return "$"
		case unix != "":
			return `(?d:\Z)`
		}
		return `\Z`
	case BeginLine, BeginLineNotEnd:
		if dialect == corpus.Ruby {
			return "^"
		}
		return "(?" + unix + "m:^)"
	case EndLine:
		if dialect == corpus.Ruby {
			return "$"
		}
		return "(?" + unix + "m:$)"
	case WordBoundary:
		return pr.boundary(`\b`, n.Set)
	case NotWordBoundary:
		return pr.boundary(`\B`, n.Set)
	case WordStart:
		return "[[:<:]]"
	case WordEnd:
		return "[[:>:]]"
	}
	return `\G`
}

// boundary writes \b with the option that gives it its word set.
func (pr *printer) boundary(escape string, word charset.Set) string {
	ascii := word.Equal(charset.Word)
	switch pr.re.Pattern.Dialect {
	case corpus.Python, corpus.Ruby:
		if ascii {
			return "(?a:" + escape + ")"
		}
	case corpus.ECMAScript:
		if !ascii {
			return "(?i:" + escape + ")"
		}
	}
	return escape
}

func (pr *printer) backref(n *Node) {
	if n.Fold {
		letters := "i"
		if pr.re.Pattern.Dialect == corpus.Java {
			letters = "iu"
		}
		defer pr.b.WriteByte(')')
		pr.b.WriteString("(?" + letters + ":")
	}
	name := pr.re.Groups[n.Refs[0]].Name
	switch dialect := pr.re.Pattern.Dialect; {
	case dialect == corpus.Python && name != "":
		pr.b.WriteString("(?P=" + name + ")")
	case dialect == corpus.Ruby && name == "":
		fmt.Fprintf(&pr.b, `\k<%d%s>`, n.Refs[0], n.Name)
	case dialect == corpus.Ruby, len(n.Refs) > 1:
		pr.b.WriteString(`\k<` + name + n.Name + ">")
	case dialect == corpus.DotNet:
		fmt.Fprintf(&pr.b, `\k<%d>`, n.Refs[0])
	case dialect == corpus.PCRE:
		fmt.Fprintf(&pr.b, `\g{%d}`, n.Refs[0])
	default:
		fmt.Fprintf(&pr.b, `(?:\%d)`, n.Refs[0])
	}
}

func (pr *printer) call(n *Node) {
	switch {
	case pr.re.Pattern.Dialect != corpus.Ruby:
		fmt.Fprintf(&pr.b, "(?%d)", n.Index)
	case pr.re.Groups[n.Index].Name != "":
		pr.b.WriteString(`\g<` + pr.re.Groups[n.Index].Name + ">")
	default:
		fmt.Fprintf(&pr.b, `\g<%d>`, n.Index)
	}
}

func (pr *printer) conditional(n *Node) {
	pr.b.WriteString("(?")
	switch {
	case n.Cond == CondLook:
		pr.node(n.Sub[2], true)
	case n.Cond == CondDefine:
		pr.b.WriteString("(DEFINE)")
	case n.Cond == CondConst && n.Negate:
		pr.b.WriteString("(VERSION>=1000)")
	case n.Cond == CondConst:
		pr.b.WriteString("(VERSION>=0)")
	case n.Cond == CondRecurse && len(n.Refs) == 0:
		pr.b.WriteString("(R)")
	case n.Cond == CondRecurse && len(n.Refs) > 1:
		pr.b.WriteString("(R&" + pr.re.Groups[n.Refs[0]].Name + ")")
	case n.Cond == CondRecurse:
		fmt.Fprintf(&pr.b, "(R%d)", n.Refs[0])
	case len(n.Refs) > 1 || pr.re.Pattern.Dialect == corpus.Ruby && pr.re.Groups[n.Refs[0]].Name != "":
		pr.b.WriteString("(<" + pr.re.Groups[n.Refs[0]].Name + ">)")
	default:
		fmt.Fprintf(&pr.b, "(%d)", n.Refs[0])
	}
	pr.node(n.Sub[0], n.Sub[0].Op == OpAlternate)
	if n.Sub[1].Op != OpEmpty {
		pr.b.WriteByte('|')
		pr.node(n.Sub[1], n.Sub[1].Op == OpAlternate)
	}
	pr.b.WriteByte(')')
}
