package postgres

import (
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

var errRowsClosed = errors.New("postgres: rows is closed")

// heldRows are rows that have all come, so that a server that dies now takes none of them along. The connection is
// held for what it knows of types.
type heldRows struct {
	fields []pgconn.FieldDescription
	tag    pgconn.CommandTag
	rows   [][][]byte // those to come
	row    [][]byte
	conn   *pgxpool.Conn
	types  *pgtype.Map
	after  func() // the release
	err    error
}

// holdRows reads rows to their end. They are closed then, and conn is released when those that it returns are.
func holdRows(rows pgx.Rows, conn *pgxpool.Conn, after func()) (*heldRows, error) {
	defer rows.Close()
	h := &heldRows{fields: rows.FieldDescriptions(), conn: conn, types: conn.Conn().TypeMap(), after: after}
	for rows.Next() {
		row := rows.RawValues()
		kept := make([][]byte, len(row))
		for i, value := range row {
			kept[i] = slices.Clone(value) // a null stays nil
		}
		h.rows = append(h.rows, kept)
	}
	h.tag = rows.CommandTag()
	return h, rows.Err()
}

func (h *heldRows) Close() {
	if h.conn == nil {
		return
	}
	h.rows, h.row = nil, nil
	h.conn.Release()
	h.conn = nil
	h.after()
}

func (h *heldRows) Err() error                                   { return h.err }
func (h *heldRows) CommandTag() pgconn.CommandTag                { return h.tag }
func (h *heldRows) FieldDescriptions() []pgconn.FieldDescription { return h.fields }
func (h *heldRows) RawValues() [][]byte                          { return h.row }
func (h *heldRows) TypeMap() *pgtype.Map                         { return h.types }

// Conn returns nil: the connection is not to be used.
func (*heldRows) Conn() *pgx.Conn { return nil }

func (h *heldRows) Next() bool {
	if len(h.rows) == 0 {
		h.Close()
		return false
	}
	h.row, h.rows = h.rows[0], h.rows[1:]
	return true
}

func (h *heldRows) Scan(dest ...any) error {
	if len(dest) == 1 {
		if whole, ok := dest[0].(pgx.RowScanner); ok {
			return h.fail(whole.ScanRow(h))
		}
	}
	return h.fail(pgx.ScanRow(h.types, h.fields, h.row, dest...))
}

func (h *heldRows) Values() ([]any, error) {
	if h.conn == nil {
		return nil, errRowsClosed
	}
	values := make([]any, len(h.row))
	for i, field := range h.fields {
		if err := h.types.Scan(field.DataTypeOID, field.Format, h.row[i], &values[i]); err != nil {
			return nil, h.fail(err)
		}
	}
	return values, nil
}

// fail keeps the first error, which ends the rows.
func (h *heldRows) fail(err error) error {
	if err != nil {
		h.err = err
		h.Close()
	}
	return err
}

// heldRow is the first of held rows.
type heldRow struct{ rows *heldRows }

func (r heldRow) Scan(dest ...any) error {
	defer r.rows.Close()
	if !r.rows.Next() {
		return pgx.ErrNoRows
	}
	return r.rows.Scan(dest...)
}
