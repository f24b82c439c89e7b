// Package syntax reads regular expressions of several dialects into one tree.
//
// Everything that depends on flags is resolved while reading: case folding and
// shorthand classes become sets of characters, anchors become assertions that
// carry their newlines, group names become numbers. What one dialect knows
// stands in its table; the stages of the parser (groups, classes, escapes,
// quantifiers, references) only consult it.
package syntax

import (
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Parse reads a pattern in its dialect. The error is always an *Error, whose
// offsets are bytes of p.Text. It takes time and memory in proportion to the
// text, up to the limits of this package.
func Parse(pattern corpus.Pattern) (*Regexp, error) {
	re, err := parse(pattern)
	if err != nil {
		return nil, err
	}
	return re, nil
}

func parse(pattern corpus.Pattern) (*Regexp, *Error) {
	re, _, err := read(pattern)
	return re, err
}

// read also says how much work it was: looks at characters of the text and at
// nodes that were measured, to which its time is proportional.
func read(pattern corpus.Pattern) (re *Regexp, work int, _ *Error) {
	d := tableOf(pattern.Dialect, pattern.Flags)
	if d == nil {
		return nil, 0, &Error{Kind: ErrUnsupported, Found: "dialect " + quoted(string(pattern.Dialect)), Expected: "a dialect that is known"}
	}
	p := newParser(d, pattern)
	re, err := p.run()
	if err != nil || !d.twoPass {
		return re, p.work, err
	}
	second := newParser(d, pattern)
	second.first, second.work = p.takeCensus(), p.work
	re, err = second.run()
	return re, second.work, err
}

// A parser reads one pattern, once.
type parser struct {
	src string
	pos int
	// work counts looks at the text, and at nodes once more.
	work int
	d    *dialect
	re   *Regexp
	err  *Error
	// mode is in force at the cursor, and initial where the text begins.
	mode, initial modes
	// quote: inside \Q…\E.
	quote bool
	// depth counts open groups, looks the lookarounds among them.
	depth, looks int
	// behind counts the open lookbehinds, and closed the groups opened before
	// the outermost of them.
	behind, closed int
	// opened is the number of the capture group opened last, at this place.
	opened int
	// resets: a branch reset stands in the pattern.
	resets bool
	names  map[string][]int
	// explicit are group numbers and order the names a first reading met.
	explicit []int
	order    []string
	pending  []reference
	behinds  []*Node
	// first is what the first reading of the pattern found, nil during it.
	first *census
	// alternatives is the chain of alternatives the cursor is in.
	alternatives []alternative
	// nameAt says for each name in which alternatives its groups stand.
	nameAt map[string][]place
	// nameFirst says for each name where it was given first.
	nameFirst    map[string]Span
	disjunctions int
	// open says which groups are open.
	open    map[int]bool
	start   startOptions
	single  map[rune]charset.Set
	classes map[string]charset.Set
	ranges  int
	// lastPOSIX is 2 more than the offset of the last :], 0 when not looked for.
	lastPOSIX int
	// lineEnd: \r or \n stands in the pattern for itself.
	lineEnd bool
	// inClass: the cursor is in a class. half is the low surrogate of the
	// character there, when its high one has been read.
	inClass bool
	half    rune
}

// A census is what a first reading tells the second.
type census struct {
	groups int
	named  bool
	names  map[string][]int
	// slots and used number the groups where names come last.
	slots map[string]int
	used  []bool
}

func (p *parser) takeCensus() *census {
	c := &census{groups: len(p.re.Groups) - 1, named: len(p.names) > 0, names: p.names}
	if p.d.numbering == namedLast {
		c.assignSlots(p.opened, p.explicit, p.order)
	}
	return c
}

func newParser(d *dialect, pattern corpus.Pattern) *parser {
	return &parser{
		src: pattern.Text, d: d,
		re:     &Regexp{Pattern: pattern, Flags: pattern.Flags, Empty: d.empty, Groups: make([]Group, 1)},
		open:   map[int]bool{},
		names:  map[string][]int{},
		nameAt: map[string][]place{}, nameFirst: map[string]Span{},
		single: map[rune]charset.Set{}, classes: map[string]charset.Set{},
	}
}

// run is the order of the stages.
func (p *parser) run() (*Regexp, *Error) {
	p.setFlags()
	p.readStart()
	p.checkText()
	p.re.Root = p.wholePattern()
	p.resolve()
	p.checkLookbehinds()
	p.checkRecursion()
	p.checkProduct(p.re.Root, p.d.quant.product)
	if p.err != nil {
		return nil, p.err
	}
	switch p.start.newline {
	case newlineCRLF, newlineAnyCRLF, newlineAny:
		p.start.SkipCRLF = !p.lineEnd
	}
	p.re.Options = p.start.Options
	p.re.lead = p.start.length
	return p.re, nil
}

// setFlags turns the pattern's flags into modes.
func (p *parser) setFlags() {
	p.mode = p.d.implied
	for f := corpus.Flags(1); f != 0 && f <= p.re.Flags; f <<= 1 {
		if p.re.Flags&f == 0 {
			continue
		}
		m, ok := p.d.flags[f]
		if !ok {
			p.fail(ErrBadFlag, 0, 0, "flag "+quoted(f.String()), "a flag of "+string(p.d.name))
			return
		}
		p.mode |= m
	}
	if p.d.name == corpus.ECMAScript && p.re.Flags.Has(corpus.Unicode|corpus.UnicodeSets) {
		p.fail(ErrBadFlag, 0, 0, "flags u and v together", "one of them")
		return
	}
	p.initial = p.mode
	p.re.Unit = p.d.unit(p.mode)
}

// checkText holds the text against its length limit and its encoding.
func (p *parser) checkText() {
	if p.err == nil && len(p.src) > maxText {
		p.fail(ErrLimit, maxText, len(p.src), "a pattern of "+decimalString(len(p.src))+" bytes", "at most "+decimalString(maxText))
		return
	}
	if p.err != nil || p.re.Unit == Byte || utf8.ValidString(p.src) {
		return
	}
	for i := 0; i < len(p.src); {
		r, n := utf8.DecodeRuneInString(p.src[i:])
		if r == utf8.RuneError && n <= 1 {
			p.fail(ErrBadEncoding, i, i+1, "byte "+hexString(p.src[i])+" outside UTF-8", "valid UTF-8")
			return
		}
		i += n
	}
}

func (p *parser) wholePattern() *Node {
	root := p.disjunction(0)
	if !p.eof() && p.peek() == ')' {
		p.fail(ErrUnexpectedParen, p.pos, p.pos+1, "unmatched )", "an opening parenthesis before it")
	}
	return root
}

// disjunction reads alternatives up to a closing parenthesis or the end.
func (p *parser) disjunction(start int) *Node {
	branches := p.branches(nil)
	if len(branches) == 1 {
		return branches[0]
	}
	return &Node{Op: OpAlternate, Sub: branches, Span: Span{start, branches[len(branches)-1].Span.End}}
}

// branches reads the alternatives one by one; between is called before each
// but the first.
func (p *parser) branches(between func()) []*Node {
	p.alternatives = append(p.alternatives, alternative{})
	at := len(p.alternatives) - 1
	p.alternatives[at].group = p.newDisjunction()
	var out []*Node
	for {
		out = append(out, p.sequence())
		if p.eof() || p.peek() != '|' {
			break
		}
		p.pos++
		p.alternatives[at].branch++
		if between != nil {
			between()
		}
	}
	p.alternatives = p.alternatives[:at]
	return out
}

// sequence reads one alternative.
func (p *parser) sequence() *Node {
	s := sequence{start: p.pos}
	for {
		p.skip()
		if p.eof() || !p.quote && (p.peek() == '|' || p.peek() == ')') {
			break
		}
		if !p.quote && p.quantifier(&s) {
			continue
		}
		p.item(&s)
	}
	end := min(p.pos, len(p.src))
	switch len(s.items) {
	case 0:
		return &Node{Op: OpEmpty, Span: Span{s.start, max(s.start, end)}}
	case 1:
		return s.items[0]
	}
	return &Node{Op: OpConcat, Sub: s.items, Span: Span{s.items[0].Span.Start, s.items[len(s.items)-1].Span.End}}
}

// A sequence is an alternative being read.
type sequence struct {
	start int
	items []*Node
	// target says what the last item is as far as repeating it goes;
	// repeated, that it is a repeat already, by braces or not.
	target           target
	repeated, braced bool
	// stack counts the repeats of repeats on the last item.
	stack int
}

func (s *sequence) add(n *Node, t target) {
	s.items = append(s.items, n)
	s.target, s.repeated, s.braced, s.stack = t, false, false, 0
}

// item reads one item that is no quantifier and adds it to the sequence.
func (p *parser) item(s *sequence) {
	start := p.pos
	if p.quote {
		p.addLiteral(s, p.next(), start)
		return
	}
	switch c := p.peek(); c {
	case '\\':
		p.escape(s)
	case '(':
		p.group(s)
	case '[':
		p.bracket(s)
	case '.':
		p.pos++
		s.add(p.dot(start), targetPlain)
	case '^':
		p.pos++
		kind := p.d.caret
		if p.mode&multiline != 0 {
			kind = p.d.caretMulti
		}
		s.add(p.lineAssert(kind, start), targetAnchor)
	case '$':
		p.pos++
		s.add(p.lineAssert(p.dollarKind(), start), targetAnchor)
	default:
		if p.d.strictClose && (c == ']' || c == '{' || c == '}') {
			p.fail(ErrMissingBracket, start, start+1, "lone "+string(c), "a backslash before it")
			return
		}
		p.addLiteral(s, p.next(), start)
	}
}

func (p *parser) dollarKind() Assert {
	switch {
	case p.mode&multiline != 0:
		return p.d.dollarMulti
	case p.mode&dollarEnd != 0:
		return EndText
	}
	return p.d.dollar
}

// lineAssert is an assertion with the newlines in force.
func (p *parser) lineAssert(kind Assert, start int) *Node {
	n := &Node{Op: OpAssert, Assert: kind, Span: Span{start, p.pos}}
	switch kind {
	case BeginText, EndText, SearchStart:
	default:
		nl := p.d.lines(p)
		n.Set, n.CRLF = nl.Set, nl.CRLF
	}
	return n
}

// dot is any character, or any that begins no newline.
func (p *parser) dot(start int) *Node {
	if p.mode&dotAll != 0 {
		return p.set(charset.All(p.re.Unit.Max()), start)
	}
	return p.notNewline(start)
}

func (p *parser) notNewline(start int) *Node {
	nl := p.d.lines(p)
	n := p.set(nl.Dot.Negate(p.re.Unit.Max()), start)
	if !nl.CRLF || !nl.Dot.IsEmpty() {
		return n
	}
	// \r\n alone is a newline: any character that does not begin one.
	pair := &Node{Op: OpConcat, Span: n.Span, Sub: []*Node{p.set(charset.Runes('\r'), start), p.set(charset.Runes('\n'), start)}}
	look := &Node{Op: OpLook, Negate: true, Span: n.Span, Sub: []*Node{pair}}
	return &Node{Op: OpConcat, Span: n.Span, Sub: []*Node{look, n}}
}

// set is a node for one character; an empty set matches nothing.
func (p *parser) set(s charset.Set, start int) *Node {
	op := OpSet
	if s.IsEmpty() {
		op = OpFail
	}
	return &Node{Op: op, Set: s, Span: Span{start, min(p.pos, len(p.src))}}
}

// addLiteral adds the nodes of one literal character: one, or two for a code
// point that is a surrogate pair in the pattern's alphabet.
func (p *parser) addLiteral(s *sequence, c rune, start int) {
	p.lineEnd = p.lineEnd || c == '\r' || c == '\n'
	if p.re.Unit == UTF16 && c > charset.MaxUTF16 {
		hi, lo := surrogates(c)
		s.add(p.set(p.literal(hi), start), targetPlain)
		s.add(p.set(p.literal(lo), start), targetPlain)
		return
	}
	s.add(p.set(p.literal(c), start), targetPlain)
}

// literal is the set of characters that stand for c under the mode in force.
func (p *parser) literal(c rune) charset.Set {
	key := c
	fold := p.mode&caseless != 0 && (p.d.foldsAlone == nil || p.d.foldsAlone(c))
	if fold {
		key |= rune(p.d.folding(p.mode)) << 24
	}
	s, ok := p.single[key]
	if !ok {
		s = charset.Runes(c)
		if fold {
			s = s.Fold(p.d.folding(p.mode), p.re.Unit.Max())
		}
		p.single[key] = s
	}
	return s
}

func surrogates(c rune) (hi, lo rune) {
	c -= 0x10000
	return 0xD800 + c>>10, 0xDC00 + c&0x3FF
}

// skip moves over what stands for nothing: the bounds of \Q…\E, comments,
// white space in extended mode.
func (p *parser) skip() {
	for !p.eof() {
		switch {
		case p.quote:
			if !p.eat(`\E`) {
				return
			}
			p.quote = false
		case p.peek() == '\\' && p.d.escapes[p.at(1)].act == actQuote:
			p.pos += 2
			p.quote = true
		case p.peek() == '\\' && p.d.escapes[p.at(1)].act == actIgnore:
			p.pos += 2
		case p.peek() == '(' && p.d.hasComment() && p.has("(?#"):
			p.comment()
		case p.mode&extended != 0 && p.skipBlank():
		default:
			return
		}
	}
}

// skipBlank moves over one blank or one comment to the line's end.
func (p *parser) skipBlank() bool {
	c, n := p.char()
	if c == '#' {
		p.pos++
		p.skipLine()
		return true
	}
	if !p.isBlank(c) {
		return false
	}
	p.pos += n
	return true
}
