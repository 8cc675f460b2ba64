package httpapi

import (
	"context"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/token"
)

// realm is what challenges name (RFC 9110, section 11.5).
const realm = `Bearer realm="plaza"`

// Tokens tells whose an access token is. It returns fault.Unauthorized for a token that is not good, and
// fault.Unavailable where it cannot tell.
type Tokens interface {
	Verify(ctx context.Context, token string) (token.Caller, error)
}

// authenticate finds out who calls (RFC 6750, section 2.1), and refuses who does not say where somebody has to.
// Where the contract states `security: []` nobody is asked, and a token is not looked at.
func (s *Server) authenticate(op *contract.Operation) echo.MiddlewareFunc {
	security := op.Policy.Security
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if len(security.Alternatives) == 0 {
			return next
		}
		return func(c echo.Context) error {
			header := c.Request().Header[echo.HeaderAuthorization]
			if len(header) == 0 {
				if security.Anonymous && !s.signUpClosed(op) {
					return next(c)
				}
				c.Response().Header().Set(echo.HeaderWWWAuthenticate, realm)
				return fault.New(fault.Unauthorized, "Sign in first: this needs an access token")
			}
			bearer, ok := bearerToken(header)
			if !ok {
				c.Response().Header().Set(echo.HeaderWWWAuthenticate, realm+`, error="invalid_request"`)
				return fault.New(fault.Unauthorized, "Authorization must be one Bearer token")
			}
			caller, err := s.config.Tokens.Verify(c.Request().Context(), bearer)
			if err != nil {
				if fault.Is(err, fault.Unauthorized) {
					c.Response().Header().Set(echo.HeaderWWWAuthenticate, realm+`, error="invalid_token"`)
				}
				return err
			}
			c.SetRequest(c.Request().WithContext(token.With(c.Request().Context(), caller)))
			return next(c)
		}
	}
}

// signUpClosed tells whether only admins create users, and op is what would make one.
func (s *Server) signUpClosed(op *contract.Operation) bool {
	return op.ID == "createUser" && s.config.SignUpClosed
}

// bearerToken reads the one header that there may be.
func bearerToken(header []string) (string, bool) {
	scheme, bearer, found := strings.Cut(header[0], " ")
	return bearer, len(header) == 1 && found && strings.EqualFold(scheme, "Bearer") && bearer != "" &&
		!strings.ContainsAny(bearer, " ,")
}

// authorize holds the caller against the scopes and the roles of the operation.
func (s *Server) authorize(op *contract.Operation) echo.MiddlewareFunc {
	roles := op.Policy.Roles
	if s.signUpClosed(op) {
		roles = []string{roleAdmin}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			caller, signedIn := token.CallerOf(c.Request().Context())
			if !signedIn {
				return next(c)
			}
			if missing := missingScopes(op.Policy.Security, caller); missing != nil {
				c.Response().Header().Set(echo.HeaderWWWAuthenticate,
					realm+`, error="insufficient_scope", scope="`+strings.Join(missing, " ")+`"`)
				return fault.New(fault.Forbidden, "The access token lacks the scope "+strings.Join(missing, " "))
			}
			if len(roles) > 0 && !slices.Contains(roles, caller.Role) {
				return fault.New(fault.Forbidden, "This needs the role "+strings.Join(roles, " or "))
			}
			return next(c)
		}
	}
}

// missingScopes returns the scopes of the first alternative, or nil if the caller meets one of them.
func missingScopes(security contract.Security, caller token.Caller) []string {
	for _, alternative := range security.Alternatives {
		if !slices.ContainsFunc(alternative.Scopes, func(scope string) bool { return !caller.Has(scope) }) {
			return nil
		}
	}
	return security.Alternatives[0].Scopes
}
