package lsp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestSift: what is no message is answered and what is one goes through,
// whatever stands before it; a stream that cannot be divided ends.
func TestSift(t *testing.T) {
	whole := `{"jsonrpc":"2.0","id":7,"method":"shutdown"}`
	for _, test := range []struct {
		in, answer string
		ends       string // the error, "" for the end of the stream
	}{
		{in: string(framed([]byte(`{`))), answer: `"code":-32700`},
		{in: string(framed([]byte(`[]`))), answer: `"code":-32600`},
		{in: string(framed([]byte("\xff\xfe"))), answer: `"code":-32700`},
		{in: string(framed([]byte(`{"jsonrpc":"2.0","id":{},"method":"x"}`))), answer: `"id":null`},
		{in: string(framed([]byte(`{"jsonrpc":"2.0","id":3,"method":5}`))), answer: `"id":3`},
		{in: string(framed([]byte(`{"jsonrpc":"2.0","id":4,"method":null}`))), answer: `"id":4`},
		{in: string(framed([]byte(`{"jsonrpc":"2.0","id":5,"method":"x","params":6}`))), answer: "expected an object or a"},
		{in: fmt.Sprintf("Content-Length: %d\r\n\r\n%s", maxMessage+1, strings.Repeat(" ", maxMessage+1)), answer: "expected at most 67108864"},
		{in: "Content-Length: -1\r\n\r\n", ends: `Content-Length "-1": expected a number`},
		{in: "Content-Length: many\r\n\r\n", ends: `Content-Length "many": expected a number`},
		{in: "Content-Length: 900\r\n\r\n{", ends: "unexpected EOF"},
		{in: fmt.Sprintf("Content-Length: %d\r\n\r\n{", maxMessage+1), ends: "EOF"},
		{in: "X: " + strings.Repeat("x", 2*maxHeader) + "\r\n\r\n", ends: "expected at most 4096 bytes"},
		{in: "Content-Length 5\r\n\r\nabcde", ends: "the header of a message: "},
	} {
		var good, answers bytes.Buffer
		err := sift(strings.NewReader(test.in+string(framed([]byte(whole)))), &good, &answers)
		if test.ends != "" {
			if err == nil || !strings.Contains(err.Error(), test.ends) {
				t.Errorf("%.60q: error %v, want one with %q", test.in, err, test.ends)
			}
			continue
		}
		if !errors.Is(err, io.EOF) || !strings.Contains(answers.String(), test.answer) || good.String() != string(framed([]byte(whole))) {
			t.Errorf("%.60q: answered %q, passed on %q, error %v; want an answer with %q", test.in, answers.String(), good.String(), err, test.answer)
		}
	}
}
