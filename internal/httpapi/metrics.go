package httpapi

import (
	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
)

// measure counts and times requests by operation, never by path: what is no operation is "none".
func (s *Server) measure(next echo.HandlerFunc) echo.HandlerFunc {
	if s.config.Metrics == nil {
		return next
	}
	return func(c echo.Context) error {
		began, end := s.config.Now(), s.config.Metrics.Begin()
		err := next(c) // the access log, which leaves no error
		operation := "none"
		if op, ok := c.Get(operationKey).(*contract.Operation); ok {
			operation = op.ID
		}
		end(operation, c.Response().Status, s.config.Now().Sub(began))
		return err
	}
}
