package syntax

// balanceGroup reads .NET's (?<name>…), (?<5>…), (?<name-other>…) and
// (?<-other>…).
func (p *parser) balanceGroup(s *sequence, open int, terminator byte) {
	start := p.pos
	name, number, ok := p.slotName(open)
	if !ok {
		return
	}
	if name == "" && number == 0 && p.peek() != '-' {
		p.fail(ErrBadName, start, p.pos+1, "missing group name", "a name or a number from 1")
		return
	}
	n := &Node{Op: OpGroup, Name: name}
	if name != "" || number > 0 {
		n.Index = p.slot(name, number)
	}
	if p.eat("-") {
		n.Op = OpBalance
		at := p.pos
		other, k, ok := p.slotName(open)
		if !ok {
			return
		}
		if p.first != nil {
			if other != "" {
				k = p.first.slots[other]
			}
			if k >= len(p.first.used) || !p.first.used[k] || other != "" && k == 0 {
				p.fail(ErrBadReference, at, p.pos, "reference to group "+quoted(p.src[at:p.pos])+", which does not exist", "a group of the pattern")
				return
			}
			n.Refs = []int{k}
		}
	}
	if p.peek() != terminator || p.eof() {
		p.failAt(ErrBadName, p.pos, p.pos+1, Span{open, start}, "unfinished group name", quoted(string(terminator))+" after the name")
		return
	}
	p.pos++
	if n.Index > 0 {
		p.re.Groups[n.Index].Name = name
		p.re.Groups[n.Index].Nodes = append(p.re.Groups[n.Index].Nodes, n)
	}
	s.add(p.body(n.Op, open, n), targetPlain)
}

// slotName reads a name or a number; neither before a hyphen.
func (p *parser) slotName(open int) (string, int, bool) {
	start := p.pos
	if isDigit(p.peek()) && !p.eof() {
		n, _ := p.decimal()
		if n > maxGroups {
			p.fail(ErrLimit, start, p.pos, "group number too large", "at most 65535")
			return "", 0, false
		}
		return "", n, true
	}
	for !p.eof() {
		c, n := p.char()
		if !p.d.names.part(p, c) {
			break
		}
		p.pos += n
	}
	text := p.src[start:min(p.pos, len(p.src))]
	if text == "" && !(p.peek() == '-' && !p.eof()) {
		p.failAt(ErrBadName, start, start+1, Span{open, start}, "missing group name", "a name that starts with a letter, a digit or _")
		return "", 0, false
	}
	return text, 0, true
}

// slot is the number of a named or numbered group. A first reading only notes
// what there is.
func (p *parser) slot(name string, number int) int {
	if p.first != nil {
		if name != "" {
			number = p.first.slots[name]
		}
	} else if name != "" {
		if _, ok := p.names[name]; !ok {
			p.order = append(p.order, name)
			p.names[name] = nil
		}
		return 0
	} else {
		p.explicit = append(p.explicit, number)
	}
	for len(p.re.Groups) <= number {
		p.re.Groups = append(p.re.Groups, Group{})
	}
	return number
}

// assignSlots numbers groups as .NET does: plain ones first, from 1, then
// names in order of appearance, on the numbers that are left.
func (c *census) assignSlots(plain int, explicit []int, order []string) {
	var used []bool
	for range plain + 1 {
		used = append(used, true)
	}
	for _, n := range explicit {
		for len(used) <= n {
			used = append(used, false)
		}
		used[n] = true
	}
	c.slots = map[string]int{}
	next := plain + 1
	for _, name := range order {
		for next < len(used) && used[next] {
			next++
		}
		for len(used) <= next {
			used = append(used, false)
		}
		used[next] = true
		c.slots[name] = next
	}
	c.used = used
	c.groups = len(used) - 1
}

// dotnetNumber is \1: a group that exists, else octal from two digits on.
func (p *parser) dotnetNumber(s *sequence, start int) {
	p.pos = start + 1
	n, _ := p.decimal()
	if p.first == nil {
		s.add(&Node{Op: OpEmpty, Span: Span{start, p.pos}}, targetPlain)
		return
	}
	if p.exists(n) {
		p.backreference(s, n, start)
		return
	}
	if n <= 9 {
		p.fail(ErrBadReference, start, p.pos, "reference to group "+decimalString(n)+", which does not exist", "a group of the pattern")
		return
	}
	if d := p.src[start+1]; d > '7' {
		p.fail(ErrBadReference, start, p.pos, "reference to group "+quoted(p.src[start+1:p.pos])+", which does not exist", "a group of the pattern")
		return
	}
	if c, ok := p.octal(start, start+1, 3); ok {
		p.addLiteral(s, c, start)
	}
}

