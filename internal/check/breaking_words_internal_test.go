package check

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// evolved compares a contract with what becomes of it.
func evolved(t *testing.T, before, after string) *evolution {
	t.Helper()
	read := func(text string) *Source {
		source, err := ReadSource("openapi.yaml", []byte(text))
		require.NoError(t, err)
		return source
	}
	e, err := evolutionOf(read(before), read(after), "v0.1.0")
	require.NoError(t, err)
	return e
}

func messages(e *evolution) []string {
	var all []string
	for _, c := range e.changes {
		all = append(all, c.Rule+" "+c.Pointer+" "+c.Message)
	}
	return all
}

// Each row edits this project's contract.
func TestWhatAReviewerReads(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	rows := map[string]struct{ old, replacement, want string }{
		"a shared schema": {
			"enum: [active, inactive, suspended]", "enum: [active, inactive, suspended, resting]",
			"breaking/incompatible /components/schemas/UserStatus/enum/3 7 operations (getMe, listUsers, createUser and 4 more): " +
				"added the new `resting` enum value to the `status` response property for the response status `200`, `201`",
		},
		"a limit of requests and answers": {
			"maxLength: 100\n      format: person_name", "maxLength: 80\n      format: person_name",
			"breaking/incompatible /components/schemas/UserName/maxLength createUser and updateUser: " +
				"the `name` request property's maxLength was decreased to `80`",
		},
		"an operation that is gone": {
			"    delete:\n      operationId: deleteUser", "    x-delete:\n      operationId: deleteUser",
			"breaking/incompatible /paths/~1users~1{user_id} deleteUser (DELETE /users/{user_id}) is gone: " +
				"keep it, deprecated, until nobody calls it",
		},
		"a deprecation": {
			"operationId: getMe\n", "operationId: getMe\n      deprecated: true\n",
			"breaking/change /paths/~1me/get/deprecated getMe is deprecated",
		},
		"a large number": {
			"maximum: 9007199254740991\n      example: 3", "maximum: 9007199254740990\n      example: 3",
			"breaking/change /components/schemas/Version/maximum ",
		},
		"a scope": {
			"security: [{oauth: [users:read]}]", "security: [{oauth: [users:read, posts:read]}]",
			"breaking/policy-stricter /paths/~1users/get/security listUsers: security is oauth with users:read and posts:read, " +
				"and was oauth with users:read: callers who were let in are refused",
		},
		"a cache of the server": {
			"x-cache: {keep: 300s,", "x-cache: {keep: 30s,",
			"breaking/policy-change /paths/~1users~1{user_id}/get/x-cache getUser: x-cache is control private, no-cache, keep 30s, " +
				"and was control private, no-cache, keep 300s",
		},
		"white space that counted": {
			"      maxLength: 128\n      x-trim: false\n", "      maxLength: 128\n",
			"breaking/policy-stricter /components/schemas/Password/x-trim Password: x-trim is not stated, and was false: " +
				"white space at the ends counts otherwise",
		},
		"words of a message": {
			"{format: Name cannot contain numbers}", "{format: No numbers}",
			"breaking/policy-change /components/schemas/UserName/x-messages UserName: x-messages is format No numbers, " +
				"and was format Name cannot contain numbers",
		},
		"a header of all answers": {
			"x-response-headers: [X-Request-Id, X-Process-Time,", "x-response-headers: [X-Request-Id,",
			"breaking/incompatible /x-response-headers answers no longer carry X-Process-Time: keep it in x-response-headers",
		},
		"an open body": {
			"description: A merge patch of a user\n      type: object\n      additionalProperties: false",
			"description: A merge patch of a user\n      type: object\n      additionalProperties: true",
			"breaking/change /components/schemas/UserPatch/additionalProperties UserPatch takes properties that it does not name",
		},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, string(text), row.old)
			found := messages(evolved(t, string(text), strings.Replace(string(text), row.old, row.replacement, 1)))
			require.Len(t, found, 1, "one change is one finding")
			assert.Contains(t, found[0], row.want)
		})
	}
}

func TestABodyThatIsClosedIsIncompatible(t *testing.T) {
	t.Parallel()
	inline := strings.Replace(foreign, "{$ref: '#/components/schemas/Sent'}}}}",
		"{type: array, items: {properties: {at: {type: object}}}}}}}", 1)
	another := strings.NewReplacer("{schema: {$ref: '#/components/schemas/Sent'}}", "{schema: {type: object}}",
		"  schemas:\n", "  schemas:\n    Closed: {type: object, additionalProperties: false}\n").Replace(foreign)
	const at = "/paths/~1things~1{id}/put/requestBody/content/application~1json/schema/items/properties/at"
	for name, row := range map[string]struct{ before, old, replacement, want, wantName string }{
		"of a component": {
			foreign, "Sent: {type: object", "Sent: {type: object, additionalProperties: false", "/components/schemas/Sent", "Sent",
		},
		"of a property": {
			foreign, "x-trim: maybe}", "x-trim: maybe}, at: {additionalProperties: false}", "", "",
		},
		"within a body": {
			inline, "at: {type: object", "at: {type: object, additionalProperties: false", at,
			"items/properties/at in the body of PUT /things/{id}",
		},
		"that was another one": {
			another, "{schema: {type: object}}", "{schema: {$ref: '#/components/schemas/Closed'}}", "/components/schemas/Closed", "Closed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, row.before, row.old)
			found := messages(evolved(t, row.before, strings.Replace(row.before, row.old, row.replacement, 1)))
			want := "breaking/incompatible " + row.want + "/additionalProperties " + row.wantName +
				" refuses properties that it does not name, and took them: leave it open"
			if row.want == "" { // it is new, and was not sent before
				assert.NotContains(t, strings.Join(found, "\n"), "refuses properties")
				return
			}
			assert.Equal(t, []string{want}, found)
		})
	}
}

