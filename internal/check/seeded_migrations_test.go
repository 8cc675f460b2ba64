package check_test

import "strings"

// fresh is a migration that the release has not.
func fresh(lines ...string) edit {
	return edit{file: "schema/0011_next.sql", new: "-- +goose Up\n" + strings.Join(lines, "\n") + "\n"}
}

// migrationsFaults are those of migrations.
func migrationsFaults() []seeded {
	const (
		next = "schema/0011_next.sql"
		down = "\n-- +goose Down\n"
		note = "migrations/new"
	)
	notes := []string{note}
	return []seeded{
		{
			name: "a migration that is new",
			edits: []edit{fresh("CREATE TABLE notes (id bigint NOT NULL);", "ALTER TABLE users", "ADD COLUMN rank integer;",
				down, "ALTER TABLE users", "DROP COLUMN rank;", "DROP TABLE notes;")},
			rule: note, file: next,
		},
		{
			name:  "a migration without a Down",
			edits: []edit{fresh("CREATE TABLE notes (id bigint NOT NULL);")},
			rule:  "migrations/irreversible", also: notes, file: next,
		},
		{
			name: "a Down that cannot run with rows",
			edits: []edit{fresh("ALTER TABLE users", "ALTER COLUMN updated_at DROP NOT NULL;",
				down, "ALTER TABLE users", "ALTER COLUMN updated_at SET NOT NULL;")},
			rule: "migrations/irreversible", also: notes, file: next, text: "ALTER TABLE users\nALTER COLUMN updated_at SET NOT NULL",
		},
		{
			name: "a Down that leaves a type behind",
			edits: []edit{fresh("CREATE TYPE mood AS ENUM ('good', 'bad');", "CREATE TABLE notes (mood mood);",
				down, "DROP TABLE notes;")},
			rule: "migrations/down", also: notes, file: next, text: "-- +goose Down",
		},
		{
			name: "a Down that restores another function",
			edits: []edit{{
				"schema/0008_email_codes.sql", "    DELETE FROM email_codes WHERE user_id = new.id;\n", "    DELETE FROM email_codes WHERE user_id = old.id;\n",
			}},
			rule: "migrations/down", also: []string{"migrations/edited"}, file: "schema/0008_email_codes.sql", text: "-- +goose Down",
		},
		{
			name: "a column that rows cannot have",
			edits: []edit{fresh("CREATE TABLE notes (id bigint NOT NULL);", "ALTER TABLE posts", "ADD COLUMN rank integer NOT NULL;",
				down, "ALTER TABLE posts", "DROP COLUMN rank;", "DROP TABLE notes;")},
			rule: "migrations/data", also: notes, file: next, text: "ALTER TABLE posts\nADD",
		},
		{
			name: "a column whose default differs for each row",
			edits: []edit{fresh("ALTER TABLE users", "ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();",
				down, "ALTER TABLE users", "DROP COLUMN token;")},
			rule: "migrations/rewrite", also: notes, file: next, text: "ALTER TABLE users\nADD",
		},
		{
			name: "another type of a column",
			edits: []edit{fresh("CREATE TABLE notes (id bigint NOT NULL);", "ALTER TABLE idempotency_keys ALTER COLUMN status TYPE smallint;",
				down, "ALTER TABLE idempotency_keys ALTER COLUMN status TYPE integer;", "DROP TABLE notes;")},
			rule: "migrations/rewrite", also: notes, file: next, text: "TYPE smallint",
		},
		{
			name: "an index that writers wait for",
			edits: []edit{fresh("CREATE INDEX posts_title_idx ON posts (title);",
				down, "DROP INDEX posts_title_idx;")},
			rule: "migrations/lock", also: notes, file: next, text: "CREATE INDEX posts_title_idx",
		},
		{
			name: "an index that writers wait for, without a transaction",
			edits: []edit{{file: next, new: "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX posts_title_idx ON posts (title);\n" +
				"CREATE INDEX CONCURRENTLY posts_content_idx ON posts (md5(content));\n" +
				"-- +goose Down\nDROP INDEX posts_content_idx;\nDROP INDEX posts_title_idx;\n"}},
			rule: "migrations/lock", also: notes, file: next, text: "CREATE INDEX posts_title_idx",
		},
		{
			name: "a constraint that is validated at once",
			edits: []edit{fresh("ALTER TABLE users", "ADD CONSTRAINT users_name_trimmed CHECK (name = btrim(name));",
				down, "ALTER TABLE users", "DROP CONSTRAINT users_name_trimmed;")},
			rule: "migrations/lock", also: notes, file: next, text: "ALTER TABLE users\nADD",
		},
		{
			name: "an update of every row",
			edits: []edit{fresh("UPDATE posts SET title = title;",
				down, "SELECT 1;")},
			rule: "migrations/lock", also: notes, file: next, text: "UPDATE posts",
		},
		{
			name: "a column that the last release reads",
			edits: []edit{fresh("CREATE TABLE notes (id bigint NOT NULL);", "ALTER TABLE sessions", "RENAME COLUMN address TO ip;",
				down, "ALTER TABLE sessions", "RENAME COLUMN ip TO address;", "DROP TABLE notes;")},
			rule: "migrations/previous-queries", also: notes, file: next, text: "ALTER TABLE sessions\nRENAME COLUMN address",
		},
		{
			name:  "a released migration with another text",
			edits: []edit{{"schema/0006_idempotency.sql", "BETWEEN 200 AND 299", "BETWEEN 200 AND 399"}},
			rule:  "migrations/edited", file: "schema/0006_idempotency.sql", text: "BETWEEN 200 AND 399",
		},
		{
			name:  "a gap between the numbers",
			edits: []edit{{file: "schema/0012_next.sql", new: "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n"}},
			rule:  "migrations/name", also: notes, file: "schema/0012_next.sql",
		},
		{
			name:  "a number that is taken",
			edits: []edit{{file: "schema/0009_next.sql", new: "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n"}},
			rule:  "migrations/name", also: []string{"schema/broken"}, file: "schema/0009_post_totals_plan.sql",
		},
	}
}
