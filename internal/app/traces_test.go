package app_test

import (
	"encoding/hex"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/telemetry"
	"github.com/plaza-api/plaza/internal/testkit"
)

const (
	callersTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	callersSpan  = "00f067aa0ba902b7"
	sampled      = "00-" + callersTrace + "-" + callersSpan + "-01"
	notSampled   = "00-" + callersTrace + "-" + callersSpan + "-00"
)

func traced(t *testing.T, endpoint string) app.Config {
	t.Helper()
	return app.Config{
		Environment: app.Development, HTTPAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t), DataDir: t.TempDir(),
		Traces: telemetry.TraceConfig{Endpoint: endpoint},
	}
}

// ask sends a request with header fields, and leaves no connection open.
func (p *program) ask(t *testing.T, method, path string, body any, fields ...string) *testkit.Answer {
	t.Helper()
	return testkit.NewClient(t, "http://"+p.addr).As(p.token).Send(method, path, body, append(fields, "Connection", "close")...)
}

// spansOf are the spans of the caller's trace, by name, and those within one.
func spansOf(t *testing.T, c *testkit.Collector) (byName map[string]*tracepb.Span, within func(string) []string) {
	t.Helper()
	byName = map[string]*tracepb.Span{}
	for _, s := range c.Spans() {
		if hex.EncodeToString(s.GetTraceId()) == callersTrace {
			byName[s.GetName()] = s
		}
	}
	return byName, func(parent string) []string {
		var names []string
		for _, s := range c.Spans() {
			if string(s.GetParentSpanId()) == string(byName[parent].GetSpanId()) {
				assert.Equal(t, callersTrace, hex.EncodeToString(s.GetTraceId()), s.GetName())
				names = append(names, s.GetName())
			}
		}
		return names
	}
}

func TestARequestIsASpanInItsCallersTraceWithItsQueriesWithin(t *testing.T) {
	t.Parallel()
	collector := testkit.NewCollector(t)
	p := start(t, traced(t, collector.URL))
	p.ask(t, http.MethodPost, "/users", ann, "traceparent", sampled, "X-Request-Id", "ours").Is(http.StatusCreated)
	require.NoError(t, p.stop(t))

	spans, within := spansOf(t, collector)
	request := spans["createUser"]
	require.NotNil(t, request, collector.Spans())
	assert.Equal(t, callersSpan, hex.EncodeToString(request.GetParentSpanId()))
	assert.Equal(t, tracepb.Span_SPAN_KIND_SERVER, request.GetKind())
	assert.Equal(t, map[string]any{
		"http.request.method": "POST", "http.route": "/users", "http.response.status_code": int64(201),
		"url.scheme": "http", "plaza.request_id": "ours",
	}, testkit.Attributes(request.GetAttributes()))
	assert.Equal(t, []string{"InsertUser"}, within("createUser"))
	assert.Equal(t, tracepb.Span_SPAN_KIND_CLIENT, spans["InsertUser"].GetKind())
	assert.Equal(t, map[string]any{"db.system.name": "postgresql", "db.query.summary": "InsertUser"},
		testkit.Attributes(spans["InsertUser"].GetAttributes()))
	assert.Equal(t, "plaza", collector.Resource()["service.name"])
	assert.Equal(t, testkit.Contract(t).Version, collector.Resource()["service.version"])
	assert.Contains(t, p.log.String(), "request_id=ours trace_id="+callersTrace+
		" span_id="+hex.EncodeToString(request.GetSpanId())+"\n")
}

func TestWhatItsCallerDoesNotTraceIsNotTraced(t *testing.T) {
	t.Parallel()
	collector := testkit.NewCollector(t)
	p := start(t, traced(t, collector.URL))
	p.ask(t, http.MethodPost, "/users", ann, "traceparent", notSampled).Is(http.StatusCreated)
	require.NoError(t, p.stop(t))
	assert.Empty(t, collector.Spans(), "nor is what the start asked the database")
	assert.NotContains(t, p.log.String(), "trace_id")
}

