package suricata

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// An option is one keyword of a rule with its value.
type option struct {
	key    string
	value  corpus.Text // without blanks, negation and quotes around it
	negate bool
}

// A parse is one reading of a rule's text.
type parse struct {
	t        corpus.Text
	b        []byte // of t
	found    []found
	sid, gid string
	closed   bool // by its parenthesis
	end      int  // of the rule in t
	problems []problem
}

// A problem is what is reported if this reading is kept.
type problem struct {
	code, message string
	at            corpus.Position
}

func (p *parse) problem(code string, at corpus.Position, format string, args ...any) {
	p.problems = append(p.problems, problem{code, fmt.Sprintf(format, args...), at})
}

// rule reads the rule at begin. It ends within the lines that backslashes join
// (stop), or, where these do not close it, before the next line that starts a
// rule, as in Snort 3.
func (r *reading) rule(begin, stop int) {
	p := parseRule(r.joined(begin, stop))
	if !p.closed && r.startsRule(begin) {
		if more := r.ruleEnd(stop); more > stop {
			if q := parseRule(r.joined(begin, more)); q.closed {
				p = q
			}
		}
	}
	at := p.t.At(0)
	if !p.closed {
		r.problem(CodeUnfinishedRule, at, "rule is not finished: expected a semicolon after its last option and ) behind that")
	}
	for _, q := range p.problems {
		r.problem(q.code, q.at, "%s", q.message)
	}
	if len(p.found) > 0 && !isNumber(p.sid) {
		r.problem(CodeMissingID, at, "rule without a number: expected sid:NUMBER; among its options")
		p.sid = ""
	}
	name := p.sid
	if p.gid != "" && p.gid != "1" && p.sid != "" {
		name = p.gid + ":" + p.sid
	}
	for k, f := range p.found {
		if len(r.result.Patterns) >= MaxPatterns {
			r.dropped++
			continue
		}
		f.Source = f.text.Source(r.file, name)
		if f.ID = name; k > 0 {
			f.ID = fmt.Sprintf("%s#pcre%d", name, k+1)
		}
		r.result.Patterns = append(r.result.Patterns, f.Pattern)
	}
	r.off = r.joinedEnd(p.t.At(max(p.end-1, 0)).Offset)
}

// parseRule reads the options behind the first parenthesis.
func parseRule(t corpus.Text) *parse {
	p := &parse{t: t, b: t.Bytes()}
	i := bytes.IndexByte(p.b, '(') + 1
	buffer := ""
	after := "" // the option before this one
	for {
		if i = p.gap(i); i >= len(p.b) {
			break
		}
		if p.b[i] == ')' {
			p.closed = true
			i++
			break
		}
		o, next, ended := p.option(i)
		if !ended {
			o.value = o.value.Trim(") \t\r\n")
		}
		switch o.key {
		case "pcre", "pcrexform":
			f, ok := p.pcre(o)
			if f.relative {
				p.relative()
			}
			if !ok {
				break
			}
			if len(f.Context.Variables) == 0 && buffer != "" {
				f.Context.Variables = []string{buffer}
			}
			p.found = append(p.found, f)
		case "sid":
			p.sid = o.value.String()
		case "gid":
			p.gid = o.value.String()
		case "distance", "within":
			p.relative()
		case "content":
			if v := o.value.String(); strings.Contains(v, "distance ") || strings.Contains(v, "within ") {
				p.relative() // Snort 3
			}
		default:
			if o.value.Len() == 0 && isBuffer(o.key, after) {
				buffer = o.key
			}
		}
		if o.key != "" {
			after = o.key
		}
		if i = next; !ended {
			break
		}
	}
	p.end = i
	return p
}

// relative says that what stands before is run again when this fails.
func (p *parse) relative() {
	if n := len(p.found); n > 0 {
		p.found[n-1].Mode = corpus.Global
	}
}

// gap passes over white space, line ends and comments between options.
func (p *parse) gap(i int) int {
	for i < len(p.b) {
		switch c := p.b[i]; {
		case isSpace(c) || c == ';':
			i++
		case c == '#':
			i = lineEnd(p.b, i)
		case c == '/' && i+1 < len(p.b) && p.b[i+1] == '*':
			k := bytes.Index(p.b[i:], []byte("*/"))
			if k < 0 {
				return len(p.b)
			}
			i += k + 2
		default:
			return i
		}
	}
	return len(p.b)
}

