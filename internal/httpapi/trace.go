package httpapi

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/plaza-api/plaza/internal/contract"
)

// trace makes the span of a request, named after its operation, in the caller's trace where there is one. Path, query,
// address and agent are left out: they may hold people's data.
func (s *Server) trace(next echo.HandlerFunc) echo.HandlerFunc {
	if s.config.Tracer == nil {
		return next
	}
	return func(c echo.Context) error {
		r := c.Request()
		// A tracestate stays behind: it is long, and holds what a caller likes.
		caller := propagation.MapCarrier{"traceparent": r.Header.Get("Traceparent")}
		name, method := methodOf(r)
		ctx, span := s.config.Tracer.Start(propagation.TraceContext{}.Extract(r.Context(), caller), name,
			trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(method, s.scheme(r)))
		defer span.End()
		c.SetRequest(r.WithContext(ctx))
		err := next(c) // the access log, which leaves no error
		describe(span, c)
		return err
	}
}

// describe says how a request was answered.
func describe(span trace.Span, c echo.Context) {
	if !span.IsRecording() {
		return
	}
	status := c.Response().Status
	span.SetAttributes(semconv.HTTPResponseStatusCode(status),
		attribute.String("plaza.request_id", requestIDOf(c.Request().Context())))
	if op, ok := c.Get(operationKey).(*contract.Operation); ok {
		span.SetName(op.ID)
		span.SetAttributes(semconv.HTTPRoute(op.Path))
	}
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "") // why is in the log, since it may hold a value
		span.SetAttributes(semconv.ErrorTypeKey.String(strconv.Itoa(status)))
	}
}

// methodOf names a request that is no operation, and tells its method, of which callers may make up any.
func methodOf(r *http.Request) (name string, method attribute.KeyValue) {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions:
		return r.Method, semconv.HTTPRequestMethodKey.String(r.Method)
	default:
		return "HTTP", semconv.HTTPRequestMethodOther
	}
}

// scheme is how browsers reach the server, whatever a proxy makes of it.
func (s *Server) scheme(r *http.Request) attribute.KeyValue {
	if s.config.Secure || r.TLS != nil {
		return semconv.URLScheme("https")
	}
	return semconv.URLScheme("http")
}
