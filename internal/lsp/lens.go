package lsp

import (
	"context"
	"fmt"

	"go.lsp.dev/protocol"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// CodeLens puts a line over each pattern with a finding: its growth, and what
// the largest input costs.
func (s *Server) CodeLens(_ context.Context, p *protocol.CodeLensParams) ([]protocol.CodeLens, error) {
	j := s.known(p.TextDocument.URI)
	if j == nil || !s.lenses.Load() {
		return nil, nil
	}
	var out []protocol.CodeLens
	for i, f := range j.findings {
		if f.row.Verdict.Kind != verdict.Superlinear || f.pending {
			continue
		}
		c := protocol.Command{Title: lensTitle(f.row.Verdict), Command: commandExplain, Arguments: arguments(p.TextDocument.URI, j.version, i)}
		out = append(out, protocol.CodeLens{Range: j.text.span(f.start, f.start), Command: c})
	}
	return out, nil
}

// lensTitle is "quadratic, about 1.3 s at 128 KiB". A second is the
// policy's 10⁸ steps: no clock was asked.
func lensTitle(v verdict.Verdict) string {
	title := gate.Describe(v.Growth)
	if policy.Latent(v) {
		title += ", latent"
	}
	limit := v.Pattern.Context.ByteLimit
	seconds := policy.StepsAt(v, limit) / policy.StallSteps
	switch {
	case limit == 0 || seconds <= 0:
		return title
	case seconds > 3600:
		return fmt.Sprintf("%s, hours at %s", title, size(limit))
	}
	return fmt.Sprintf("%s, about %.2g s at %s", title, seconds, size(limit))
}

// size is a number of bytes as people write it.
func size(bytes int) string {
	switch {
	case bytes >= 1<<20:
		return fmt.Sprintf("%g MiB", float64(bytes)/(1<<20))
	case bytes >= 1<<10:
		return fmt.Sprintf("%g KiB", float64(bytes)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", bytes)
}
