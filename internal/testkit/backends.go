package testkit

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// WatchBackends counts the backends that serve the pools of a database again and again. The function it returns stops
// that and tells the most there were.
func WatchBackends(t testing.TB, url string) (most func() int) {
	t.Helper()
	const pools = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'plaza'"
	watcher, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	stop, told := make(chan struct{}), make(chan int)
	go func() {
		highest := 0
		every := time.NewTicker(time.Millisecond)
		defer every.Stop()
		defer func() {
			assert.NoError(t, watcher.Close(context.WithoutCancel(t.Context())))
			told <- highest
		}()
		for {
			var n int
			if err := watcher.QueryRow(t.Context(), pools).Scan(&n); !assert.NoError(t, err) {
				return
			}
			highest = max(highest, n)
			select {
			case <-stop:
				return
			case <-every.C:
			}
		}
	}()
	return func() int { close(stop); return <-told }
}
