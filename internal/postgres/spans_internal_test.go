package postgres

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

func TestALongWaitForAConnectionIsASpan(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name   string
		took   time.Duration
		traced bool
	}{
		{"shorter", time.Millisecond - 1, false},
		{"long enough", time.Millisecond, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			recorder, now := tracetest.NewSpanRecorder(), began
			spans := sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder)).Tracer("test")
			tracer := &statementTracer{threshold: never, spans: spans, now: func() time.Time { return now }}
			ctx, request := spans.Start(t.Context(), "request")
			ctx = tracer.TraceAcquireStart(ctx, nil, pgxpool.TraceAcquireStartData{})
			now = now.Add(row.took)
			tracer.TraceAcquireEnd(ctx, nil, pgxpool.TraceAcquireEndData{})
			if !row.traced {
				assert.Empty(t, recorder.Ended())
				return
			}
			require.Len(t, recorder.Ended(), 1)
			wait := recorder.Ended()[0]
			assert.Equal(t, "wait for a connection", wait.Name())
			assert.Equal(t, began, wait.StartTime())
			assert.Equal(t, request.SpanContext().SpanID(), wait.Parent().SpanID())
		})
	}
}
