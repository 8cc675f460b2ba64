package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestRequestID(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	for _, id := range []string{"a", "A-b_c.9", strings.Repeat("x", 64)} {
		assert.Equal(t, id, s.Get("/healthz", "X-Request-Id", id).Header.Get("X-Request-Id"))
	}
	seen := map[string]bool{}
	for _, id := range []string{"", " ", "a b", "a/b", "é", `"`, strings.Repeat("x", 65)} {
		made := s.Get("/healthz", "X-Request-Id", id).Header.Get("X-Request-Id")
		assert.Regexp(t, `^[A-Z2-7]{26}$`, made, "in place of %q", id)
		assert.False(t, seen[made], "an id of its own")
		seen[made] = true
	}
	problem := s.Get("/nothing", "X-Request-Id", "mine")
	assert.Equal(t, "mine", problem.Header.Get("X-Request-Id"))
	assert.Equal(t, "mine", problem.JSON("request_id"))
}

func TestTheLogHasOneLineARequestWithoutPeoplesData(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	s.Get("/users?q=secret", "X-Request-Id", "one").Is(http.StatusOK)
	s.Post("/users", person(object{"name": "Secret", "email": "secret"}), "X-Request-Id", "two").Is(http.StatusUnprocessableEntity)
	s.Get("/secret", "X-Request-Id", "three").Is(http.StatusNotFound)
	lines := strings.Split(strings.TrimSpace(s.Log.String()), "\n")
	require.Len(t, lines, 3)
	assert.Contains(t, lines[0], `"method":"GET","route":"/users","status":200`)
	assert.Contains(t, lines[0], `"request_id":"one"`)
	assert.Contains(t, lines[1], `"method":"POST","route":"/users","status":422`)
	assert.Contains(t, lines[2], `"status":404`)
	assert.NotContains(t, strings.ToLower(s.Log.String()), "secret")
}

func TestEveryAnswerCarriesTheHeadersOfTheEdge(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, func(c *httpapi.Config) { c.CORSOrigins = []string{"https://app.example"} })
	u := testkit.User(t, s.DB)
	for name, answer := range map[string]*testkit.Answer{
		"a read": s.Get("/users/1").Is(200), "a list": s.Get("/users").Is(200), "a page": s.Get("/docs").Is(200),
		"a write":      s.Post("/users", person()).Is(201),
		"no change":    s.Get("/users/1", "If-None-Match", s.Get("/users/1").ETag()).Is(304),
		"a fault":      s.Get("/users/x").Is(422),
		"no such path": s.Get("/x").Is(404), "no such method": s.Send(http.MethodPut, "/users", nil).Is(405),
		"too large headers": s.Get("/users", "X-Padding", strings.Repeat("x", 33<<10)).Is(431),
		"a preflight":       s.Send(http.MethodOptions, "/users", nil, "Origin", "https://app.example").Is(204),
		"a deletion":        s.Delete("/users/" + strconv.FormatInt(u.ID, 10)).Is(204),
	} {
		t.Run(name+" carries them", func(t *testing.T) {
			t.Parallel()
			h := answer.Header
			seconds, err := strconv.ParseFloat(h.Get("X-Process-Time"), 64)
			require.NoError(t, err)
			assert.True(t, seconds >= 0 && seconds < 60, "%f s", seconds)
			c := testkit.Contract(t)
			assert.Equal(t, c.Version+"+"+c.Hash[:12], h.Get("X-Contract-Version"))
			assert.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
			assert.Equal(t, "DENY", h.Get("X-Frame-Options"))
			assert.Equal(t, "no-referrer", h.Get("Referrer-Policy"))
			assert.Contains(t, h.Get("Content-Security-Policy"), "default-src 'none'")
			assert.Contains(t, h.Get("Content-Security-Policy"), "frame-ancestors 'none'")
			assert.Equal(t, "same-origin", h.Get("Cross-Origin-Resource-Policy"))
			assert.Contains(t, h.Values("Vary"), "Accept-Encoding")
			assert.Empty(t, h.Get("Strict-Transport-Security"))
			assert.Empty(t, h.Get("Server"))
		})
	}
}

func TestHSTSIsSentOnlyWhenSwitchedOn(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, func(c *httpapi.Config) { c.HSTS = true })
	assert.Equal(t, "max-age=63072000; includeSubDomains", s.Get("/healthz").Header.Get("Strict-Transport-Security"))
}

