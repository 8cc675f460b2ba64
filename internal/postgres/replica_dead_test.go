package postgres_test

import (
	"log/slog"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestADeadReplica(t *testing.T) {
	t.Parallel()
	primary := testkit.NewPrimary(t)
	t.Run("is left out, said once, and comes back", func(t *testing.T) {
		t.Parallel()
		standby := primary.Follow(t, nil)
		var log testkit.Log
		db := primary.Open(t, []*testkit.Standby{standby}, func(c *postgres.Config) {
			c.Logger = slog.New(slog.NewTextHandler(&log, nil))
		})
		require.True(t, read[bool](t, db, 0, onReplica))
		standby.Stop(t)
		require.False(t, read[bool](t, db, 0, onReplica))
		require.Eventually(t, func() bool { return !db.Replicas()[0].Serving() }, 10*time.Second, 5*time.Millisecond)
		standby.Start(t)
		eventuallyRead(t, db, 0, onReplica, true)
		said := words(log.String(), `msg="database replica (\w+)`)
		assert.Equal(t, "answers", said[0])
		assert.Contains(t, said, "left")
		assert.Equal(t, slices.Compact(slices.Clone(said)), said, "each once, until it is otherwise")
	})
	t.Run("that is killed costs no caller an error", func(t *testing.T) {
		t.Parallel()
		standby := primary.Follow(t, nil)
		db := primary.Open(t, []*testkit.Standby{standby})
		readWhile(t, db, func() {
			for range 2 {
				eventuallyRead(t, db, 0, onReplica, true)
				born := standby.Ask(t, "SELECT pg_postmaster_start_time()")
				standby.Kill(t)
				eventuallyRead(t, db, 0, "SELECT pg_is_in_recovery() AND pg_postmaster_start_time()::text <> '"+born+"'", true)
			}
		})
	})
	t.Run("that comes back with less than it had is not taken for what it was", func(t *testing.T) {
		t.Parallel()
		url := primary.Follow(t, nil).URL()
		const seen = postgres.Latest - 1
		require.NoError(t, postgres.ReadOnNewConnection(t.Context(), url, seen, 0))
		require.ErrorIs(t, postgres.ReadOnNewConnection(t.Context(), url, seen, seen), postgres.ErrBehind)
	})
	t.Run("that answers nothing more costs no caller an error", func(t *testing.T) {
		t.Parallel()
		standby := primary.Follow(t, nil)
		db := primary.Open(t, []*testkit.Standby{standby})
		require.True(t, read[bool](t, db, 0, onReplica))
		standby.Freeze(t)
		readWhile(t, db, func() {
			eventuallyRead(t, db, 0, onReplica, false)
			require.Eventually(t, func() bool { return !db.Replicas()[0].Serving() }, 10*time.Second, 5*time.Millisecond)
		})
	})
	t.Run("does not keep the primary from being opened", func(t *testing.T) {
		t.Parallel()
		var log testkit.Log
		db := open(t, postgres.Config{
			URL: primary.URL(), ReplicaURLs: []string{"postgres://127.0.0.1:1/nowhere"},
			Logger: slog.New(slog.NewTextHandler(&log, nil)),
		})
		assert.False(t, read[bool](t, db, 0, onReplica))
		require.Eventually(t, func() bool { return len(words(log.String(), `replica (left)`)) == 1 }, 10*time.Second, 5*time.Millisecond)
	})
	t.Run("is what follows nobody", func(t *testing.T) {
		t.Parallel()
		var log testkit.Log
		db := open(t, postgres.Config{
			URL: primary.URL(), ReplicaURLs: []string{primary.URL()}, Logger: slog.New(slog.NewTextHandler(&log, nil)),
		})
		require.Eventually(t, func() bool { return len(words(log.String(), `(not in recovery)`)) == 1 }, 10*time.Second, 5*time.Millisecond)
		assert.False(t, db.Replicas()[0].Serving())
	})
	t.Run("has an address that is right", func(t *testing.T) {
		t.Parallel()
		_, err := postgres.Open(t.Context(), postgres.Config{URL: primary.URL(), ReplicaURLs: []string{"postgres://:secret@host:none/x"}})
		require.ErrorContains(t, err, "replica-1: postgres: database URL: ")
		assert.NotContains(t, err.Error(), "secret")
	})
}

// readWhile reads on many goroutines until do returns, and wants no error.
func readWhile(t *testing.T, db *postgres.DB, do func()) {
	t.Helper()
	const query = "SELECT n, repeat('x', 1000) FROM generate_series(1, 100) AS n"
	ended := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
				}
				ctx := postgres.WithReplica(t.Context(), 0)
				found, _ := db.Conn(ctx).Query(ctx, query)
				all, err := pgx.CollectRows(found, pgx.RowToMap)
				if err != nil || len(all) != 100 {
					t.Errorf("%d of 100 rows came: %v", len(all), err)
					return
				}
			}
		})
	}
	do()
	close(ended)
	readers.Wait()
	assert.Positive(t, db.ReplicaReads())
}

// words returns what the group of a pattern matches in a log.
func words(log, pattern string) []string {
	var found []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(log, -1) {
		found = append(found, match[1])
	}
	return found
}
