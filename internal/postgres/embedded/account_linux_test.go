package embedded_test

import (
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

func ownerOf(t *testing.T, path string) int {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	stat, ok := info.Sys().(*syscall.Stat_t)
	require.True(t, ok)
	return int(stat.Uid)
}

// openDir is a temporary directory that every user can get to.
func openDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	return dir
}

func TestWhoRunsIt(t *testing.T) {
	t.Parallel()
	root := os.Geteuid() == 0
	check := func(t *testing.T, dir string) {
		t.Helper()
		server := start(t, dir)
		data := filepath.Join(dir, "postgres", "data")
		uid := ownerOf(t, data)
		assert.Equal(t, ownerOf(t, filepath.Join("/proc", strconv.Itoa(postmaster(t, dir)))), uid)
		assert.Equal(t, root, uid != os.Geteuid(), "root hands it to somebody else, others run it themselves")
		assert.NoError(t, tryQuery(t, server.URL(embedded.Database)))
	}
	t.Run("below an open directory", func(t *testing.T) {
		t.Parallel()
		dir := openDir(t)
		check(t, dir)
		assert.Equal(t, "0000000000000000", capabilities(t, postmaster(t, dir)), "nothing it does not need")
	})
	t.Run("below a closed home", func(t *testing.T) {
		t.Parallel()
		home := filepath.Join(openDir(t), "home")
		require.NoError(t, os.Mkdir(home, 0o700))
		dir := filepath.Join(home, "project", ".plaza")
		check(t, dir)
		if root {
			assert.Equal(t, "0000000000000004", capabilities(t, postmaster(t, dir)), "may search, nothing else")
		}
		pid := postmaster(t, dir)
		killHard(t, pid)
		requireRestart(t, dir, start(t, dir).URL(embedded.Database), pid)
	})
}

func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	become := func(*exec.Cmd) {}
	if os.Geteuid() == 0 {
		become = nobody(t, dir)
	}
	other := startHolder(t, dir, become)
	url := other.url(t)
	write(t, url)
	pid := postmaster(t, dir)
	assert.Equal(t, ownerOf(t, dir), ownerOf(t, filepath.Join(dir, "postgres", "data")))
	other.leave(t)
	requireStopped(t, dir, pid)

	t.Run("keeps its cluster when root uses it too", func(t *testing.T) {
		server := start(t, dir)
		requireKept(t, server.URL(embedded.Database))
		stop(t, server)
		assert.Equal(t, ownerOf(t, dir), ownerOf(t, filepath.Join(dir, "postgres", "data")))
		again := startHolder(t, dir, become)
		requireKept(t, again.url(t))
		again.leave(t)
	})
}

// nobody makes a holder run as nobody, from a copy of the program that nobody can
// reach, and gives it the directory.
func nobody(t *testing.T, dir string) func(*exec.Cmd) {
	t.Helper()
	found, err := user.Lookup("nobody")
	require.NoError(t, err)
	uid, err := strconv.ParseUint(found.Uid, 10, 32)
	require.NoError(t, err)
	require.NoError(t, os.Chown(dir, int(uid), int(uid)))
	program := filepath.Join(openDir(t), "holder")
	own, err := os.Executable()
	require.NoError(t, err)
	from, err := os.Open(own)
	require.NoError(t, err)
	defer func() { _ = from.Close() }()
	// No other test may fork meanwhile: its child would have the program open for writing, and none could start it.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	to, err := os.OpenFile(program, os.O_CREATE|os.O_WRONLY, 0o755)
	require.NoError(t, err)
	_, err = io.Copy(to, from)
	require.NoError(t, err)
	require.NoError(t, to.Close())
	return func(cmd *exec.Cmd) {
		cmd.Path, cmd.Dir = program, "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
}

// capabilities are those in effect for a process, in hexadecimal.
func capabilities(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "CapEff:\t")
	require.True(t, found)
	value, _, _ := strings.Cut(rest, "\n")
	return value
}
