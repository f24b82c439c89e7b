package cli

import (
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

type attackFlags struct {
	what
	hosts
	bytes int
	as    string
}

func (f *attackFlags) set() *pflag.FlagSet {
	fs := newFlags("attack")
	fs.SortFlags = false
	fs.IntVar(&f.bytes, "bytes", 0, "the most bytes that arrive at the pattern (default what costs about 10,000,000 steps)")
	fs.StringVar(&f.as, "as", asBytes, "what is written: "+commaList(attackForms))
	f.hosts.add(fs)
	f.what.add(fs)
	return fs
}

// The forms of an attack: what arrives at the pattern, a request that brings
// it there, and that request as a test.
const (
	asBytes = "bytes"
	asHTTP  = "http"
	asFTW   = "ftw"
)

var attackForms = []string{asBytes, asHTTP, asFTW}

// attack writes an attack on one pattern to the standard output, and a line
// about it to the error stream.
func (c Command) attack(args []string) (int, error) {
	var f attackFlags
	fs := f.set()
	if err := c.parseFlags("attack", fs, args); err != nil {
		return 0, err
	}
	form := strings.ToLower(f.as)
	switch {
	case form != asBytes && form != asHTTP && form != asFTW:
		return 0, usagef("--as %q: expected %s", f.as, commaList(attackForms))
	case f.bytes < 0:
		return 0, usagef("--bytes %d: expected a positive count", f.bytes)
	}
	if err := f.hosts.check(); err != nil {
		return 0, err
	}
	var files gate.FileCounts
	items, pol, _, err := c.asked("attack", f.what, f.hosts, fs.Args(), &files)
	if err != nil {
		return 0, err
	}
	v, err := c.worst(items, pol)
	if err != nil {
		return 0, err
	}
	x := costliest(v)
	n, err := pumps(v, x.arrives, f.bytes)
	if err != nil {
		return 0, err
	}
	about := fmt.Sprintf("%s%s: %d bytes arrive at the pattern, every pump %d times%s", where(v.Pattern.Source), gate.Describe(v.Growth), x.arrives.Len(n), n, x.engine)
	out := x.arrives.Bytes(n)
	if form != asBytes {
		if out, about, err = x.wrap(form, v.Pattern, n, about); err != nil {
			return 0, err
		}
	}
	if _, err := c.Stdout.Write(out); err != nil {
		return 0, outputError(err)
	}
	_, _ = fmt.Fprintf(c.Stderr, "%s\n", about) // the attack itself is written
	return ExitClean, nil
}

// where is "rules/a.conf:7: rule 3: ", as far as it is known.
func where(s corpus.Source) string {
	at := ""
	if s.File != "" {
		at = fmt.Sprintf("%s:%d: ", s.File, s.Pos.Line)
	}
	if s.Rule != "" {
		at += "rule " + s.Rule + ": "
	}
	return at
}

// worst is the pattern that the smallest attack stops, of those that can be
// attacked.
func (c Command) worst(items iter.Seq[item], pol policy.Policy) (best verdict.Verdict, err error) {
	unit := campaign.Unit{Analyze: c.Analyze, Options: verdict.Options{Verify: true}, Policy: pol}
	least, found := 0, false
	why := "no pattern"
	for it := range items {
		if it.problem != nil {
			continue
		}
		v := unit.Row(it.pattern).Verdict
		if v.Kind != verdict.Superlinear || len(v.Witnesses) == 0 {
			why = string(v.Kind)
			if v.Reason != nil {
				why += ", " + v.Reason.Message
			}
			continue
		}
		bytes, ok := policy.BytesTo(v, policy.StallSteps)
		if !found || ok && bytes < least {
			best, found = v, true
			if least = bytes; !ok {
				least = int(^uint(0) >> 1) // any other is better
			}
		}
	}
	if !found {
		return best, usagef("there is no attack to write: %s", why)
	}
	return best, nil
}

// A volley is an attack as it is written.
type volley struct {
	// arrives is what the pattern is given, and sent what is to be sent so that
	// the rule's transformations make it of that; nil where nothing is known.
	arrives attack.Witness
	sent    *attack.Witness
	// engine says what it is made for.
	engine string
	// why says why nothing can be sent.
	why string
}

// costliest is the attack on an engine that the pattern's hosts run, where one
// grows there and can be sent, else on the reference matcher.
func costliest(v verdict.Verdict) volley {
	for _, t := range v.Targets {
		x := volley{arrives: t.Witness, sent: &t.Witness, engine: ", as " + t.Engine + " needs it"}
		switch {
		case t.Model != verdict.TargetSuperlinear || len(t.Witness.Pumps) == 0:
			continue
		case t.Sent != nil:
			x.sent = &t.Sent.Witness
		case v.Reach != nil:
			continue // it does not come through
		}
		return x
	}
	x := volley{arrives: v.Witnesses[0], engine: ", for the reference matcher"}
	switch r := v.Reach; {
	case r == nil:
		x.sent = &x.arrives
	case r.State == verdict.Reachable:
		x.arrives, x.sent = r.Arrives, &r.Sent
	default:
		x.why = "no text was found that arrives as an attack through t:" + strings.Join(r.By, ", t:")
	}
	return x
}

// pumps is how often every pump is repeated: as often as the bytes hold, or
// what costs about 10⁷ steps of the reference matcher.
func pumps(v verdict.Verdict, w attack.Witness, bytes int) (int, error) {
	if bytes == 0 {
		bytes = v.Pattern.Context.ByteLimit
		for _, s := range v.Sizes {
			if s.Steps == 1e7 && s.Bytes > 0 {
				bytes = s.Bytes
			}
		}
		bytes = max(bytes, w.Len(1))
	}
	if least := w.Len(1); bytes < least {
		return 0, usagef("--bytes %d: the attack needs at least %d", bytes, least)
	}
	return (bytes - w.Len(0)) / w.PumpLen(), nil
}

// wrap is a request that brings the attack through the rule's transformations
// to its pattern.
func (x volley) wrap(form string, p corpus.Pattern, n int, about string) (out []byte, said string, err error) {
	if x.sent == nil {
		return nil, "", usagef("%s: --as bytes writes what the pattern must be given", x.why)
	}
	r, err := report.NewRequest(x.sent.Bytes(n), p.Context.Variables)
	if err != nil {
		return nil, "", usagef("%w; --as bytes writes what the pattern must be given", err)
	}
	about += ", sent as " + r.Carrier
	if form == asHTTP {
		return r.Bytes(), about, nil
	}
	out, err = report.FTW(r, p.Source.Rule, about)
	if err != nil {
		return nil, "", usageError{err}
	}
	return out, about, nil
}
