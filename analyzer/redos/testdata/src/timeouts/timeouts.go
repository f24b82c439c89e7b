// Package timeouts compiles patterns that it does not choose.
package timeouts

import (
	"bufio"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
	v2 "github.com/dlclark/regexp2/v2"
	"github.com/dlclark/regexp2/v2/compat"
)

// Compile is the shape of CVE-2026-58421.
func Compile(pattern string) (*regexp2.Regexp, error) {
	return regexp2.Compile(pattern, regexp2.None) // want "this pattern is not a constant, and nothing limits the time of its matches in regexp2 v1.*set MatchTimeout or regexp2.DefaultMatchTimeout"
}

func Limited(pattern string) (*regexp2.Regexp, error) {
	re, err := regexp2.Compile(pattern, regexp2.None)
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = time.Second
	return re, nil
}

func Part(pattern string) *v2.Regexp {
	return v2.MustCompile("^(?:" + pattern + ")$") // want "regexp2 v2"
}

func Quoted(word string) *regexp2.Regexp {
	return regexp2.MustCompile(`\b`+regexp2.Escape(word)+`\b`, 0)
}

func Checked(pattern string) error {
	_, err := regexp2.Compile(pattern, 0) // it never matches anything
	return err
}

type matcher struct {
	re     *regexp2.Regexp
	slow   *regexp2.Regexp
	byName map[string]*v2.Regexp
}

func New(a, b string) *matcher {
	m := &matcher{
		re:   regexp2.MustCompile(a, 0),
		slow: regexp2.MustCompile(b, 0), // want "not a constant"
	}
	m.re.MatchTimeout = time.Second
	return m
}

func (m *matcher) add(name, pattern string) {
	re := v2.MustCompile(pattern)
	m.byName[name] = re
}

func (m *matcher) Add(pattern string) { m.add("x", pattern) }

func (m *matcher) limit() {
	for _, re := range m.byName {
		re.MatchTimeout = time.Second
	}
}

// Helped gets its limit from the function that it is given to.
func Helped(pattern string) {
	use(regexp2.MustCompile(pattern, 0))
}

func use(re *regexp2.Regexp) { re.MatchTimeout = time.Minute }

// Returned gets its limit from its caller.
func Returned(pattern string) *regexp2.Regexp {
	re := open(pattern)
	re.MatchTimeout = time.Minute
	return re
}

func open(pattern string) *regexp2.Regexp { return regexp2.MustCompile(pattern, 0) }

func Wrapped(pattern string) *compat.Regexp {
	re := compat.MustCompile(pattern)
	re.Unwrap().MatchTimeout = time.Second
	return re
}

func Unwrapped(pattern string) *compat.Regexp {
	return compat.MustCompile(pattern) // want "not a constant"
}

var config struct {
	Pattern string `json:"pattern"`
}

var word = flag.String("word", "", "")

func Sources() {
	_ = json.Unmarshal(nil, &config)
	use2(regexp2.MustCompile(config.Pattern, 0))                // want "not a constant"
	use2(regexp2.MustCompile(os.Getenv("X"), 0))                // want "not a constant"
	use2(regexp2.MustCompile(*word, 0))                         // want "not a constant"
	use2(regexp2.MustCompile(strings.Trim(os.Args[1], " "), 0)) // want "not a constant"
	s := bufio.NewScanner(os.Stdin)
	var p string
	for s.Scan() {
		p += s.Text()
	}
	re := regexp2.MustCompile(p, 0) // want "not a constant"
	_ = re
	func(q string) { re = regexp2.MustCompile(q, 0) }("a") // want "not a constant"
}

// Inside are constants, or made of constants.
func Inside(n int) {
	s := "a"
	for range n {
		s += "b"
	}
	use2(regexp2.MustCompile(s, 0))
	use2(regexp2.MustCompile(strings.Repeat("a", n), 0))
	use2(regexp2.MustCompile(helper("a"), 0))
}

func helper(s string) string { return s + "?" }

func use2(*regexp2.Regexp) {}
