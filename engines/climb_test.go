package engines

import (
	"os"
	"testing"
	"time"
)

// TestEnvelope: one busy moment does not hide a curve.
func TestEnvelope(t *testing.T) {
	m := Measurement{}
	for n := 100; n < 10_000; n += n / 3 {
		took := time.Duration(n*n) * time.Nanosecond
		if len(m.Curve.Samples)%7 == 3 {
			took *= 4 // another process ran
		}
		m.Curve.Samples = append(m.Curve.Samples, Sample{N: n, Bytes: n, Cost: Cost{Time: took}, State: NoMatch})
	}
	if growth, _, _ := Fit(m.Curve.Samples); growth == (Growth{Class: Polynomial, Exponent: 2}) {
		t.Fatal("the noise is too small to be a test")
	}
	if !known(&m) || m.Curve.Growth != (Growth{Class: Polynomial, Exponent: 2}) {
		t.Errorf("read as %v (%s)", m.Curve.Growth, m.Curve.Fit)
	}
	if m.Second < 28_000 || m.Second > 36_000 {
		t.Errorf("one second at %d bytes, the costs are n² ns", m.Second)
	}
}

// TestProcessTime: a process that works is told from one that waits.
func TestProcessTime(t *testing.T) {
	before, ok := processTime(os.Getpid())
	if !ok {
		t.Skip("not known on this system")
	}
	for n := 0; ; n++ {
		if now, _ := processTime(os.Getpid()); now > before {
			return
		}
		if n == 1<<20 {
			t.Fatal("a million looks took no time")
		}
	}
}
