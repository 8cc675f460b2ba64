package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
)

// everyMethod inserts ann@example.com through each method and returns the errors.
func everyMethod(ctx context.Context, conn postgres.Querier) map[string]error {
	const insert = "INSERT INTO users (email) VALUES ('ann@example.com') RETURNING id"
	errs := map[string]error{}
	_, errs["Exec"] = conn.Exec(ctx, insert)

	rows, err := conn.Query(ctx, insert)
	_, collectErr := pgx.CollectRows(rows, pgx.RowTo[int64])
	errs["Query, read to the end"] = collectErr
	if err != nil {
		errs["Query"] = err
	}
	var id int64
	errs["QueryRow"] = conn.QueryRow(ctx, insert).Scan(&id)
	_, errs["CopyFrom"] = conn.CopyFrom(ctx, pgx.Identifier{"users"}, []string{"email"},
		pgx.CopyFromRows([][]any{{"ann@example.com"}}))

	send := func() pgx.BatchResults {
		batch := &pgx.Batch{}
		batch.Queue(insert)
		return conn.SendBatch(ctx, batch)
	}
	results := send()
	errs["batch, Close alone"] = results.Close()
	results = send()
	_, errs["batch, Exec"] = results.Exec()
	errs["batch, Close after Exec"] = results.Close()
	results = send()
	rows, _ = results.Query()
	_, errs["batch, Query"] = pgx.CollectRows(rows, pgx.RowTo[int64])
	errs["batch, Close after Query"] = results.Close()
	results = send()
	errs["batch, QueryRow"] = results.QueryRow().Scan(&id)
	errs["batch, Close after QueryRow"] = results.Close()
	return errs
}

func TestQuerierTranslatesEveryError(t *testing.T) {
	t.Parallel()
	db := setup(t, func(c *postgres.Config) { c.MaxConns = 1 })
	require.NoError(t, insertUser(t.Context(), db, "ann@example.com"))
	for name, err := range everyMethod(t.Context(), db.Conn(t.Context())) {
		assert.True(t, fault.Is(err, fault.Conflict), "%s: %v", name, err)
	}
	assert.Zero(t, db.Stat().AcquiredConns(), "all connections are back")
}

