package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAReplicaGivesRowsAsThePrimaryDoes(t *testing.T) {
	t.Parallel()
	primary := testkit.NewPrimary(t)
	db := primary.Open(t, []*testkit.Standby{primary.Follow(t, nil)})
	const query = "SELECT n AS id, NULLIF(n, 2)::text AS text, '2026-01-02 05:04:05+02'::timestamptz AS time, ''::text AS empty, " +
		"ARRAY[n] AS list FROM generate_series(1, 3) AS n WHERE n > $1"
	type line struct {
		ID    int64
		Text  *string
		Time  time.Time
		Empty string
		List  []int32
	}
	both := func(t *testing.T, same func(ctx context.Context) any) {
		t.Helper()
		before := db.ReplicaReads()
		assert.Equal(t, same(t.Context()), same(postgres.WithReplica(t.Context(), 0)))
		assert.Equal(t, before+1, db.ReplicaReads())
		assert.Zero(t, db.Replicas()[0].Stat().AcquiredConns(), "its connection is back")
	}
	find := func(ctx context.Context, above int) pgx.Rows {
		found, err := db.Conn(ctx).Query(ctx, query, above)
		require.NoError(t, err)
		return found
	}
	both(t, func(ctx context.Context) any {
		lines, err := pgx.CollectRows(find(ctx, 0), pgx.RowToStructByName[line])
		require.NoError(t, err)
		require.Len(t, lines, 3)
		return lines
	})
	both(t, func(ctx context.Context) any { // more than comes at once
		found, err := db.Conn(ctx).Query(ctx, "SELECT repeat(n::text, 100) FROM generate_series(1, 5000) AS n")
		require.NoError(t, err)
		texts, err := pgx.CollectRows(found, pgx.RowTo[string])
		require.NoError(t, err)
		return texts
	})
	both(t, func(ctx context.Context) any {
		values, err := pgx.CollectRows(find(ctx, 0), pgx.RowToMap)
		require.NoError(t, err)
		return values
	})
	both(t, func(ctx context.Context) any {
		found := find(ctx, 0)
		require.True(t, found.Next())
		fields := found.FieldDescriptions()[1].Name
		found.Close()
		require.False(t, found.Next())
		_, err := found.Values()
		require.Error(t, err)
		return []any{fields, found.CommandTag().String(), found.Err()}
	})
	both(t, func(ctx context.Context) any {
		found := find(ctx, 0)
		require.True(t, found.Next())
		err := found.Scan(new(int))
		require.False(t, found.Next(), "it is closed")
		require.Equal(t, err.Error(), found.Err().Error())
		return err.Error()
	})
	both(t, func(ctx context.Context) any {
		var id int
		err := db.Conn(ctx).QueryRow(ctx, query, 3).Scan(&id, nil, nil, nil, nil)
		require.ErrorIs(t, err, pgx.ErrNoRows)
		return err
	})
	ctx := postgres.WithReplica(t.Context(), 0)
	var n int
	requireKind(t, fault.Invalid, db.Conn(ctx).QueryRow(ctx, "SELECT $1::text::int", "x").Scan(&n))
	gone, leave := context.WithCancel(ctx)
	leave()
	requireCanceled(t, db.Conn(gone).QueryRow(gone, "SELECT 1").Scan(&n))
	assert.True(t, db.Replicas()[0].Serving(), "none of that is its fault")
}
