package corpus

import "fmt"

// A Reader reads one rule-file format.
type Reader interface {
	// Name is the format's name, as on the command line: "seclang", "list".
	Name() string
	// Read returns every pattern of the file in the order of their places. It
	// reads on after a fault: what could not be read is in Problems, nothing
	// is dropped in silence.
	Read(file string, data []byte) Result
}

// A Result is what a reader made of one file.
type Result struct {
	Patterns []Pattern
	Problems []*Problem
	// Includes are paths the file refers to, as written, for the caller to
	// resolve or to count as unread.
	Includes []Include
	// Skipped is the number of rows of a list that hold no pattern: empty lines.
	Skipped int
	// Updates are directives that change rules which stand elsewhere, in this
	// file or another: in the order of their places, not applied.
	Updates []Update
	// Settings are directives that set the host's limits, not applied.
	Settings []Setting
}

// An Update is a directive that changes or removes rules which stand
// elsewhere.
type Update struct {
	// Directive is the directive's name in its manual's spelling.
	Directive string
	// Rule is the id, or range of ids, of the rules it changes; "" when it
	// chooses them by its arguments.
	Rule string
	// Arguments are what follows, unquoted.
	Arguments []string
	Pos       Position
}

// A Setting is a directive that sets a limit or switch of the host.
type Setting struct {
	Name, Value string
	File        string
	Pos         Position
}

// An Include is a reference from one rule file to others.
type Include struct {
	Path string
	Pos  Position
}

// A Problem is a part of a file that could not be read as what it should be.
type Problem struct {
	// Code is one of a closed set of words: "unterminated-quote",
	// "missing-id", "unreadable", … ; each reader documents its own.
	Code string
	File string
	Pos  Position
	// Message says what was found and what was expected, in lower case.
	Message string
	// Advisory says that everything was read all the same: a warning, and no
	// reason to distrust what was judged.
	Advisory bool
}

func (p *Problem) Error() string {
	if !p.Pos.IsValid() {
		return fmt.Sprintf("%s: %s", p.File, p.Message)
	}
	return fmt.Sprintf("%s:%s: %s", p.File, p.Pos, p.Message)
}
