package lsp

import (
	"context"
	"fmt"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// served is what answers the client: next, held to the order of the protocol.
// Nothing that a client sends ends the conversation but exit.
func (s *Server) served(next jsonrpc2.Handler) jsonrpc2.Handler {
	initialized := false // requests are handled one after the other
	return func(ctx context.Context, req *jsonrpc2.Request) (result any, err error) {
		method, call := req.Method(), req.IsCall()
		defer func() {
			if r := recover(); r != nil {
				result, err = nil, jsonrpc2.NewError(jsonrpc2.InternalError, fmt.Sprintf("a fault of nearmiss itself: %v", r))
			}
			if err != nil && !call {
				// Nobody waits for an answer, and the library would hang up. A
				// client that is gone does not read it.
				_ = s.client.LogMessage(s.life, &protocol.LogMessageParams{Type: protocol.MessageTypeWarning, Message: method + ": " + err.Error()})
				result, err = nil, nil
			}
		}()
		if err := s.order(method, call, &initialized); err != nil || dropped(method, call, initialized) {
			return nil, err
		}
		if long(method) {
			jsonrpc2.Async(ctx)
		}
		// The request's own context dies with it, also for those who still
		// look at it: the library keeps requests in a pool.
		return next(jsonrpc2.DetachContext(ctx), req)
	}
}

// order refuses what comes at the wrong time: initialize is first, and after
// shutdown there is only exit.
func (s *Server) order(method string, call bool, initialized *bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case method == protocol.MethodExit:
	case s.down:
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server was shut down: expected exit")
	case method == protocol.MethodInitialize && *initialized:
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "initialize came twice")
	case method == protocol.MethodInitialize:
		*initialized = true
	case !*initialized && call:
		return jsonrpc2.NewError(jsonrpc2.ServerNotInitialized, "expected initialize first")
	}
	return nil
}

// dropped reports whether a message is passed over: a notification that comes
// too early, as the protocol has it, and the wish to cancel a request, since
// answers come at once, or within the second that a fix takes.
func dropped(method string, call, initialized bool) bool {
	return method == protocol.MethodCancelRequest || !initialized && !call && method != protocol.MethodExit
}

// long reports whether a request may take a second, or asks the client
// something: those behind it do not wait.
func long(method string) bool {
	return method == protocol.MethodTextDocumentCodeAction || method == protocol.MethodWorkspaceExecuteCommand
}
