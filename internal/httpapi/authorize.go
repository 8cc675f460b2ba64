package httpapi

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/token"
)

// The roles of callers that the edge itself asks for; all others stand in the contract alone.
const (
	roleMember = "member"
	roleAdmin  = "admin"
)

// nobody is the id that no row has.
const nobody = "0"

// reach keeps members to what is their own (x-owner): another's is looked for where nothing is, and so answers
// exactly as what is missing, in bytes and in what it costs.
func reach(op *contract.Operation) echo.MiddlewareFunc {
	owner := op.Policy.Owner
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if owner == "" {
			return next
		}
		return func(c echo.Context) error {
			caller, signedIn := token.CallerOf(c.Request().Context())
			if signedIn && caller.Role != roleMember {
				return next(c)
			}
			values := c.ParamValues()
			for i, name := range c.ParamNames() {
				if name == owner && (!signedIn || values[i] != strconv.FormatInt(caller.UserID, 10)) {
					values[i] = nobody
				}
			}
			c.SetParamValues(values...)
			return next(c)
		}
	}
}

// restrictFields refuses the properties that the caller's role or scopes do not suffice for (x-roles, x-scopes), each
// by its pointer.
func restrictFields(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		restricted := contract.RestrictedFields(ctx)
		if len(restricted) == 0 {
			return next(c)
		}
		caller, _ := token.CallerOf(ctx)
		var refused []fault.Field
		for _, field := range restricted {
			refused = append(refused, field.Faults(caller.Role, caller.Scopes)...)
		}
		if len(refused) > 0 {
			return fault.New(fault.Forbidden, "You may not set what was sent", refused...)
		}
		return next(c)
	}
}
