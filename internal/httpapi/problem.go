package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/fault"
)

// problemType begins the type of every problem; the fault's kind follows.
const problemType = "urn:plaza:problem:"

const mimeProblem = "application/problem+json"

// maxInstance bounds the path that a problem repeats, in bytes.
const maxInstance = 2000

// statuses is THE table: what each kind of fault is in HTTP.
var statuses = map[fault.Kind]struct { //nolint:gochecknoglobals // a table
	status int
	title  string
}{
	fault.Malformed:            {http.StatusBadRequest, "Bad Request"},
	fault.Unauthorized:         {http.StatusUnauthorized, "Unauthorized"},
	fault.Forbidden:            {http.StatusForbidden, "Forbidden"},
	fault.NotFound:             {http.StatusNotFound, "Not Found"},
	fault.MethodNotAllowed:     {http.StatusMethodNotAllowed, "Method Not Allowed"},
	fault.NotAcceptable:        {http.StatusNotAcceptable, "Not Acceptable"},
	fault.RequestTimeout:       {http.StatusRequestTimeout, "Request Timeout"},
	fault.Conflict:             {http.StatusConflict, "Conflict"},
	fault.StaleVersion:         {http.StatusPreconditionFailed, "Precondition Failed"},
	fault.TooLarge:             {http.StatusRequestEntityTooLarge, "Content Too Large"},
	fault.UnsupportedMediaType: {http.StatusUnsupportedMediaType, "Unsupported Media Type"},
	fault.Invalid:              {http.StatusUnprocessableEntity, "Unprocessable Content"},
	fault.PreconditionRequired: {http.StatusPreconditionRequired, "Precondition Required"},
	fault.TooManyRequests:      {http.StatusTooManyRequests, "Too Many Requests"},
	fault.HeadersTooLarge:      {http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large"},
	fault.Internal:             {http.StatusInternalServerError, "Internal Server Error"},
	fault.Unavailable:          {http.StatusServiceUnavailable, "Service Unavailable"},
	fault.Timeout:              {http.StatusGatewayTimeout, "Gateway Timeout"},
}

// handleError answers with the problem that err is. Nothing internal is shown.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	f := toFault(err)
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, "no-store")
	h.Del(headerETag)
	if f.RetryAfter > 0 || f.Kind == fault.TooManyRequests {
		setRetryAfter(c, f)
	}
	if err := s.sendError(err, f, c); err != nil {
		s.config.Log.Debug("the error was not sent", "error", err, "request_id", requestIDOf(c.Request().Context()))
	}
}

// sendError answers in the form that the operation's errors have.
func (s *Server) sendError(err error, f *fault.Fault, c echo.Context) error {
	switch tagOf(c) {
	case tagOAuth:
		return s.sendOAuthError(err, f, c)
	case tagPages:
		return s.sendErrorPage(f, c)
	}
	body, err := encode(newProblem(f, c, s.config.Now()))
	if err != nil {
		return err
	}
	return c.Blob(statuses[f.Kind].status, mimeProblem, body)
}

// setRetryAfter tells when to try again, in whole seconds.
func setRetryAfter(c echo.Context, f *fault.Fault) {
	c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(wholeSeconds(max(f.RetryAfter, time.Second))))
}

// newProblem makes the problem document of a fault (RFC 9457).
func newProblem(f *fault.Fault, c echo.Context, now time.Time) api.Problem {
	return problem(f, instance(c.Request().URL), requestIDOf(c.Request().Context()), now)
}

// Problem answers an error as every server of the contract does that has no operation for it: with a status, and with
// a problem document as application/problem+json.
func Problem(err error, asked *url.URL, requestID string, now time.Time) (status int, document []byte, failure error) {
	f := toFault(err)
	document, failure = encode(problem(f, instance(asked), requestID, now))
	return statuses[f.Kind].status, document, failure
}

func problem(f *fault.Fault, instance, id string, now time.Time) api.Problem {
	p := api.Problem{
		Type:      api.ProblemType(problemType + string(f.Kind)),
		Title:     statuses[f.Kind].title,
		Status:    int32(statuses[f.Kind].status), //nolint:gosec // three digits
		Detail:    f.Message,
		Instance:  instance,
		Timestamp: toTime(now),
		RequestID: id,
	}
	if len(f.Fields) > 0 {
		fields := make([]api.ProblemField, len(f.Fields))
		for i, field := range f.Fields {
			fields[i] = problemField(field)
		}
		p.Errors = &fields
	}
	return p
}

func problemField(f fault.Field) api.ProblemField {
	if f.In == "" {
		return api.ProblemField{Pointer: &f.Pointer, Detail: f.Detail}
	}
	in := api.ProblemFieldIn(f.In)
	return api.ProblemField{In: &in, Name: &f.Name, Detail: f.Detail}
}

// toFault makes a fault of whatever a handler or the router returned.
func toFault(err error) *fault.Fault {
	if f := fault.As(err); f != nil {
		return f
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Timeout, "The answer took too long").Because(err)
	}
	if errors.Is(err, context.Canceled) {
		return fault.New(fault.Unavailable, "The request was cancelled").Because(err)
	}
	if refused, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch refused.Code {
		case http.StatusNotFound:
			return fault.New(fault.NotFound, "No such path")
		case http.StatusMethodNotAllowed:
			return fault.New(fault.MethodNotAllowed, "This path does not have that method; Allow names those it has")
		}
	}
	return fault.New(fault.Internal, "Something went wrong on our side").Because(err)
}

// panicked makes an error of a panic, with the stack for the log.
func panicked(reason any) error {
	return fmt.Errorf("panic: %v\n%s", reason, debug.Stack()) //nolint:err113 // nobody asks for this one
}

// instance is the path that was asked for, as much of it as a problem may repeat: a URI reference (RFC 9457,
// section 3.1.5), and so escaped.
func instance(asked *url.URL) string {
	path := asked.EscapedPath()
	if len(path) <= maxInstance {
		return path
	}
	path = path[:maxInstance]
	if escape := strings.LastIndexByte(path, '%'); escape > maxInstance-len("%00") {
		path = path[:escape]
	}
	return path
}
