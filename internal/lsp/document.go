package lsp

import (
	"context"
	"fmt"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// A document is a file that the client has open. Its text and version change
// under the server's lock; judged is what was published last.
type document struct {
	uri     uri.URI
	path    string // "" where the document is no file
	version int32
	text    text
	judged  *judged

	wake chan struct{} // one place: the newest text is to be judged
	stop context.CancelFunc
}

// change applies the client's changes, one after the other.
func (d *document) change(events []protocol.TextDocumentContentChangeEvent) error {
	for _, e := range events {
		switch e := e.(type) {
		case *protocol.TextDocumentContentChangeWholeDocument:
			d.text = newText([]byte(e.Text), d.text.units)
		case *protocol.TextDocumentContentChangePartial:
			start, end := d.text.offset(e.Range.Start), d.text.offset(e.Range.End)
			if end < start {
				return fmt.Errorf("a change from %d:%d to %d:%d: expected its end behind its start", e.Range.Start.Line, e.Range.Start.Character, e.Range.End.Line, e.Range.End.Character)
			}
			d.text = newText(slices.Concat(d.text.bytes[:start], []byte(e.Text), d.text.bytes[end:]), d.text.units)
		default:
			return fmt.Errorf("a change without a text")
		}
	}
	return nil
}

// rouse asks for the newest text to be judged.
func (d *document) rouse() {
	select {
	case d.wake <- struct{}{}:
	default: // it is asked for already
	}
}