func TestSpansTellATransactionAndAReadFromMemory(t *testing.T) {
	t.Parallel()
	collector := testkit.NewCollector(t)
	config := traced(t, collector.URL)
	p := start(t, config)
	p.token = adminToken(t, config)
	path := "/users/" + strconv.FormatInt(p.ask(t, http.MethodPost, "/users", ann).Is(http.StatusCreated).ID(), 10)
	p.ask(t, http.MethodGet, path, nil, "traceparent", sampled).Is(http.StatusOK)
	p.ask(t, http.MethodHead, path, nil, "traceparent", sampled).Is(http.StatusOK)
	p.ask(t, http.MethodDelete, path, nil, "traceparent", sampled, "If-Match", "*").Is(http.StatusNoContent)
	require.NoError(t, p.stop(t))
	var methods []any
	var queries []string
	for _, s := range collector.Spans() {
		if s.GetName() == "getUser" {
			methods = append(methods, testkit.Attributes(s.GetAttributes())["http.request.method"])
		}
		if strings.HasPrefix(s.GetName(), "ListUsers") {
			queries = append(queries, s.GetName())
		}
	}
	assert.Equal(t, []any{"GET", "HEAD"}, methods)
	assert.Equal(t, []string{"ListUsersByIDs"}, queries, "the second was read from memory")
	_, within := spansOf(t, collector)
	assert.Equal(t, []string{"begin", "GetUserForUpdate", "DeleteUser", "commit"}, within("deleteUser"))
}

func TestSpansHoldNothingOfWhatPeopleSent(t *testing.T) {
	t.Parallel()
	collector := testkit.NewCollector(t)
	config := traced(t, collector.URL)
	p := start(t, config)
	p.token = adminToken(t, config)
	private := []string{
		"traceparent", sampled, "tracestate", "canary=canary", "baggage", "canary=canary", "User-Agent", "canary",
		"X-Forwarded-For", "203.0.113.77", "X-Forwarded-Proto", "canary", "Cookie", "canary=canary", "Referer", "http://canary",
		"Idempotency-Key", "canary",
	}
	body := `{"name": "Canary Person", "email": "canary@example.com", "age": 34}`
	id := p.ask(t, http.MethodPost, "/users", body, private...).Is(http.StatusCreated).ID()
	p.ask(t, http.MethodPost, "/users", body, "traceparent", sampled).Is(http.StatusConflict)
	p.ask(t, http.MethodGet, "/users?q=canary%40example.com", nil, private[:16]...).Is(http.StatusOK)
	p.ask(t, http.MethodGet, "/users/9876543210", nil, private[:16]...).Is(http.StatusNotFound)
	p.ask(t, http.MethodGet, "/canary", nil, private[:16]...).Is(http.StatusNotFound)
	p.ask(t, http.MethodDelete, "/users/"+strconv.FormatInt(id, 10), nil, "traceparent", sampled, "If-Match", `"canary"`)
	require.NoError(t, p.stop(t))

	sent := collector.Raw()
	spans, _ := spansOf(t, collector)
	for _, name := range []string{"createUser", "InsertUser", "ListUsersByEmail", "getUser", "GET", "deleteUser"} {
		require.Contains(t, spans, name)
	}
	failed := testkit.Attributes(spans["InsertUser"].GetAttributes())
	assert.Equal(t, "23505", failed["db.response.status_code"])
	assert.Equal(t, tracepb.Status_STATUS_CODE_ERROR, spans["InsertUser"].GetStatus().GetCode())
	assert.NotContains(t, strings.ToLower(sent), "canary")
	for _, secret := range append(strings.Split(p.token, "."), "9876543210", "203.0.113.77", "127.0.0.1", "SELECT", "INSERT") {
		assert.NotContains(t, sent, secret)
	}
}

func TestACollectorThatIsDeadHoldsUpNeitherRequestsNorTheStop(t *testing.T) { //nolint:paralleltest // goleak
	testkit.URL(t) // what all tests share has begun
	leaks := goleak.IgnoreCurrent()
	silent, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	refusing := httptest.NewServer(http.NotFoundHandler())
	for endpoint, why := range map[string]string{
		"http://127.0.0.1:1": "connection refused", refusing.URL: "it answered 404 Not Found",
		"http://" + silent.Addr().String(): "context canceled", // long before it would take too long
	} {
		config := traced(t, endpoint)
		config.Traces.Grace = 200 * time.Millisecond
		p := start(t, config)
		for range 3 {
			p.ask(t, http.MethodGet, "/healthz", nil).Is(http.StatusOK)
		}
		require.NoError(t, p.stop(t))
		assert.Equal(t, 1, strings.Count(p.log.String(), `level=WARN msg="spans were lost" spans=3 error="collector: `), p.log.String())
		assert.Contains(t, p.log.String(), why)
	}
	require.NoError(t, silent.Close())
	refusing.Close()
	goleak.VerifyNone(t, leaks)
}
