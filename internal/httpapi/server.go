package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"go.opentelemetry.io/otel/trace"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/idempotency"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/sampling"
	"github.com/plaza-api/plaza/internal/telemetry"
	"github.com/plaza-api/plaza/internal/user"
)

// Dependency is something that the server needs to be ready. Ping returns why it does not answer.
type Dependency struct {
	Name string
	Ping func(context.Context) error
}

// Config is what the edge is made of.
type Config struct {
	Contract     *contract.Contract
	Users        *user.Service
	KeptUsers    *cache.Cache // may be nil
	Addresses    *address.Service
	Posts        *post.Service
	Identity     *identity.Service // nil where another server signs people in
	Dependencies []Dependency
	Tokens       Tokens
	Answers      *idempotency.Store
	SignUpClosed bool // only admins create users
	// Position tells how far the database is; nil where it has no replicas to read from.
	Position    func(context.Context) postgres.Position
	Limiter     ratelimit.Limiter // may be nil where RateLimits are off
	Failures    ratelimit.Limiter // counts failed sign-ins, whatever RateLimits says
	RateLimits  RateLimits
	Admit       func() bool        // whether a request may be served now; nil: each
	Proxies     []netip.Prefix     // whose X-Forwarded-For counts
	Metrics     *telemetry.Metrics // may be nil
	Sampler     *sampling.Sampler  // gets answers to hold against the contract; may be nil
	Tracer      trace.Tracer       // nil: requests make no spans
	Log         *slog.Logger
	Now         func() time.Time
	CORSOrigins []string // exact origins; none: no answer is for other origins
	Docs        bool     // serve the contract and its pages
	HSTS        bool     // tell browsers to use HTTPS
	Secure      bool     // cookies are for HTTPS alone
}

// Server answers the operations of the contract.
type Server struct {
	config   Config
	echo     *echo.Echo
	handler  http.Handler
	pages    *renderer
	turns    []chan struct{} // see attempts
	stopping atomic.Bool
}

// handlers are the operations, one type a tag.
type handlers struct {
	users
	me
	addresses
	posts
	clients
	system
}

// New makes a server. Its error tells that the contract and the routes do not agree.
func New(c Config) (*Server, error) {
	s := &Server{config: c, echo: echo.New(), turns: make([]chan struct{}, stripes)}
	for i := range s.turns {
		s.turns[i] = make(chan struct{}, 1)
	}
	var err error
	if s.pages, err = newRenderer(); err != nil {
		return nil, err
	}
	s.echo.HTTPErrorHandler = s.handleError
	s.echo.IPExtractor = trustProxies(c.Proxies)
	chain := around(func(c echo.Context) error { return c.Handler()(c) }, s.chain())
	s.echo.Use(func(echo.HandlerFunc) echo.HandlerFunc { return chain })
	perOperation := map[string][]echo.MiddlewareFunc{}
	for _, op := range c.Contract.Operations {
		perOperation[op.ID] = s.policies(op)
	}
	a, k := answers{now: c.Now}, kept{users: c.KeptUsers, read: c.Users}
	api.RegisterHandlersWithOptions(router{s.echo}, api.NewStrictHandler(handlers{
		users:     users{answers: a, service: c.Users, identity: c.Identity, kept: k},
		me:        me{answers: a, kept: k, service: c.Identity},
		addresses: addresses{answers: a, service: c.Addresses},
		posts:     posts{answers: a, service: c.Posts},
		clients:   clients{answers: a, service: c.Identity},
		system:    system{answers: a, dependencies: c.Dependencies, stopping: &s.stopping, log: c.Log},
	}, nil), api.RegisterHandlersOptions{OperationMiddlewares: perOperation})
	if c.Identity != nil {
		s.mountIdentity(perOperation)
	}
	if c.Docs {
		if err := s.mountDocs(perOperation); err != nil {
			return nil, err
		}
	}
	// gzip alone: each other encoding would be a representation with a tag of its own.
	compress, err := gzhttp.NewWrapper(
		gzhttp.MinSize(cache.CompressFrom), gzhttp.EnableZstd(false), gzhttp.SuffixETag(etag.GzipSuffix))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	s.handler = compress(s.echo)
	return s, nil
}

