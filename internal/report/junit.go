package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// JUnit is the XML that build servers read test results from: a test case for
// each pattern. A reject, an error and a warning fail; what could not be
// judged is an error; what a waiver let pass, debt and notes are skipped, with
// the finding as their message.
type JUnit struct {
	Style Style

	cases []junitCase
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string      `xml:"classname,attr"`
	Name    string      `xml:"name,attr"`
	File    string      `xml:"file,attr,omitempty"`
	Line    int         `xml:"line,attr,omitempty"`
	Failure *junitState `xml:"failure"`
	Error   *junitState `xml:"error"`
	Skipped *junitState `xml:"skipped"`
}

type junitState struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// Fresh is an empty report of the same style, as Format asks.
func (f *JUnit) Fresh() Format { return &JUnit{Style: f.Style} }

// Row keeps a test case.
func (f *JUnit) Row(r gate.Row) []byte {
	v, p := r.Verdict, r.Verdict.Pattern
	name := shown(p.Source.Rule)
	if p.ID != "" {
		name = shown(p.ID)
	}
	if name == "" {
		name = shown(p.Text)
	}
	c := junitCase{Class: shown(p.Source.File), Name: name + " (" + readAs(v) + ")", File: shown(p.Source.File), Line: p.Source.Pos.Line}
	if c.Class == "" {
		c.Class = "pattern"
	}
	state := &junitState{Type: string(v.Kind), Message: title(r), Text: strings.Join(lines(r), "\n")}
	level := severity(r)
	undecided := v.Kind == verdict.Unknown || v.Kind == verdict.Invalid
	switch {
	case level == policy.None:
	case r.Judgement != nil && r.Judgement.Decision == gate.Error, undecided && level != policy.Note:
		c.Error = state
	case r.Judgement != nil && r.Judgement.Decision != gate.Reject, level == policy.Note:
		state.Type = ""
		c.Skipped = state
	default:
		c.Failure = state
	}
	f.cases = append(f.cases, c)
	return nil
}

// Fault keeps a test case that could not run, or one with a warning.
func (f *JUnit) Fault(p *corpus.Problem) []byte {
	class := shown(p.File)
	if class == "" {
		class = "nearmiss"
	}
	c := junitCase{Class: class, Name: "reading at " + p.Pos.String(), File: shown(p.File), Line: p.Pos.Line}
	state := &junitState{Type: shown(p.Code), Message: shown(p.Message)}
	if c.Error = state; p.Advisory {
		state.Type = ""
		c.Error, c.Skipped = nil, state
	}
	f.cases = append(f.cases, c)
	return nil
}

// Summary is the document.
func (f *JUnit) Summary(s gate.Summary) []byte {
	if s.Canary != "" {
		c := junitCase{Class: "nearmiss", Name: "canary"}
		if s.Canary == gate.CanaryMissed {
			c.Error = &junitState{Type: "canary", Message: "the canary was missed: no decision of this run counts"}
		}
		f.cases = append(f.cases, c)
	}
	suite := junitSuite{Name: "nearmiss", Tests: len(f.cases), Cases: f.cases}
	for _, c := range f.cases {
		switch {
		case c.Failure != nil:
			suite.Failures++
		case c.Error != nil:
			suite.Errors++
		case c.Skipped != nil:
			suite.Skipped++
		}
	}
	b, err := xml.MarshalIndent(junitSuites{Suites: []junitSuite{suite}}, "", " ")
	if err != nil { // nothing in it lacks an XML form
		return nil
	}
	return bytes.Join([][]byte{[]byte(xml.Header), b, []byte("\n")}, nil)
}

// Rejects reads its own output, as Format asks.
func (f *JUnit) Rejects(output []byte, file string, latent bool) bool {
	var doc junitSuites
	if xml.Unmarshal(output, &doc) != nil || file == "" {
		return false
	}
	for _, s := range doc.Suites {
		for _, c := range s.Cases {
			state, word := c.Failure, gate.Reject
			if latent && c.Skipped != nil {
				state, word = c.Skipped, gate.Accept
			}
			if c.File == shown(file) && state != nil && strings.HasPrefix(state.Message, fmt.Sprintf("%s: ", word)) {
				return true
			}
		}
	}
	return false
}
