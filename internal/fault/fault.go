package fault

import (
	"errors"
	"time"
)

// Kind says what sort of trouble a fault is. Its text is the last part of the
// problem type that a client sees (RFC 9457, section 3.1.1).
type Kind string

// The kinds, in the order of the statuses that they become.
const (
	Malformed            Kind = "malformed"
	Unauthorized         Kind = "unauthorized"
	Forbidden            Kind = "forbidden"
	NotFound             Kind = "not-found"
	MethodNotAllowed     Kind = "method-not-allowed"
	NotAcceptable        Kind = "not-acceptable"
	RequestTimeout       Kind = "request-timeout"
	Conflict             Kind = "conflict"
	StaleVersion         Kind = "stale-version"
	TooLarge             Kind = "too-large"
	UnsupportedMediaType Kind = "unsupported-media-type"
	Invalid              Kind = "invalid"
	PreconditionRequired Kind = "precondition-required"
	TooManyRequests      Kind = "too-many-requests"
	HeadersTooLarge      Kind = "headers-too-large"
	Internal             Kind = "internal"
	Unavailable          Kind = "unavailable"
	Timeout              Kind = "timeout"
)

// Fault is an error that a caller may be told about.
type Fault struct {
	Kind    Kind
	Message string // for people; never holds an internal detail
	Fields  []Field
	// RetryAfter tells when to try again; zero where that would not help.
	RetryAfter time.Duration

	cause error
}

// Field names one faulty part of a request: a place in the body by JSON pointer
// (RFC 6901), or a parameter by where it stands and its name.
type Field struct {
	Pointer string
	In      string // "path", "query" or "header"; empty for the body
	Name    string // the parameter's name; empty for the body
	Detail  string
}

// New makes a fault of kind with a message for people and the faulty fields, if any.
func New(kind Kind, message string, fields ...Field) *Fault {
	return &Fault{Kind: kind, Message: message, Fields: fields}
}

// Because returns a copy of f that wraps cause, for the log only.
func (f *Fault) Because(cause error) *Fault {
	g := *f
	g.cause = cause
	return &g
}

// Error returns the kind, the message and the cause: text for logs.
func (f *Fault) Error() string {
	text := string(f.Kind) + ": " + f.Message
	if f.cause != nil {
		text += ": " + f.cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.cause }

// As returns the first fault in err's chain, or nil.
func As(err error) *Fault {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	return nil
}

// Is reports whether err is a fault of kind.
func Is(err error, kind Kind) bool {
	f := As(err)
	return f != nil && f.Kind == kind
}
