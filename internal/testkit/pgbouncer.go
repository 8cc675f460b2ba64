package testkit

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// What a PgBouncer has to be told, as the README has it: in its own section, and in the line of a database.
const (
	PgBouncerIgnores = "ignore_startup_parameters = statement_timeout, lock_timeout, " +
		"idle_in_transaction_session_timeout, enable_seqscan, enable_bitmapscan, enable_sort, enable_mergejoin, jit"
	PgBouncerConnects = "connect_query = 'SET statement_timeout = 10000; SET lock_timeout = 3000; " +
		"SET idle_in_transaction_session_timeout = 15000; SET enable_seqscan = off; SET enable_bitmapscan = off; " +
		"SET enable_sort = off; SET enable_mergejoin = off; SET jit = off'"
)

// pgBouncerSize is how many connections to the database it has: fewer than a pool in front of it, and as many as a
// migration needs.
const pgBouncerSize = 3

// PooledURL returns the URL of the database at address through a PgBouncer that is set up for Plaza.
func PooledURL(t testing.TB, address string) string {
	t.Helper()
	return PgBouncer(t, address, PgBouncerConnects, PgBouncerIgnores) + "&default_query_exec_mode=cache_describe"
}

// PgBouncer starts a PgBouncer in transaction mode in front of the database at address and returns the URL of the
// database through it. Its configuration has database in the line of the database, and the lines of settings. It is
// killed after the test, which fails where it is not installed.
func PgBouncer(t testing.TB, address, database string, settings ...string) string {
	t.Helper()
	program, err := lookPgBouncer()
	require.NoError(t, err, "tests need PgBouncer")
	behind, err := pgx.ParseConfig(address)
	require.NoError(t, err)
	// Not the test's own directory: its name may be longer than that of a socket may be.
	dir, err := os.MkdirTemp("", "plaza-pgbouncer-") //nolint:usetesting // as said
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	lines := append([]string{
		"[databases]",
		fmt.Sprintf("%s = host=%s port=%d user=%s %s", behind.Database, behind.Host, behind.Port, behind.User, database),
		"[pgbouncer]", "pool_mode = transaction", "default_pool_size = " + strconv.Itoa(pgBouncerSize),
		"unix_socket_dir = " + dir, "listen_addr =", "listen_port = 6432", "auth_type = any",
	}, settings...)
	file := filepath.Join(dir, "pgbouncer.ini")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600))

	//nolint:noctx // it lives until it is killed
	command := exec.Command("/bin/sh", "-c", redisScript, "sh", program, file)
	if os.Geteuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: ownerOf(t, behind.Host)}
		for _, path := range []string{dir, file} {
			owner := command.SysProcAttr.Credential
			require.NoError(t, os.Chown(path, int(owner.Uid), int(owner.Gid)))
		}
	}
	runPgBouncer(t, command)
	through := url.URL{Scheme: "postgres", User: url.User(behind.User), Path: "/" + behind.Database, RawQuery: url.Values{
		"host": {dir}, "port": {"6432"}, "sslmode": {"disable"},
	}.Encode()}
	return through.String()
}

// lookPgBouncer finds the program where Debian puts it, too: not on everyone's PATH.
func lookPgBouncer() (string, error) {
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/pgbouncer")
	}
	return program, err
}

// ownerOf returns whose PostgreSQL's socket is: PgBouncer does not run as root, and nobody else gets to it.
func ownerOf(t testing.TB, path string) *syscall.Credential {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	stat, ok := info.Sys().(*syscall.Stat_t)
	require.True(t, ok)
	return &syscall.Credential{Uid: stat.Uid, Gid: stat.Gid}
}

// runPgBouncer waits until it is ready, and kills it after the test.
func runPgBouncer(t testing.TB, command *exec.Cmd) {
	t.Helper()
	input, err := command.StdinPipe()
	require.NoError(t, err)
	said, err := command.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		require.NoError(t, input.Close())
		if err := command.Wait(); err != nil {
			_, ended := errors.AsType[*exec.ExitError](err)
			require.True(t, ended, "waiting for PgBouncer: %v", err)
		}
	})
	var all strings.Builder
	for lines := bufio.NewReader(io.TeeReader(said, &all)); ; {
		line, err := lines.ReadString('\n')
		require.NoError(t, err, "PgBouncer did not start: %s", &all)
		if strings.Contains(line, "process up") {
			break
		}
	}
	go io.Copy(io.Discard, said) //nolint:errcheck // until it is killed
}
