package telemetry

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

const defaultTraceGrace = 3 * time.Second

// TraceConfig says where traces go. What a trace tells of this server, which requests are traced, and how many spans
// wait to be sent, OpenTelemetry's SDK reads from the environment itself: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
// OTEL_TRACES_SAMPLER, OTEL_BSP_….
type TraceConfig struct {
	Endpoint string            // the URL that takes OTLP in protobuf over HTTP; empty: there are no traces
	Headers  map[string]string // sent along
	Timeout  time.Duration     // of one request with some spans; 0 is 10 s
	Grace    time.Duration     // how long a stop waits for the last spans to be taken; 0 is 3 s
}

// Traces makes spans and sends them in the background. Nobody waits for a collector: up to 2,048 spans wait in memory,
// OTEL_BSP_MAX_QUEUE_SIZE, and what is more is lost.
type Traces struct {
	provider  *sdk.TracerProvider
	collector *collector
}

// NewTraces begins to send spans, or returns nil where there is nowhere to send them. Its error tells that the
// environment describes this server wrongly. What goes wrong later is in the log, as the last one of a process has it.
func NewTraces(ctx context.Context, c TraceConfig, version string, log *slog.Logger) (*Traces, error) {
	if c.Endpoint == "" {
		return nil, nil //nolint:nilnil // nil is a Traces that makes none
	}
	self, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(semconv.ServiceName("plaza"), semconv.ServiceVersion(version)), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("OpenTelemetry", "error", err) }))
	t := &Traces{collector: newCollector(c, log)}
	exporter, err := otlptrace.New(ctx, t.collector)
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	t.provider = sdk.NewTracerProvider(sdk.WithResource(self), sdk.WithBatcher(exporter))
	return t, nil
}

// Tracer makes spans; nil makes none.
func (t *Traces) Tracer() trace.Tracer {
	if t == nil {
		return nil
	}
	return t.provider.Tracer("github.com/plaza-api/plaza")
}

// Log returns a log whose lines name the trace and the span that they were written in, where that is sampled.
func (t *Traces) Log(log *slog.Logger) *slog.Logger {
	if t == nil {
		return log
	}
	return slog.New(traceIDs{log.Handler()})
}

// Close sends what has not been sent, within Grace, and returns when nothing goes on in the background. It does not end
// with ctx.
func (t *Traces) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	defer time.AfterFunc(cmp.Or(t.collector.config.Grace, defaultTraceGrace), t.collector.giveUp).Stop()
	if err := t.provider.Shutdown(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("traces: %w", err)
	}
	return nil
}

// traceIDs adds to each line what trace it belongs to, by the names that OpenTelemetry has for it in logs.
type traceIDs struct{ slog.Handler }

// Handle implements slog.Handler.
func (h traceIDs) Handle(ctx context.Context, line slog.Record) error {
	if span := trace.SpanContextFromContext(ctx); span.IsSampled() {
		line.AddAttrs(slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()))
	}
	return h.Handler.Handle(ctx, line) //nolint:wrapcheck // it stands in the handler's place
}

// WithAttrs implements slog.Handler.
func (h traceIDs) WithAttrs(attributes []slog.Attr) slog.Handler {
	return traceIDs{h.Handler.WithAttrs(attributes)}
}

// WithGroup implements slog.Handler.
func (h traceIDs) WithGroup(name string) slog.Handler { return traceIDs{h.Handler.WithGroup(name)} }
