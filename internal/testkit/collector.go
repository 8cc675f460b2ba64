package testkit

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Collector takes spans as OpenTelemetry's collector does: OTLP in protobuf over HTTP.
type Collector struct {
	URL string // with the path

	mu  sync.Mutex
	all tracepb.TracesData
	raw strings.Builder
}

// NewCollector starts a collector, which ends with the test.
func NewCollector(t testing.TB) *Collector {
	t.Helper()
	c := &Collector{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.Equal(t, "application/x-protobuf", r.Header.Get("Content-Type"))
		c.take(t, body)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c.URL = server.URL + "/v1/traces"
	return c
}

func (c *Collector) take(t testing.TB, body []byte) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw.Write(body)
	assert.NoError(t, proto.UnmarshalOptions{Merge: true}.Unmarshal(body, &c.all))
}

// Raw is all that was sent, as it was sent.
func (c *Collector) Raw() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.raw.String()
}

// Resource is what the first spans that were sent are said to come from.
func (c *Collector) Resource() map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Attributes(c.all.GetResourceSpans()[0].GetResource().GetAttributes())
}

// Spans are all that were sent, in the order in which they ended.
func (c *Collector) Spans() []*tracepb.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	var spans []*tracepb.Span
	for _, r := range c.all.GetResourceSpans() {
		for _, s := range r.GetScopeSpans() {
			spans = append(spans, s.GetSpans()...)
		}
	}
	return spans
}

// Attributes makes a map of what a span or its source is said to have.
func Attributes(pairs []*commonpb.KeyValue) map[string]any {
	attributes := map[string]any{}
	for _, p := range pairs {
		switch value := p.GetValue().GetValue().(type) {
		case *commonpb.AnyValue_IntValue:
			attributes[p.GetKey()] = value.IntValue
		default:
			attributes[p.GetKey()] = p.GetValue().GetStringValue()
		}
	}
	return attributes
}
