package httpapi_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

// locked holds a lock on what people read, so that every query hangs, until the returned function is called.
func locked(t *testing.T, url string) (unlock func()) {
	t.Helper()
	holder, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, holder.Close(context.WithoutCancel(t.Context()))) })
	_, err = holder.Exec(t.Context(), "BEGIN; LOCK TABLE users, addresses, posts, sessions, clients, signing_keys IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	return func() {
		_, err := holder.Exec(t.Context(), "ROLLBACK")
		require.NoError(t, err)
	}
}

// pool opens a pool of four whose queries wait for locks until the lock is gone.
func pool(t *testing.T, url string, acquireTimeout time.Duration) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), postgres.Config{
		URL: url, MaxConns: 4, AcquireTimeout: acquireTimeout, LockTimeout: -1, StatementTimeout: -1,
	})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	return db
}

func TestAPoolThatSlowQueriesExhaust(t *testing.T) {
	t.Parallel()
	url := testkit.URL(t)
	db := pool(t, url, 500*time.Millisecond)
	s := testkit.NewServerOn(t, db, edited(t, "x-timeout: 5s", "x-timeout: 60s", "x-timeout: 10s", "x-timeout: 60s",
		"x-timeout: 30s", "x-timeout: 60s"))
	s.Get("/readyz").Is(http.StatusOK)
	unlock := locked(t, url)
	var slow sync.WaitGroup
	for range 4 {
		slow.Go(func() { assert.Equal(t, http.StatusOK, s.Get("/posts").Status, "it got what it waited for") })
	}
	waitForLock(t, testkit.Open(t, url), 4)

	t.Run("refuses what needs a connection, long before its own time is up", func(t *testing.T) {
		for _, answer := range []*testkit.Answer{
			s.Get("/users/1"), s.Post("/users", person()), s.Patch("/users/1", "*", object{"age": 35}),
			s.Post("/users", person(), "Idempotency-Key", "exhausted"), s.Member(t, owner).Get("/me"),
		} {
			assert.Equal(t, "1", answer.Is(http.StatusServiceUnavailable).Header.Get("Retry-After"))
			assert.Equal(t, "application/problem+json", answer.Header.Get("Content-Type"))
		}
	})
	t.Run("makes the server not ready", func(t *testing.T) {
		assert.Equal(t, "No answer from: database", s.Get("/readyz").Is(http.StatusServiceUnavailable).JSON("detail"))
	})
	t.Run("leaves the server alive", func(t *testing.T) { s.Get("/healthz").Is(http.StatusOK) })

	unlock()
	slow.Wait()
	s.Get("/readyz").Is(http.StatusOK)
	s.Post("/users", person()).Is(http.StatusCreated)
	assert.Equal(t, 1, count(t, db, "users"), "what was refused left nothing behind")
}

func TestAStormOfCallersWhoHangUpOpensNoMoreBackendsThanThePoolHas(t *testing.T) {
	t.Parallel()
	const calls, hangUpAfter = 2000, 20 * time.Millisecond
	url := testkit.URL(t)
	s := testkit.NewServerOn(t, pool(t, url, 2*time.Second))
	unlock := locked(t, url)
	most := testkit.WatchBackends(t, url)
	var storm sync.WaitGroup
	thousandPerSecond := time.NewTicker(time.Millisecond)
	defer thousandPerSecond.Stop()
	for range calls {
		<-thousandPerSecond.C
		storm.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), hangUpAfter)
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/posts", nil)
			if assert.NoError(t, err) {
				_, err = s.Try(r)
				assert.ErrorIs(t, err, context.DeadlineExceeded)
			}
		})
	}
	storm.Wait()
	unlock()
	assert.Equal(t, map[int]int{http.StatusOK: 8}, atOnce(8, func(int) int { return s.Get("/posts").Status }))
	made := s.DB.Stat().NewConnsCount()
	backends := most()
	t.Logf("%d calls, %d connections made, at most %d backends", calls, made, backends)
	assert.LessOrEqual(t, backends, 4+2)
	assert.Greater(t, made, int64(4), "queries were cut off while they ran")
}
