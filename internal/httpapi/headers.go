package httpapi

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/fault"
)

const (
	headerETag            = "ETag"
	headerIfMatch         = "If-Match"
	headerIfNoneMatch     = "If-None-Match"
	headerProcessTime     = "X-Process-Time"
	headerContractVersion = "X-Contract-Version"
)

const (
	// maxHeaderBytes bounds the header fields of a request.
	maxHeaderBytes = 32 << 10
	// MaxHeaderBytes is what the HTTP server itself must allow: more, or its own answer, which is no problem
	// document, comes first.
	MaxHeaderBytes = 2 * maxHeaderBytes
	// maxRequestID bounds an X-Request-Id, in characters.
	maxRequestID = 64
	// preflightMaxAge is how long a browser may keep the answer to a preflight request, in seconds.
	preflightMaxAge = 600
	// hashShown is how much of the contract's hash stands in X-Contract-Version.
	hashShown = 12
)

// requestID takes the caller's X-Request-Id if it is well-formed, or makes one, and sends it back.
func (s *Server) requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !wellFormedID(id) {
			id = rand.Text()
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		r := c.Request()
		c.SetRequest(r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
		return next(c)
	}
}

type requestIDKey struct{}

// requestIDOf returns the id of the request that ctx belongs to.
func requestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

func wellFormedID(id string) bool {
	for i := range len(id) {
		b := id[i]
		letter := 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
		if !letter && (b < '0' || b > '9') && b != '-' && b != '_' && b != '.' {
			return false
		}
	}
	return id != "" && len(id) <= maxRequestID
}

// processTime tells how long the server took until the answer began, in seconds.
func (s *Server) processTime(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := s.config.Now()
		c.Response().Before(func() {
			took := s.config.Now().Sub(start)
			c.Response().Header().Set(headerProcessTime, strconv.FormatFloat(took.Seconds(), 'f', 6, 64))
		})
		return next(c)
	}
}

// harden sets the headers by which browsers and caches do no more with an answer than they must, and tells
// which contract it follows.
func (s *Server) harden(next echo.HandlerFunc) echo.HandlerFunc {
	// All answers share these values. Nobody changes one in place: what sets a header brings another value.
	fixed := map[string][]string{}
	for name, value := range map[string]string{
		headerContractVersion:              s.config.Contract.Version + "+" + s.config.Contract.Hash[:hashShown],
		echo.HeaderXContentTypeOptions:     "nosniff",
		echo.HeaderXFrameOptions:           "DENY",
		echo.HeaderReferrerPolicy:          "no-referrer",
		echo.HeaderContentSecurityPolicy:   "default-src 'none'; frame-ancestors 'none'",
		"Cross-Origin-Resource-Policy":     "same-origin",
		echo.HeaderCacheControl:            "no-store",
		echo.HeaderStrictTransportSecurity: "max-age=63072000; includeSubDomains",
	} {
		if name != echo.HeaderStrictTransportSecurity || s.config.HSTS {
			fixed[http.CanonicalHeaderKey(name)] = []string{value}
		}
	}
	return func(c echo.Context) error {
		maps.Copy(c.Response().Header(), fixed)
		return next(c)
	}
}

// limitHeaders refuses header fields that are larger than maxHeaderBytes in all.
func limitHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		size := len(c.Request().RequestURI)
		for name, values := range c.Request().Header {
			for _, v := range values {
				size += len(name) + len(v)
			}
		}
		if size > maxHeaderBytes {
			return fault.New(fault.HeadersTooLarge, fmt.Sprintf("The header fields are larger than %d bytes", maxHeaderBytes))
		}
		return next(c)
	}
}

// recoverPanic turns a panic into an error, so that it is answered and logged like any other.
func recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch r := recover(); r {
			case nil:
			case http.ErrAbortHandler:
				panic(r)
			default:
				err = panicked(r)
			}
		}()
		return next(c)
	}
}
