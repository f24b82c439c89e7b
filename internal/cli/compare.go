package cli

import (
	"fmt"
	"slices"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
	"github.com/nearmiss-dev/nearmiss/engines/re2"
	"github.com/nearmiss-dev/nearmiss/engines/regexp2"
	"github.com/nearmiss-dev/nearmiss/engines/stdlib"
)

// allSpeakers is the table of engines whose answers can be compared, each with
// the dialect it speaks.
func allSpeakers() []fuzz.Speaker {
	return []fuzz.Speaker{
		{Engine: pcre2.New(), Dialect: corpus.PCRE}, {Engine: pcre2.NewJIT(), Dialect: corpus.PCRE},
		{Engine: regexp2.NewV1(), Dialect: corpus.DotNet}, {Engine: regexp2.NewV2(), Dialect: corpus.DotNet},
		{Engine: re2.New(), Dialect: corpus.Go}, {Engine: stdlib.New(), Dialect: corpus.Go},
	}
}

func speakerNames() []string {
	var out []string
	for _, s := range allSpeakers() {
		out = append(out, s.Engine.Name())
	}
	return out
}

// speakers are those named, with their versions beside those of all that
// judges. One that is not on this machine is said once, and is an error where
// it was asked for by name.
func (c Command) speakers(names []string) (out []fuzz.Speaker, of map[string]string, err error) {
	of = versions()
	if slices.Equal(names, []string{"none"}) {
		return nil, of, nil
	}
	all := slices.Equal(names, []string{"all"})
	for _, n := range names {
		if !all && !slices.Contains(speakerNames(), n) {
			return nil, nil, usagef("--compare %q: expected one of %s, or all, or none", n, commaList(speakerNames()))
		}
	}
	for _, s := range allSpeakers() {
		name := s.Engine.Name()
		if !all && !slices.Contains(names, name) {
			continue
		}
		m, err := s.Engine.Compile(corpus.Pattern{Text: "a", Dialect: s.Dialect})
		switch {
		case err == nil:
			m.Close()
			out, of[name] = append(out, s), "unknown" // as in a program without build information
			if v, err := s.Engine.Version(); err == nil {
				of[name] = v
			}
		case all:
			c.complain(fmt.Errorf("answers of %s are not compared: %w", name, err))
		default:
			return nil, nil, usagef("--compare %s: %w", name, err)
		}
	}
	return out, of, nil
}
