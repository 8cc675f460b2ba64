package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
)

func TestWhatLiesAroundAHandlerIsPutAroundItOnce(t *testing.T) {
	t.Parallel()
	made, order := 0, ""
	named := func(name string) echo.MiddlewareFunc {
		return func(next echo.HandlerFunc) echo.HandlerFunc {
			made++
			return func(c echo.Context) error { order += name; return next(c) }
		}
	}
	r := httpapi.NewRouter()
	for _, add := range []func(string, echo.HandlerFunc, ...echo.MiddlewareFunc) *echo.Route{
		r.GET, r.POST, r.PUT, r.PATCH, r.DELETE,
	} {
		add("/", func(echo.Context) error { order += "!"; return nil }, named("a"), named("b"))
	}
	before := made
	for _, method := range []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
	} {
		order = ""
		c := r.NewContext(nil, nil)
		r.Router().Find(method, "/", c)
		require.NoError(t, c.Handler()(c))
		assert.Equal(t, "ab!", order, method)
	}
	assert.Equal(t, before, made)
}
