package httpapi

import (
	"context"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
)

// tagSystem is that of the operations by which a server is watched.
const tagSystem = "system"

// retryWhenBusy is when to ask a server again that is busy.
const retryWhenBusy = time.Second

// policies are what one operation asks for in the contract, in the order in which it is enforced.
func (s *Server) policies(op *contract.Operation) []echo.MiddlewareFunc {
	return []echo.MiddlewareFunc{
		identify(op),
		s.shed(op),
		s.ownSignIn(op),
		negotiate(op),
		s.timeout(op),
		limitBody(op),
		s.authenticate(op),
		s.authorize(op),
		s.limitRate(op),
		s.countFailures(op),
		validate(op),
		restrictFields,
		reach(op),
		cacheControl(op),
		s.position(op),
		s.idempotent(op),
	}
}

// shed refuses a request at once that the server has no time for, if the operation may answer so (503). Whether the
// server lives and is ready is always told.
func (s *Server) shed(op *contract.Operation) echo.MiddlewareFunc {
	refusal := fault.New(fault.Unavailable, "The server is busy")
	refusal.RetryAfter = retryWhenBusy
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if s.config.Admit == nil || op.Tag == tagSystem || op.Spec.Responses.Status(http.StatusServiceUnavailable) == nil {
			return next
		}
		return func(c echo.Context) error {
			if !s.config.Admit() {
				return refusal
			}
			return next(c)
		}
	}
}

// ownSignIn refuses what is about signing in here where another server signs people in.
func (s *Server) ownSignIn(op *contract.Operation) echo.MiddlewareFunc {
	refused := s.config.Identity == nil && slices.Contains([]string{"sessions", "clients", tagOAuth, tagPages}, op.Tag)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if !refused {
			return next
		}
		return func(echo.Context) error { return fault.New(fault.NotFound, "Another server signs people in here") }
	}
}

// negotiate refuses a request whose Accept allows none of the types that the operation answers with (RFC 9110,
// section 12.5.1).
func negotiate(op *contract.Operation) echo.MiddlewareFunc {
	offered := mediaTypes(op)
	refusal := fault.New(fault.NotAcceptable, "Only "+strings.Join(offered, " or ")+" can be served")
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			accept := c.Request().Header[echo.HeaderAccept]
			if len(accept) > 0 && len(offered) > 0 && !accepts(strings.Join(accept, ","), offered) {
				return refusal
			}
			return next(c)
		}
	}
}

// mediaTypes are the types of an operation's successful answers.
func mediaTypes(op *contract.Operation) []string {
	var types []string
	for status, response := range op.Spec.Responses.Map() {
		if strings.HasPrefix(status, "2") {
			types = slices.AppendSeq(types, maps.Keys(response.Value.Content))
		}
	}
	slices.Sort(types)
	return types
}

// accepts tells whether an Accept header allows one of the offered types.
func accepts(accept string, offered []string) bool {
	if strings.TrimSpace(accept) == "" {
		return true
	}
	return slices.ContainsFunc(offered, func(offer string) bool {
		kind, _, _ := strings.Cut(offer, "/")
		best, allowed := -1, false
		for part := range strings.SplitSeq(accept, ",") {
			name, params, err := mime.ParseMediaType(part)
			rank := slices.Index([]string{"*/*", kind + "/*", offer}, name)
			if err != nil || rank <= best {
				continue
			}
			q, err := strconv.ParseFloat(params["q"], 64)
			best, allowed = rank, err != nil || q > 0
		}
		return allowed
	})
}

// timeout ends a request that takes longer than x-timeout, its body included.
func (s *Server) timeout(op *contract.Operation) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := deadlines(c, op.Policy); err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(c.Request().Context(), op.Policy.Timeout)
			defer cancel()
			c.SetRequest(c.Request().WithContext(ctx))
			return next(c)
		}
	}
}

// limitBody bounds what is read of a body by x-body-limit.
func limitBody(op *contract.Operation) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			r.Body = http.MaxBytesReader(c.Response(), r.Body, op.Policy.BodyLimit)
			return next(c)
		}
	}
}

// validate holds the request against the contract: parameters, media type and body.
func validate(op *contract.Operation) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			path, err := pathParameters(c)
			if err != nil {
				return err
			}
			r := c.Request()
			checked, err := op.CheckRequest(r, path)
			if err != nil {
				return err
			}
			if err := bodyArrived(c, op.Policy); err != nil {
				return err
			}
			if ctx := checked.With(r.Context()); ctx != r.Context() {
				c.SetRequest(r.WithContext(ctx))
			}
			return next(c)
		}
	}
}

// pathParameters returns the parameters of the path, unescaped once: the router takes the path as it was sent
// where that is not the usual encoding of what it stands for, else as it was parsed.
func pathParameters(c echo.Context) (map[string]string, error) {
	parameters := make(map[string]string, len(c.ParamNames()))
	for i, name := range c.ParamNames() {
		parameters[name] = c.ParamValues()[i]
		if c.Request().URL.RawPath == "" {
			continue
		}
		value, err := url.PathUnescape(c.ParamValues()[i])
		if err != nil {
			return nil, fault.New(fault.Malformed, "The path is not well-formed").Because(err)
		}
		parameters[name] = value
	}
	return parameters, nil
}

// cacheControl tells browsers and CDNs what x-cache allows them to keep. An error takes it back.
func cacheControl(op *contract.Operation) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if op.Policy.Cache == nil {
			return next
		}
		control := []string{op.Policy.Cache.Control}
		return func(c echo.Context) error {
			c.Response().Header()[echo.HeaderCacheControl] = control
			return next(c)
		}
	}
}