func TestQuerierReturnsConnections(t *testing.T) {
	t.Parallel()
	db := setup(t, func(c *postgres.Config) { c.MaxConns = 1 })
	ctx := t.Context()
	query := func(t *testing.T) pgx.Rows {
		t.Helper()
		rows, err := db.Conn(ctx).Query(ctx, "SELECT n FROM generate_series(1, 3) AS n")
		require.NoError(t, err)
		require.EqualValues(t, 1, db.Stat().AcquiredConns())
		return rows
	}
	allBack := func(t *testing.T) {
		t.Helper()
		require.Zero(t, db.Stat().AcquiredConns())
	}
	t.Run("after the last row", func(t *testing.T) {
		numbers, err := pgx.CollectRows(query(t), pgx.RowTo[int])
		require.NoError(t, err)
		assert.Equal(t, []int{1, 2, 3}, numbers)
		allBack(t)
	})
	t.Run("after the last row, without a Close", func(t *testing.T) {
		rows := query(t)
		for rows.Next() {
			require.EqualValues(t, 1, db.Stat().AcquiredConns())
		}
		require.NoError(t, rows.Err())
		allBack(t)
	})
	t.Run("when rows are closed early, twice", func(t *testing.T) {
		rows := query(t)
		require.True(t, rows.Next())
		values, err := rows.Values()
		require.NoError(t, err)
		assert.Equal(t, []any{int32(1)}, values)
		rows.Close()
		rows.Close()
		require.NoError(t, rows.Err())
		allBack(t)
	})
	t.Run("when values are asked of closed rows", func(t *testing.T) {
		rows := query(t)
		rows.Close()
		_, err := rows.Values()
		require.ErrorContains(t, err, "postgres: rows is closed")
		allBack(t)
	})
	t.Run("when the query itself is refused", func(t *testing.T) {
		rows, err := db.Conn(ctx).Query(ctx, "SELECT FROM nowhere")
		require.ErrorContains(t, err, "42P01")
		require.Equal(t, err, rows.Err())
		allBack(t)
	})
	t.Run("when a row does not fit", func(t *testing.T) {
		rows := query(t)
		require.True(t, rows.Next())
		var first, second int
		require.ErrorContains(t, rows.Scan(&first, &second), "postgres: number of field descriptions")
		allBack(t)
	})
	t.Run("when there is no row", func(t *testing.T) {
		var n int
		err := db.Conn(ctx).QueryRow(ctx, "SELECT 1 WHERE false").Scan(&n)
		require.Equal(t, pgx.ErrNoRows, err)
		allBack(t)
	})
	t.Run("when the destination of a row panics", func(t *testing.T) {
		assert.Panics(t, func() { _ = db.Conn(ctx).QueryRow(ctx, "SELECT 1").Scan(explosive{}) })
		eventuallyBack(t, db)
	})
	t.Run("when the callback of a batch panics", func(t *testing.T) {
		batch := &pgx.Batch{}
		batch.Queue("SELECT 1").QueryRow(func(pgx.Row) error { panic("boom") })
		results := db.Conn(ctx).SendBatch(ctx, batch)
		assert.Panics(t, func() { _ = results.Close() })
		eventuallyBack(t, db)
	})
	t.Run("when a batch begins a transaction, which nobody gets", func(t *testing.T) {
		batch := &pgx.Batch{}
		batch.BeginTx(pgx.TxOptions{})
		batch.Queue("INSERT INTO users (email) VALUES ('ann@example.com')")
		results := db.Conn(ctx).SendBatch(ctx, batch)
		assert.Nil(t, results.Tx())
		require.NoError(t, results.Close())
		assert.Zero(t, countUsers(t, db), "rolled back with its connection")
		allBack(t)
	})
}

// eventuallyBack waits for a connection that the pool closes in the background.
func eventuallyBack(t *testing.T, db *postgres.DB) {
	t.Helper()
	require.NoError(t, db.Ping(t.Context()))
	require.Zero(t, db.Stat().AcquiredConns())
}

type explosive struct{}

func (explosive) ScanRow(pgx.Rows) error { panic("boom") }

func TestCopyFromTellsWhatWentWrong(t *testing.T) {
	t.Parallel()
	db := setup(t)
	copyUsers := func(source pgx.CopyFromSource) error {
		_, err := db.Conn(t.Context()).CopyFrom(t.Context(), pgx.Identifier{"users"}, []string{"email", "age"}, source)
		return err
	}
	row := []any{"ann@example.com", 20}
	t.Run("when the source ends early", func(t *testing.T) {
		require.ErrorIs(t, copyUsers(&brokenSource{CopyFromSource: pgx.CopyFromRows([][]any{row}), err: errOurs}), errOurs)
	})
	t.Run("when the source has a row that it cannot give", func(t *testing.T) {
		require.ErrorIs(t, copyUsers(pgx.CopyFromSlice(1, func(int) ([]any, error) { return nil, errOurs })), errOurs)
	})
	t.Run("when a value cannot be encoded", func(t *testing.T) {
		err := copyUsers(pgx.CopyFromRows([][]any{{"ann@example.com", struct{}{}}}))
		require.ErrorContains(t, err, "unable to encode struct {}")
		require.Nil(t, fault.As(err), "and that is no time-out")
	})
	t.Run("and nothing is left", func(t *testing.T) {
		require.Zero(t, countUsers(t, db))
		require.NoError(t, copyUsers(pgx.CopyFromRows([][]any{row})))
		require.Equal(t, 1, countUsers(t, db))
	})
}

// brokenSource fails after its last row, like an upload that was cut off.
type brokenSource struct {
	pgx.CopyFromSource

	err error
}

func (s *brokenSource) Err() error { return s.err }
