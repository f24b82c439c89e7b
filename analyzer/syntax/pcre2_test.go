package syntax

import (
	"testing"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// livePCRE2 compiles with the system's library: just enough of a binding to
// ask whether a pattern is accepted.
type livePCRE2 struct {
	compile func(pattern *byte, length uintptr, options uint32, code *int32, offset *uintptr, context uintptr) uintptr
	free    func(code uintptr)
	message func(code int32, buffer *byte, size uintptr) int32
	version string
}

func openPCRE2(t testing.TB) *livePCRE2 {
	lib, err := purego.Dlopen("libpcre2-8.so.0", purego.RTLD_NOW)
	if err != nil {
		t.Skip("libpcre2-8 is not installed: nothing to compare with")
	}
	var l livePCRE2
	purego.RegisterLibFunc(&l.compile, lib, "pcre2_compile_8")
	purego.RegisterLibFunc(&l.free, lib, "pcre2_code_free_8")
	purego.RegisterLibFunc(&l.message, lib, "pcre2_get_error_message_8")
	var config func(what uint32, where *byte) int32
	purego.RegisterLibFunc(&config, lib, "pcre2_config_8")
	buffer := make([]byte, 64)
	if n := config(11, &buffer[0]); n > 1 {
		l.version = string(buffer[:n-1])
	}
	return &l
}

var pcre2Options = map[corpus.Flags]uint32{
	corpus.Caseless: 0x8, corpus.Multiline: 0x400, corpus.DotAll: 0x20, corpus.Extended: 0x80, corpus.Unicode: 0x80000,
	corpus.Anchored: 0x80000000, corpus.DollarEndOnly: 0x10, corpus.Ungreedy: 0x40000, corpus.DupNames: 0x40,
	corpus.ExplicitCapture: 0x2000,
}

// accepts compiles; the message says why not.
func (l *livePCRE2) accepts(text string, flags corpus.Flags) (bool, string, int) {
	var options uint32
	for f, o := range pcre2Options {
		if flags.Has(f) {
			options |= o
		}
	}
	var code int32
	var offset uintptr
	bytes := append([]byte(text), 0)
	re := l.compile((*byte)(unsafe.Pointer(&bytes[0])), uintptr(len(text)), options, &code, &offset, 0)
	if re != 0 {
		l.free(re)
		return true, "", 0
	}
	buffer := make([]byte, 256)
	l.message(code, &buffer[0], 256)
	n := 0
	for n < len(buffer) && buffer[n] != 0 {
		n++
	}
	return false, string(buffer[:n]), int(offset)
}
