package embedded_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		prepare  func(t *testing.T, dir string)
		settings map[string]string
		is       error
		says     string
	}{
		{
			name: "a cluster of another version",
			prepare: func(t *testing.T, dir string) {
				t.Helper()
				require.NoError(t, os.MkdirAll(inside(dir, "data"), 0o700))
				require.NoError(t, os.WriteFile(inside(dir, "data", "PG_VERSION"), []byte("9\n"), 0o600))
			},
			is: embedded.ErrVersion, says: "install PostgreSQL 9",
		},
		{
			name: "a file where the directory should be",
			prepare: func(t *testing.T, dir string) {
				t.Helper()
				require.NoError(t, os.WriteFile(inside(dir), nil, 0o600))
			},
			is: unix.ENOTDIR, says: "make the data directory",
		},
		{
			name: "a server out of sight",
			prepare: func(t *testing.T, dir string) {
				t.Helper()
				require.NoError(t, os.MkdirAll(inside(dir, "socket"), 0o700))
				var listen net.ListenConfig
				listener, err := listen.Listen(t.Context(), "unix", inside(dir, "socket", ".s.PGSQL.5432"))
				require.NoError(t, err)
				t.Cleanup(func() { _ = listener.Close() })
			},
			is: embedded.ErrOccupied, says: "stop what answers",
		},
		{
			name: "a socket directory that others may enter",
			prepare: func(t *testing.T, dir string) {
				t.Helper()
				require.NoError(t, os.MkdirAll(inside(dir), 0o711))
				require.NoError(t, os.Mkdir(inside(dir, "socket"), 0o700))
				require.NoError(t, os.Chmod(inside(dir, "socket"), 0o777))
			},
			is: embedded.ErrUnreachable, says: "mode 0700",
		},
		{
			name:     "a setting of the package's own",
			settings: map[string]string{"listen_addresses": "*"},
			says:     "listen_addresses belongs to the embedded server",
		},
		{
			name:     "a setting that PostgreSQL does not know, in its words",
			settings: map[string]string{"no_such_setting": "1"},
			says:     `unrecognized configuration parameter "no_such_setting"`,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if row.prepare != nil {
				row.prepare(t, dir)
			}
			_, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir, Settings: row.settings})
			require.ErrorContains(t, err, row.says)
			if row.is != nil {
				require.ErrorIs(t, err, row.is)
			}
			assert.NoFileExists(t, inside(dir, "data", "postmaster.pid"))
		})
	}
	t.Run("no directory at all", func(t *testing.T) {
		t.Parallel()
		_, err := embedded.Start(t.Context(), embedded.Options{})
		require.ErrorContains(t, err, "no data directory")
	})
}

// Whatever stands in the way is named, and stays as it is.
func TestThingsInTheWay(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, says string
		path       []string
	}{
		{"of the lock of changes", "open lock", []string{"change.lock", "x"}},
		{"of the lock of holders", "open lock", []string{"attached.lock", "x"}},
		{"of the settings", "write settings", []string{"settings.json", "x"}},
		{"of the log", "server.log", []string{"server.log", "x"}},
		{"of the socket", "clear up", []string{"socket", ".s.PGSQL.5432", "x"}},
		{"of the version", "version", []string{"data", "PG_VERSION", "x"}},
		{"of the state", "state", []string{"data", "postmaster.pid", "x"}},
		{"of the cluster", "finish the cluster", []string{"data", "x"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			dir := made(t)
			if row.path[0] == "data" {
				require.NoError(t, os.RemoveAll(inside(dir, "data")))
			}
			thing := inside(dir, row.path...)
			require.NoError(t, os.MkdirAll(thing, 0o700))
			_, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir})
			require.ErrorContains(t, err, row.says)
			assert.DirExists(t, thing)
		})
	}
}

func TestRefusedStartCanBeRepaired(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a, b") // its socket stands in /tmp
	_, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir, Settings: map[string]string{"fsync": "perhaps"}})
	require.ErrorContains(t, err, "fsync")
	require.Equal(t, "/tmp", filepath.Dir(embedded.SocketDirectory(dir)))
	require.NoDirExists(t, embedded.SocketDirectory(dir), "nothing stays behind")
	assert.Equal(t, "plaza", ask(t, start(t, dir).URL(embedded.Database), "SELECT current_database()"))
}

func TestCancelledStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := embedded.Start(ctx, embedded.Options{DataDir: dir})
	require.ErrorIs(t, err, context.Canceled)
	assert.NoFileExists(t, filepath.Join(dir, "postgres", "data", "postmaster.pid"))
}
