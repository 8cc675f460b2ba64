package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/plaza-api/plaza/internal/postgres"
)

func TestStatementsAreSpansWithinThatOfTheirCaller(t *testing.T) {
	t.Parallel()
	recorder := tracetest.NewSpanRecorder()
	tracer := sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder)).Tracer("test")
	db := setup(t, func(c *postgres.Config) { c.Tracer = tracer })
	for _, row := range []struct {
		name, span string
		batch      int64  // of so many queries
		failed     string // with this SQLSTATE
		run        func(context.Context, postgres.Querier) error
	}{
		{"a query", "GetUser", 0, "", func(ctx context.Context, conn postgres.Querier) error {
			var text string
			return conn.QueryRow(ctx, "-- name: GetUser :one\nSELECT $1::text", "secret").Scan(&text)
		}},
		{"a query that fails", "UpdateUser", 0, "22P02", func(ctx context.Context, conn postgres.Querier) error {
			_, err := conn.Exec(ctx, "-- name: UpdateUser :exec\nSELECT $1::text::int", "secret")
			require.Error(t, err)
			return nil
		}},
		{"a batch", "InsertUser", 2, "", func(ctx context.Context, conn postgres.Querier) error {
			batch := &pgx.Batch{}
			batch.Queue("-- name: InsertUser :batchexec\nINSERT INTO users (email) VALUES ($1)", "secret1")
			batch.Queue("-- name: InsertUser :batchexec\nINSERT INTO users (email) VALUES ($1)", "secret2")
			return conn.SendBatch(ctx, batch).Close()
		}},
		{"a copy", "copy users", 0, "", func(ctx context.Context, conn postgres.Querier) error {
			_, err := conn.CopyFrom(ctx, pgx.Identifier{"users"}, []string{"email"}, pgx.CopyFromRows([][]any{{"secret3"}}))
			return err
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			recorder.Reset()
			require.NoError(t, row.run(t.Context(), db.Conn(t.Context())))
			require.Empty(t, recorder.Ended(), "what nobody traces")

			ctx, request := tracer.Start(t.Context(), "request")
			request.End() // as that of a caller who left while others waited for the same query
			recorder.Reset()
			_, err := db.Conn(t.Context()).Exec(t.Context(), "DELETE FROM users")
			require.NoError(t, err)
			require.NoError(t, row.run(ctx, db.Conn(ctx)))
			span := statement(t, recorder)
			assert.Equal(t, row.span, span.Name())
			assert.Equal(t, request.SpanContext().SpanID(), span.Parent().SpanID())
			assert.NotContains(t, fmt.Sprint(span), "secret")
			want := map[string]any{"db.system.name": "postgresql", "db.query.summary": row.span}
			if row.batch > 0 {
				want["db.operation.batch.size"] = row.batch
			}
			if row.failed != "" {
				want["db.response.status_code"], want["error.type"] = row.failed, row.failed
				assert.Equal(t, codes.Error, span.Status().Code)
			}
			assert.Equal(t, want, attributes(span))
		})
	}
}

// statement is the only span beside a wait for a connection, which there may be.
func statement(t *testing.T, recorder *tracetest.SpanRecorder) sdk.ReadOnlySpan {
	t.Helper()
	spans := slices.DeleteFunc(recorder.Ended(), func(s sdk.ReadOnlySpan) bool { return s.Name() == "wait for a connection" })
	require.Len(t, spans, 1)
	return spans[0]
}

func attributes(s sdk.ReadOnlySpan) map[string]any {
	all := map[string]any{}
	for _, a := range s.Attributes() {
		all[string(a.Key)] = a.Value.AsInterface()
	}
	return all
}
