package policy

import (
	"math"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Host is what the directives in a rule set say of the host that reads it. The
// zero Host is one of which nothing is said.
type Host struct {
	// Bytes are the sizes of subjects that directives set, 0 where none does.
	Bytes ByteLimits
	// limits are the values of directives that set a match limit, ascending.
	limits []uint64
	// options are the directives that set flags for what stands behind them, in
	// the order in which they were read.
	options []corpus.Setting
}

// The directives that bear on how a pattern is compiled and run.
const (
	// matchLimitDirective sets PCRE's match limit for the operators of all rules
	// behind it: in ModSecurity 2 (apache2_config.c, cmd_pcre_match_limit; a
	// value below 1 is refused) in place of the limit that it was built with,
	// 1,500; in libmodsecurity from 3.0.10 on for @rx and @rxGlobal, earlier ones
	// read it and run with PCRE's own default. Patterns among a rule's variables
	// keep the limit built in.
	//
	// SecPcreMatchLimitRecursion beside it sets PCRE2's depth limit, how many
	// choices are open at once, in ModSecurity 2 alone, and the JIT ignores it.
	// Every open choice has been counted against the match limit too, so a depth
	// limit that is not the smaller one (the recommended configuration and the
	// container images of CRS set both alike) never comes first. It is not
	// modelled.
	matchLimitDirective = "SecPcreMatchLimit"
	// optionDirective sets the flags that httpd adds to every pattern used
	// afterwards (its manual, core; util_pcre.c, ap_regcomp): none takes all away,
	// + adds one, - takes one away, and one without a sign stands alone.
	optionDirective = "RegexDefaultOptions"
	// substitute is the directive of mod_substitute, which takes nothing of those
	// flags but DOLLAR_ENDONLY (mod_substitute.c, set_pattern).
	substitute = "Substitute"
)

// httpdFlags are those that httpd adds where no directive says otherwise.
const httpdFlags = corpus.DotAll | corpus.DollarEndOnly

// HostOf is what settings say, those of all files that are read together.
func HostOf(settings []corpus.Setting) Host {
	h := Host{Bytes: HostLimits(settings)}
	for _, s := range settings {
		switch s.Name {
		case matchLimitDirective:
			if n, ok := bytesOf(s.Value); ok && 0 < n && n <= math.MaxInt32 {
				h.limits = append(h.limits, uint64(n))
			}
		case optionDirective:
			h.options = append(h.options, s)
		}
	}
	slices.Sort(h.limits)
	h.limits = slices.Compact(h.limits)
	return h
}

// Under is h with the positive fields of a policy's own limits instead of what
// directives say.
func (h Host) Under(limits ByteLimits) Host {
	h.Bytes = h.Bytes.With(limits)
	return h
}

// roleOperator is the role of patterns that a rule's operator matches.
const roleOperator = "operator"

// matchLimits are the match limits that directives set for a pattern in the
// host of a profile.
func (h Host) matchLimits(p Profile, of corpus.Pattern) []uint64 {
	if p.LimitDirective != matchLimitDirective || of.Context.Role != roleOperator {
		return nil
	}
	return h.limits
}

// matchLimits are the match limits of a pattern in the host of a profile: those
// that directives set for it, else those found in the field.
func (p Profile) matchLimits(of corpus.Pattern) []uint64 {
	set := of.Context.MatchLimits
	if len(set) == 0 || p.LimitDirective == "" {
		return p.MatchLimits
	}
	if p.Unheeding > 0 {
		set = append(slices.Clone(set), p.Unheeding)
	}
	return set
}

// flags are the sets of flags that the host of a profile adds to a pattern.
//
// A directive holds for what stands behind it in its file. What order files are
// read in is not known: in one without a directive every set counts that one of
// the others ends with.
func (h Host) flags(p Profile, of corpus.Pattern) []corpus.Flags {
	if p.OptionDirective != optionDirective {
		return p.Variants
	}
	here, ends := httpdFlags, map[string]corpus.Flags{}
	own := false
	for _, s := range h.options {
		now, begun := ends[s.File]
		if !begun {
			now = httpdFlags
		}
		now = httpdOptions(now, s.Value)
		ends[s.File] = now
		if s.File == of.Source.File {
			if own = true; s.Pos.Offset < of.Source.Pos.Offset {
				here = now
			}
		}
	}
	sets := []corpus.Flags{here}
	if !own && len(ends) > 0 {
		sets = sets[:0]
		for _, f := range ends {
			sets = append(sets, f)
		}
	}
	if of.Context.Operator == substitute {
		for i := range sets {
			sets[i] &= corpus.DollarEndOnly
		}
	}
	slices.Sort(sets)
	return slices.Compact(sets)
}

// httpdOptions are flags after a directive with these words. A word that httpd
// does not know, or that sets nothing (EXTENDED: ap_regex.h defines it as 0),
// changes nothing; httpd refuses to start with either.
func httpdOptions(flags corpus.Flags, words string) corpus.Flags {
	for word := range strings.FieldsSeq(words) {
		if strings.EqualFold(word, "none") {
			flags = 0
			continue
		}
		name := strings.TrimLeft(word[:1], "+-") + word[1:]
		var f corpus.Flags
		switch strings.ToUpper(name) {
		case "ICASE":
			f = corpus.Caseless
		case "DOTALL":
			f = corpus.DotAll
		case "DOLLAR_ENDONLY":
			f = corpus.DollarEndOnly
		default:
			continue
		}
		switch word[0] {
		case '+':
			flags |= f
		case '-':
			flags &^= f
		default:
			flags = f
		}
	}
	return flags
}
