package postgres

import (
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// rows translates errors, and releases conn, if there is one, when it is closed.
type rows struct {
	pgx.Rows

	faults translator
	conn   *pgxpool.Conn
}

func (r *rows) Close() {
	r.Rows.Close()
	release(r.conn)
	r.conn = nil
}

func (r *rows) Err() error { return r.faults.toFault(r.Rows.Err()) }

func (r *rows) Next() bool {
	more := r.Rows.Next()
	if !more {
		r.Close()
	}
	return more
}

func (r *rows) Scan(dest ...any) error {
	err := r.Rows.Scan(dest...)
	if err != nil {
		r.Close()
	}
	return r.faults.toFault(err)
}

func (r *rows) Values() ([]any, error) {
	values, err := r.Rows.Values()
	if err != nil {
		r.Close()
	}
	return values, r.faults.toFault(err)
}

// row translates the error of Scan, and releases conn, if there is one, after it.
type row struct {
	inner  pgx.Row
	faults translator
	conn   *pgxpool.Conn
}

func (r *row) Scan(dest ...any) error {
	// Deferred, because a destination's own scanner may panic.
	defer func() {
		release(r.conn)
		r.conn = nil
	}()
	return r.faults.toFault(r.inner.Scan(dest...))
}

// batchResults translates errors, and releases conn, if there is one, when it is
// closed. A connection that is left inside a transaction is closed by the release.
type batchResults struct {
	inner  pgx.BatchResults
	faults translator
	conn   *pgxpool.Conn
}

func (b *batchResults) Exec() (pgconn.CommandTag, error) {
	tag, err := b.inner.Exec()
	return tag, b.faults.toFault(err)
}

func (b *batchResults) Query() (pgx.Rows, error) {
	inner, err := b.inner.Query()
	return &rows{Rows: inner, faults: b.faults}, b.faults.toFault(err)
}

func (b *batchResults) QueryRow() pgx.Row {
	return &row{inner: b.inner.QueryRow(), faults: b.faults}
}

func (b *batchResults) Close() error {
	// Deferred, because a callback of the batch may panic.
	defer func() {
		release(b.conn)
		b.conn = nil
	}()
	return b.faults.toFault(b.inner.Close())
}

// Tx returns nil: a batch begins no transaction here.
func (*batchResults) Tx() pgx.Tx { return nil }

// copySource keeps the error of a source, of which pgx returns only what the server
// makes of it: a canceled query.
type copySource struct {
	pgx.CopyFromSource

	err error
}

func (s *copySource) Values() ([]any, error) {
	values, err := s.CopyFromSource.Values()
	s.err = err
	return values, err
}

func (s *copySource) Err() error {
	s.err = s.CopyFromSource.Err()
	return s.err
}
