package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
)

func TestInSavepoint(t *testing.T) {
	t.Parallel()
	// inTx runs fn in a transaction that commits, and returns the e-mails that it left.
	inTx := func(t *testing.T, fn func(ctx context.Context, db *postgres.DB)) []string {
		t.Helper()
		db := setup(t)
		require.NoError(t, db.InTx(t.Context(), func(ctx context.Context) error {
			fn(ctx, db)
			return nil
		}))
		return ask[[]string](t, db, "SELECT array_agg(email ORDER BY email) FROM users")
	}
	t.Run("takes a failure back and lets the transaction go on", func(t *testing.T) {
		t.Parallel()
		left := inTx(t, func(ctx context.Context, db *postgres.DB) {
			for _, email := range []string{"ann", "ann", "bob"} {
				err := db.InSavepoint(ctx, func(ctx context.Context) error { return insertUser(ctx, db, email) })
				if err != nil {
					requireKind(t, fault.Conflict, err)
				}
			}
		})
		assert.Equal(t, []string{"ann", "bob"}, left)
	})
	t.Run("returns our own errors as they are", func(t *testing.T) {
		t.Parallel()
		left := inTx(t, func(ctx context.Context, db *postgres.DB) {
			require.NoError(t, insertUser(ctx, db, "ann"))
			require.Equal(t, errOurs, db.InSavepoint(ctx, func(ctx context.Context) error {
				require.NoError(t, insertUser(ctx, db, "bob"))
				return errOurs
			}))
		})
		assert.Equal(t, []string{"ann"}, left)
	})
	t.Run("nests", func(t *testing.T) {
		t.Parallel()
		left := inTx(t, func(ctx context.Context, db *postgres.DB) {
			require.NoError(t, db.InSavepoint(ctx, func(ctx context.Context) error {
				require.NoError(t, insertUser(ctx, db, "ann"))
				require.Error(t, db.InSavepoint(ctx, func(ctx context.Context) error { return insertUser(ctx, db, "ann") }))
				return insertUser(ctx, db, "bob")
			}))
		})
		assert.Equal(t, []string{"ann", "bob"}, left)
	})
	t.Run("takes a panic back", func(t *testing.T) {
		t.Parallel()
		left := inTx(t, func(ctx context.Context, db *postgres.DB) {
			require.NoError(t, insertUser(ctx, db, "ann"))
			assert.PanicsWithValue(t, "boom", func() {
				_ = db.InSavepoint(ctx, func(ctx context.Context) error {
					require.NoError(t, insertUser(ctx, db, "bob"))
					panic("boom")
				})
			})
		})
		assert.Equal(t, []string{"ann"}, left)
	})
	t.Run("takes an error back that was ignored, and tells", func(t *testing.T) {
		t.Parallel()
		left := inTx(t, func(ctx context.Context, db *postgres.DB) {
			require.NoError(t, insertUser(ctx, db, "ann"))
			require.ErrorContains(t, db.InSavepoint(ctx, func(ctx context.Context) error {
				_ = insertUser(ctx, db, "ann")
				return nil
			}), "25P02")
		})
		assert.Equal(t, []string{"ann"}, left)
	})
	t.Run("leaves no savepoint behind", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		for _, result := range []error{nil, errOurs} {
			require.ErrorContains(t, db.InTx(t.Context(), func(ctx context.Context) error {
				require.Equal(t, result, db.InSavepoint(ctx, func(context.Context) error { return result }))
				return exec(ctx, db, "RELEASE SAVEPOINT nested")
			}), "does not exist")
		}
	})
	t.Run("says first that the transaction is lost", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		requireUnavailable(t, db.InTx(t.Context(), func(ctx context.Context) error {
			err := db.InSavepoint(ctx, func(ctx context.Context) error {
				_ = exec(ctx, db, "SELECT pg_terminate_backend(pg_backend_pid())")
				return fault.New(fault.Conflict, "one bad row")
			})
			requireUnavailable(t, err)
			require.ErrorContains(t, err, "one bad row")
			requireUnavailable(t, db.InSavepoint(ctx, func(context.Context) error { panic("not reached") }))
			return err
		}))
	})
	t.Run("keeps the end of the caller apart from that", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		requireKind(t, fault.Timeout, db.InTx(ctx, func(ctx context.Context) error {
			return db.InSavepoint(ctx, func(ctx context.Context) error { return exec(ctx, db, "SELECT pg_sleep(60)") })
		}))
	})
	t.Run("needs a transaction", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		err := db.InSavepoint(t.Context(), func(context.Context) error { panic("not reached") })
		require.ErrorIs(t, err, postgres.ErrNoTransaction)
	})
}
