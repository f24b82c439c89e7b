// Package house calls a wrapper that the settings name.
package house

import "example.com/house/re"

var cache re.Cache

func all(p string) {
	_ = re.Find("x", `^(?:ab|AB)*$`) // want "exponential time in house engine"
	_ = cache.Get("\\s+$")           // want "quadratic time in example.com/house/re"
	Use(re.Find("y", p))             // want "nothing limits the time of its matches in house engine.*set Limit"
	q := re.Find("z", p)
	q.Limit = 1
}

func All(p string) { all(p) }

func Use(*re.Regexp) {}
