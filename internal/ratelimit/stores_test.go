package ratelimit_test

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/redis"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// open connects to a server until the test ends.
func open(t testing.TB, url string) rueidis.Client { //nolint:ireturn // the library's only type
	t.Helper()
	client, err := redis.Open(t.Context(), url, redis.Watch{})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

// overRedis makes a limiter that fails the test where it did not ask Redis.
func overRedis(t testing.TB, client rueidis.Client, now func() time.Time) *ratelimit.Redis {
	t.Helper()
	limiter := ratelimit.NewRedis(client, ratelimit.NewMemory(time.Now), slog.New(slog.DiscardHandler))
	t.Cleanup(limiter.Stop)
	limiter.BePatient()
	if now != nil {
		limiter.UseClock(now)
	}
	t.Cleanup(func() { require.Zero(t, limiter.Fallbacks(), "requests were not decided by Redis") })
	return limiter
}

// eachStore runs a test with both stores, on a clock that it moves.
func eachStore(t *testing.T, run func(t *testing.T, limiter ratelimit.Limiter, now *clock)) {
	t.Helper()
	t.Run("in memory", func(t *testing.T) {
		t.Parallel()
		now := newClock()
		run(t, ratelimit.NewMemory(now.Now), now)
	})
	t.Run("in Redis", func(t *testing.T) {
		t.Parallel()
		now := newClock()
		run(t, overRedis(t, open(t, testkit.Redis(t)), now.Now), now)
	})
}
