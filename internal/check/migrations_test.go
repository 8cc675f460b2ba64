package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

func TestAMigrationThatDoesNotRunIsFoundAtTheFaultyWord(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]check.Finding{
		"-- +goose Up\n-- Was für ein Wort: ö\nALTER TABLE users\n  ADD COLUMN mood mood;\n": {
			Line: 4, Column: 19, Message: `0011_next.sql does not run: type "mood" does not exist`,
		},
		"-- +goose Up\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n" +
			"    RETURN;; NULL\nEND\n$$;\n-- +goose StatementEnd\n": {
			Line: 5, Column: 11, Message: `0011_next.sql does not run: missing expression at or near ";"`,
		},
		"-- +goose Up\nSELECT 1\n": {
			Line:    1,
			Message: "0011_next.sql does not run: state 1, direction: up: unexpected unfinished SQL query",
		},
	} {
		p := project(t)
		edit{file: "schema/0011_next.sql", new: text}.apply(t, p)
		_, err := p.MigratedDatabase(t.Context())
		faulty, ok := err.(*check.Faulty) //nolint:errorlint // that is what is promised
		require.True(t, ok, "%v", err)
		found := faulty.Findings[0]
		assert.Equal(t, "schema/broken", found.Rule)
		assert.Equal(t, "schema/0011_next.sql", found.File)
		assert.Equal(t, []int{want.Line, want.Column}, []int{found.Line, found.Column}, text)
		assert.Contains(t, found.Message, want.Message)
	}
}

func TestAMigrationThatTakesCareOfRowsIsOnlyTold(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a column with one default": "-- +goose Up\nALTER TABLE users ADD COLUMN rank integer NOT NULL DEFAULT 1;\n" +
			"-- +goose Down\nALTER TABLE users DROP COLUMN rank;\n",
		"an index beside the writers": "-- +goose NO TRANSACTION\n-- +goose Up\n" +
			"CREATE INDEX CONCURRENTLY posts_title_idx ON posts (title);\n-- +goose Down\nDROP INDEX posts_title_idx;\n",
		"a constraint for new rows": "-- +goose Up\nALTER TABLE users ADD CONSTRAINT c CHECK (name = btrim(name)) NOT VALID;\n" +
			"-- +goose Down\nALTER TABLE users DROP CONSTRAINT c;\n",
		"a validation that writers do not wait for": "-- +goose NO TRANSACTION\n-- +goose Up\n" +
			"ALTER TABLE users ADD CONSTRAINT c CHECK (name = btrim(name)) NOT VALID;\n" +
			"ALTER TABLE users VALIDATE CONSTRAINT c;\n-- +goose Down\nALTER TABLE users DROP CONSTRAINT c;\n",
		"a new table that refers to an old one, with its index and trigger": "-- +goose Up\n" +
			"CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id));\n" +
			"CREATE INDEX notes_user_id_idx ON notes (user_id);\nCREATE TRIGGER notes_revoke AFTER DELETE ON notes\n" +
			"FOR EACH ROW EXECUTE FUNCTION revoke_tokens('note');\n-- +goose Down\nDROP TABLE notes;\n",
		"a rewrite with a reason": "-- +goose Up\n-- Fingerprints get longer.\n-- check: rewrite it is emptied every day\n" +
			"ALTER TABLE idempotency_keys ALTER COLUMN status TYPE smallint;\n" +
			"-- +goose Down\nALTER TABLE idempotency_keys ALTER COLUMN status TYPE integer;\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := project(t)
			edit{file: "schema/0011_next.sql", new: text}.apply(t, p)
			findings := run(t, p, "migrations")
			require.Len(t, findings, 1, "%v", findings)
			assert.Equal(t, "migrations/new", findings[0].Rule)
		})
	}
}

func TestANewMigrationIsToldInWords(t *testing.T) {
	t.Parallel()
	p := project(t)
	edit{file: "schema/0011_next.sql", new: "-- +goose Up\nCREATE TABLE notes (id bigint PRIMARY KEY);\n" +
		"ALTER TABLE users ADD COLUMN rank integer;\nDROP INDEX users_deleted_idx;\n-- +goose Down\n" +
		"CREATE INDEX users_deleted_idx ON users (id) WHERE deleted_at IS NOT NULL;\n" +
		"ALTER TABLE users DROP COLUMN rank;\nDROP TABLE notes;\n"}.apply(t, p)
	findings := run(t, p, "migrations")
	require.Len(t, findings, 1, "%v", findings)
	assert.Equal(t, check.Note, findings[0].Severity)
	assert.Equal(t, "0011_next.sql adds table notes, column users.rank; drops index users.users_deleted_idx",
		findings[0].Message)
}
