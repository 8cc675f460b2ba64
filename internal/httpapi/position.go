package httpapi

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/postgres"
)

const headerPosition = "X-Database-Position"

// positionLife is how long a browser remembers what it has written. No replica that answers is as far behind.
const positionLife = 30 * time.Second

// position sees to it that a caller reads what it has written, while reads may be answered by replicas: a write tells
// where it stands in the database's log, in a header and a cookie, and a read that shows it (x-replica) is answered by
// who has come as far. A position that is made up leads to the primary at worst.
func (s *Server) position(op *contract.Operation) echo.MiddlewareFunc {
	signsIn := slices.Contains([]string{tagOAuth, tagPages}, op.Tag) // writes nothing that a replica is asked for
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		switch {
		case s.config.Position == nil:
			return next
		case op.Policy.Replica:
			return func(c echo.Context) error {
				r := c.Request()
				c.SetRequest(r.WithContext(postgres.WithReplica(r.Context(), s.shown(c))))
				return next(c)
			}
		case op.Method == http.MethodGet || signsIn:
			return next
		default:
			return func(c echo.Context) error {
				c.Response().Before(func() { s.tellPosition(c) })
				return next(c)
			}
		}
	}
}

// tellPosition tells where a write stands. What was refused has written nothing; what failed may have, and is read
// from the primary. A stored answer tells too: who asks again may not have read the first one.
func (s *Server) tellPosition(c echo.Context) {
	position := postgres.Latest
	switch status := c.Response().Status; {
	case status < http.StatusBadRequest:
		position = s.config.Position(c.Request().Context())
	case status < http.StatusInternalServerError:
		return
	}
	c.Response().Header().Set(headerPosition, position.String())
	c.SetCookie(&http.Cookie{ //nolint:gosec // without HTTPS there is no secure cookie
		Name: s.positionCookie(), Value: position.String(), Path: "/", MaxAge: int(positionLife.Seconds()),
		Secure: s.config.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// shown returns the latest position that a request shows.
func (s *Server) shown(c echo.Context) postgres.Position {
	texts := []string{c.Request().Header.Get(headerPosition)}
	if cookie, err := c.Cookie(s.positionCookie()); err == nil {
		texts = append(texts, cookie.Value)
	}
	var latest postgres.Position
	for _, text := range texts {
		if position, ok := postgres.ParsePosition(text); ok {
			latest = max(latest, position)
		}
	}
	return latest
}

func (s *Server) positionCookie() string { return cookieName(s.config.Secure, "plaza-position") }
