package testkit

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

// Primary is a PostgreSQL server of one test, which others can follow.
type Primary struct {
	server *embedded.Server
	tools  string // the directory of its programs
}

// Standby is a streaming replica of a Primary.
type Standby struct {
	dir    string
	server *embedded.Server
}

// NewPrimary starts a server whose database has the schema.
func NewPrimary(t testing.TB) *Primary {
	t.Helper()
	p := &Primary{server: startServer(t, serverDir(t), nil)}
	require.NoError(t, migrateUp(t.Context(), p.URL()))
	p.tools = askAt[string](t, p.URL(), "SELECT setting FROM pg_config WHERE name = 'BINDIR'")
	return p
}

// URL returns the URL of the database on the primary.
func (p *Primary) URL() string { return p.server.URL(embedded.Database) }

// Follow makes a replica with pg_basebackup, and starts it. settings are its own.
func (p *Primary) Follow(t testing.TB, settings map[string]string) *Standby {
	t.Helper()
	s := &Standby{dir: serverDir(t)}
	require.NoError(t, os.Mkdir(filepath.Join(s.dir, "postgres"), 0o711))
	backup := exec.CommandContext(t.Context(), filepath.Join(p.tools, "pg_basebackup"),
		"--dbname="+p.server.URL(""), "--pgdata="+s.data(), "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
	said, err := backup.CombinedOutput()
	require.NoError(t, err, "%s", said)
	s.server = startServer(t, s.dir, settings)
	return s
}

// Open opens a pool that may read from replicas, however far behind they are, and waits until each one has answered.
func (p *Primary) Open(t testing.TB, replicas []*Standby, changes ...func(*postgres.Config)) *postgres.DB {
	t.Helper()
	config := postgres.Config{
		URL: p.URL(), MaxConns: poolSize, MaxReplicaLag: time.Hour, Properties: Contract(t).Columns(),
	}
	for _, r := range replicas {
		config.ReplicaURLs = append(config.ReplicaURLs, r.URL())
	}
	for _, change := range changes {
		change(&config)
	}
	db, err := postgres.Open(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(db.Close)
	anywhere := postgres.WithReplica(t.Context(), 0)
	require.Eventually(t, func() bool {
		_ = db.Conn(anywhere).QueryRow(anywhere, "SELECT").Scan()
		return !slices.ContainsFunc(db.Replicas(), func(r *postgres.Replica) bool { return r.Stat().AcquireCount() == 0 })
	}, startLimit, time.Millisecond)
	return db
}

// URL returns the URL of the database on the replica.
func (s *Standby) URL() string { return s.server.URL(embedded.Database) }

// Ask returns the one value that sql selects on the replica, whatever a pool thinks of it.
func (s *Standby) Ask(t testing.TB, sql string) string {
	t.Helper()
	return askAt[string](t, s.URL(), "SELECT ("+sql+")::text")
}

// Stop stops the replica in order.
func (s *Standby) Stop(t testing.TB) {
	t.Helper()
	require.NoError(t, s.server.Stop(t.Context()))
}

// Start starts it again.
func (s *Standby) Start(t testing.TB) {
	t.Helper()
	s.server = startServer(t, s.dir, nil)
}

// Kill kills the replica with SIGKILL. It is started again at once.
func (s *Standby) Kill(t testing.TB) {
	t.Helper()
	require.NoError(t, syscall.Kill(s.postmaster(t), syscall.SIGKILL))
}

// Freeze makes the replica answer nothing more, and close nothing, until the test ends.
func (s *Standby) Freeze(t testing.TB) {
	t.Helper()
	processes := append(askAt[[]int](t, s.URL(),
		"SELECT array_agg(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"), s.postmaster(t))
	for _, pid := range processes {
		require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
		t.Cleanup(func() { assert.NoError(t, syscall.Kill(pid, syscall.SIGCONT)) })
	}
}

func (s *Standby) data() string { return filepath.Join(s.dir, "postgres", "data") }

func (s *Standby) postmaster(t testing.TB) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	require.NoError(t, err)
	var pid int
	_, err = fmt.Sscan(strings.SplitN(string(text), "\n", 2)[0], &pid)
	require.NoError(t, err)
	return pid
}

// serverDir makes a directory that PostgreSQL can enter also where it runs as another user.
func serverDir(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o711))
	require.NoError(t, os.Chmod(dir, 0o711))
	return dir
}

func startServer(t testing.TB, dir string, settings map[string]string) *embedded.Server {
	t.Helper()
	all := map[string]string{
		"fsync": "off", "shared_buffers": "16MB", "max_connections": "60", "max_wal_senders": "30",
		"wal_keep_size": "1GB", // for those who begin to follow while others are copied, each of which ends a file of it
	}
	maps.Copy(all, settings)
	server, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir, Settings: all})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Stop(context.WithoutCancel(t.Context()))) })
	return server
}

// askAt returns the one value that sql selects on a server.
func askAt[T any](t testing.TB, url, sql string) T {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	var value T
	require.NoError(t, conn.QueryRow(ctx, sql).Scan(&value))
	require.NoError(t, conn.Close(ctx))
	return value
}
