package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAStormOfCancelledQueriesOpensNoMoreBackendsThanThePoolHas(t *testing.T) {
	t.Parallel()
	const calls, leaveAfter = 2000, 20 * time.Millisecond
	address := newDatabase(t)
	db := open(t, postgres.Config{URL: address, MaxConns: 4})
	watch := testkit.WatchBackends(t, address)
	var storm sync.WaitGroup
	thousandPerSecond := time.NewTicker(time.Millisecond)
	defer thousandPerSecond.Stop()
	for range calls {
		<-thousandPerSecond.C
		storm.Go(func() {
			ctx, leave := context.WithCancel(t.Context())
			defer time.AfterFunc(leaveAfter, leave).Stop()
			assert.ErrorIs(t, exec(ctx, db, "SELECT pg_sleep(5)"), context.Canceled)
		})
	}
	storm.Wait()
	most := watch()
	stat := db.Stat()
	t.Logf("%d calls, %d connections made, at most %d backends", calls, stat.NewConnsCount(), most)
	assert.LessOrEqual(t, most, 4+2)
	assert.Greater(t, stat.NewConnsCount(), int64(4), "queries were cut off while they ran")

	var after sync.WaitGroup
	for range 4 {
		after.Go(func() { assert.NoError(t, exec(t.Context(), db, "SELECT pg_sleep(0.1)")) })
	}
	after.Wait()
}

func TestACancelRequestThatWasLostIsRepeated(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	db := open(t, postgres.Config{URL: address, MaxConns: 1, AcquireTimeout: 10 * time.Second, StatementTimeout: -1})
	watch := open(t, postgres.Config{URL: address, MaxConns: 1})
	const running = "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'DO%'"

	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	left := make(chan error, 1)
	go func() {
		// The first request to end does not end it.
		left <- exec(ctx, db, "DO $$ BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN PERFORM pg_sleep(60); END $$")
	}()
	eventually(t, watch, running)
	leave()
	require.ErrorIs(t, <-left, context.Canceled)
	require.NoError(t, exec(t.Context(), db, "SELECT 1"), "the pool's only connection is free again")
}
