package testkit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/postgres/embedded"
	"github.com/plaza-api/plaza/internal/postgres/migrate"
	"github.com/plaza-api/plaza/schema"
)

const (
	// poolSize is how many connections a test has: few, since many tests run at once.
	poolSize = 4
	// startLimit is how long the server may take to start, an initdb and another package's start included.
	startLimit = time.Minute
	// sweepLimit is for how long databases are dropped that earlier tests have left.
	sweepLimit = 10 * time.Second
	// templateLock is the advisory lock that one package holds while it builds the template.
	templateLock = 0x706c617a61
	// databaseName is that of a test's database, by process and number.
	databaseName = "test_%d_%d"
)

// Main runs a package's tests with a PostgreSQL server, stops the server after the last package, and cleans up.
func Main(m *testing.M, cleanups ...func() error) {
	code := m.Run()
	for _, end := range append(cleanups, stop) {
		if err := end(); err != nil {
			fmt.Fprintln(os.Stderr, "after the tests:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// stop leaves the server, if a test has joined it.
func stop() error {
	if shared.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	return shared.server.Stop(ctx)
}

// shared is the package's part of the one server.
var shared struct { //nolint:gochecknoglobals // one server for all tests of a process
	once     sync.Once
	server   *embedded.Server
	template string
	err      error
	clones   atomic.Int64
}

// URL returns the URL of a fresh, migrated database.
func URL(t testing.TB) string {
	t.Helper()
	return clone(t, start(t))
}

// ServerURL returns the URL of the server's own database, for what makes databases itself.
func ServerURL(t testing.TB) string {
	t.Helper()
	start(t)
	return shared.server.URL("postgres")
}

// EmptyURL returns the URL of a fresh database without a table.
func EmptyURL(t testing.TB) string {
	t.Helper()
	start(t)
	return clone(t, "template0")
}

// Database opens a pool on a fresh, migrated database.
func Database(t testing.TB) *postgres.DB {
	t.Helper()
	return Open(t, URL(t))
}

// Open opens a pool on a database, as the server would.
func Open(t testing.TB, url string) *postgres.DB {
	t.Helper()
	database, err := postgres.Open(t.Context(), postgres.Config{
		URL: url, MaxConns: poolSize, Properties: Contract(t).Columns(),
	})
	require.NoError(t, err)
	t.Cleanup(database.Close)
	return database
}

// start starts or joins the server and returns the name of its template.
func start(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), startLimit)
		defer cancel()
		shared.server, shared.err = embedded.Start(ctx, embedded.Options{
			DataDir: filepath.Join(os.TempDir(), fmt.Sprintf("plaza-test-%d", os.Getuid())),
			Settings: map[string]string{
				"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300",
			},
			Log: slog.New(slog.DiscardHandler),
		})
		if shared.err == nil {
			shared.template, shared.err = buildTemplate(ctx, shared.server)
		}
	})
	require.NoError(t, shared.err, "tests need PostgreSQL")
	return shared.template
}

// buildTemplate makes the template for this schema unless some package has made it.
func buildTemplate(ctx context.Context, server *embedded.Server) (string, error) {
	name, err := templateName()
	if err != nil {
		return "", err
	}
	conn, err := pgx.Connect(ctx, server.URL("postgres"))
	if err != nil {
		return "", fmt.Errorf("test server: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing hangs on it
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return "", fmt.Errorf("template lock: %w", err)
	}
	if err := sweep(ctx, conn); err != nil {
		return "", err
	}
	var exists bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists)
	if err != nil || exists {
		return name, err
	}
	draft := name + "_draft"
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + draft, "CREATE DATABASE " + draft} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return "", fmt.Errorf("%s: %w", statement, err)
		}
	}
	if err := migrateUp(ctx, server.URL(draft)); err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+draft+" RENAME TO "+name); err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	return name, nil
}

func migrateUp(ctx context.Context, url string) (err error) {
	migrator, err := migrate.Open(url, schema.Files)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, migrator.Close()) }()
	_, err = migrator.Up(ctx)
	return err
}

// sweep drops the databases of test processes that are gone, those of plazadev check among them: a test itself does
// not, since a drop waits for connections that are closing. What it does not come to in time it leaves to the next
// process.
func sweep(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE datname ~ '^(test|check)_[0-9]+_'")
	if err != nil {
		return fmt.Errorf("test databases: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("test databases: %w", err)
	}
	for end := time.Now().Add(sweepLimit); len(names) > 0 && time.Now().Before(end); names = names[1:] {
		name := names[0]
		if pid, err := strconv.Atoi(strings.Split(name, "_")[1]); err != nil || syscall.Kill(pid, 0) == nil {
			continue
		}
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return fmt.Errorf("dropping %s: %w", name, err)
		}
	}
	return nil
}

// templateName names the template after what it is made of.
func templateName() (string, error) {
	hash := sha256.New()
	err := fs.WalkDir(schema.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(schema.Files, path)
		hash.Write([]byte(path))
		hash.Write(content)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("reading the schema: %w", err)
	}
	return "template_" + hex.EncodeToString(hash.Sum(nil))[:16], nil
}

// clone makes a database for one test. A later run sweeps it away.
func clone(t testing.TB, template string) string {
	t.Helper()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, shared.server.URL("postgres"))
	require.NoError(t, err)
	defer conn.Close(ctx) //nolint:errcheck // nothing hangs on it
	name := fmt.Sprintf(databaseName, os.Getpid(), shared.clones.Add(1))
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)",
		"CREATE DATABASE " + name + " TEMPLATE " + template + " STRATEGY FILE_COPY",
	} {
		_, err := conn.Exec(ctx, statement)
		require.NoError(t, err, statement)
	}
	return shared.server.URL(name)
}