// option reads the option at i. Where its semicolon is missing it goes up to
// the text's end, and ended is false.
func (p *parse) option(i int) (o option, next int, ended bool) {
	b := p.b
	k := i
	for k < len(b) && !isSpace(b[k]) && !bytes.ContainsRune([]byte(":;)"), rune(b[k])) {
		k++
	}
	o.key = string(b[i:k])
	for k < len(b) && isBlank(b[k]) {
		k++
	}
	if k < len(b) && b[k] == ')' { // no semicolon before it
		o.value = p.t.Slice(k, k)
		return o, k, false
	}
	colon := k < len(b) && b[k] == ':'
	if colon {
		k++
	}
	pcre := o.key == "pcre" || o.key == "pcrexform"
	end := semicolon(b, k, !pcre)
	ended = end >= 0
	if !ended {
		end = len(b)
	}
	v := p.t.Slice(k, end).Trim(" \t\r\n")
	if w := v.Bytes(); colon && len(w) > 0 && w[0] == '!' {
		o.negate = true
		v = v.Slice(1, v.Len()).Trim(" \t\r\n")
	}
	if w := v.Bytes(); len(w) > 0 && w[0] == '"' {
		last := bytes.LastIndexByte(w, '"')
		if last == 0 {
			p.problem(CodeUnterminatedQuote, v.At(0), "value of %s opened with a quote is not closed: expected \" before the semicolon", corpus.Excerpt(o.key))
			last = v.Len()
		}
		if pcre || last >= v.Len()-1 {
			v = v.Slice(1, last)
		}
	}
	o.value = v
	return o, min(end+1, len(b)), ended
}

// semicolon is the offset of the semicolon that ends the value at i, or -1.
// Quotes protect one in most options; a quote that its line does not close
// protects nothing.
func semicolon(b []byte, i int, quotes bool) int {
	open := false
	for k := i; k < len(b); k++ {
		switch c := b[k]; {
		case c == '\\' && open:
			k++
		case c == '"' && quotes && (open || blankBefore(b[i:k])):
			open = !open
		case c == ';' && !open && (k == i || b[k-1] != '\\'):
			return k
		case c == '\n' && open:
			return semicolon(b, i, false)
		}
	}
	if open {
		return semicolon(b, i, false)
	}
	return -1
}

// blankBefore reports whether only blanks and ! stand between a colon, or a
// comma, and a quote.
func blankBefore(b []byte) bool {
	b = bytes.TrimRight(b, " \t!")
	return len(b) == 0 || b[len(b)-1] == ','
}

// joined is the file from i to j without the backslashes that join lines.
func (r *reading) joined(i, j int) corpus.Text {
	var w corpus.TextBuilder
	at := r.lines.At(i)
	for i < j {
		end := lineEnd(r.data[:j], i)
		if k := continued(r.data[i:end]); k >= 0 && end < j {
			w.Add(r.lines.Text(i, i+k))
		} else {
			w.Add(r.lines.Text(i, min(end+1, j)))
		}
		i = end + 1
	}
	return w.Text(at)
}

// sticky are the buffers whose names hold no dot.
var sticky = strings.Fields("file_data pkt_data raw_data base64_data dce_stub_data dns_query tls_sni tls_cert_subject tls_cert_issuer tls_cert_fingerprint tls_cert_serial ssh_proto ssh_software ja3_hash ja3_string krb5_cname krb5_sname sip_method sip_uri sip_header sip_body rawbytes")

// isBuffer reports whether a keyword without a value chooses what the next
// patterns are matched against: one of Suricata's dotted names, or one of
// Snort 3's http_… where it is no modifier of a content before it.
func isBuffer(key, after string) bool {
	if strings.Contains(key, ".") || slices.Contains(sticky, key) {
		return true
	}
	return strings.HasPrefix(key, "http_") && (after == "" || !slices.Contains(modified, after) && !strings.HasPrefix(after, "http_"))
}

// modified are the options that an http_… behind them belongs to.
var modified = strings.Fields("content uricontent nocase depth offset distance within fast_pattern rawbytes")

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) <= 20
}
