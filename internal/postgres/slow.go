package postgres

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/trace"
)

// statementTracer logs what takes threshold or longer, and makes spans; by name,
// never with arguments. pgx calls it around queries, batches and copies.
type statementTracer struct {
	threshold time.Duration // negative: nothing is logged
	log       *slog.Logger
	spans     trace.Tracer // nil: none are made
	now       func() time.Time
}

// statementKey is the context key of the *statement that runs.
type statementKey struct{}

type statement struct {
	started time.Time
	name    string // the statement as it was sent, or what stands for several
	queries int
}

func (t *statementTracer) start(ctx context.Context, name string, queries int) context.Context {
	started := &statement{started: t.now(), name: name, queries: queries}
	if t.spans != nil {
		ctx = startSpan(ctx, t.spans, queryName(name), queries, started.started)
	}
	return context.WithValue(ctx, statementKey{}, started)
}

func (t *statementTracer) end(ctx context.Context, err error) {
	ran, ok := ctx.Value(statementKey{}).(*statement)
	if !ok {
		return
	}
	if t.spans != nil {
		defer endSpan(ctx, err)
	}
	took := t.now().Sub(ran.started)
	if t.threshold < 0 || took < t.threshold {
		return
	}
	t.log.LogAttrs(ctx, slog.LevelWarn, "slow query",
		slog.String("query", queryName(ran.name)),
		slog.Duration("duration", took),
		slog.Int("queries", ran.queries),
		slog.Bool("failed", err != nil))
}

// TraceQueryStart implements pgx.QueryTracer.
func (t *statementTracer) TraceQueryStart(
	ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData,
) context.Context {
	return t.start(ctx, data.SQL, 1)
}

// TraceQueryEnd implements pgx.QueryTracer.
func (t *statementTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	t.end(ctx, data.Err)
}

// TraceBatchStart implements pgx.BatchTracer. A batch goes by its first query.
func (t *statementTracer) TraceBatchStart(
	ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData,
) context.Context {
	queries := data.Batch.QueuedQueries
	return t.start(ctx, queries[0].SQL, len(queries))
}

// TraceBatchQuery implements pgx.BatchTracer.
func (*statementTracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements pgx.BatchTracer.
func (t *statementTracer) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchEndData) {
	t.end(ctx, data.Err)
}

// TraceCopyFromStart implements pgx.CopyFromTracer.
func (t *statementTracer) TraceCopyFromStart(
	ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromStartData,
) context.Context {
	return t.start(ctx, "-- name: copy "+strings.Join(data.TableName, "."), 1)
}

// TraceCopyFromEnd implements pgx.CopyFromTracer.
func (t *statementTracer) TraceCopyFromEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromEndData) {
	t.end(ctx, data.Err)
}

// queryName returns the name that sqlc puts into a query's first line
// ("-- name: GetUser :one"), or else its first word: the rest may hold a value.
func queryName(sql string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(sql), "\n")
	if named, ok := strings.CutPrefix(line, "-- name: "); ok {
		name, _, _ := strings.Cut(named, " :")
		return name
	}
	word, _, _ := strings.Cut(strings.TrimPrefix(line, "-- "), " ")
	return strings.ToLower(word)
}
