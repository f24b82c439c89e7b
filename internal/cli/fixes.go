package cli

import (
	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

// fixing are the flags that say what a fix must keep, and for which engines it
// is written.
type fixing struct{ use, target string }

func (f *fixing) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.use, "use", "", "what a fix keeps: match, span or captures (default what the rule takes from a match)")
	fs.StringVar(&f.target, "target", string(fix.RE2), "engines that a fix is written for: re2 (every engine) or pcre2 (lookaround and possessive loops too)")
}

// options are what a pattern's fix must keep.
func (f fixing) options(p corpus.Pattern, o verdict.Options) verdict.FixOptions {
	use, given := fix.ParseUse(f.use)
	if !given {
		use = verdict.UseOf(p)
	}
	return verdict.FixOptions{Options: o, Use: use, Target: fix.Target(f.target), Flags: p.Context.OtherFlags}
}

func (f fixing) check() error {
	if _, ok := fix.ParseUse(f.use); !ok && f.use != "" {
		return usagef("--use %q: expected match, span or captures", f.use)
	}
	if _, ok := fix.ParseTarget(f.target); !ok {
		return usagef("--target %q: expected re2 or pcre2", f.target)
	}
	return nil
}

// with gives every super-linear verdict its fixes.
func (f fixing) with(analyze gate.Analyze) gate.Analyze {
	return func(p corpus.Pattern, o verdict.Options) verdict.Verdict {
		v := analyze(p, o)
		v.Pattern = p
		// The fixed pattern's sizes are nobody's business: it need not be
		// replayed to 10⁷ steps.
		o.Verify = false
		v.Fixes = verdict.Fixes(v, f.options(p, o))
		return v
	}
}
