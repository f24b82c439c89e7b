//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/cli"
)

// spent is the processor time of this process, in microseconds.
func spent(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e3
}

// BenchmarkOverhead runs a corpus whose patterns cost nothing to judge: what is
// left is reading, writing and, in a campaign, the queue. Its figures are the
// processor time for a pattern, all threads together.
func BenchmarkOverhead(b *testing.B) {
	const patterns = 5000
	nothing := func(p corpus.Pattern, _ verdict.Options) verdict.Verdict {
		return verdict.Verdict{Pattern: p, Kind: verdict.Linear, Proof: "none", StepsPerByte: 1}
	}
	var text strings.Builder
	for i := range patterns {
		fmt.Fprintf(&text, "{\"id\":\"%d\",\"pattern\":\"(?:word%d|[a-z]+-[0-9]{1,3})\\\\s*=\\\\s*(.*)$\"}\n", i, i)
	}
	file := filepath.Join(b.TempDir(), "list.jsonl")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		b.Fatal(err)
	}
	args := []string{file, "--stable", "--format", "jsonl", "--progress", "none", "--compare", "none"}
	b.Run("fuzz", func(b *testing.B) {
		from := spent(b)
		for range b.N {
			cli.Main(cli.Command{Args: append([]string{"fuzz", "--jobs", "1"}, args...), Stdout: io.Discard, Stderr: os.Stderr, Analyze: nothing})
		}
		b.ReportMetric((spent(b)-from)/float64(b.N*patterns), "cpu-µs/pattern")
	})
	for _, workers := range []string{"1", "2"} {
		b.Run("campaign/workers="+workers, func(b *testing.B) {
			var cpu float64
			for range b.N {
				store := filepath.Join(b.TempDir(), "store")
				from := spent(b)
				c := command{stdout: io.Discard, stderr: os.Stderr, analyze: nothing}
				if code := c.main(b.Context(), append([]string{"start", "--wait", "--name", "t", "--store", store, "--workers", workers}, args...)); code != cli.ExitClean {
					b.Fatalf("exit code %d", code)
				}
				cpu += spent(b) - from
			}
			b.ReportMetric(cpu/float64(b.N*patterns), "cpu-µs/pattern")
		})
	}
}
