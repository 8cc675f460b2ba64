package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

// onReplica tells who has answered.
const onReplica = "SELECT pg_is_in_recovery()"

// read returns the one value that sql selects, where a replica may answer that has replayed needed.
func read[T any](t *testing.T, db *postgres.DB, needed postgres.Position, sql string) T {
	t.Helper()
	ctx := postgres.WithReplica(t.Context(), needed)
	var value T
	require.NoError(t, db.Conn(ctx).QueryRow(ctx, sql).Scan(&value))
	return value
}

// eventuallyRead waits until sql selects want, for who needs a position.
func eventuallyRead[T any](t *testing.T, db *postgres.DB, needed postgres.Position, sql string, want T) {
	t.Helper()
	require.Eventually(t, func() bool {
		return assert.ObjectsAreEqual(want, read[T](t, db, needed, sql))
	}, 20*time.Second, 5*time.Millisecond)
}

func TestReplicas(t *testing.T) {
	t.Parallel()
	primary := testkit.NewPrimary(t)
	setUp := open(t, postgres.Config{URL: primary.URL(), MaxConns: 2})
	mustExec(t, setUp, "CREATE TABLE notes (id integer); CREATE TABLE facts AS SELECT 'kept' AS fact")

	t.Run("answer what may be answered by one, and nothing else", func(t *testing.T) {
		t.Parallel()
		db := primary.Open(t, []*testkit.Standby{primary.Follow(t, nil)})
		ctx := postgres.WithReplica(t.Context(), 0)
		reads, fallbacks := db.ReplicaReads(), db.ReplicaFallbacks()
		assert.True(t, read[bool](t, db, 0, onReplica))
		assert.True(t, read[bool](t, db, 1, onReplica))
		assert.False(t, ask[bool](t, db, onReplica), "nobody has allowed it")
		assert.False(t, read[bool](t, db, postgres.Latest, onReplica))
		assert.False(t, read[bool](t, db, postgres.Latest-1, onReplica), "what nobody has replayed")
		assert.Equal(t, []uint64{2, 1}, []uint64{db.ReplicaReads() - reads, db.ReplicaFallbacks() - fallbacks})
		require.NoError(t, db.InTx(ctx, func(ctx context.Context) error {
			var replica bool
			err := db.Conn(ctx).QueryRow(ctx, onReplica).Scan(&replica)
			assert.False(t, replica, "in a transaction")
			return err
		}))
		for _, err := range everyWrite(ctx, db.Conn(ctx)) {
			require.NoError(t, err)
		}
		assert.Equal(t, 4, ask[int](t, db, "SELECT count(*) FROM notes"), "writes go to the primary, wherever they are")
		assert.EqualValues(t, 2, db.ReplicaReads()-reads)
		assert.Zero(t, db.Replicas()[0].Stat().AcquiredConns(), "all connections are back")
	})
	t.Run("take turns, the less busy first", func(t *testing.T) {
		t.Parallel()
		db := primary.Open(t, []*testkit.Standby{primary.Follow(t, nil), primary.Follow(t, nil)})
		ctx := postgres.WithReplica(t.Context(), 0)
		for range 3 {
			var open []pgx.Rows
			for range 4 {
				rows, err := db.Conn(ctx).Query(ctx, onReplica)
				require.NoError(t, err)
				defer rows.Close()
				open = append(open, rows)
			}
			for _, r := range db.Replicas() {
				assert.EqualValues(t, 2, r.Stat().AcquiredConns())
			}
			for _, rows := range open {
				rows.Close()
			}
		}
	})
	t.Run("that are too busy leave it to the primary", func(t *testing.T) {
		t.Parallel()
		db := primary.Open(t, []*testkit.Standby{primary.Follow(t, nil)}, func(c *postgres.Config) {
			c.MaxConns, c.AcquireTimeout = 1, time.Second
		})
		ctx := postgres.WithReplica(t.Context(), 0)
		rows, err := db.Conn(ctx).Query(ctx, onReplica)
		require.NoError(t, err)
		defer rows.Close()
		assert.False(t, read[bool](t, db, 0, onReplica))
		rows.Close()
		assert.True(t, read[bool](t, db, 0, onReplica), "it was never left out")
	})
	t.Run("show a writer what was written, and others what they have", func(t *testing.T) {
		t.Parallel()
		standby := primary.Follow(t, nil)
		db := primary.Open(t, []*testkit.Standby{standby})
		standby.Ask(t, "SELECT pg_wal_replay_pause()")
		mustExec(t, db, "UPDATE facts SET fact = 'new'")
		written := db.Position(t.Context())
		assert.Equal(t, "new", read[string](t, db, written, "SELECT fact FROM facts"))
		assert.Equal(t, "kept", read[string](t, db, 0, "SELECT fact FROM facts"))
		standby.Ask(t, "SELECT pg_wal_replay_resume()")
		eventuallyRead(t, db, written, onReplica, true)
		assert.Equal(t, "new", read[string](t, db, written, "SELECT fact FROM facts"))
	})
	t.Run("that are too far behind are not asked", func(t *testing.T) {
		t.Parallel()
		standby := primary.Follow(t, nil)
		db := primary.Open(t, []*testkit.Standby{standby}, func(c *postgres.Config) { c.MaxReplicaLag = 100 * time.Millisecond })
		eventuallyRead(t, db, 0, onReplica, true)
		standby.Ask(t, "SELECT pg_wal_replay_pause()")
		mustExec(t, db, "CREATE TABLE later ()")
		eventuallyRead(t, db, 0, onReplica, false)
		assert.True(t, db.Replicas()[0].Serving())
		standby.Ask(t, "SELECT pg_wal_replay_resume()")
		eventuallyRead(t, db, 0, onReplica, true)
	})
	t.Run("are not asked before it is known where the primary is", func(t *testing.T) {
		t.Parallel()
		answers, err := postgres.ReadUnpaced(t.Context(), primary.Follow(t, nil).URL())
		require.NoError(t, err)
		assert.False(t, answers)
	})
	t.Run("that end a query for what they replay have it done by the primary", func(t *testing.T) {
		t.Parallel()
		standby := primary.Follow(t, map[string]string{"max_standby_streaming_delay": "0"})
		db := primary.Open(t, []*testkit.Standby{standby})
		mustExec(t, db, "CREATE TABLE contended AS SELECT 1 AS n")
		eventuallyRead(t, db, db.Position(t.Context()), onReplica, true)
		var slow sync.WaitGroup
		slow.Go(func() {
			assert.False(t, read[bool](t, db, 0, "SELECT pg_is_in_recovery() FROM (SELECT pg_sleep(CASE WHEN pg_is_in_recovery() "+
				"THEN 30 ELSE 0 END)) s, (SELECT count(*) FROM contended) c"))
		})
		require.Eventually(t, func() bool {
			return standby.Ask(t, "SELECT count(*) FROM pg_locks WHERE relation = 'contended'::regclass") == "1"
		}, 10*time.Second, 5*time.Millisecond)
		mustExec(t, db, "ALTER TABLE contended ADD more integer")
		slow.Wait()
		assert.True(t, db.Replicas()[0].Serving(), "it is alive")
	})
}

// everyWrite writes a note through each method.
func everyWrite(ctx context.Context, conn postgres.Querier) []error {
	const insert = "INSERT INTO notes VALUES (1) RETURNING id"
	_, execErr := conn.Exec(ctx, insert)
	var id int
	rowErr := conn.QueryRow(ctx, insert).Scan(&id)
	batch := &pgx.Batch{}
	batch.Queue(insert)
	_, copyErr := conn.CopyFrom(ctx, pgx.Identifier{"notes"}, []string{"id"}, pgx.CopyFromRows([][]any{{1}}))
	return []error{execErr, rowErr, conn.SendBatch(ctx, batch).Close(), copyErr}
}
