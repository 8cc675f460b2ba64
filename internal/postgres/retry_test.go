package postgres_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
)

func TestRepeats(t *testing.T) {
	t.Parallel()
	t.Run("one of two that would have written past each other", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		runs := runTwo(t, db, postgres.TxOptions{Isolation: postgres.Serializable}, func(ctx context.Context, _ int, meet func()) error {
			var users int
			if err := db.Conn(ctx).QueryRow(ctx, "SELECT count(*) FROM users").Scan(&users); err != nil {
				return err
			}
			meet()
			return exec(ctx, db, "INSERT INTO users (email, age) VALUES (gen_random_uuid()::text::varchar(30), $1)", 20+users)
		})
		assert.Equal(t, 3, runs)
		assert.Equal(t, []int32{20, 21}, ask[[]int32](t, db, "SELECT array_agg(age ORDER BY age) FROM users"))
	})
	t.Run("one of two that wait for each other", func(t *testing.T) {
		t.Parallel()
		db := setup(t, func(c *postgres.Config) { c.URL = withParam(t, c.URL, "deadlock_timeout", "20ms") })
		mustExec(t, db, "INSERT INTO users (email, age) VALUES ('a', 20), ('b', 20)")
		runs := runTwo(t, db, postgres.TxOptions{}, func(ctx context.Context, mine int, meet func()) error {
			const older = "UPDATE users SET age = age + 1 WHERE id = $1"
			if err := exec(ctx, db, older, 1+mine); err != nil {
				return err
			}
			meet()
			return exec(ctx, db, older, 2-mine)
		})
		assert.GreaterOrEqual(t, runs, 3, "a busy machine may make them wait for each other again")
		assert.Equal(t, []int32{22, 22}, ask[[]int32](t, db, "SELECT array_agg(age) FROM users"))
	})
	t.Run("until the caller leaves", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		ctx, leave := context.WithCancel(t.Context())
		runs := 0
		err := db.InTx(ctx, func(ctx context.Context) error {
			runs++
			defer leave()
			return exec(ctx, db, raise("ERRCODE = '40P01'"))
		})
		requireCanceled(t, err)
		require.ErrorContains(t, err, "40P01")
		assert.Equal(t, 1, runs)
	})
}

// runTwo runs fn in two transactions that meet during their first run, and returns
// how often fn ran in all.
func runTwo(
	t *testing.T, db *postgres.DB, options postgres.TxOptions, fn func(ctx context.Context, mine int, meet func()) error,
) int {
	t.Helper()
	var meeting, ends sync.WaitGroup
	meeting.Add(2)
	runs, errs := [2]int{}, [2]error{}
	for mine := range 2 {
		ends.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			errs[mine] = db.InTxWith(ctx, options, func(ctx context.Context) error {
				runs[mine]++
				return fn(ctx, mine, func() {
					if runs[mine] == 1 {
						meeting.Done()
						meeting.Wait()
					}
				})
			})
		})
	}
	ends.Wait()
	require.NoError(t, errors.Join(errs[:]...))
	return runs[0] + runs[1]
}
