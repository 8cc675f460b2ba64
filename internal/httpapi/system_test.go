package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	assert.JSONEq(t, `{"status":"alive"}`, string(s.Get("/healthz").Is(http.StatusOK).Body))
	s.DB.Close()
	s.API.Stop()
	s.Get("/healthz").Is(http.StatusOK)
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	down := errors.New("dial /secret/socket: refused")
	dependency := func(name string, err error) httpapi.Dependency {
		return httpapi.Dependency{Name: name, Ping: func(context.Context) error { return err }}
	}
	t.Run("names every dependency that answers", func(t *testing.T) {
		t.Parallel()
		s := testkit.NewServer(t)
		assert.JSONEq(t, `{"status":"ready","dependencies":[{"name":"database","status":"ready"}]}`,
			string(s.Get("/readyz").Is(http.StatusOK).Body))
	})
	t.Run("names every one that does not", func(t *testing.T) {
		t.Parallel()
		s := testkit.NewServer(t, func(c *httpapi.Config) {
			c.Dependencies = append(c.Dependencies, dependency("redis", down), dependency("mail", nil), dependency("issuer", down))
		})
		answer := s.Get("/readyz").Is(http.StatusServiceUnavailable)
		assert.Equal(t, "No answer from: redis, issuer", answer.JSON("detail"))
		assert.Equal(t, "1", answer.Header.Get("Retry-After"))
		assert.NotContains(t, string(answer.Body), "secret")
		assert.Contains(t, s.Log.String(), "/secret/socket")
	})
	t.Run("gives up on one that hangs", func(t *testing.T) {
		t.Parallel()
		s := testkit.NewServer(t, edited(t, "x-timeout: 1s", "x-timeout: 100ms"), func(c *httpapi.Config) {
			c.Dependencies = append(c.Dependencies, httpapi.Dependency{Name: "redis", Ping: func(ctx context.Context) error {
				<-ctx.Done()
				return ctx.Err()
			}})
		})
		assert.Equal(t, "No answer from: redis", s.Get("/readyz").Is(http.StatusServiceUnavailable).JSON("detail"))
	})
	t.Run("ends when the server stops, while requests go on", func(t *testing.T) {
		t.Parallel()
		s := testkit.NewServer(t)
		s.API.Stop()
		assert.Equal(t, "The server is stopping", s.Get("/readyz").Is(http.StatusServiceUnavailable).JSON("detail"))
		s.Get("/users").Is(http.StatusOK)
		s.Post("/users", person()).Is(http.StatusCreated)
	})
}

func TestDocs(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	t.Run("the contract is served as it was written, and as JSON", func(t *testing.T) {
		t.Parallel()
		text := s.In(t).Get("/openapi.yaml").Is(http.StatusOK)
		assert.Equal(t, contractfile.YAML, text.Body)
		assert.Equal(t, "application/yaml", text.Header.Get("Content-Type"))
		document := s.In(t).Get("/openapi.json").Is(http.StatusOK)
		assert.Equal(t, "Plaza", document.JSON("info", "title"))
		assert.NotNil(t, document.JSON("paths", "/users", "get"))
		assert.NotContains(t, string(document.Body), "__origin__")
	})
	t.Run("the page loads what this server serves and nothing else", func(t *testing.T) {
		t.Parallel()
		page := s.In(t).Get("/docs").Is(http.StatusOK)
		assert.Equal(t, "text/html; charset=utf-8", page.Header.Get("Content-Type"))
		assert.Equal(t, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "+
			"form-action 'none'; base-uri 'none'; frame-ancestors 'none'", page.Header.Get("Content-Security-Policy"))
		assets := regexp.MustCompile(`(?:href|src)="(/docs/[^"]+)"`).FindAllStringSubmatch(string(page.Body), -1)
		require.Len(t, assets, 4)
		for _, asset := range assets {
			assert.NotEmpty(t, s.In(t).Get(asset[1]).Is(http.StatusOK).Body)
		}
		assert.NotContains(t, string(page.Body), "://")
		samples := s.In(t).Get("/docs/samples.json").Is(http.StatusOK)
		assert.Contains(t, samples.JSON("getMe", "curl"), "/me")
	})
	t.Run("the page signs people in where this server does, and takes OAuth's answer", func(t *testing.T) {
		t.Parallel()
		page := s.In(t).Get("/docs?code=x&state=y&iss=z").Is(http.StatusOK)
		assert.Contains(t, string(page.Body), `data-client="plaza-docs"`)
		elsewhere := testkit.NewServer(t, func(c *httpapi.Config) { c.Identity = nil })
		assert.Contains(t, string(elsewhere.Get("/docs").Is(http.StatusOK).Body), `data-client=""`)
	})
	t.Run("a file that is none answers 404, and a long name 422", func(t *testing.T) {
		t.Parallel()
		for _, name := range []string{"x", "index.html", "..%2Fdoc.go", "..", "%20"} {
			s.In(t).Get("/docs/" + name).Is(http.StatusNotFound)
		}
		s.In(t).Get("/docs/" + strings.Repeat("x", 101)).Is(http.StatusUnprocessableEntity)
	})
	t.Run("switched off they are not there", func(t *testing.T) {
		t.Parallel()
		off := testkit.NewServer(t, func(c *httpapi.Config) { c.Docs = false })
		for _, path := range []string{"/docs", "/docs/start.js", "/openapi.json", "/openapi.yaml"} {
			off.Get(path).Is(http.StatusNotFound)
			off.Send(http.MethodHead, path, nil).Is(http.StatusNotFound)
		}
	})
}

func TestEveryOperationHasItsRoute(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	routes := s.API.Routes()
	for _, op := range testkit.Contract(t).Operations {
		path := strings.NewReplacer("{", ":", "}", "").Replace(op.Path)
		require.Contains(t, routes, op.Method+" "+path)
		if op.Method == http.MethodGet {
			require.Contains(t, routes, "HEAD "+path)
		}
	}
}
