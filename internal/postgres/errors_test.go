package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
)

// raise makes the server report an error that cannot be provoked.
func raise(using string) string {
	return "DO $$ BEGIN RAISE EXCEPTION USING " + using + "; END $$"
}

func TestConstraintsBecomeFaults(t *testing.T) {
	t.Parallel()
	db := setup(t)
	mustExec(t, db, "INSERT INTO users (email) VALUES ('ann@example.com'), ('bob@example.com')")
	mustExec(t, db, "INSERT INTO addresses VALUES (1, 1)")
	mustExec(t, db, "CREATE TABLE teams (id bigint PRIMARY KEY, CONSTRAINT teams_id_check CHECK (id > 0))")
	mustExec(t, db, "CREATE TABLE members (team_id bigint NOT NULL CONSTRAINT members_team_id_fkey REFERENCES teams)")

	for _, row := range []struct {
		name, sql string
		kind      fault.Kind
		message   string
		fields    []fault.Field
	}{
		{
			"unique", "INSERT INTO users (email) VALUES ('Ann@Example.com')",
			fault.Conflict, "email is already taken",
			[]fault.Field{{Pointer: "/email", Detail: "is already taken"}},
		},
		{
			"unique over columns that are no property", "INSERT INTO addresses VALUES (1, 1)",
			fault.Conflict, "This already exists", nil,
		},
		{
			"check", "INSERT INTO users (email, age) VALUES ('c@example.com', 12)",
			fault.Invalid, "age is not allowed",
			[]fault.Field{{Pointer: "/age", Detail: "is not allowed"}},
		},
		{
			"check with a rule in its name", "INSERT INTO users (email) VALUES (repeat('x', 31))",
			fault.Invalid, "email is not allowed",
			[]fault.Field{{Pointer: "/email", Detail: "is not allowed"}},
		},
		{
			"check of a property whose pointer needs escaping", "UPDATE users SET nick = 'no'",
			fault.Invalid, "nick/na~me is not allowed",
			[]fault.Field{{Pointer: "/nick~1na~0me", Detail: "is not allowed"}},
		},
		{
			"check of no property", "INSERT INTO teams VALUES (-1)",
			fault.Invalid, "A value is not allowed", nil,
		},
		{
			"not null", "INSERT INTO users (email) VALUES (NULL)",
			fault.Invalid, "email is required",
			[]fault.Field{{Pointer: "/email", Detail: "is required"}},
		},
		{
			"not null of no property", "INSERT INTO members VALUES (NULL)",
			fault.Invalid, "A required value is missing", nil,
		},
		{
			"missing parent", "INSERT INTO addresses VALUES (7, 1)",
			fault.NotFound, "user_id does not exist",
			[]fault.Field{{Pointer: "/user_id", Detail: "does not exist"}},
		},
		{
			"missing parent of no property", "INSERT INTO members VALUES (7)",
			fault.NotFound, "what this refers to does not exist", nil,
		},
		{
			"missing parent, in another language",
			raise(`ERRCODE = '23503', TABLE = 'addresses', CONSTRAINT = 'addresses_user_id_fkey', MESSAGE = 'Einfügen …',
				DETAIL = 'Schlüssel (user_id)=(7) ist nicht in Tabelle »users« vorhanden.'`),
			fault.NotFound, "user_id does not exist",
			[]fault.Field{{Pointer: "/user_id", Detail: "does not exist"}},
		},
		{
			"child left", "DELETE FROM users WHERE id = 1",
			fault.Conflict, "This is still in use", nil,
		},
		{
			"child left, as PostgreSQL 18 reports it", raise("ERRCODE = '23001'"),
			fault.Conflict, "This is still in use", nil,
		},
		{
			"text too long", "UPDATE users SET nick = 'long'",
			fault.Invalid, "A text is too long", nil,
		},
		{
			"number out of range", "UPDATE users SET age = 3000000000::bigint",
			fault.Invalid, "A number is out of range", nil,
		},
		{
			"invalid number", "SELECT 'x'::integer",
			fault.Invalid, "A value has the wrong format", nil,
		},
		{
			"invalid UTF-8", `SELECT convert_from('\xff', 'UTF8')`,
			fault.Invalid, "A text holds a character that is not allowed", nil,
		},
		{
			"NUL in JSON", `SELECT '"\u0000"'::jsonb ->> 0`,
			fault.Invalid, "A text holds a character that is not allowed", nil,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			err := exec(t.Context(), db, row.sql)
			requireKind(t, row.kind, err)
			got := fault.As(err)
			assert.Equal(t, row.message, got.Message)
			assert.Equal(t, row.fields, got.Fields)
			assert.Zero(t, got.RetryAfter)
			var cause *pgconn.PgError
			require.ErrorAs(t, err, &cause, "the log gets the cause")
		})
	}
	t.Run("NUL in an argument", func(t *testing.T) {
		t.Parallel()
		requireKind(t, fault.Invalid, insertUser(t.Context(), db, "\x00"))
	})
}

