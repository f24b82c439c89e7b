package redos

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// ParseSink reads a further function that takes patterns:
//
//	IMPORTPATH.Function[,key=value…]
//	IMPORTPATH.Type.Method[,key=value…]
//
// The keys: arg is the index of the pattern among the arguments (0), dialect
// its syntax (pcre), flags letters that are always in force, engine the model
// it is judged on, name what messages call the engine, timeout the field that
// bounds its matches. Without an engine it is judged on the reference matcher.
func ParseSink(s string) (Library, error) {
	target, rest, _ := strings.Cut(s, ",")
	slash := strings.LastIndexByte(target, '/')
	path, name, ok := strings.Cut(target[slash+1:], ".")
	if !ok || path == "" || name == "" {
		return Library{}, fmt.Errorf("sink %q: expected IMPORTPATH.Function, then key=value pairs after commas", s)
	}
	// A version or domain in the last element has dots of its own.
	if k := functionAt(target[slash+1:]); k > 0 {
		path, name = target[slash+1:][:k], target[slash+1:][k+1:]
	}
	l := Library{Paths: []string{target[:slash+1] + path}, Name: target[:slash+1] + path, Dialect: corpus.PCRE}
	f := Function{Name: name, Opt: NoOptions}
	for pair := range strings.SplitSeq(rest, ",") {
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		if err := l.set(&f, key, value); err != nil {
			return Library{}, fmt.Errorf("sink %q: %w", target, err)
		}
	}
	l.Functions = []Function{f}
	return l, nil
}

// functionAt is the index of the dot before the first element that begins with
// an upper-case letter, as the names of exported functions and types do.
func functionAt(s string) int {
	for i := 1; i+1 < len(s); i++ {
		if s[i] == '.' && s[i+1] >= 'A' && s[i+1] <= 'Z' {
			return i
		}
	}
	return -1
}

// linearEngines need no model.
var linearEngines = []string{"stdlib", "re2"}

func (l *Library) set(f *Function, key, value string) (err error) {
	switch key {
	case "arg":
		if f.Arg, err = strconv.Atoi(value); err != nil || f.Arg < 0 {
			return fmt.Errorf("arg=%q: expected the index of an argument, from 0", value)
		}
	case "dialect":
		var ok bool
		if l.Dialect, ok = corpus.ParseDialect(value); !ok {
			return fmt.Errorf("dialect=%q: expected one of %v", value, corpus.Dialects)
		}
	case "flags":
		if l.Flags, err = corpus.ParseFlags(value); err != nil {
			return fmt.Errorf("flags: %w", err)
		}
	case "engine":
		known := append(backtrack.ModelNames(), linearEngines...)
		if !slices.Contains(known, value) {
			return fmt.Errorf("engine=%q: expected one of %s", value, strings.Join(known, ", "))
		}
		l.Engine = value
	case "name":
		l.Name = value
	case "timeout":
		l.Timeout = value
	default:
		return fmt.Errorf("key %q: expected arg, dialect, flags, engine, name or timeout", key)
	}
	return nil
}
