package check

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
)

func TestEveryTableGetsRowsByItsCatalogue(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), testkit.URL(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	_, err = conn.Exec(t.Context(), `
		CREATE TYPE grade AS ENUM ('a', 'b');
		CREATE TABLE odd (
			id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
			code text NOT NULL CHECK (code ~ '^[A-Z]{3}-[0-9]{2,4}$'), kind text NOT NULL CHECK (kind IN ('x', 'y')),
			mark grade NOT NULL, marks grade[] NOT NULL CHECK (cardinality(marks) = 1), at date NOT NULL,
			low integer NOT NULL CHECK (low BETWEEN 15 AND 30), high integer NOT NULL CHECK (high > low),
			self integer REFERENCES odd (id)
		);
		CREATE TABLE "One" (tenant integer, "Id" integer, PRIMARY KEY (tenant, "Id"));
		CREATE TABLE two (tenant integer, id integer, PRIMARY KEY (tenant, id));
		CREATE TABLE shared (tenant integer NOT NULL, one integer NOT NULL, two integer NOT NULL,
			FOREIGN KEY (tenant, one) REFERENCES "One", FOREIGN KEY (tenant, two) REFERENCES two);
		CREATE TABLE named (code text UNIQUE CHECK (code !~ '[^\w\W]' AND char_length(code) = 3));
		CREATE TABLE refers (code text REFERENCES named (code))`)
	require.NoError(t, err)
	require.NoError(t, fillTables(t.Context(), conn))
	tables, err := tablesOf(t.Context(), conn)
	require.NoError(t, err)
	require.Greater(t, len(tables), 15)
	for _, table := range tables {
		var rows int
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM "+table.name).Scan(&rows))
		assert.Positive(t, rows, "%s has no row", table.name)
	}
}

func TestAPatternHasAnExampleThatItMatches(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{
		`^[A-Za-z0-9_-]{43}$`, `^[a-z0-9-]{1,64}$`, `^[0-9]{5}(-[0-9]{4})?$`, `^(US|CA)$`, `^\d+\.\d*$`,
		`^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$`, `^[A-Z][0-9][A-Z] [0-9][A-Z][0-9]$`, `^[^a-z]x$`,
	} {
		example, ok := matching(pattern)
		require.True(t, ok, pattern)
		value, isText := pick([]string{example}, 0, 7, filledColumn{}).(string)
		require.True(t, isText)
		assert.Regexp(t, pattern, value)
	}
}
