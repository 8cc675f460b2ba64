package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Querier runs statements. It has what sqlc's DBTX asks for. Its errors, and those
// of the rows and results that it returns, are translated as the package comment
// says; only the callbacks of a pgx.QueuedQuery see PostgreSQL's own.
//
// Rows must be read to their end or closed, a Row scanned and batch results
// closed: the connection is taken until then.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	// CopyFrom also returns the errors of source, wrapped.
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, source pgx.CopyFromSource) (int64, error)
	// SendBatch refuses to begin a transaction (pgx.Batch.BeginTx); InTx does that.
	SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults
}

// Conn returns the transaction that ctx carries, or else the pool, whose queries go to
// a replica where ctx allows it. A transaction runs one statement at a time and must
// not be shared between goroutines.
func (d *DB) Conn(ctx context.Context) Querier {
	if tx := d.transaction(ctx); tx != nil {
		return tx.querier
	}
	if needed := Needed(ctx); needed != Latest && len(d.replicas.all) > 0 {
		return reader{querier: d.pooled, needed: needed}
	}
	return d.pooled
}

// querier is a Querier on a transaction, or on the pool where tx is nil.
type querier struct {
	db *DB
	tx pgx.Tx
}

// lease returns where to run a statement, and the connection to release after it,
// which is nil in a transaction.
func (q *querier) lease(ctx context.Context) (Querier, *pgxpool.Conn, error) {
	if q.tx != nil {
		return q.tx, nil, nil
	}
	conn, err := q.db.acquire(ctx)
	return conn, conn, err
}

// failed is what the methods answer that cannot return an error.
func failed(err error) pgx.BatchResults { return pgx.FailedBatchResults(&pgx.Batch{}, err) }

func (q *querier) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	on, conn, err := q.lease(ctx)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	defer release(conn)
	tag, err := on.Exec(ctx, sql, args...)
	return tag, q.db.faults.toFault(err)
}

func (q *querier) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	on, conn, err := q.lease(ctx)
	if err != nil {
		return failed(err).Query()
	}
	inner, err := on.Query(ctx, sql, args...)
	if err != nil {
		release(conn)
		return failed(q.db.faults.toFault(err)).Query()
	}
	return &rows{Rows: inner, faults: q.db.faults, conn: conn}, nil
}

func (q *querier) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	on, conn, err := q.lease(ctx)
	if err != nil {
		return failed(err).QueryRow()
	}
	return &row{inner: on.QueryRow(ctx, sql, args...), faults: q.db.faults, conn: conn}
}

func (q *querier) CopyFrom(
	ctx context.Context, table pgx.Identifier, columns []string, source pgx.CopyFromSource,
) (int64, error) {
	on, conn, err := q.lease(ctx)
	if err != nil {
		return 0, err
	}
	defer release(conn)
	kept := &copySource{CopyFromSource: source}
	copied, err := on.CopyFrom(ctx, table, columns, kept)
	if err != nil && kept.err != nil {
		return 0, fmt.Errorf("postgres: read what is to be copied: %w", kept.err)
	}
	return copied, q.db.faults.toFault(err)
}

func (q *querier) SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults {
	on, conn, err := q.lease(ctx)
	if err != nil {
		return failed(err)
	}
	return &batchResults{inner: on.SendBatch(ctx, batch), faults: q.db.faults, conn: conn}
}
