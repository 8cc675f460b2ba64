package postgres_test

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
)

var errOurs = errors.New("ours")

func TestInTx(t *testing.T) {
	t.Parallel()
	t.Run("commits", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		require.NoError(t, db.InTx(t.Context(), func(ctx context.Context) error {
			require.NoError(t, insertUser(ctx, db, "ann@example.com"))
			assert.Zero(t, countUsers(t, db), "outside, nothing is seen yet")
			return nil
		}))
		assert.Equal(t, 1, countUsers(t, db))
	})
	t.Run("rolls back and returns the error as it is", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			require.NoError(t, insertUser(ctx, db, "ann@example.com"))
			return errOurs
		})
		require.Equal(t, errOurs, err)
		requireUntouched(t, db)
	})
	t.Run("rolls back and panics on", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		assert.PanicsWithValue(t, "boom", func() {
			_ = db.InTx(t.Context(), func(ctx context.Context) error {
				require.NoError(t, insertUser(ctx, db, "ann@example.com"))
				panic("boom")
			})
		})
		requireUntouched(t, db)
	})
	t.Run("rolls back when its goroutine exits", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		var inserted error
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = db.InTx(t.Context(), func(ctx context.Context) error {
				inserted = insertUser(ctx, db, "ann@example.com")
				runtime.Goexit()
				return nil
			})
		}()
		<-done
		require.NoError(t, inserted)
		requireUntouched(t, db)
	})
	t.Run("commits nothing for a caller who has left", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		ctx, leave := context.WithCancel(t.Context())
		requireCanceled(t, db.InTx(ctx, func(ctx context.Context) error {
			require.NoError(t, insertUser(ctx, db, "ann@example.com"))
			leave()
			return nil
		}))
		requireUntouched(t, db)
	})
	t.Run("does not begin for a caller who has left", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		ctx, leave := context.WithCancel(t.Context())
		leave()
		requireCanceled(t, db.InTx(ctx, func(context.Context) error { panic("not reached") }))
	})
	t.Run("tells of an error that was ignored", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			_ = exec(ctx, db, "SELECT FROM nowhere")
			return nil
		})
		require.ErrorContains(t, err, "an error inside the transaction was ignored")
		assert.Nil(t, fault.As(err))
	})
	t.Run("returns the fault of a constraint that is checked at COMMIT, once", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		runs := 0
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			runs++
			return exec(ctx, db, "INSERT INTO logins VALUES ('a'), ('a')")
		})
		requireKind(t, fault.Conflict, err)
		require.NotErrorIs(t, err, postgres.ErrOutcomeUnknown)
		assert.Equal(t, 1, runs)
	})
}

// requireUntouched wants no user, and no connection that did not come back.
func requireUntouched(t *testing.T, db *postgres.DB) {
	t.Helper()
	require.Zero(t, countUsers(t, db))
	require.Zero(t, db.Stat().AcquiredConns())
	require.EqualValues(t, 1, db.Stat().NewConnsCount(), "the connection is still good")
}

func TestInTxJoins(t *testing.T) {
	t.Parallel()
	t.Run("the transaction of its context, without another connection", func(t *testing.T) {
		t.Parallel()
		db := setup(t, func(c *postgres.Config) { c.MaxConns = 1 })
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			require.NoError(t, db.InTx(ctx, func(ctx context.Context) error {
				return insertUser(ctx, db, "ann@example.com")
			}))
			return errOurs
		})
		require.Equal(t, errOurs, err)
		requireUntouched(t, db)
	})
	t.Run("but leaves the repeating to the outermost", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		outer, inner := 0, 0
		requireUnavailable(t, db.InTx(t.Context(), func(ctx context.Context) error {
			outer++
			return db.InTx(ctx, func(ctx context.Context) error {
				inner++
				return exec(ctx, db, raise("ERRCODE = '40001'"))
			})
		}))
		assert.Equal(t, 4, outer)
		assert.Equal(t, 4, inner)
	})
	t.Run("not the transaction of another database", func(t *testing.T) {
		t.Parallel()
		one, two := setup(t), setup(t)
		require.Equal(t, errOurs, one.InTx(t.Context(), func(ctx context.Context) error {
			require.NoError(t, insertUser(ctx, two, "ann@example.com"))
			return errOurs
		}))
		assert.Equal(t, 1, countUsers(t, two))
	})
}

func TestTxOptions(t *testing.T) {
	t.Parallel()
	db := setup(t)
	show := func(t *testing.T, options postgres.TxOptions, setting string) string {
		t.Helper()
		var value string
		require.NoError(t, db.InTxWith(t.Context(), options, func(ctx context.Context) error {
			return db.Conn(ctx).QueryRow(ctx, "SHOW "+setting).Scan(&value)
		}))
		return value
	}
	assert.Equal(t, "read committed", show(t, postgres.TxOptions{}, "transaction_isolation"))
	assert.Equal(t, "serializable", show(t, postgres.TxOptions{Isolation: postgres.Serializable}, "transaction_isolation"))
	assert.Equal(t, "off", show(t, postgres.TxOptions{}, "transaction_read_only"))
	assert.Equal(t, "on", show(t, postgres.TxOptions{ReadOnly: true}, "transaction_read_only"))

	type options = postgres.TxOptions
	for _, row := range []struct {
		name         string
		outer, inner options
		want         string
	}{
		{"the same", options{Isolation: postgres.Serializable}, options{Isolation: postgres.Serializable}, ""},
		{"a stronger one", options{Isolation: postgres.RepeatableRead}, options{Isolation: postgres.ReadCommitted}, ""},
		{"one that may also write", options{}, options{ReadOnly: true}, ""},
		{
			"a weaker one",
			options{},
			options{Isolation: postgres.RepeatableRead},
			"postgres: cannot join a weaker transaction: repeatable read inside read committed",
		},
		{
			"one that only reads",
			options{ReadOnly: true},
			options{},
			"postgres: cannot join a weaker transaction: read committed inside read committed, read only",
		},
	} {
		t.Run("joining "+row.name, func(t *testing.T) {
			t.Parallel()
			err := db.InTxWith(t.Context(), row.outer, func(ctx context.Context) error {
				return db.InTxWith(ctx, row.inner, func(context.Context) error { return nil })
			})
			if row.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, postgres.ErrWeakerTransaction)
			require.EqualError(t, err, row.want)
		})
	}
}
