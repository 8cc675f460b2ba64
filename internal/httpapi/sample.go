package httpapi

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/sampling"
)

// sample hands copies of some answers over to be held against the contract, when they are on their way. What is no
// operation has nothing that it could be held against.
func (s *Server) sample(next echo.HandlerFunc) echo.HandlerFunc {
	sampler := s.config.Sampler
	if sampler == nil {
		return next
	}
	return func(c echo.Context) error {
		if !sampler.Picks() {
			return next(c)
		}
		r := c.Request()
		w := &copying{ResponseWriter: c.Response().Writer, head: r.Method == http.MethodHead}
		c.Response().Writer = w
		err := next(c)
		op, ok := c.Get(operationKey).(*contract.Operation)
		switch {
		case !ok || w.status == 0 || w.broken:
		case w.large:
			sampler.Skip()
		default:
			sampler.Offer(sampling.Answer{
				Operation: op, Method: r.Method, Status: w.status, Header: w.header, Body: w.body,
				RequestID: requestIDOf(c.Request().Context()),
			})
		}
		return err
	}
}

// copying keeps what is written through it. Bodies may be shared with a cache: they are copied, never kept.
type copying struct {
	http.ResponseWriter

	head   bool // the body is not sent
	status int
	header http.Header
	body   []byte
	large  bool // the body is not kept any more
	broken bool // it did not get through whole, and breaks off where it did
}

// Unwrap leads on to what a [http.ResponseController] wants to set.
func (w *copying) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader keeps the status and the headers as they are, before compression changes them.
func (w *copying) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status, w.header = status, w.Header().Clone()
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write keeps a copy of p.
func (w *copying) Write(p []byte) (int, error) {
	switch {
	case w.head || w.large:
	case len(w.body)+len(p) > sampling.MaxBody:
		w.large, w.body = true, nil
	default:
		w.body = append(w.body, p...)
	}
	n, err := w.ResponseWriter.Write(p)
	w.broken = w.broken || err != nil && len(p) > 0
	return n, err //nolint:wrapcheck // it is the connection's
}
