package plaza

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"golang.org/x/oauth2"
)

// failed is the error of a call that cannot be made, or whose answer cannot be used.
func (c *call) failed(cause error) error {
	return &Error{Operation: c.operation.id, cause: cause}
}

// unanswered is the error of an attempt that ended without a whole answer.
func (c *call) unanswered(ctx context.Context, err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err // without the query, which may hold somebody's address
	}
	// The cause that a context was given stands in its place.
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		err = fmt.Errorf("%w: %w", ended, err)
	}
	f := &Error{Operation: c.operation.id, cause: err}
	switch {
	case errors.Is(err, context.Canceled):
		return f
	case errors.Is(err, context.DeadlineExceeded):
		f.lost = true
		return &TimeoutError{f}
	}
	f.lost = true
	if dial, ok := errors.AsType[*net.OpError](err); ok {
		f.unsent = dial.Op == "dial"
	}
	return &NetworkError{f}
}

// tokenless is the error of a call that got no token.
func (c *call) tokenless(ctx context.Context, err error) error {
	if _, ours := errors.AsType[*Error](err); ours {
		return err
	}
	if answered, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return c.refused(answered.Response, answered.Body)
	}
	if _, connection := errors.AsType[*url.Error](err); connection || ctx.Err() != nil {
		return c.unanswered(ctx, err)
	}
	return c.failed(fmt.Errorf("getting a token: %w", err))
}

// refused is the error that a server answered.
func (c *call) refused(response *http.Response, content []byte) error {
	f := &Error{
		Operation: c.operation.id, Status: response.StatusCode, Title: http.StatusText(response.StatusCode),
		RequestID: response.Header.Get("X-Request-Id"),
	}
	f.retryAfter, f.told = retryAfter(response.Header)
	mediaType, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	var said struct {
		Problem
		OAuthError
	}
	if mediaType == "application/problem+json" || mediaType == "application/json" {
		// What is no such document tells nothing more than the status.
		_ = json.Unmarshal(content, &said)
	}
	if said.Type != "" {
		f.Type, f.Title, f.Detail, f.Errors = said.Type, said.Title, said.Detail, said.Errors
	}
	if said.Error != "" {
		f.Detail = said.ErrorDescription
	}
	return classified(f, said.Error)
}

// classified returns the failure as what its status makes of it; code is OAuth's.
func classified(f *Error, code string) error {
	switch f.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &AuthError{f, code}
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		if code != "" {
			return &AuthError{f, code}
		}
		return &ValidationError{f}
	case http.StatusNotFound:
		return &NotFoundError{f}
	case http.StatusConflict:
		return &ConflictError{f}
	case http.StatusPreconditionFailed, http.StatusPreconditionRequired:
		return &StaleVersionError{failure: f}
	case http.StatusTooManyRequests:
		return &RateLimitError{f, f.retryAfter}
	}
	return f
}

// retryAfter reads the header, which has seconds or a date (RFC 9110, section 10.2.3). A date counts from the server's
// own clock, where it tells that.
func retryAfter(header http.Header) (time.Duration, bool) {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(0, at.Sub(now)), true
}
