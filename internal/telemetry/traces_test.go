package telemetry_test

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/telemetry"
	"github.com/plaza-api/plaza/internal/testkit"
)

// begin makes traces for a collector.
func begin(t *testing.T, collector *testkit.Collector) *telemetry.Traces {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	traces, err := telemetry.NewTraces(t.Context(), telemetry.TraceConfig{Endpoint: collector.URL}, "1.2.3", log)
	require.NoError(t, err)
	return traces
}

func TestTheEnvironmentSaysWhoSendsTraces(t *testing.T) {
	t.Setenv("OTEL_SERVICE_NAME", "plaza-eu")
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=staging")
	collector := testkit.NewCollector(t)
	traces := begin(t, collector)
	_, span := traces.Tracer().Start(t.Context(), "span")
	span.End()
	require.NoError(t, traces.Close(t.Context()))
	resource := collector.Resource()
	assert.Equal(t, "plaza-eu", resource["service.name"])
	assert.Equal(t, "1.2.3", resource["service.version"])
	assert.Equal(t, "staging", resource["deployment.environment.name"])

	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "no pair")
	_, err := telemetry.NewTraces(t.Context(), telemetry.TraceConfig{Endpoint: collector.URL}, "1.2.3", slog.New(slog.DiscardHandler))
	require.ErrorContains(t, err, "OTEL_RESOURCE_ATTRIBUTES: ")
}

func TestTheEnvironmentSaysWhatIsSampled(t *testing.T) {
	t.Setenv("OTEL_TRACES_SAMPLER", "always_off")
	collector := testkit.NewCollector(t)
	traces := begin(t, collector)
	_, span := traces.Tracer().Start(t.Context(), "span")
	span.End()
	require.NoError(t, traces.Close(t.Context()))
	assert.Empty(t, collector.Spans())
}

func TestLinesNameTheirTrace(t *testing.T) {
	t.Parallel()
	traces := begin(t, testkit.NewCollector(t))
	var text bytes.Buffer
	log := traces.Log(slog.New(slog.NewTextHandler(&text, nil))).With("a", 1).WithGroup("group")
	log.InfoContext(t.Context(), "outside")
	assert.NotContains(t, text.String(), "trace_id")
	ctx, span := traces.Tracer().Start(t.Context(), "span")
	log.InfoContext(ctx, "inside")
	span.End()
	assert.Contains(t, text.String(), "msg=inside a=1 group.trace_id="+span.SpanContext().TraceID().String()+
		" group.span_id="+span.SpanContext().SpanID().String()+"\n")
	require.NoError(t, traces.Close(t.Context()))
}

func TestWithoutACollectorThereIsNothing(t *testing.T) {
	t.Parallel()
	traces, err := telemetry.NewTraces(t.Context(), telemetry.TraceConfig{}, "1.2.3", nil)
	require.NoError(t, err)
	assert.Nil(t, traces.Tracer())
	log := slog.New(slog.DiscardHandler)
	assert.Same(t, log, traces.Log(log))
	require.NoError(t, traces.Close(t.Context()))
}
