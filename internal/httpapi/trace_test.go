package httpapi_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/telemetry"
	"github.com/plaza-api/plaza/internal/testkit"
)

// traced starts a server that makes spans; those of its requests are returned by the function.
func traced(t *testing.T, change ...func(*httpapi.Config)) (*testkit.Server, func() []*tracepb.Span) {
	t.Helper()
	collector := testkit.NewCollector(t)
	traces, err := telemetry.NewTraces(t.Context(), telemetry.TraceConfig{Endpoint: collector.URL}, "test", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	s := testkit.NewServer(t, append(change, func(c *httpapi.Config) { c.Tracer = traces.Tracer() })...)
	return s, func() []*tracepb.Span {
		require.NoError(t, traces.Close(t.Context()))
		return collector.Spans()
	}
}

func TestASpanIsFaultyWhereTheServerIs(t *testing.T) {
	t.Parallel()
	s, spans := traced(t, func(c *httpapi.Config) {
		c.Dependencies = []httpapi.Dependency{{Name: "broken", Ping: func(context.Context) error {
			return fault.New(fault.Unavailable, "Gone")
		}}}
		c.Tokens = panicking{}
	})
	s.Nobody(t).Get("/users/1").Is(http.StatusUnauthorized)
	s.Get("/readyz").Is(http.StatusServiceUnavailable)
	s.Get("/users/1").Is(http.StatusInternalServerError)
	for i, want := range []struct {
		name      string
		status    int64
		code      tracepb.Status_StatusCode
		errorType any
	}{
		{"getUser", 401, tracepb.Status_STATUS_CODE_UNSET, nil},
		{"getReadiness", 503, tracepb.Status_STATUS_CODE_ERROR, "503"},
		{"getUser", 500, tracepb.Status_STATUS_CODE_ERROR, "500"},
	} {
		span := spans()[i]
		attributes := testkit.Attributes(span.GetAttributes())
		assert.Equal(t, want.name, span.GetName())
		assert.Equal(t, want.status, attributes["http.response.status_code"])
		assert.Equal(t, want.code, span.GetStatus().GetCode())
		assert.Equal(t, want.errorType, attributes["error.type"])
		assert.Empty(t, span.GetStatus().GetMessage())
		assert.Empty(t, span.GetEvents())
	}
}

func TestASpanOfNoOperationGoesByItsMethod(t *testing.T) {
	t.Parallel()
	s, spans := traced(t, func(c *httpapi.Config) { c.Secure = true })
	s.Get("/nowhere").Is(http.StatusNotFound)
	s.Send("BREW", "/users", nil).Is(http.StatusMethodNotAllowed)
	for i, want := range []struct{ name, method string }{{"GET", "GET"}, {"HTTP", "_OTHER"}} {
		span := spans()[i]
		attributes := testkit.Attributes(span.GetAttributes())
		assert.Equal(t, want.name, span.GetName())
		assert.Equal(t, want.method, attributes["http.request.method"])
		assert.Equal(t, "https", attributes["url.scheme"])
		assert.NotContains(t, attributes, "http.route")
	}
}

// panicking checks no token.
type panicking struct{}

// Verify implements httpapi.Tokens.
func (panicking) Verify(context.Context, string) (token.Caller, error) { panic("canary") }
