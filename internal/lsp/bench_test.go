package lsp

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// BenchmarkEdit is a thousand keystrokes inside the patterns of the largest
// file of CRS v4.0.0: how long the first and the last word on each takes, and
// what memory stays. Run it with -benchtime 1x.
func BenchmarkEdit(b *testing.B) {
	root := cmp.Or(os.Getenv("NEARMISS_DATA"), filepath.Join("..", "..", "..", "shared", "data"))
	data, err := os.ReadFile(filepath.Join(root, "rules", "crs-v4.0.0", "rules", "REQUEST-932-APPLICATION-ATTACK-RCE.conf"))
	if err != nil {
		b.Skip("development data: CRS v4.0.0 is absent (NEARMISS_DATA)")
	}
	for b.Loop() {
		e := start(b, testHost(nil), `{}`)
		u := uri.File("/rules/crs.conf")
		from := time.Now()
		e.open(u, 0, string(data))
		e.settled(u, 0)
		b.ReportMetric(float64(time.Since(from).Milliseconds()), "open-ms")
		before := heap()
		var places []int
		for i := range data {
			if strings.HasPrefix(string(data[i:min(i+5, len(data))]), `"@rx `) {
				places = append(places, i+5)
			}
		}
		text := newText(data, true)
		rng := rand.New(rand.NewPCG(1, 2))
		var first, last []time.Duration
		for v := int32(1); v <= 1000; v++ {
			at := text.position(places[rng.IntN(len(places))])
			letter := string("abc.*+?()|"[rng.IntN(10)])
			change := protocol.Range{Start: at, End: at}
			if v%2 == 0 { // every other stroke takes one back, at random
				change.End.Character++
				letter = ""
			}
			from := time.Now()
			if err := e.server.DidChange(b.Context(), &protocol.DidChangeTextDocumentParams{
				TextDocument:   protocol.VersionedTextDocumentIdentifier{TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: u}, Version: v},
				ContentChanges: []protocol.TextDocumentContentChangeEvent{&protocol.TextDocumentContentChangePartial{Range: change, Text: letter}},
			}); err != nil {
				b.Fatal(err)
			}
			first = append(first, e.heard(u, v).Sub(from))
			e.settled(u, v)
			last = append(last, time.Since(from))
		}
		slices.Sort(first)
		slices.Sort(last)
		for name, d := range map[string][]time.Duration{"first": first, "final": last} {
			b.ReportMetric(float64(d[500].Microseconds())/1000, name+"-median-ms")
			b.ReportMetric(float64(d[990].Microseconds())/1000, name+"-p99-ms")
			b.ReportMetric(float64(d[999].Microseconds())/1000, name+"-max-ms")
		}
		b.ReportMetric(before, "heap-before-MB")
		b.ReportMetric(heap(), "heap-after-MB")
		e.leave()
	}
}

// heard waits for the first word on a version.
func (e *editor) heard(u uri.URI, version int32) time.Time {
	for {
		e.mu.Lock()
		p, ok := e.published[u]
		e.mu.Unlock()
		if v, _ := p.Version.Get(); ok && v >= version {
			return time.Now()
		}
		select {
		case <-e.arrived:
		case <-time.After(time.Minute):
			panic(fmt.Sprintf("no word on version %d", version))
		}
	}
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}
