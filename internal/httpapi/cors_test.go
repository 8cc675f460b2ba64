package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestCORS(t *testing.T) {
	t.Parallel()
	const listed, other = "https://app.example", "https://app.example.evil"
	s := testkit.NewServer(t, func(c *httpapi.Config) { c.CORSOrigins = []string{listed} })

	t.Run("a listed origin may read, and see the headers it needs", func(t *testing.T) {
		t.Parallel()
		for _, path := range []string{"/posts", "/users/x", "/nothing"} {
			h := s.In(t).Get(path, "Origin", listed).Header
			assert.Equal(t, listed, h.Get("Access-Control-Allow-Origin"), path)
			for _, name := range []string{"Etag", "Location", "Retry-After", "X-Request-Id", "X-Database-Position"} {
				assert.Contains(t, strings.ToLower(h.Get("Access-Control-Expose-Headers")), strings.ToLower(name), path)
			}
			assert.Contains(t, h.Values("Vary"), "Origin", path)
		}
	})
	t.Run("another may not", func(t *testing.T) {
		t.Parallel()
		for _, origin := range []string{other, "null", "http://app.example", "https://APP.example.", "https://app.example:444"} {
			h := s.In(t).Get("/posts", "Origin", origin).Is(200).Header
			assert.Empty(t, h.Get("Access-Control-Allow-Origin"), origin)
		}
	})
	t.Run("a preflight is answered for a listed origin", func(t *testing.T) {
		t.Parallel()
		h := preflight(s.In(t), listed).Header
		assert.Equal(t, listed, h.Get("Access-Control-Allow-Origin"))
		assert.Equal(t, "GET,HEAD,POST,PATCH,PUT,DELETE", h.Get("Access-Control-Allow-Methods"))
		assert.Equal(t, "Authorization,Content-Type,If-Match,If-None-Match,X-Request-Id,Idempotency-Key,X-Database-Position", h.Get("Access-Control-Allow-Headers"))
		assert.Equal(t, "600", h.Get("Access-Control-Max-Age"))
		assert.Empty(t, h.Get("Access-Control-Allow-Credentials"))
	})
	t.Run("a preflight says nothing to another", func(t *testing.T) {
		t.Parallel()
		h := preflight(s.In(t), other).Header
		assert.Empty(t, h.Get("Access-Control-Allow-Origin"))
		assert.Empty(t, h.Get("Access-Control-Allow-Methods"))
	})
	t.Run("without a list nobody may", func(t *testing.T) {
		t.Parallel()
		closed := testkit.NewServer(t)
		assert.Empty(t, closed.Get("/posts", "Origin", listed).Is(200).Header.Get("Access-Control-Allow-Origin"))
		assert.Empty(t, preflight(closed.Client, listed).Header.Get("Access-Control-Allow-Origin"))
	})
}

func preflight(c *testkit.Client, origin string) *testkit.Answer {
	return c.Send(http.MethodOptions, "/users/1", nil, "Origin", origin,
		"Access-Control-Request-Method", "PATCH", "Access-Control-Request-Headers", "content-type,if-match").Is(http.StatusNoContent)
}
