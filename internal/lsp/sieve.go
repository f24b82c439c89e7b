package lsp

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"sync"
	"unicode/utf8"

	"go.lsp.dev/jsonrpc2"
)

// maxMessage is the largest message in bytes that is read: a document of the
// largest file that a policy lets through, with every byte escaped.
const maxMessage = 64 << 20

// maxHeader is the longest header of a message in bytes; real ones have two
// lines.
const maxHeader = 4096

// sift copies well-formed messages from in to good and answers all others, so
// that one broken message does not end the conversation. It returns when in
// ends, or cannot be divided into messages any more.
func sift(in io.Reader, good, answers io.Writer) error {
	r := bufio.NewReader(in)
	for {
		n, err := frame(r)
		if err != nil {
			return err
		}
		if n > maxMessage {
			if _, err := io.CopyN(io.Discard, r, n); err != nil {
				return err
			}
			if err := refuse(answers, nil, jsonrpc2.InvalidRequest, fmt.Sprintf("a message of %d bytes: expected at most %d", n, maxMessage)); err != nil {
				return err
			}
			continue
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(r, body); err != nil {
			return err
		}
		if id, code, problem := examine(body); problem != "" {
			if err := refuse(answers, id, code, problem); err != nil {
				return err
			}
			continue
		}
		if _, err := good.Write(framed(body)); err != nil {
			return err
		}
	}
}

func framed(body []byte) []byte {
	return append(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(body)), body...)
}

// frame reads the header of a message and returns the length of its body.
func frame(r *bufio.Reader) (int64, error) {
	limited := &io.LimitedReader{R: byteReader{r}, N: maxHeader}
	h, err := textproto.NewReader(bufio.NewReader(limited)).ReadMIMEHeader()
	switch {
	case err != nil && limited.N == 0:
		return 0, fmt.Errorf("the header of a message: expected at most %d bytes", maxHeader)
	case errors.Is(err, io.EOF) && len(h) == 0:
		return 0, io.EOF
	case err != nil:
		return 0, fmt.Errorf("the header of a message: %w", err)
	}
	n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("the header of a message: Content-Length %q: expected a number", h.Get("Content-Length"))
	}
	return n, nil
}

// byteReader gives one byte at a time, so that nothing behind a header is read
// with it.
type byteReader struct{ r *bufio.Reader }

func (b byteReader) Read(p []byte) (int, error) {
	c, err := b.r.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// examine says what is wrong with a message, "" for nothing.
func examine(body []byte) (id json.RawMessage, code jsonrpc2.Code, problem string) {
	if !json.Valid(body) || !utf8.Valid(body) {
		return nil, jsonrpc2.ParseError, "the message is not JSON"
	}
	var m map[string]json.RawMessage // a struct would take keys in any case
	if json.Unmarshal(body, &m) != nil {
		return nil, jsonrpc2.InvalidRequest, "expected one JSON-RPC message, an object"
	}
	id, method, params := m["id"], m["method"], m["params"]
	var number int64
	var word string
	if id != nil && json.Unmarshal(id, &number) != nil && json.Unmarshal(id, &word) != nil {
		return nil, jsonrpc2.InvalidRequest, "expected a string or a whole number as id"
	}
	switch {
	case m["jsonrpc"] == nil || json.Unmarshal(m["jsonrpc"], &word) != nil || word != "2.0":
		return id, jsonrpc2.InvalidRequest, `expected "jsonrpc":"2.0"`
	case method == nil && (id == nil || m["result"] == nil && m["error"] == nil):
		return id, jsonrpc2.InvalidRequest, "expected a method, a result or an error"
	case method != nil && (bytes.Equal(method, []byte("null")) || json.Unmarshal(method, &word) != nil):
		return id, jsonrpc2.InvalidRequest, "expected a string as method"
	case params != nil && params[0] != '{' && params[0] != '[':
		return id, jsonrpc2.InvalidRequest, "expected an object or a list as params"
	}
	return nil, 0, ""
}

// refuse answers a message that is none.
func refuse(answers io.Writer, id json.RawMessage, code jsonrpc2.Code, problem string) error {
	if id == nil {
		id = json.RawMessage("null")
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": id, "error": map[string]any{"code": code, "message": problem}})
	if err != nil {
		return err
	}
	_, err = answers.Write(framed(body))
	return err
}

// A shared writer takes whole messages from several writers.
type shared struct {
	mu sync.Mutex
	io.WriteCloser
}

func (s *shared) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.WriteCloser.Write(b)
}
