package syntax

import (
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// startOptions are what items such as (*UTF) at the very start of a pattern
// set.
type startOptions struct {
	Options
	bsrAnyCRLF bool
	newline    newlineKind
	length     int // of the items in bytes
}

// newlineKind is PCRE2's newline convention.
type newlineKind uint8

const (
	newlineLF newlineKind = iota
	newlineCR
	newlineCRLF
	newlineAnyCRLF
	newlineAny
	newlineNUL
)

var newlineNames = map[string]newlineKind{
	"LF": newlineLF, "CR": newlineCR, "CRLF": newlineCRLF, "ANYCRLF": newlineAnyCRLF, "ANY": newlineAny, "NUL": newlineNUL,
}

// readStart reads the leading items and moves behind them.
func (p *parser) readStart() {
	for p.d.startOptions && p.has("(*") {
		end := p.index(')')
		if end < 0 || end > maxStartItem || !p.startItem(p.src[p.pos+2:p.pos+end]) {
			return
		}
		p.pos += end + 1
		p.start.length = p.pos
	}
}

// maxStartItem is the longest leading item in bytes; the longest name with a
// ten-digit number is shorter.
const maxStartItem = 40

func (p *parser) startItem(item string) bool {
	if kind, ok := newlineNames[item]; ok {
		p.start.newline = kind
		return true
	}
	if name, digits, ok := strings.Cut(item, "="); ok {
		return p.startLimit(name, digits)
	}
	o := &p.start.Options
	switch item {
	case "UTF", "UTF8":
		p.mode |= unicodeMode
		p.initial |= unicodeMode
		p.re.Flags |= corpus.Unicode
		p.re.Unit = p.d.unit(p.mode)
	case "UCP":
		p.mode |= ucp
		p.initial |= ucp
	case "BSR_ANYCRLF":
		p.start.bsrAnyCRLF = true
	case "BSR_UNICODE":
		p.start.bsrAnyCRLF = false
	case "NOTEMPTY":
		o.NotEmpty = true
	case "NOTEMPTY_ATSTART":
		o.NotEmptyAtStart = true
	case "NO_START_OPT":
		o.NoStartOptimize = true
	case "NO_AUTO_POSSESS":
		o.NoAutoPossess = true
	case "NO_DOTSTAR_ANCHOR":
		o.NoDotstarAnchor = true
	case "NO_JIT":
		o.NoJIT = true
	default:
		return false
	}
	return true
}

func (p *parser) startLimit(name, digits string) bool {
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' || n > maxStartLimit {
			return false
		}
		n = n*10 + int(c-'0')
	}
	if digits == "" || n > maxStartLimit {
		return false
	}
	o := &p.start.Options
	switch name {
	case "LIMIT_MATCH":
		o.LimitMatch = n
	case "LIMIT_DEPTH", "LIMIT_RECURSION":
		o.LimitDepth = n
	case "LIMIT_HEAP":
		o.LimitHeap = n
	default:
		return false
	}
	return true
}

// maxStartLimit is the largest number PCRE2 takes: 32 bits.
const maxStartLimit = 1<<32 - 1

// pcreLines are the newlines of the convention in force.
func pcreLines(p *parser) newlines {
	switch p.start.newline {
	case newlineCR:
		return newlines{Set: setCR, Dot: setCR}
	case newlineCRLF:
		return newlines{CRLF: true}
	case newlineAnyCRLF:
		return newlines{Set: setCRLF, Dot: setCRLF, CRLF: true}
	case newlineAny:
		any := charset.Vertical.Intersect(charset.All(p.re.Unit.Max()))
		return newlines{Set: any, Dot: any, CRLF: true}
	case newlineNUL:
		return newlines{Set: setNUL, Dot: setNUL}
	}
	return newlines{Set: setLF, Dot: setLF}
}

var (
	setLF   = charset.Runes('\n')
	setCR   = charset.Runes('\r')
	setCRLF = charset.Runes('\r', '\n')
	setNUL  = charset.Runes(0)
)

// skipLine moves behind the end of a comment in extended mode.
func (p *parser) skipLine() {
	for !p.eof() {
		c, n := p.char()
		p.pos += n
		if c == '\\' && p.d.lineEscape {
			if p.eof() {
				p.fail(ErrTrailingEscape, p.pos-1, p.pos, `\ at the end`, "a character after it")
			}
			p.next()
			continue
		}
		nl := p.d.commentEnd(p)
		if nl.Set.Contains(c) || nl.CRLF && c == '\r' && p.peek() == '\n' {
			return
		}
	}
}

// isBlank reports whether a character does not count in extended mode.
func (p *parser) isBlank(c rune) bool { return p.d.blank(p, c) }

func pcreBlank(_ *parser, c rune) bool {
	if c == ' ' || c >= '\t' && c <= '\r' {
		return true
	}
	// The byte 85 too, where there are no code points.
	return c == 0x85 || c == 0x200E || c == 0x200F || c == 0x2028 || c == 0x2029
}
