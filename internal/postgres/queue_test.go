package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
)

func TestWhoFindsTheQueueFullIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	const many = 40
	db := setup(t, func(c *postgres.Config) { c.MaxConns, c.AcquireTimeout = 1, time.Minute })
	held, err := db.Conn(t.Context()).Query(t.Context(), "SELECT 1")
	require.NoError(t, err)
	var queue sync.WaitGroup
	for range many {
		queue.Go(func() { assert.NoError(t, db.Ping(t.Context()), "who waits is served") })
	}
	for began := time.Now(); ; {
		require.Less(t, time.Since(began), 10*time.Second)
		ctx, leave := context.WithTimeout(t.Context(), time.Millisecond)
		err := db.Ping(ctx)
		leave()
		if fault.Is(err, fault.Unavailable) {
			assert.Positive(t, fault.As(err).RetryAfter)
			break
		}
		require.True(t, fault.Is(err, fault.Timeout), "%v", err)
	}
	held.Close()
	queue.Wait()
	require.NoError(t, db.Ping(t.Context()))
}
