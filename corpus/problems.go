package corpus

import (
	"fmt"
	"slices"
)

// Problems collects what is wrong with one file, up to a number that a reader
// sets: a file of nothing else must not fill the memory.
type Problems struct {
	// Most is the largest number of problems that are kept.
	Most  int
	kept  []*Problem
	count int
}

// Add keeps a problem, or counts it.
func (p *Problems) Add(problem *Problem) {
	if p.count++; p.count <= p.Most {
		p.kept = append(p.kept, problem)
	}
}

// List is the problems in the order of their places. Where there were more than
// are kept, the last one says how many, with a code of the reader's.
func (p *Problems) List(file, tooMany string) []*Problem {
	list := slices.SortedStableFunc(slices.Values(p.kept), func(a, b *Problem) int { return a.Pos.Offset - b.Pos.Offset })
	if p.count > p.Most {
		list[p.Most-1] = &Problem{Code: tooMany, File: file, Message: fmt.Sprintf("more problems than are listed: %d in all, expected none", p.count)}
	}
	return list
}

// Excerpt is what a message quotes of a foreign text: not all of it.
func Excerpt(s string) string {
	const most = 40 // bytes
	if len(s) > most {
		return fmt.Sprintf("%.*q…", most, s)
	}
	return fmt.Sprintf("%q", s)
}
