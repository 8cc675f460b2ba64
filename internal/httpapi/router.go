package httpapi

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"
)

// router puts what lies around a handler around it once: Echo does so with every request, and makes all those functions
// anew. HEAD is served wherever GET is; the HTTP server leaves out the body that HEAD does not have.
type router struct{ *echo.Echo }

// GET routes GET and HEAD.
func (r router) GET(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route {
	r.Add(http.MethodHead, path, h, m...)
	return r.Add(http.MethodGet, path, h, m...)
}

// POST routes POST.
func (r router) POST(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route {
	return r.Add(http.MethodPost, path, h, m...)
}

// PUT routes PUT.
func (r router) PUT(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route {
	return r.Add(http.MethodPut, path, h, m...)
}

// PATCH routes PATCH.
func (r router) PATCH(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route {
	return r.Add(http.MethodPatch, path, h, m...)
}

// DELETE routes DELETE.
func (r router) DELETE(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route {
	return r.Add(http.MethodDelete, path, h, m...)
}

// Add routes a method.
func (r router) Add(method, path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route {
	return r.Echo.Add(method, path, around(h, m))
}

// around puts middleware around a handler, the first one outermost.
func around(h echo.HandlerFunc, middleware []echo.MiddlewareFunc) echo.HandlerFunc {
	for _, m := range slices.Backward(middleware) {
		h = m(h)
	}
	return h
}
