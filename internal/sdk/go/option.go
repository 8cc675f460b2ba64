package plaza

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	defaultRetries       = 2
	defaultTimeout       = time.Minute
	defaultMaxRetryAfter = 5 * time.Second
)

// CallOption alters one call, or, given to New, all calls.
type CallOption func(*call)

func (o CallOption) apply(c *call) { o(c) }

func (o CallOption) change(c *core) { c.options = append(c.options, o) }

// WithRetries sets how often a call is repeated at most; 2 otherwise.
func WithRetries(most int) CallOption {
	return func(c *call) { c.retries = most }
}

// WithTimeout bounds a call in all, with its repetitions and the time between them; a minute otherwise. 0 leaves it to
// the context. A list has that time for each page.
func WithTimeout(limit time.Duration) CallOption {
	return func(c *call) { c.timeout = limit }
}

// WithAttemptTimeout bounds each attempt; otherwise it is what the server allows itself for the operation, and five
// seconds more.
func WithAttemptTimeout(limit time.Duration) CallOption {
	return func(c *call) { c.attemptTimeout = limit }
}

// WithMaxRetryAfter sets how long a call waits at most where the server says Retry-After; five seconds otherwise. Asked
// to wait for longer, or beyond its deadline, it fails at once.
func WithMaxRetryAfter(most time.Duration) CallOption {
	return func(c *call) { c.maxRetryAfter = most }
}

// WithIdempotencyKey makes the key of a call one that the caller keeps, so that the same call, made again by another
// process, has its effect once. Without it each call makes a key of its own.
func WithIdempotencyKey(key string) CallOption { return WithHeader("Idempotency-Key", key) }

// WithHeader sends a header field.
func WithHeader(name, value string) CallOption {
	return func(c *call) { c.header.Set(name, value) }
}

// WithBasicAuth authenticates a client at an operation of OAuth (RFC 6749, section 2.3.1).
func WithBasicAuth(clientID, clientSecret string) CallOption {
	pair := url.QueryEscape(clientID) + ":" + url.QueryEscape(clientSecret)
	return WithHeader("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
}

// IfVersion changes or deletes only this version of a resource; else the call returns a *StaleVersionError.
func IfVersion(version int64) CallOption {
	return WithHeader("If-Match", `"`+strconv.FormatInt(version, 10)+`"`)
}

// IfAnyVersion changes a resource whatever its version is, and whatever others have made of it.
func IfAnyVersion() CallOption { return WithHeader("If-Match", "*") }

// OnResponse calls f with the answer to each attempt, before it is looked at. The body may be read.
func OnResponse(f func(*http.Response)) CallOption {
	return func(c *call) { c.onResponse = f }
}
