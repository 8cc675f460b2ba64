package check_test

// queriesFaults are those of SQL, its names and its callers.
func queriesFaults() []seeded {
	const (
		users    = "queries/users.sql"
		sessions = "queries/sessions.sql"
		consents = "queries/consents.sql"
		grants   = "queries/grants.sql"
	)
	return []seeded{
		{
			name:  "a column that no migration makes",
			edits: []edit{{users, "WHERE role = @role AND", "WHERE rank = @role AND"}},
			rule:  "queries/prepare", file: users, text: "WHERE rank = @role",
		},
		{
			name:  "a table that no migration makes",
			edits: []edit{{consents, "SELECT scopes FROM consents", "SELECT scopes FROM\n  consent"}},
			rule:  "queries/prepare", file: consents, text: "  consent WHERE",
		},
		{
			name:  "a parameter that is text and a number",
			edits: []edit{{grants, "WHERE id = @id;", "WHERE id = @id\n    AND length(@id) > 1;"}},
			rule:  "queries/prepare", file: grants, text: "AND length(@id)",
		},
		{
			name:  "many rows of a statement that returns none",
			edits: []edit{{grants, "DeleteGrant :exec", "DeleteGrant :many"}},
			rule:  "queries/prepare", file: grants, text: "DELETE FROM grants",
		},
		{
			name:  "a filter without an index",
			edits: []edit{{"queries/passwords.sql", "WHERE user_id = @user_id", "WHERE hash = @hash"}},
			rule:  "queries/seq-scan", file: "queries/passwords.sql", text: "-- name: GetPassword",
		},
		{
			name:  "a filter that the index does not serve",
			edits: []edit{{users, "WHERE lower(email) = lower(@email::text) AND deleted_at", "WHERE email = @email AND deleted_at"}},
			rule:  "queries/seq-scan", file: users, text: "-- name: GetUserByEmail",
		},
		{
			name: "an index that a migration drops",
			edits: []edit{{file: "schema/0011_drop.sql", new: "-- +goose Up\nDROP INDEX sessions_user_id_idx;\n\n" +
				"-- +goose Down\nCREATE INDEX sessions_user_id_idx ON sessions (user_id, created_at);\n"}},
			rule: "queries/seq-scan", file: sessions, text: "-- name: DeleteSessionsByUser",
		},
		{
			name:  "an exception that is not needed",
			edits: []edit{{users, "-- name: GetUser :one\n", "-- name: GetUser :one\n-- check: seq-scan there are few\n"}},
			rule:  "queries/needless-exception", file: users, text: "-- check: seq-scan there are few",
		},
		{
			name:  "an exception without a reason",
			edits: []edit{{"queries/signing_keys.sql", " there are as many keys as were ever made, a few a year", ""}},
			rule:  "queries/needless-exception", file: "queries/signing_keys.sql", text: "-- check: seq-scan",
		},
		{
			name:  "a query that nothing calls",
			edits: []edit{{sessions, "-- name: DeleteSession :", "-- name: CountSessions :one\nSELECT 1;\n\n-- name: DeleteSession :"}},
			rule:  "queries/uncalled", file: sessions, text: "-- name: CountSessions",
		},
		{
			name:  "the last call of a query, removed",
			edits: []edit{{"internal/identity/clients.go", ".DeleteClient(ctx, id)", ".GetClient(ctx, id)"}},
			rule:  "queries/uncalled", file: "queries/clients.sql", text: "-- name: DeleteClient",
		},
		{
			name:  "a verb of its own",
			edits: []edit{{consents, "GetConsent", "FetchConsent"}},
			rule:  "queries/verb", also: []string{"queries/uncalled"}, file: consents, text: "-- name: FetchConsent",
		},
		{
			name:  "a query in the file of another noun",
			edits: []edit{{consents, "-- name: UpdateConsent", "-- name: CountClients :one\nSELECT 1;\n\n-- name: UpdateConsent"}},
			rule:  "queries/noun", also: []string{"queries/uncalled"}, file: consents, text: "-- name: CountClients",
		},
		{
			name:  "two queries of one name",
			edits: []edit{{grants, "-- name: DeleteGrant", "-- name: GetGrant :exec\nSELECT 1;\n\n-- name: DeleteGrant"}},
			rule:  "queries/duplicate", also: []string{"queries/prepare"}, file: grants, text: "-- name: GetGrant :exec",
		},
	}
}
