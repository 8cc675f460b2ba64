package check_test

// generatedFaults are faults of what make generate writes.
func generatedFaults() []seeded {
	return []seeded{
		{
			name: "a type was edited by hand", rule: "generated/stale",
			edits: []edit{{"gen/api/types.gen.go", "type UserPatch struct {", "type UserPatch struct { // mind the name"}},
			file:  "gen/api/types.gen.go", text: "mind the name",
		},
		{
			name: "the contract was edited after make generate", rule: "generated/stale",
			edits: []edit{{"openapi.yaml", "      x-timeout: 5s", "      x-timeout: 6s"}},
			file:  "gen/contract/openapi.yaml", text: "      x-timeout: 5s",
		},
		{
			name: "a query was edited after make generate", rule: "generated/stale",
			edits: []edit{{"queries/posts.sql", "WHERE id = ANY(@ids::bigint[]);", "WHERE id = ANY(@ids::bigint[]) AND id > 0;"}},
			file:  "gen/db/posts.sql.go", text: "WHERE id = ANY($1::bigint[])",
		},
		{
			name: "the runtime of an SDK was edited after make generate", rule: "generated/stale",
			edits: []edit{{"internal/sdk/go/retry.go", "maxDoublings = 5", "maxDoublings = 6"}},
			file:  "gen/client/retry.go", text: "maxDoublings = 5",
		},
		{
			name: "a generated file was removed", rule: "generated/missing",
			edits: []edit{{"gen/db/users.sql.go", "", ""}},
			file:  "gen/db/users.sql.go",
		},
		{
			name: "a file is left of queries that are gone", rule: "generated/extra",
			edits: []edit{{"gen/db/photos.sql.go", "", "package db\n"}},
			file:  "gen/db/photos.sql.go",
		},
		{
			name: "a query that the generator refuses", rule: "generated/failed",
			edits: []edit{{"queries/posts.sql", "SELECT * FROM live_posts WHERE id", "SELCT * FROM live_posts WHERE id"}},
			file:  "queries/posts.sql", text: "SELCT",
		},
		{
			name: "settings of sqlc that it does not know", rule: "generated/failed",
			edits: []edit{{"sqlc.yaml", "    queries: queries", "    queriez: queries"}},
			file:  "sqlc.yaml", text: "queriez",
		},
		{
			name: "an answer whose schema has no name", rule: "generated/failed",
			edits: []edit{{
				"openapi.yaml", "schema: {$ref: '#/components/schemas/UserListResponse'}",
				"schema: {type: object, properties: {data: {type: object, properties: {a: {type: string}}}}}",
			}},
			file: "openapi.yaml", text: "    get:\n      operationId: listUsers",
		},
	}
}
