package embedded_test

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

func TestStopWithoutTime(t *testing.T) {
	t.Parallel()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	t.Run("loses nothing that was committed", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		server := start(t, dir)
		write(t, server.URL(embedded.Database))
		pid := postmaster(t, dir)
		require.NoError(t, server.Stop(over))
		require.False(t, embedded.Alive(pid), "the postmaster has ended")
		requireKept(t, start(t, dir).URL(embedded.Database))
	})
	t.Run("ends even a server that does not react", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		server := start(t, dir)
		write(t, server.URL(embedded.Database))
		pid := postmaster(t, dir)
		require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
		require.NoError(t, server.Stop(over))
		require.False(t, embedded.Alive(pid), "the postmaster has ended")
		requireKept(t, start(t, dir).URL(embedded.Database))
	})
	t.Run("leaves the server where another start or stop is under way", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		server, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir, Settings: fast()})
		require.NoError(t, err)
		before := born(t, server.URL(embedded.Database))
		release, err := embedded.HoldChange(t.Context(), dir)
		require.NoError(t, err)
		require.ErrorIs(t, server.Stop(over), context.Canceled)
		release()
		assert.Equal(t, before, born(t, start(t, dir).URL(embedded.Database)), "the next start adopts it")
	})
}

func TestStartWithoutTime(t *testing.T) {
	t.Parallel()
	t.Run("gives up where another start or stop is under way", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		release, err := embedded.HoldChange(t.Context(), dir)
		require.NoError(t, err)
		defer release()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err = embedded.Start(ctx, embedded.Options{DataDir: dir})
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
	t.Run("takes a server along that never gets ready", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		standby := inside(dir, "data", "standby.signal")
		require.NoError(t, os.WriteFile(standby, nil, 0o644))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		failed := make(chan error, 1)
		go func() {
			_, err := embedded.Start(ctx, embedded.Options{DataDir: dir, Settings: map[string]string{
				"hot_standby": "off", // else it gets ready
			}})
			failed <- err
		}()
		require.Eventually(t, func() bool {
			text, err := os.ReadFile(inside(dir, "data", "postmaster.pid"))
			return err == nil && strings.Contains(string(text), "standby")
		}, patience, 20*time.Millisecond)
		pid := postmaster(t, dir)
		cancel()
		require.ErrorIs(t, <-failed, context.Canceled)
		requireStopped(t, dir, pid)
	})
}

func TestFailedRestartIsTriedAgain(t *testing.T) {
	t.Parallel()
	dir := made(t)
	lines := &record{}
	server, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir, Settings: fast(), Log: lines.logger()})
	require.NoError(t, err)
	t.Cleanup(func() { stop(t, server) })
	settings, err := os.ReadFile(inside(dir, "settings.json"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(inside(dir, "settings.json"), []byte("torn"), 0o600))
	pid := postmaster(t, dir)
	killHard(t, pid)
	require.Eventually(t, func() bool { return strings.Count(lines.text(), "cannot be restarted") > 1 },
		patience, 20*time.Millisecond)
	require.NoError(t, os.WriteFile(inside(dir, "settings.json"), settings, 0o600))
	requireRestart(t, dir, server.URL(embedded.Database), pid)
	require.Eventually(t, func() bool { return strings.Contains(lines.text(), "runs again") },
		patience, 20*time.Millisecond)
	assert.Contains(t, lines.text(), "ended unexpectedly")
}

func TestFullLogIsEmptied(t *testing.T) {
	t.Parallel()
	dir := made(t)
	start(t, dir)
	require.NoError(t, os.Truncate(inside(dir, "server.log"), 16<<20+1))
	require.Eventually(t, func() bool {
		info, err := os.Stat(inside(dir, "server.log"))
		return err == nil && info.Size() < 1<<20
	}, patience, 20*time.Millisecond)
}

func TestDraftsOfKilledStartsAreRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(inside(dir, "data.new-1", "base"), 0o700))
	start(t, dir)
	assert.NoDirExists(t, inside(dir, "data.new-1"))
}

// record keeps what is logged.
type record struct {
	mu    sync.Mutex
	lines strings.Builder
}

func (r *record) Write(line []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lines.Write(line)
}

func (r *record) logger() *slog.Logger { return slog.New(slog.NewTextHandler(r, nil)) }

func (r *record) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lines.String()
}
