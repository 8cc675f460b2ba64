package plaza

import (
	"fmt"
	"strings"
	"time"
)

// Error is what every call returns that fails.
type Error struct {
	// Operation is the operationId of the contract.
	Operation string
	// Status is that of HTTP; 0 where no answer came.
	Status int
	// Type says what sort of problem it is; empty where no problem document came, as from a proxy or OAuth.
	Type ProblemType
	// Title is the same for every problem of the type, and Detail says what went wrong this time, for people.
	Title, Detail string
	// RequestID names the request in the server's log.
	RequestID string
	// Errors are the faults of the request, one by one, in the order of the contract.
	Errors []ProblemField

	cause      error
	retryAfter time.Duration
	told       bool // there was a Retry-After
	lost       bool // no whole answer came
	unsent     bool // there was no connection, so the request was not sent
}

// shown is how many faults the text of an error has.
const shown = 3

// Error tells the operation and what went wrong, in one line.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString("plaza: " + e.Operation)
	if e.Status != 0 {
		fmt.Fprintf(&text, ": %d %s", e.Status, e.Title)
	}
	if e.Detail != "" {
		text.WriteString(": " + e.Detail)
	}
	if len(e.Errors) > 1 { // a single one stands in the detail
		for _, fault := range e.Errors[:min(shown, len(e.Errors))] {
			text.WriteString("; " + strings.TrimSpace(fault.Pointer+string(fault.In)+" "+fault.Name) + ": " + fault.Detail)
		}
	}
	if e.cause != nil {
		text.WriteString(": " + e.cause.Error())
	}
	if e.RequestID != "" {
		text.WriteString(" (request " + e.RequestID + ")")
	}
	return text.String()
}

// Unwrap returns what the error came of, as the error of a connection; nil where the server answered.
func (e *Error) Unwrap() error { return e.cause }

// As makes each of the errors below an *Error for errors.As.
func (e *Error) As(target any) bool {
	common, ok := target.(**Error)
	if ok {
		*common = e
	}
	return ok
}

// Fields returns the faults of the body by the JSON pointer of their field, as /email or /address/city.
func (e *Error) Fields() map[string][]string {
	fields := map[string][]string{}
	for _, fault := range e.Errors {
		if fault.In == "" {
			fields[fault.Pointer] = append(fields[fault.Pointer], fault.Detail)
		}
	}
	return fields
}

// failure is Error by a name that leaves its method to what embeds it.
type failure = Error

// ValidationError tells what is wrong with the request (400, 422), in Errors and Fields.
type ValidationError struct{ *failure }

// AuthError tells that nobody is signed in, or not who may do this (401, 403), or that OAuth refuses.
type AuthError struct {
	*failure

	// Code is OAuth's, as invalid_grant; empty where the operation is none of OAuth.
	Code string
}

// NotFoundError tells that something is not there, or not to be seen (404).
type NotFoundError struct{ *failure }

// ConflictError tells that the request contradicts what is stored (409), as an e-mail address in use does.
type ConflictError struct{ *failure }

// StaleVersionError tells that the resource is not in the version that the call named (412), or that it named none
// where it has to (428).
type StaleVersionError struct {
	*failure

	// Current is the resource as it is now, a User where it is one; nil where it could not be read.
	Current any
}

// RateLimitError tells that there were too many calls (429).
type RateLimitError struct {
	*failure

	// RetryAfter is when the next call may succeed.
	RetryAfter time.Duration
}

// TimeoutError tells that no answer came in time; it is context.DeadlineExceeded for errors.Is. What the call should do
// may have been done.
type TimeoutError struct{ *failure }

// NetworkError tells that no whole answer came. What the call should do may have been done.
type NetworkError struct{ *failure }
