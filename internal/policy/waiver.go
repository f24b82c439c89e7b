package policy

import (
	"fmt"
	"path"
	"time"
)

// A Waiver lets the findings of one rule pass, for a reason and for a time.
type Waiver struct {
	// Rule is the rule's name, as reports print it.
	Rule string `yaml:"rule" json:"rule"`
	// File narrows the waiver to files that match; empty is any.
	File string `yaml:"file" json:"file"`
	// Reason and Owner are required: a waiver nobody answers for is a hole.
	Reason string `yaml:"reason" json:"reason"`
	Owner  string `yaml:"owner" json:"owner"`
	// Expires is the last day it holds, as 2006-01-02 in UTC; required.
	Expires string `yaml:"expires" json:"expires"`
}

func (w Waiver) check(at string) error {
	name := func(at, what string) error {
		return valuef(at, "waiver for rule %q: expected %s", w.Rule, what)
	}
	switch {
	case w.Rule == "":
		return valuef(at, "waiver: expected the rule it is for")
	case w.Reason == "":
		return name(at, "a reason")
	case w.Owner == "":
		return name(at, "an owner")
	}
	if _, err := time.Parse(time.DateOnly, w.Expires); err != nil {
		if w.Expires != "" {
			at += ".expires"
		}
		return name(at, fmt.Sprintf("expires as YYYY-MM-DD, found %q", w.Expires))
	}
	if _, err := path.Match(w.File, ""); err != nil {
		return name(at+".file", fmt.Sprintf("a file pattern, found %q", w.File))
	}
	return nil
}

// Covers reports whether the waiver is about the rule in the file.
func (w Waiver) Covers(file, rule string) bool {
	return rule != "" && w.Rule == rule && (w.File == "" || matchPath(w.File, file))
}

// Expired reports whether the waiver's last day is over at now.
func (w Waiver) Expired(now time.Time) bool {
	day, err := time.Parse(time.DateOnly, w.Expires)
	return err != nil || !now.UTC().Before(day.AddDate(0, 0, 1))
}

// Waived is the first waiver in force for the rule, nil when there is none.
// expired is the first that covered it but is over.
func (p Policy) Waived(file, rule string, now time.Time) (inForce, expired *Waiver) {
	for i := range p.Waivers {
		w := &p.Waivers[i]
		switch {
		case !w.Covers(file, rule):
		case !w.Expired(now):
			return w, nil
		case expired == nil:
			expired = w
		}
	}
	return nil, expired
}

// Added are the waivers of head that base lacks, or that reach further than
// base's: they name another file, or last longer.
func Added(base, head []Waiver) []Waiver {
	var out []Waiver
	for _, h := range head {
		known := false
		for _, b := range base {
			if b.Rule == h.Rule && (b.File == h.File || b.File == "") && b.Expires >= h.Expires {
				known = true
				break
			}
		}
		if !known {
			out = append(out, h)
		}
	}
	return out
}
