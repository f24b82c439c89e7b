//go:build !nopcre2

package pcre2

import (
	"bytes"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/nearmiss-dev/nearmiss/engines"
)

// Values of pcre2.h.
const (
	configJIT      = 1
	configVersion  = 11
	infoAllOptions = 0
	infoStartType  = 6 // PCRE2_INFO_FIRSTCODETYPE
	startLine      = 2
	jitComplete    = 1
	noJIT          = 0x2000
)

// A library is the loaded libpcre2-8.
type library struct {
	symbols map[string]uintptr
	matchFn uintptr
}

// functions are what the library must have.
var functions = []string{
	"pcre2_config_8", "pcre2_compile_8", "pcre2_code_free_8", "pcre2_pattern_info_8",
	"pcre2_get_error_message_8", "pcre2_match_8", "pcre2_jit_compile_8",
	"pcre2_match_data_create_from_pattern_8", "pcre2_match_data_free_8",
	"pcre2_match_context_create_8", "pcre2_match_context_free_8",
	"pcre2_set_match_limit_8", "pcre2_set_depth_limit_8", "pcre2_set_heap_limit_8",
	"pcre2_get_ovector_pointer_8", "pcre2_get_ovector_count_8",
	"pcre2_jit_stack_create_8", "pcre2_jit_stack_assign_8", "pcre2_jit_stack_free_8",
}

// names are the file names under which systems install the library.
func names() []string {
	switch runtime.GOOS {
	case "darwin":
		return []string{"libpcre2-8.0.dylib", "libpcre2-8.dylib", "/opt/homebrew/lib/libpcre2-8.dylib", "/usr/local/lib/libpcre2-8.dylib"}
	case "windows":
		return []string{"libpcre2-8-0.dll", "libpcre2-8.dll", "pcre2-8.dll"}
	}
	return []string{"libpcre2-8.so.0", "libpcre2-8.so"}
}

// open loads the library.
func open() (*library, error) {
	var first error
	for _, name := range names() {
		handle, err := load(name)
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		l := &library{symbols: map[string]uintptr{}}
		for _, f := range functions {
			at, err := symbol(handle, f)
			if err != nil || at == 0 {
				return nil, fmt.Errorf("%s: %w: it lacks %s", name, engines.ErrUnavailable, f)
			}
			l.symbols[f] = at
		}
		l.matchFn = l.symbols["pcre2_match_8"]
		return l, nil
	}
	return nil, fmt.Errorf("libpcre2-8: %w: %w", engines.ErrUnavailable, first)
}

// call calls a function whose arguments are no Go pointers.
func (l *library) call(name string, args ...uintptr) uintptr {
	r, _, _ := purego.SyscallN(l.symbols[name], args...)
	return r
}

func (l *library) version() string {
	buf := make([]byte, 64) // "10.42 2022-12-11" fits; the library asks for 24
	purego.SyscallN(l.symbols["pcre2_config_8"], configVersion, uintptr(unsafe.Pointer(&buf[0])))
	v, _, _ := bytes.Cut(buf, []byte{0})
	v, _, _ = bytes.Cut(v, []byte(" "))
	return string(v)
}

func (l *library) hasJIT() bool {
	var jit uint32
	purego.SyscallN(l.symbols["pcre2_config_8"], configJIT, uintptr(unsafe.Pointer(&jit)))
	return jit == 1
}

// compile returns 0 and an error number and offset when the pattern is
// refused.
func (l *library) compile(text []byte, options uint32) (code uintptr, number, offset int) {
	var errno int32
	var at uintptr
	first := unsafe.Pointer(unsafe.SliceData(text[:cap(text)]))
	code, _, _ = purego.SyscallN(l.symbols["pcre2_compile_8"],
		uintptr(first), uintptr(len(text)), uintptr(options),
		uintptr(unsafe.Pointer(&errno)), uintptr(unsafe.Pointer(&at)), 0)
	return code, int(errno), int(at)
}

func (l *library) info(code, what uintptr) uint32 {
	var v uint32
	purego.SyscallN(l.symbols["pcre2_pattern_info_8"], code, what, uintptr(unsafe.Pointer(&v)))
	return v
}

func (l *library) message(number int) string {
	buf := make([]byte, 256) // the longest message has some 120 characters
	purego.SyscallN(l.symbols["pcre2_get_error_message_8"], uintptr(number), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)))
	buf[len(buf)-1] = 0
	return string(buf[:bytes.IndexByte(buf, 0)])
}

// match is pcre2_match: the number of groups set, or a negative code.
func (l *library) match(code uintptr, subject []byte, start int, options, data, context uintptr) int {
	var none [1]byte
	first := &none[0]
	if len(subject) > 0 {
		first = &subject[0]
	}
	rc, _, _ := purego.SyscallN(l.matchFn, code, uintptr(unsafe.Pointer(first)), uintptr(len(subject)),
		uintptr(start), options, data, context)
	runtime.KeepAlive(subject)
	return int(int32(rc))
}
