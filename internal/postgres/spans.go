package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// longWait is how long a connection has to be waited for to be a span of its own.
const longWait = time.Millisecond

// startSpan makes the span of a statement within that of a request or a job, which may have ended meanwhile. It has the
// statement's name, and neither its text nor its arguments. Within no span that is sampled there is none.
func startSpan(ctx context.Context, tracer trace.Tracer, name string, queries int, from time.Time) context.Context {
	if tracer == nil || !trace.SpanContextFromContext(ctx).IsSampled() {
		return ctx
	}
	ctx, span := tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(from),
		trace.WithAttributes(semconv.DBSystemNamePostgreSQL, semconv.DBQuerySummary(name)))
	if queries > 1 {
		span.SetAttributes(semconv.DBOperationBatchSize(queries))
	}
	return ctx
}

// endSpan ends the span of ctx. Of an error it tells the SQLSTATE alone: its message may hold a value.
func endSpan(ctx context.Context, err error) {
	span := trace.SpanFromContext(ctx)
	if err != nil {
		span.SetStatus(codes.Error, "")
		span.SetAttributes(semconv.ErrorTypeKey.String("other"))
		if told, ok := errors.AsType[*pgconn.PgError](err); ok {
			span.SetAttributes(semconv.DBResponseStatusCode(told.Code), semconv.ErrorTypeKey.String(told.Code))
		}
	}
	span.End()
}

// acquireKey is the context key of when the wait for a connection began.
type acquireKey struct{}

// TraceAcquireStart implements pgxpool.AcquireTracer.
func (t *statementTracer) TraceAcquireStart(
	ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData,
) context.Context {
	if t.spans == nil || !trace.SpanContextFromContext(ctx).IsSampled() {
		return ctx
	}
	return context.WithValue(ctx, acquireKey{}, t.now())
}

// TraceAcquireEnd implements pgxpool.AcquireTracer. Only a wait that was long is a span.
func (t *statementTracer) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, data pgxpool.TraceAcquireEndData) {
	if began, ok := ctx.Value(acquireKey{}).(time.Time); ok && t.now().Sub(began) >= longWait {
		endSpan(startSpan(ctx, t.spans, "wait for a connection", 1, began), data.Err)
	}
}
