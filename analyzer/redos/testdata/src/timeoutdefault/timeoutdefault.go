// Package timeoutdefault sets the default of one of its two engines.
package timeoutdefault

import (
	"time"

	"github.com/dlclark/regexp2"
	v2 "github.com/dlclark/regexp2/v2"
)

func init() { regexp2.DefaultMatchTimeout = time.Second }

func One(p string) *regexp2.Regexp { return regexp2.MustCompile(p, 0) }

func Two(p string) *v2.Regexp { return v2.MustCompile(p) } // want "not a constant"
