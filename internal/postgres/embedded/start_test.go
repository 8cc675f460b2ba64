package embedded_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

func TestFirstStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	server := start(t, dir)
	url := server.URL(embedded.Database)

	for _, row := range []struct{ name, query, want string }{
		{"has the database", "SELECT current_database()", "plaza"},
		{"is in UTF-8", "SHOW server_encoding", "UTF8"},
		{"orders by code point", "SHOW lc_collate", "C"},
		{"has no network listener", "SHOW listen_addresses", ""},
		{"takes the settings given", "SHOW fsync", "off"},
		{"has settings for a small machine", "SHOW shared_buffers", "128MB"},
		{"bounds recovery", "SHOW max_wal_size", "512MB"},
		{"is in UTC", "SHOW timezone", "UTC"},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, ask(t, url, row.query))
		})
	}
	t.Run("shows the socket to nobody else", func(t *testing.T) {
		info, err := os.Stat(filepath.Join(dir, "postgres", "socket"))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	})
	t.Run("leaves no draft of the cluster", func(t *testing.T) {
		drafts, err := filepath.Glob(filepath.Join(dir, "postgres", "data.new-*"))
		require.NoError(t, err)
		assert.Empty(t, drafts)
	})
	t.Run("serves other databases too", func(t *testing.T) {
		assert.Equal(t, "postgres", ask(t, server.URL("postgres"), "SELECT current_database()"))
	})
}

func TestStop(t *testing.T) {
	t.Parallel()
	dir := made(t)
	server := start(t, dir)
	pid := postmaster(t, dir)
	_ = connect(t, server.URL(embedded.Database)) // an open connection does not delay it
	stop(t, server)
	requireStopped(t, dir, pid)
	stop(t, server) // once more is no harm

	t.Run("keeps the data for the next start", func(t *testing.T) {
		again := start(t, dir)
		assert.Equal(t, "plaza", ask(t, again.URL(embedded.Database), "SELECT current_database()"))
	})
}

func TestWhereTheDirectoryStands(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, path string }{
		{"a path too long for a socket", strings.Repeat("long-directory/", 12)},
		{"a path with what separates hosts", "a, b"},
		{"a path with a quote and a space", `it's "here"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), row.path)
			server := start(t, dir)
			url := server.URL(embedded.Database)
			socket := ask(t, url, "SHOW unix_socket_directories")
			assert.Equal(t, "/tmp", filepath.Dir(socket))
			assert.Equal(t, born(t, url), born(t, start(t, dir).URL(embedded.Database)))
		})
	}
	t.Run("another spelling of the path is the same server", func(t *testing.T) {
		t.Parallel()
		base := t.TempDir()
		dir, link := filepath.Join(base, "dir"), filepath.Join(base, "link")
		require.NoError(t, os.Mkdir(dir, 0o755))
		require.NoError(t, os.Symlink(dir, link))
		server := start(t, dir)
		assert.Equal(t, server.URL("plaza"), start(t, link).URL("plaza"))
	})
	t.Run("nothing stays in /tmp", func(t *testing.T) {
		t.Parallel()
		dir := filepath.Join(t.TempDir(), "a, b")
		server := start(t, dir)
		socket := ask(t, server.URL("plaza"), "SHOW unix_socket_directories")
		require.DirExists(t, socket)
		stop(t, server)
		assert.NoDirExists(t, socket)
	})
}
