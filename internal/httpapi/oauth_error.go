package httpapi

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity"
)

// The tags whose operations do not answer with problems.
const (
	tagOAuth = "oauth"
	tagPages = "pages"
)

const operationKey = "operation"

// identify tells what the request is for, so that an error gets the form that the operation's have.
func identify(op *contract.Operation) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set(operationKey, op)
			return next(c)
		}
	}
}

// tagOf returns the tag of the operation that a request is for; empty where there is none.
func tagOf(c echo.Context) string {
	op, _ := c.Get(operationKey).(*contract.Operation)
	if op == nil {
		return ""
	}
	return op.Tag
}

// oauthErrors is what each kind of fault is in OAuth's words; every other one is invalid_request.
var oauthErrors = map[fault.Kind]struct { //nolint:gochecknoglobals // a table
	status int
	code   string
}{
	fault.Unauthorized:    {http.StatusUnauthorized, "invalid_token"},
	fault.Forbidden:       {http.StatusForbidden, "insufficient_scope"},
	fault.RequestTimeout:  {http.StatusRequestTimeout, "invalid_request"},
	fault.TooManyRequests: {http.StatusTooManyRequests, "temporarily_unavailable"},
	fault.Internal:        {http.StatusInternalServerError, "server_error"},
	fault.Unavailable:     {http.StatusServiceUnavailable, "temporarily_unavailable"},
	fault.Timeout:         {http.StatusGatewayTimeout, "temporarily_unavailable"},
}

// maxDescription bounds what is told of an error, in bytes.
const maxDescription = 500

// sendOAuthError answers in the form of RFC 6749, section 5.2.
func (s *Server) sendOAuthError(err error, f *fault.Fault, c echo.Context) error {
	status, e := http.StatusBadRequest, api.OAuthError{Error: "invalid_request", ErrorDescription: f.Message}
	if known, ok := oauthErrors[f.Kind]; ok {
		status, e.Error = known.status, known.code
	}
	if refused, ok := errors.AsType[*identity.Error](err); ok {
		status, e.Error, e.ErrorDescription = http.StatusBadRequest, refused.Code, refused.Told()
		if refused.Code == "invalid_client" {
			status = http.StatusUnauthorized
			c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Basic realm="plaza"`)
		}
	}
	e.ErrorDescription = e.ErrorDescription[:min(len(e.ErrorDescription), maxDescription)]
	body, encodeErr := encode(e)
	if encodeErr != nil {
		return encodeErr
	}
	return c.Blob(status, echo.MIMEApplicationJSON, body)
}
