package postgres_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestCommitWithoutAnswer(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		delivers bool
		users    int
	}{
		{"when the server never heard of it", false, 0},
		{"when the server has done it", true, 1},
	} {
		t.Run("is not repeated "+row.name, func(t *testing.T) {
			t.Parallel()
			direct := setup(t)
			address := directAddress(t, direct)
			proxy := cutAtCommit(t, address, row.delivers)
			db := open(t, postgres.Config{URL: withParam(t, address, "host", proxy.dir), MaxConns: 2})

			runs := 0
			err := db.InTx(t.Context(), func(ctx context.Context) error {
				runs++
				return insertUser(ctx, db, "ann@example.com")
			})
			requireOutcomeUnknown(t, err)
			assert.Equal(t, 1, runs)
			assert.EqualValues(t, 1, proxy.commits.Load())
			assert.Equal(t, row.users, countUsers(t, direct))
			require.NoError(t, exec(t.Context(), db, "SELECT 1"), "the pool goes on")
		})
	}
	t.Run("is not repeated when the server ends the session", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		mustExec(t, db, `
			CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS
				$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
			CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED
				FOR EACH ROW EXECUTE FUNCTION leave()`)
		runs := 0
		ends := 0
		requireOutcomeUnknown(t, db.InTx(t.Context(), func(ctx context.Context) error {
			runs++
			db.AfterCommit(ctx, func(context.Context) { t.Error("who knows whether it was committed") })
			db.AfterEnd(ctx, func() { ends++ })
			return insertUser(ctx, db, "ann@example.com")
		}))
		assert.Equal(t, []int{1, 1}, []int{runs, ends})
	})
	t.Run("does not come from a caller who leaves while it runs", func(t *testing.T) {
		t.Parallel()
		db := setup(t, func(c *postgres.Config) { c.StatementTimeout = -1 })
		mustExec(t, db, `
			CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
				$$ BEGIN PERFORM pg_advisory_lock(1); RETURN NULL; END $$;
			CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED
				FOR EACH ROW EXECUTE FUNCTION linger()`)
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		answer := make(chan error)
		require.NoError(t, db.InTx(t.Context(), func(holder context.Context) error {
			require.NoError(t, exec(holder, db, "SELECT pg_advisory_xact_lock(1)"))
			go func() {
				answer <- db.InTx(ctx, func(ctx context.Context) error { return insertUser(ctx, db, "ann@example.com") })
			}()
			eventually(t, db, "SELECT EXISTS (SELECT FROM pg_locks "+
				"JOIN pg_database d ON d.oid = database WHERE datname = current_database() AND NOT granted)")
			leave()
			return nil
		}))
		require.NoError(t, <-answer)
		assert.Equal(t, 1, countUsers(t, db))
	})
}

func requireOutcomeUnknown(t *testing.T, err error) {
	t.Helper()
	requireKind(t, fault.Unavailable, err)
	require.ErrorIs(t, err, postgres.ErrOutcomeUnknown)
	assert.Zero(t, fault.As(err).RetryAfter, "nobody is asked to make the change twice")
}

// directAddress is the address of the database that db is open on.
func directAddress(t *testing.T, db *postgres.DB) string {
	t.Helper()
	return serverURL(ask[string](t, db, "SELECT current_database()"))
}

// cuttingProxy stands between a pool and the server, and cuts the connection on
// which a COMMIT comes: before the server gets it, or when the answer comes back.
type cuttingProxy struct {
	dir      string
	upstream string
	delivers bool
	commits  atomic.Int32
}

func cutAtCommit(t *testing.T, address string, delivers bool) *cuttingProxy {
	t.Helper()
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	const socket = ".s.PGSQL.5432"
	dir, err := os.MkdirTemp("", "cut") //nolint:usetesting // t.TempDir is too long for a socket on some systems
	require.NoError(t, err)
	proxy := &cuttingProxy{dir: dir, upstream: filepath.Join(parsed.Query().Get("host"), socket), delivers: delivers}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", filepath.Join(dir, socket))
	require.NoError(t, err)
	var connections sync.WaitGroup
	connections.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Go(func() { proxy.serve(context.WithoutCancel(t.Context()), client) })
		}
	})
	t.Cleanup(func() {
		assert.NoError(t, listener.Close())
		connections.Wait()
		assert.NoError(t, os.RemoveAll(dir))
	})
	return proxy
}

func (p *cuttingProxy) serve(ctx context.Context, client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := (&net.Dialer{}).DialContext(ctx, "unix", p.upstream)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var muted atomic.Bool
	var answers sync.WaitGroup
	answers.Go(func() {
		defer func() { _ = client.Close() }()
		buffer := make([]byte, 1<<16)
		for {
			n, err := server.Read(buffer)
			if err != nil || muted.Load() {
				return
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	})
	p.forward(client, server, &muted)
	_ = server.Close()
	answers.Wait()
}

// forward returns when the client has gone or is cut off.
func (p *cuttingProxy) forward(client io.Reader, server io.Writer, muted *atomic.Bool) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		if bytes.Contains(buffer[:n], []byte("commit\x00")) {
			p.commits.Add(1)
			if !p.delivers {
				return
			}
			muted.Store(true)
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func TestWhatComesAfterACommitDoesNotComeAfterARollback(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	var done []string
	note := func(what string) func(context.Context) {
		return func(ctx context.Context) {
			var one int
			require.NoError(t, db.Conn(ctx).QueryRow(ctx, "SELECT 1").Scan(&one), "the transaction is over")
			done = append(done, what)
		}
	}
	db.AfterCommit(t.Context(), note("at once"))
	require.NoError(t, db.InTx(t.Context(), func(ctx context.Context) error {
		db.AfterCommit(ctx, note("committed"))
		assert.Len(t, done, 1, "not before")
		return nil
	}))
	require.ErrorIs(t, db.InTx(t.Context(), func(ctx context.Context) error {
		db.AfterCommit(ctx, note("rolled back"))
		return io.EOF
	}), io.EOF)
	assert.Equal(t, []string{"at once", "committed"}, done)

	done = nil
	db.AfterEnd(t.Context(), func() { done = append(done, "at once") })
	for _, err := range []error{nil, io.EOF} {
		require.ErrorIs(t, db.InTx(t.Context(), func(ctx context.Context) error {
			db.AfterEnd(ctx, func() { done = append(done, "ended") })
			return err
		}), err)
	}
	assert.Equal(t, []string{"at once", "ended", "ended"}, done)
}
