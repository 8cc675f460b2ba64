package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAProblemHasAllItsMembers(t *testing.T) {
	t.Parallel()
	instant := time.Date(2026, time.May, 4, 3, 2, 1, 0, time.FixedZone("", 7200))
	s := testkit.NewServer(t, func(c *httpapi.Config) { c.Now = func() time.Time { return instant } })
	answer := s.Post("/users?a=1", `{"name":"x1","age":5}`, "X-Request-Id", "me-1").Is(http.StatusUnprocessableEntity)
	assert.Equal(t, "application/problem+json", answer.Header.Get("Content-Type"))
	assert.Equal(t, object{
		"type": "urn:plaza:problem:invalid", "title": "Unprocessable Content", "status": 422.0,
		"detail": "4 faults in the request", "instance": "/users",
		"timestamp": "2026-05-04T01:02:01Z", "request_id": "me-1",
		"errors": []any{
			object{"in": "query", "name": "a", "detail": "is not a known parameter"},
			object{"pointer": "/name", "detail": "Name cannot contain numbers"},
			object{"pointer": "/email", "detail": "is required"},
			object{"pointer": "/age", "detail": "must be at least 13"},
		},
	}, answer.JSON())
}

func TestUnknownPaths(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	for _, path := range []string{"/", "/nothing", "/users/", "/users/1/", "/users/1/posts/1/x", "//users", "/posts/", "/posts/1/x", "/docs/start.js/x", "/Users"} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			t.Run(method+" "+path+" answers 404", func(t *testing.T) {
				t.Parallel()
				answer := s.In(t).Send(method, path, nil).Is(http.StatusNotFound)
				if method != http.MethodHead {
					assert.Equal(t, path, answer.JSON("instance"))
					assert.Equal(t, "urn:plaza:problem:not-found", answer.JSON("type"))
				}
			})
		}
	}
}

func TestOtherMethods(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	for _, row := range []struct{ method, path, allow string }{
		{http.MethodDelete, "/users", "OPTIONS, GET, HEAD, POST"},
		{http.MethodPut, "/users/1", "OPTIONS, DELETE, GET, HEAD, PATCH"},
		{http.MethodPost, "/users/1", "OPTIONS, DELETE, GET, HEAD, PATCH"},
		{http.MethodGet, "/users/1/restore", "OPTIONS, POST"},
		{http.MethodHead, "/users/1/restore", "OPTIONS, POST"},
		{http.MethodPost, "/posts", "OPTIONS, GET, HEAD"},
		{http.MethodPatch, "/posts/1", "OPTIONS, GET, HEAD"},
		{http.MethodPut, "/users/batch", "OPTIONS, POST"},
		{http.MethodDelete, "/healthz", "OPTIONS, GET, HEAD"},
		{"BREW", "/users", "OPTIONS, GET, HEAD, POST"},
	} {
		t.Run(row.method+" "+row.path+" answers 405", func(t *testing.T) {
			t.Parallel()
			answer := s.In(t).Send(row.method, row.path, nil).Is(http.StatusMethodNotAllowed)
			assert.ElementsMatch(t, strings.Split(row.allow, ", "), strings.Split(answer.Header.Get("Allow"), ", "))
		})
	}
}

func TestALongPathIsCutInTheProblem(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	instance := s.Get("/" + strings.Repeat("é", 1500)).Is(http.StatusNotFound).JSON("instance")
	assert.Equal(t, "/"+strings.Repeat("%C3%A9", 333), instance, "1,999 bytes, and no half of an escape")
}

func TestAccept(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	for accept, status := range map[string]int{
		"*/*": 200, "application/*": 200, "application/json": 200, "Application/JSON": 200, "text/html, */*;q=0.1": 200,
		"application/json; q=0.5": 200, "application/json;charset=utf-8": 200, " ": 200,
		"text/html": 406, "application/json;q=0": 406, "application/json;q=0, */*": 406, "*/*;q=0": 406,
		"application/*;q=0, */*": 406, "application/json, */*;q=0": 200, "nonsense": 406, "image/*": 406,
	} {
		t.Run(accept+" is understood", func(t *testing.T) {
			t.Parallel()
			s.In(t).Get("/posts", "Accept", accept).Is(status)
		})
	}
	t.Run("several lines are one list", func(t *testing.T) {
		t.Parallel()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/posts", nil)
		require.NoError(t, err)
		r.Header["Accept"] = []string{"text/html", "application/json"}
		s.In(t).Do(r).Is(http.StatusOK)
	})
}

func TestPathParametersAreUnescapedOnce(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB)
	require.EqualValues(t, 1, u.ID)
	s.Get("/users/%31").Is(http.StatusOK)
	s.Get("/users/%2531").Is(http.StatusUnprocessableEntity)
	s.Get("/users/1%2Fposts").Is(http.StatusUnprocessableEntity)
	assert.Equal(t, "/users/%00", s.Get("/users/%00").Is(http.StatusBadRequest).JSON("instance"))
	s.Get("/users/%ff").Is(http.StatusBadRequest)
}

func TestALiteralPathIsNobodysParameter(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPatch, http.MethodDelete} {
		answer := s.Send(method, "/users/batch", nil).Is(http.StatusMethodNotAllowed)
		assert.Equal(t, "OPTIONS, POST", answer.Header.Get("Allow"), method)
	}
}