func (p *parser) exists(n int) bool {
	return p.first != nil && n < len(p.first.used) && p.first.used[n]
}

// angleEscape reads .NET's \<name> and \'name', the old form of \k<name>, and
// \k itself. Without a closing bracket the old form is the character.
func (p *parser) angleEscape(s *sequence, start int, opener byte, named bool) {
	from := p.pos
	terminator := closing(opener)
	for !p.eof() {
		c, n := p.char()
		if !p.d.names.part(p, c) {
			break
		}
		p.pos += n
	}
	text := p.src[from:min(p.pos, len(p.src))]
	if text == "" || !p.eat(terminator) {
		if named {
			p.fail(ErrBadReference, start, p.pos+1, "malformed "+quoted(p.src[start:from]), "a name and "+quoted(terminator))
			return
		}
		p.pos = from
		p.addLiteral(s, rune(opener), start)
		return
	}
	number, known := 0, true
	if isDigit(text[0]) {
		for _, c := range []byte(text) {
			known = known && isDigit(c)
			number = min(number*10+int(c-'0'), maxNumber)
		}
		known = known && p.exists(number)
	} else if p.first != nil {
		number, known = p.first.slots[text]
	}
	if p.first == nil {
		s.add(&Node{Op: OpEmpty}, targetPlain)
		return
	}
	if !known {
		p.fail(ErrBadReference, start, p.pos, "reference to group "+quoted(text)+", which does not exist", "a group of the pattern")
		return
	}
	n := &Node{Op: OpBackref, Refs: []int{number}, Span: Span{start, p.pos}}
	p.addReference(s, n)
}

// groupCondition reads .NET's (?(name)…), (?(1)…) or, when that names no
// group, (?(expression)…), a lookahead.
func (p *parser) groupCondition(n *Node) *Node {
	start := p.pos - 1
	from := p.pos
	for !p.eof() {
		c, k := p.char()
		if !p.d.names.part(p, c) {
			break
		}
		p.pos += k
	}
	text := p.src[from:min(p.pos, len(p.src))]
	closed := p.peek() == ')' && !p.eof()
	if text != "" && isDigit(text[0]) {
		p.pos = from
		number, _ := p.decimal()
		if p.peek() != ')' || p.eof() || p.first != nil && !p.exists(number) {
			p.fail(ErrBadReference, from, p.pos, "condition on group "+quoted(text)+", which does not exist", "a group of the pattern")
			return nil
		}
		p.pos++
		n.Refs = []int{number}
		return nil
	}
	if text != "" && closed && p.first != nil {
		if number, ok := p.first.slots[text]; ok {
			p.pos++
			n.Refs = []int{number}
			return nil
		}
	}
	return p.expressionCondition(n, start)
}

// expressionCondition reads (expression) as a condition: a lookahead, of
// which plain parentheses do not capture.
func (p *parser) expressionCondition(n *Node, start int) *Node {
	p.pos = start
	for _, bad := range []string{"(?#", "(?'"} {
		if p.has(bad) {
			p.fail(ErrBadGroup, start, start+3, "condition "+quoted(bad), "an expression")
			return nil
		}
	}
	if p.has("(?<") && p.at(3) != '=' && p.at(3) != '!' {
		p.fail(ErrBadGroup, start, start+3, "capture group as a condition", "an expression that does not capture")
		return nil
	}
	n.Cond = CondLook
	if p.peek() == '(' && p.at(1) == '?' {
		var s sequence
		p.group(&s)
		if p.err == nil && len(s.items) == 1 {
			if s.items[0].Op == OpLook {
				return s.items[0]
			}
			return &Node{Op: OpLook, Sub: s.items, Span: s.items[0].Span}
		}
		p.fail(ErrBadGroup, start, p.pos, "options as a condition", "an expression")
		return nil
	}
	p.pos++
	return p.body(OpLook, start, nil)
}