// mountIdentity serves the endpoints and the pages of sign-in.
func (s *Server) mountIdentity(perOperation map[string][]echo.MiddlewareFunc) {
	routes, o := router{s.echo}, oauth{service: s.config.Identity}
	p := signIn{
		service: s.config.Identity, pages: s.pages, cookies: cookies{secure: s.config.Secure}, now: s.config.Now,
		origin: http.NewCrossOriginProtection(),
	}
	for id, handler := range map[string]echo.HandlerFunc{
		"getOpenIDConfiguration": o.getMetadata, "getServerMetadata": o.getMetadata, "getKeys": o.getKeys,
		"exchangeToken": o.exchangeToken, "revokeToken": o.revokeToken, "introspectToken": o.introspectToken,
		"getUserInfo": o.getUserInfo,
		"authorize":   p.authorize, "signIn": p.signIn, "giveConsent": p.giveConsent,
		"endSession": p.endSession, "signOut": p.signOut,
	} {
		op := s.config.Contract.Operation(id)
		if op.Method == http.MethodGet {
			routes.GET(op.Path, handler, perOperation[id]...)
		} else {
			routes.Add(op.Method, op.Path, handler, perOperation[id]...)
		}
	}
}

// chain is what every request goes through, in this order; the policies of its operation follow. Compression
// lies around it all, since what is inside must not know.
func (s *Server) chain() []echo.MiddlewareFunc {
	chain := []echo.MiddlewareFunc{
		s.requestID,
		s.sample,
		s.measure,
		s.trace,
		s.accessLog,
		recoverPanic,
		bounded,
		s.processTime,
		s.harden,
	}
	if len(s.config.CORSOrigins) > 0 {
		chain = append(chain, middleware.CORSWithConfig(middleware.CORSConfig{
			AllowOrigins: s.config.CORSOrigins,
			AllowMethods: []string{
				http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete,
			},
			AllowHeaders: []string{
				echo.HeaderAuthorization, echo.HeaderContentType, headerIfMatch, headerIfNoneMatch, echo.HeaderXRequestID,
				idempotency.Header, headerPosition,
			},
			ExposeHeaders: []string{
				headerETag, echo.HeaderLocation, echo.HeaderRetryAfter, echo.HeaderXRequestID, headerContractVersion,
				headerRateLimit, headerRateLimitPolicy, echo.HeaderWWWAuthenticate,
				headerIdempotencyReplayed, headerPosition,
			},
			MaxAge: preflightMaxAge,
		}))
	}
	return append(chain, limitHeaders, wholePath, literalPaths(s.config.Contract))
}

// wholePath refuses what the router lets the last parameter of a path swallow: further segments.
func wholePath(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if strings.Count(c.Path(), "/") != strings.Count(echo.GetPath(c.Request()), "/") {
			return echo.ErrNotFound
		}
		return next(c)
	}
}

// literalPaths refuses a method that a path without parameters does not have, where the router would take the path
// for another one with a parameter: GET /users/batch is no user.
func literalPaths(c *contract.Contract) echo.MiddlewareFunc {
	allowed := map[string]string{}
	for _, op := range c.Operations {
		if !strings.Contains(op.Path, "{") {
			allowed[op.Path] = strings.TrimPrefix(allowed[op.Path]+", "+op.Method, ", ")
		}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			methods, literal := allowed[c.Request().URL.Path]
			if literal && strings.Contains(c.Path(), ":") {
				c.Response().Header().Set(echo.HeaderAllow, "OPTIONS, "+methods)
				return echo.ErrMethodNotAllowed
			}
			return next(c)
		}
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.handler.ServeHTTP(w, r)
}

// Stop makes the server say that it is not ready, so that no new requests are sent to it. It goes on answering.
func (s *Server) Stop() {
	s.stopping.Store(true)
}

// Routes returns what the router serves, as "METHOD /path/:parameter".
func (s *Server) Routes() []string {
	var routes []string
	for _, r := range s.echo.Routes() {
		routes = append(routes, r.Method+" "+r.Path)
	}
	return routes
}
