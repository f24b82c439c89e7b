package corpus

import (
	"fmt"
	"sort"
)

// A Position is a place in a file. Line is 1-based, Column is 1-based and
// counts bytes, Offset is 0-based and counts bytes from the file's start. The
// zero Position is unknown.
type Position struct {
	Line, Column, Offset int
}

// IsValid reports whether the position is known.
func (p Position) IsValid() bool { return p.Line > 0 }

func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// A Source says where a pattern stands: its file, its rule, and how offsets
// in the pattern's text map to places in the file.
type Source struct {
	// File is the path as it was given to the reader; "" when there is none.
	File string
	// Rule is the rule's own name (an id, a sid, "<id>#chain1"), or "".
	Rule string
	// Pos is where the pattern's text begins.
	Pos Position

	segments []Segment
}

// A Segment says that from pattern offset Offset on, bytes of the text stand
// at Pos and after it in the file, one byte each, until the next segment
// begins. A reader adds one wherever the host's quoting breaks the run: after
// an escape, a continuation line, a concatenation.
type Segment struct {
	Offset int
	Pos    Position
}

// NewSource makes a source from its segments, which must be sorted by Offset
// and start at offset 0.
func NewSource(file, rule string, segments []Segment) Source {
	s := Source{File: file, Rule: rule, segments: segments}
	if len(segments) > 0 {
		s.Pos = segments[0].Pos
	}
	return s
}

// Segments are those the source was made from, not to be changed; none where
// the places in the file are not known.
func (s Source) Segments() []Segment { return s.segments }

// At is the place in the file of the pattern's byte at offset: through the
// host's own quoting. An offset past the end of the text is the place right
// after it. Without segments it is the unknown position.
func (s Source) At(offset int) Position {
	k := sort.Search(len(s.segments), func(i int) bool { return s.segments[i].Offset > offset }) - 1
	if k < 0 {
		return s.Pos
	}
	seg := s.segments[k]
	d := offset - seg.Offset
	return Position{Line: seg.Pos.Line, Column: seg.Pos.Column + d, Offset: seg.Pos.Offset + d}
}
