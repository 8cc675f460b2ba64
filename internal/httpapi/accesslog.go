package httpapi

import (
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"
)

// accessLog writes one line a request, after it is answered. It names the route, never the query or the body,
// which may hold people's data.
func (s *Server) accessLog(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := s.config.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		status := c.Response().Status
		level := slog.LevelInfo
		if status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		attributes := []slog.Attr{
			slog.String("method", c.Request().Method), slog.String("route", c.Path()), slog.Int("status", status),
			slog.Duration("took", s.config.Now().Sub(start)), slog.Int64("bytes", c.Response().Size),
			slog.String("request_id", requestIDOf(c.Request().Context())),
		}
		if err != nil && level == slog.LevelError {
			attributes = append(attributes, slog.Any("error", err))
		}
		s.config.Log.LogAttrs(c.Request().Context(), level, "request", attributes...)
		return nil
	}
}