func TestABodyThatTakesSomeAloneIsIncompatible(t *testing.T) {
	t.Parallel()
	some := strings.Replace(foreign, "Sent: {type: object", "Sent: {type: object, additionalProperties: {type: integer}", 1)
	assert.Equal(t, []string{
		"breaking/incompatible /components/schemas/Sent/additionalProperties " +
			"Sent refuses some properties that it does not name, and took all: leave it open",
	}, messages(evolved(t, foreign, some)))
	assert.Equal(t, []string{
		"breaking/change /components/schemas/Sent/additionalProperties Sent takes properties that it does not name",
	}, messages(evolved(t, some, foreign)))
}

// foreign is a contract that Plaza could not serve: its policies are missing or make no sense, its version is none.
const foreign = `
openapi: 3.1.0
info: {title: Foreign, version: 2026-01}
security: [{key: []}]
x-response-headers: {a: b}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    put:
      x-rate-limit: often
      x-roles: 7
      x-cache: [1, 2]
      x-failed-sign-ins: {account: 1}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Sent'}}}}
      responses: {'200': {description: Done}}
components:
  schemas:
    Sent: {type: object, properties: {name: {type: string, x-roles: {}, x-scopes: 1, x-trim: maybe}, next: {$ref: '#/components/schemas/Sent'}}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: http, scheme: bearer}
`

func TestAContractThatPlazaCouldNotServe(t *testing.T) {
	t.Parallel()
	rows := map[string]struct{ old, replacement, want string }{
		"security for all operations": {
			"[{key: []}]", "[{key: [], token: []}]",
			"breaking/policy-stricter /paths/~1things~1{id}/put/security PUT /things/{id}: security is key and token, and was key: " +
				"callers who were let in are refused",
		},
		"an alternative": {
			"[{key: []}]", "[{key: []}, {token: []}]",
			"breaking/policy-change /paths/~1things~1{id}/put/security PUT /things/{id}: security is key or token, and was key",
		},
		"another name of a parameter in the path": {
			"/things/{id}:\n    parameters: [{name: id", "/things/{thing}:\n    parameters: [{name: thing", "",
		},
		"a policy that cannot be read": {"x-rate-limit: often", "x-rate-limit: {requests: -1}", ""},
		"a limit where there was none": {
			"x-rate-limit: often", "x-rate-limit: {requests: 5, per: 1s}",
			"breaking/policy-stricter /paths/~1things~1{id}/put/x-rate-limit PUT /things/{id}: x-rate-limit is 5 per 1s, and was often: " +
				"calls that were answered get 429",
		},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := evolved(t, foreign, strings.Replace(foreign, row.old, row.replacement, 1))
			if row.want == "" {
				assert.Empty(t, e.changes)
				assert.Empty(t, e.versionFindings())
				return
			}
			assert.Equal(t, []string{row.want}, messages(e))
			require.Len(t, e.versionFindings(), 1)
			assert.Contains(t, e.versionFindings()[0].Message, "info.version is `2026-01` as in v0.1.0, though clients notice 1 ")
		})
	}
	next := strings.Replace(strings.Replace(foreign, "2026-01", "2026-02", 1), "/things/{id}:", "/items/{id}:", 1)
	assert.Empty(t, evolved(t, foreign, next).versionFindings(), "another version is a raised one, where they have no order")
	assert.True(t, evolved(t, foreign, next).isRaisedFor(isIncompatible))
}

func TestAnEmptyContract(t *testing.T) {
	t.Parallel()
	const empty = "openapi: 3.0.3\ninfo: {title: Nothing, version: 1.0.0}\npaths: {}\n"
	assert.Equal(t, []string{
		"breaking/incompatible /paths PUT /things/{id} is gone: keep it, deprecated, until nobody calls it",
		"breaking/incompatible /openapi the schema Sent is gone, and with it the SDKs' type of that name: keep the name",
		"breaking/change /openapi the component security scheme `key` was removed",
		"breaking/change /openapi the component security scheme `token` was removed",
	}, messages(evolved(t, foreign, empty)))
}
