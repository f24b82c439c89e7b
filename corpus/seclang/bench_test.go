package seclang

import (
	"path/filepath"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus/readertest"
)

// BenchmarkCRS reads the largest file of OWASP CRS v4.0.0.
func BenchmarkCRS(b *testing.B) {
	src := readFile(b, filepath.Join(readertest.DevelopmentData(b), "rules", "crs-v4.0.0", "rules", "REQUEST-942-APPLICATION-ATTACK-SQLI.conf"))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		Reader{}.Read("rules.conf", src)
	}
}
