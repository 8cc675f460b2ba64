package postgres

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// slowQueryTracer logs what takes threshold or longer, by name, never with its
// arguments. pgx calls it around queries, batches and copies.
type slowQueryTracer struct {
	threshold time.Duration
	log       *slog.Logger
	now       func() time.Time
}

// traceKey is the context key of the *trace of the statement that runs.
type traceKey struct{}

type trace struct {
	started time.Time
	name    string // the statement as it was sent, or what stands for several
	queries int
}

func (t *slowQueryTracer) start(ctx context.Context, name string, queries int) context.Context {
	return context.WithValue(ctx, traceKey{}, &trace{started: t.now(), name: name, queries: queries})
}

func (t *slowQueryTracer) end(ctx context.Context, err error) {
	traced, ok := ctx.Value(traceKey{}).(*trace)
	if !ok {
		return
	}
	took := t.now().Sub(traced.started)
	if took < t.threshold {
		return
	}
	t.log.LogAttrs(ctx, slog.LevelWarn, "slow query",
		slog.String("query", queryName(traced.name)),
		slog.Duration("duration", took),
		slog.Int("queries", traced.queries),
		slog.Bool("failed", err != nil))
}

// TraceQueryStart implements pgx.QueryTracer.
func (t *slowQueryTracer) TraceQueryStart(
	ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData,
) context.Context {
	return t.start(ctx, data.SQL, 1)
}

// TraceQueryEnd implements pgx.QueryTracer.
func (t *slowQueryTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	t.end(ctx, data.Err)
}

// TraceBatchStart implements pgx.BatchTracer. A batch goes by its first query.
func (t *slowQueryTracer) TraceBatchStart(
	ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData,
) context.Context {
	queries := data.Batch.QueuedQueries
	return t.start(ctx, queries[0].SQL, len(queries))
}

// TraceBatchQuery implements pgx.BatchTracer.
func (*slowQueryTracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements pgx.BatchTracer.
func (t *slowQueryTracer) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchEndData) {
	t.end(ctx, data.Err)
}

// TraceCopyFromStart implements pgx.CopyFromTracer.
func (t *slowQueryTracer) TraceCopyFromStart(
	ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromStartData,
) context.Context {
	return t.start(ctx, "-- name: copy "+strings.Join(data.TableName, "."), 1)
}

// TraceCopyFromEnd implements pgx.CopyFromTracer.
func (t *slowQueryTracer) TraceCopyFromEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromEndData) {
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
