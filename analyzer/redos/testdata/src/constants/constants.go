// Package constants builds patterns in every way that is followed.
package constants

import (
	"fmt"
	"strings"

	"github.com/dlclark/regexp2"
)

const loop = `(a+b?)` // want "exponential" "exponential"

var never = `^(?:c+c+)+$` // want "exponential"

var twice = `^d+$`

func init() { twice = `^(d+)+$` } // want "exponential"

var table = []struct {
	name string
	re   string
}{
	{"one", `^e+$`},
	{"two", `^(e+)+$`},                     // want "exponential"
	{name: "three", re: `^(?:e|e{1,3})+$`}, // want "exponential"
}

var byName = map[string]string{
	"f": `^(f+)+$`, // want "exponential"
}

var list = append([]string{`^(g+)+$`}, `^(h+)+$`) // want "exponential" "exponential"

func all() {
	_ = regexp2.MustCompile("^"+loop+"+$", 0)
	_ = regexp2.MustCompile(fmt.Sprintf("^%s+%d$", loop, 7), 0)
	_ = regexp2.MustCompile(fmt.Sprintf("^%s+%%%v", loop, "x"), 0)
	_ = regexp2.MustCompile(strings.Join([]string{"^(i+i+", ")+$"}, ""), 0) // want "exponential"
	_ = regexp2.MustCompile(strings.Repeat("j*", 3)+"x", 0)                 // want "polynomial"
	_ = regexp2.MustCompile(strings.ReplaceAll("^(?:k+ )+$", " ", "k*"), 0) // want "exponential"
	_ = regexp2.MustCompile(never, 0)
	_ = regexp2.MustCompile(twice, 0)
	for _, row := range table {
		_ = regexp2.MustCompile(row.re, 0)
	}
	for _, re := range byName {
		_ = regexp2.MustCompile(re, 0)
	}
	for i := range list {
		_ = regexp2.MustCompile(list[i], 0)
	}
	local := "^(l+)+$" // want "exponential"
	_ = regexp2.MustCompile(local, 0)
	must(`^(m+)+$`)        // want "exponential"
	must(suffixed("^(n+")) // want "exponential"
	if re, ok := byName["f"]; ok {
		must(re)
	}
	many("", `^(o+)+$`) // want "exponential"
}

func must(s string) *regexp2.Regexp { return regexp2.MustCompile(s, 0) }

func many(_ string, res ...string) {
	for _, s := range res {
		must(s)
	}
}

func suffixed(s string) string {
	return s + ")+$"
}

// unknown patterns are not judged, whatever constants they are made of.
func unknown(n int) {
	s := ""
	for range n {
		s = s + "(?:a+)+$"
	}
	_ = regexp2.MustCompile(s, 0)
	b := strings.Builder{}
	_ = regexp2.MustCompile(fmt.Sprintf("^%5s$", "(?:a+)+"), 0)
	_ = regexp2.MustCompile(`^(p+)+$`[n:], 0)
	_ = b
}
