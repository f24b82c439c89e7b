package gate

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// exemption is the comment that is in force for a pattern of head: the one
// above its predecessor, since a change cannot exempt itself; its own where
// the head is trusted.
func (c Config) exemption(p pairing) *corpus.Exemption {
	switch {
	case c.TrustHead:
		return p.head.Context.Exemption
	case p.base != nil:
		return p.base.Context.Exemption
	}
	return nil
}

// exempt lets a rejected or undecided row pass, unless the pattern got worse
// than the one the comment was written above: whoever made it worse has to ask
// again.
func (c Config) exempt(r *Row, x corpus.Exemption) {
	j := r.Judgement
	if !c.TrustHead && j.Base != nil && outgrown(r.Verdict, j) {
		j.Message += fmt.Sprintf("; its exemption (%s) is about the base's pattern, and does not cover a worse one", x.Reason)
		return
	}
	r.Exemption = &x
	j.Decision, j.Code = Debt, CodeExempt
	j.Message = fmt.Sprintf("%s; exempt: %s", j.Message, x.Reason)
}

// outgrown reports whether the pattern is worse than its base was.
func outgrown(head verdict.Verdict, j *Judgement) bool {
	switch j.Code {
	case CodeGrowth, CodeSteps, CodeOldWitness:
		return true
	}
	if head.Kind != verdict.Superlinear {
		return false
	}
	switch j.Base.Kind {
	case verdict.Linear:
		return true
	case verdict.Superlinear:
		return head.Growth.Class != engines.Linear && head.Growth.Worse(j.Base.Growth)
	}
	return false // the base could not be judged either
}
