package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/nearmiss-dev/nearmiss/engines"
)

// maxLine is the longest line of a list, in bytes: 16 MiB, far above the
// longest pattern any engine takes.
const maxLine = 16 << 20

// An opinion is what a peer says of one pattern.
type opinion struct {
	class    word
	exponent int // of polynomial growth, 0 when the peer does not say
	attacks  []family
	millis   float64 // negative when the peer does not say
}

// A word is a class of growth as a judge puts it.
type word string

// The words. A peer's "safe" is its word for no growth worth naming, which is
// no claim of linearity; it counts as one all the same, since its user acts on
// it as on one.
const (
	linear      word = "linear"
	polynomial  word = "polynomial"
	exponential word = "exponential"
	superlinear word = "superlinear" // of a class which the judge does not say
	unknown     word = "unknown"
	invalid     word = "invalid"
)

// super reports whether w is a claim of super-linear growth.
func (w word) super() bool { return w == polynomial || w == exponential || w == superlinear }

// wordOf is a measured growth in a word, with its exponent.
func wordOf(g engines.Growth) (word, int) {
	switch g.Class {
	case engines.Exponential:
		return exponential, 0
	case engines.Polynomial:
		return polynomial, g.Exponent
	}
	return linear, 1
}

// show is a word with its exponent: "polynomial 3".
func (w word) show(exponent int) string {
	if w == polynomial && exponent > 0 {
		return fmt.Sprintf("%s %d", w, exponent)
	}
	return string(w)
}

// readOpinion reads a peer's result: an object with complexity, growth,
// verdict or status, the first that says a class; an attack in any shape; and
// the time in one of the columns of timeColumns.
func readOpinion(data []byte) (opinion, error) {
	o := opinion{class: unknown, millis: -1}
	var columns map[string]json.RawMessage
	if err := json.Unmarshal(data, &columns); err != nil {
		return o, err
	}
	for _, name := range []string{"complexity", "growth", "verdict", "status"} {
		class, exponent := parseClass(text(columns[name]))
		if o.class == unknown || o.class == superlinear && class.super() {
			o.class, o.exponent = class, exponent
		}
	}
	if e, err := strconv.Atoi(string(columns["exponent"])); err == nil {
		o.exponent = e
	}
	for _, name := range []string{"attack", "attacks", "witness", "witnesses"} {
		f, err := families(columns[name])
		if err != nil {
			return o, err
		}
		o.attacks = append(o.attacks, f...)
	}
	for name, unit := range timeColumns {
		if t, err := strconv.ParseFloat(string(columns[name]), 64); err == nil {
			o.millis = t * unit
		}
	}
	return o, nil
}

// timeColumns are the columns in which peers tell their time, with the
// milliseconds in one of their units.
var timeColumns = map[string]float64{"elapsed_us": 1e-3, "elapsed_ms": 1, "time_ms": 1, "ms": 1, "elapsed_s": 1e3, "time_s": 1e3, "seconds": 1e3}

// parseClass reads a class in the words peers use: "safe", "linear",
// "vulnerable", "exponential (fuzz)", "2nd degree polynomial".
func parseClass(s string) (class word, exponent int) {
	s = strings.ToLower(s)
	switch {
	case strings.Contains(s, "exponential"):
		return exponential, 0
	case strings.Contains(s, "polynomial"), strings.Contains(s, "quadratic"), strings.Contains(s, "cubic"):
		digits := strings.TrimLeft(s, "abcdefghijklmnopqrstuvwxyz ^(")
		end := 0
		for end < len(digits) && digits[end] >= '0' && digits[end] <= '9' {
			end++
		}
		exponent, _ = strconv.Atoi(digits[:end])
		return polynomial, exponent
	case strings.Contains(s, "superlinear"), strings.Contains(s, "vulnerable"), strings.HasPrefix(s, "unsafe"):
		return superlinear, 0
	case strings.HasPrefix(s, "safe"), strings.HasPrefix(s, "linear"):
		return linear, 1
	case strings.HasPrefix(s, "invalid"), strings.Contains(s, "syntax"):
		return invalid, 0
	}
	return unknown, 0
}

// readPeer reads a peer's results, one object a line with the row's id.
func readPeer(in io.Reader, name string, into map[string]map[string]opinion) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		var r struct{ ID string }
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		o, err := readOpinion(lines.Bytes())
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if into[r.ID] == nil {
			into[r.ID] = map[string]opinion{}
		}
		into[r.ID][name] = o
	}
	return lines.Err()
}
