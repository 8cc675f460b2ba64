package embedded_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

func tryQuery(t *testing.T, url string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	return conn.Ping(ctx)
}

func write(t *testing.T, url string) {
	t.Helper()
	_, err := connect(t, url).Exec(t.Context(), "CREATE TABLE kept AS SELECT 42 AS n")
	require.NoError(t, err)
}

func requireKept(t *testing.T, url string) {
	t.Helper()
	require.Equal(t, "42", ask(t, url, "SELECT n::text FROM kept"))
}

// requireRestart waits until another postmaster than pid answers.
func requireRestart(t *testing.T, dir, url string, pid int) {
	t.Helper()
	require.Eventually(t, func() bool {
		return tryQuery(t, url) == nil && postmaster(t, dir) != pid
	}, patience, 20*time.Millisecond, "the server is back")
}

func killHard(t *testing.T, pid int) {
	t.Helper()
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
}

func TestKilledHolders(t *testing.T) {
	t.Parallel()
	t.Run("leave a server that the next start adopts", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		starter := startHolder(t, dir)
		url := starter.url(t)
		write(t, url)
		before := born(t, url)
		starter.kill()
		_ = starter.cmd.Wait()

		server := start(t, dir)
		assert.Equal(t, before, born(t, server.URL(embedded.Database)))
		requireKept(t, server.URL(embedded.Database))
		pid := postmaster(t, dir)
		stop(t, server)
		requireStopped(t, dir, pid)
	})
	t.Run("take nothing from those who are still attached", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		starter := startHolder(t, dir)
		held := connect(t, starter.url(t))
		start(t, dir)
		starter.kill()
		_ = starter.cmd.Wait()
		assert.Equal(t, "1", askOn(t, held, "SELECT '1'"))
	})
	t.Run("and a killed server lose nothing that was committed", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		starter := startHolder(t, dir)
		write(t, starter.url(t))
		starter.kill()
		killHard(t, postmaster(t, dir))
		_ = starter.cmd.Wait()
		requireKept(t, start(t, dir).URL(embedded.Database))
	})
}

func TestKilledServer(t *testing.T) {
	t.Parallel()
	t.Run("is started again", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		url := start(t, dir).URL(embedded.Database)
		write(t, url)
		pid := postmaster(t, dir)
		killHard(t, pid)
		requireRestart(t, dir, url, pid)
		requireKept(t, url)
	})
	t.Run("is started again by whoever is left, with the settings it had", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		first, err := embedded.Start(t.Context(), embedded.Options{
			DataDir: dir, Settings: map[string]string{"work_mem": "7MB"},
		})
		require.NoError(t, err)
		url := start(t, dir).URL(embedded.Database)
		stop(t, first)
		pid := postmaster(t, dir)
		killHard(t, pid)
		requireRestart(t, dir, url, pid)
		assert.Equal(t, "7MB", ask(t, url, "SHOW work_mem"))
	})
	t.Run("is started once by several holders", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		url := start(t, dir).URL(embedded.Database)
		start(t, dir)
		other := startHolder(t, dir)
		other.url(t)
		pid := postmaster(t, dir)
		killHard(t, pid)
		requireRestart(t, dir, url, pid)
		held := connect(t, url)
		other.leave(t)
		assert.Equal(t, "1", askOn(t, held, "SELECT '1'"))
	})
	t.Run("is started again past a statement that outlived it", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		url := start(t, dir).URL(embedded.Database)
		busy := connect(t, url)
		backend := int(busy.PgConn().PID())
		ended := make(chan error, 1)
		go func() {
			_, err := busy.Exec(context.WithoutCancel(t.Context()), "DO $$ BEGIN LOOP END LOOP; END $$")
			ended <- err
		}()
		require.Eventually(t, func() bool {
			return ask(t, url, fmt.Sprintf("SELECT state FROM pg_stat_activity WHERE pid = %d", backend)) == "active"
		}, patience, 20*time.Millisecond)
		pid := postmaster(t, dir)
		killHard(t, pid)
		requireRestart(t, dir, url, pid)
		require.Error(t, <-ended)
	})
}

func TestStalePidFile(t *testing.T) {
	t.Parallel()
	dir := made(t)
	server := start(t, dir)
	write(t, server.URL(embedded.Database))
	path := filepath.Join(dir, "postgres", "data", "postmaster.pid")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	stop(t, server)
	for _, row := range []struct{ name, content string }{
		{"of a process that is gone", string(text)},
		{"whose number is another program's now", fmt.Sprintf("%d\n%s", os.Getpid(), text[bytes.IndexByte(text, '\n')+1:])},
		{"that was torn", "12"},
		{"that is empty", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(path, []byte(row.content), 0o600))
			again := start(t, dir)
			requireKept(t, again.URL(embedded.Database))
			stop(t, again)
		})
	}
}

func TestLostPidFile(t *testing.T) {
	t.Parallel()
	dir := made(t)
	starter := startHolder(t, dir)
	url := starter.url(t)
	write(t, url)
	before := born(t, url)
	pid := postmaster(t, dir)
	starter.kill()
	_ = starter.cmd.Wait()
	require.NoError(t, os.Remove(filepath.Join(dir, "postgres", "data", "postmaster.pid")))

	server := start(t, dir) // ends the one that nobody can name before it starts its own
	requireKept(t, server.URL(embedded.Database))
	assert.NotEqual(t, before, born(t, server.URL(embedded.Database)))
	assert.NotEqual(t, pid, postmaster(t, dir))
}

func TestDeletedDirectory(t *testing.T) {
	t.Parallel()
	dir := made(t)
	server := start(t, dir)
	pid := postmaster(t, dir)
	// Out of sight at once, where a deletion would race with the server's own writes.
	require.NoError(t, os.Rename(inside(dir), filepath.Join(t.TempDir(), "gone")))
	stop(t, server)
	require.False(t, embedded.Alive(pid), "the postmaster has ended")
	assert.NoDirExists(t, filepath.Join(dir, "postgres"), "nothing was made in its place")
}

func TestVanishedClusterIsNotReplaced(t *testing.T) {
	t.Parallel()
	dir := made(t)
	lines := &record{}
	server, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir, Settings: fast(), Log: lines.logger()})
	require.NoError(t, err)
	pid := postmaster(t, dir)
	require.NoError(t, os.Rename(inside(dir, "data"), inside(dir, "away")))
	killHard(t, pid)
	require.Eventually(t, func() bool { return strings.Contains(lines.text(), "files are gone") },
		patience, 20*time.Millisecond)
	assert.NoDirExists(t, inside(dir, "data"))
	stop(t, server)
}

func TestReplacedDirectory(t *testing.T) {
	t.Parallel()
	dir := made(t)
	old := start(t, dir)
	pid := postmaster(t, dir)
	require.NoError(t, os.Rename(filepath.Join(dir, "postgres"), filepath.Join(dir, "away")))
	// The new cluster has to wait for the old one's end: they have the same name.
	fresh := start(t, dir)
	assert.NotEqual(t, pid, postmaster(t, dir))
	stop(t, old)
	assert.Equal(t, "1", ask(t, fresh.URL(embedded.Database), "SELECT '1'"))
}