func TestTroubleOfTheServerBecomesUnavailable(t *testing.T) {
	t.Parallel()
	db := setup(t)
	for _, code := range []string{
		"08006", "40001", "40P01", "53100", "53200", "53300", "55P03", "57P01", "57P02", "57P03", "25P03",
	} {
		t.Run("SQLSTATE "+code, func(t *testing.T) {
			t.Parallel()
			requireUnavailable(t, exec(t.Context(), db, raise("ERRCODE = '"+code+"'")))
		})
	}
	t.Run("a terminated session, and what follows in its transaction", func(t *testing.T) {
		t.Parallel()
		requireUnavailable(t, db.InTx(t.Context(), func(ctx context.Context) error {
			requireUnavailable(t, exec(ctx, db, "SELECT pg_terminate_backend(pg_backend_pid())"))
			return exec(ctx, db, "SELECT 1")
		}))
	})
	t.Run("a lock that is held too long", func(t *testing.T) {
		t.Parallel()
		held := setup(t, func(c *postgres.Config) { c.LockTimeout = 10 * time.Millisecond })
		require.NoError(t, held.InTx(t.Context(), func(ctx context.Context) error {
			require.NoError(t, exec(ctx, held, "LOCK TABLE users"))
			requireUnavailable(t, insertUser(t.Context(), held, "ann@example.com"))
			return nil
		}))
	})
	t.Run("a transaction that stood idle", func(t *testing.T) {
		t.Parallel()
		requireUnavailable(t, db.InTx(t.Context(), func(ctx context.Context) error {
			var pid int
			require.NoError(t, db.Conn(ctx).QueryRow(ctx, "SELECT pg_backend_pid() "+
				"FROM set_config('idle_in_transaction_session_timeout', '10ms', true)").Scan(&pid))
			eventually(t, db, "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)", pid)
			return exec(ctx, db, "SELECT 1")
		}))
	})
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	t.Run("a statement that takes too long", func(t *testing.T) {
		t.Parallel()
		db := setup(t, func(c *postgres.Config) { c.StatementTimeout = 20 * time.Millisecond })
		requireKind(t, fault.Timeout, exec(t.Context(), db, "SELECT pg_sleep(60)"))
	})
	t.Run("a caller whose time is up", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		requireKind(t, fault.Timeout, exec(ctx, db, "SELECT pg_sleep(60)"))
	})
	t.Run("a caller who leaves", func(t *testing.T) {
		t.Parallel()
		db := setup(t)
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		answer := make(chan error)
		go func() { answer <- exec(ctx, db, "SELECT pg_sleep(60), 'left alone'") }()
		eventually(t, db, "SELECT EXISTS (SELECT FROM pg_stat_activity "+
			"WHERE pid <> pg_backend_pid() AND datname = current_database() AND query LIKE '%left alone%')")
		leave()
		requireCanceled(t, <-answer)
	})
}

func TestOtherErrorsStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	db := setup(t)
	for _, row := range []struct{ name, sql string }{
		{"a mistake in the SQL", "SELECT FROM nowhere"},
		{"an error that the server has no word for", raise("ERRCODE = 'XX000'")},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			err := exec(t.Context(), db, row.sql)
			var cause *pgconn.PgError
			require.ErrorAs(t, err, &cause)
			assert.Nil(t, fault.As(err))
			assert.EqualError(t, err, fmt.Sprintf("postgres: %s: %s (SQLSTATE %s)", cause.Severity, cause.Message, cause.Code))
		})
	}
	t.Run("a value that does not fit its parameter", func(t *testing.T) {
		t.Parallel()
		err := exec(t.Context(), db, "SELECT $1::integer", struct{}{})
		require.ErrorContains(t, err, "postgres: ")
		assert.Nil(t, fault.As(err))
	})
}