func TestCacheControlIsTheContracts(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	testkit.Post(t, s.DB, testkit.User(t, s.DB).ID)
	for path, control := range map[string]string{
		"/users": "private, no-cache", "/users/1": "private, no-cache", "/users/1/addresses": "private, no-cache",
		"/posts": "public, max-age=60", "/posts/1": "public, max-age=60", "/users/1/posts": "public, max-age=60",
		"/healthz": "no-store", "/readyz": "no-store",
		"/posts/2": "no-store", "/posts?page=0": "no-store", "/users/7": "no-store",
	} {
		assert.Equal(t, control, s.Get(path).Header.Get("Cache-Control"), path)
	}
	assert.Equal(t, "no-store", s.Post("/users", person()).Is(201).Header.Get("Cache-Control"))
	assert.Equal(t, "public, max-age=60",
		s.Get("/posts/1", "If-None-Match", "*").Is(304).Header.Get("Cache-Control"))
}

func TestCompression(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB)
	testkit.Post(t, s.DB, u.ID, func(d *post.Draft) { d.Content = strings.Repeat("plaza ", 500) })
	testkit.Post(t, s.DB, u.ID, func(d *post.Draft) { d.Content = "short" })

	t.Run("an answer of 1,000 bytes and more is compressed", func(t *testing.T) {
		t.Parallel()
		c := s.In(t)
		plain := c.Get("/posts/1").Is(200)
		for _, accepted := range []string{"gzip", "gzip, deflate, br, zstd", "zstd;q=1, gzip;q=0.5"} {
			zipped := c.Get("/posts/1", "Accept-Encoding", accepted).Is(200)
			require.Equal(t, "gzip", zipped.Header.Get("Content-Encoding"), accepted)
			assert.Less(t, len(zipped.Body), 500)
			z, err := gzip.NewReader(bytes.NewReader(zipped.Body))
			require.NoError(t, err)
			body, err := io.ReadAll(z)
			require.NoError(t, err)
			assert.Equal(t, plain.Body, body)
			assert.Equal(t, strings.TrimSuffix(plain.ETag(), `"`)+`-gzip"`, zipped.ETag(), "another representation, another tag")
		}
	})
	t.Run("a shorter one is not", func(t *testing.T) {
		t.Parallel()
		answer := s.In(t).Get("/posts/2", "Accept-Encoding", "gzip").Is(200)
		assert.Empty(t, answer.Header.Get("Content-Encoding"))
		assert.Equal(t, strconv.Itoa(len(answer.Body)), answer.Header.Get("Content-Length"))
		assert.NotContains(t, answer.ETag(), "gzip")
	})
	t.Run("nor is one for who does not take it", func(t *testing.T) {
		t.Parallel()
		for _, accepted := range []string{"", "identity", "gzip;q=0", "br", "zstd"} {
			answer := s.In(t).Get("/posts/1", "Accept-Encoding", accepted).Is(200)
			assert.Empty(t, answer.Header.Get("Content-Encoding"), accepted)
		}
	})
	t.Run("a list is compressed too", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, "gzip", s.In(t).Get("/posts", "Accept-Encoding", "gzip").Is(200).Header.Get("Content-Encoding"))
		assert.Equal(t, "gzip", s.In(t).Get("/openapi.json", "Accept-Encoding", "gzip").Is(200).Header.Get("Content-Encoding"))
	})
	t.Run("304 answers the tag of either representation with that tag", func(t *testing.T) {
		t.Parallel()
		c := s.In(t)
		plain := c.Get("/posts/1").ETag()
		zipped := c.Get("/posts/1", "Accept-Encoding", "gzip").ETag()
		for _, tag := range []string{plain, zipped} {
			for _, accepted := range []string{"", "gzip"} {
				answer := c.Get("/posts/1", "If-None-Match", `"x", W/`+tag, "Accept-Encoding", accepted).Is(304)
				assert.Equal(t, tag, answer.ETag())
				assert.Empty(t, answer.Body)
				assert.Empty(t, answer.Header.Get("Content-Encoding"))
			}
		}
	})
	t.Run("the tag of a compressed read is good for a write", func(t *testing.T) {
		t.Parallel()
		c := s.In(t)
		p := testkit.Post(t, s.DB, u.ID, func(d *post.Draft) { d.Content = strings.Repeat("plaza ", 500) })
		read := c.Get("/posts/"+strconv.FormatInt(p.ID, 10), "Accept-Encoding", "gzip").Is(200)
		require.Contains(t, read.ETag(), "-gzip")
		c.Patch("/users/1/posts/"+strconv.FormatInt(p.ID, 10), read.ETag(), object{"title": "New"}).Is(200)
	})
}
