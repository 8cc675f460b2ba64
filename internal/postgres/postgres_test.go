package postgres_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

const schema = `
	CREATE TABLE users (
		id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		email      text NOT NULL,
		age        integer,
		nick       varchar(3),
		created_at timestamptz NOT NULL DEFAULT now(),
		CONSTRAINT users_age_check CHECK (age BETWEEN 13 AND 120),
		CONSTRAINT users_email_length_check CHECK (length(email) <= 30),
		CONSTRAINT users_nick_check CHECK (nick <> 'no')
	);
	CREATE UNIQUE INDEX users_email_live_key ON users (lower(email));
	CREATE TABLE addresses (
		user_id bigint CONSTRAINT addresses_user_id_fkey REFERENCES users,
		slot    integer,
		CONSTRAINT addresses_user_id_slot_key UNIQUE (user_id, slot)
	);
	CREATE TABLE logins (
		email text CONSTRAINT logins_email_key UNIQUE DEFERRABLE INITIALLY DEFERRED
	);`

// serverURL gives the address of a database on the server of this run. It is set
// once, before the tests: TestMain has no other way to hand it on.
var serverURL func(database string) string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	ctx := context.Background()
	server, err := embedded.Start(ctx, embedded.Options{
		DataDir: filepath.Join(os.TempDir(), fmt.Sprintf("plaza-test-%d", os.Getuid())),
		Settings: map[string]string{
			"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300",
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	serverURL = server.URL
	code := m.Run()
	if err := server.Stop(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// newDatabase makes a database with the schema and returns its address.
func newDatabase(t *testing.T) string {
	t.Helper()
	name := "postgres_" + strings.ToLower(rand.Text())
	execute(t, serverURL(embedded.Database), "CREATE DATABASE "+name)
	t.Cleanup(func() { execute(t, serverURL(embedded.Database), "DROP DATABASE "+name+" WITH (FORCE)") })
	execute(t, serverURL(name), schema)
	return serverURL(name)
}

func execute(t *testing.T, address, sql string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, address)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, sql)
	require.NoError(t, err)
	require.NoError(t, conn.Close(ctx))
}

// setup opens a pool of four on a database of its own.
func setup(t *testing.T, changes ...func(*postgres.Config)) *postgres.DB {
	t.Helper()
	config := postgres.Config{
		URL:      newDatabase(t),
		MaxConns: 4,
		Properties: map[string]string{
			"users.email": "email", "users.age": "age", "users.nick": "nick/na~me", "addresses.user_id": "user_id",
		},
	}
	for _, change := range changes {
		change(&config)
	}
	return open(t, config)
}

func open(t *testing.T, config postgres.Config) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(db.Close)
	return db
}

// withParam adds a run-time parameter to the address.
func withParam(t *testing.T, address, name, value string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	query := parsed.Query()
	query.Set(name, value)
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

func exec(ctx context.Context, db *postgres.DB, sql string, args ...any) error {
	_, err := db.Conn(ctx).Exec(ctx, sql, args...)
	return err
}

func mustExec(t *testing.T, db *postgres.DB, sql string) {
	t.Helper()
	require.NoError(t, exec(t.Context(), db, sql))
}

// ask returns the one value that sql selects.
func ask[T any](t *testing.T, db *postgres.DB, sql string, args ...any) T {
	t.Helper()
	var value T
	require.NoError(t, db.Conn(t.Context()).QueryRow(t.Context(), sql, args...).Scan(&value))
	return value
}

func countUsers(t *testing.T, db *postgres.DB) int {
	t.Helper()
	return ask[int](t, db, "SELECT count(*) FROM users")
}

func insertUser(ctx context.Context, db *postgres.DB, email string) error {
	return exec(ctx, db, "INSERT INTO users (email) VALUES ($1)", email)
}

func requireKind(t *testing.T, want fault.Kind, err error) {
	t.Helper()
	got := fault.As(err)
	require.NotNil(t, got, "not a fault: %v", err)
	require.Equal(t, want, got.Kind, "%v", err)
}

// requireUnavailable wants the fault for trouble that passes.
func requireUnavailable(t *testing.T, err error) {
	t.Helper()
	requireKind(t, fault.Unavailable, err)
	assert.Equal(t, time.Second, fault.As(err).RetryAfter)
}

// eventually waits until sql selects true.
func eventually(t *testing.T, db *postgres.DB, sql string, args ...any) {
	t.Helper()
	require.Eventually(t, func() bool { return ask[bool](t, db, sql, args...) }, 10*time.Second, 5*time.Millisecond)
}
