package contract_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
)

func TestLoadCompilesThePolicies(t *testing.T) {
	t.Parallel()
	c := load(t)
	sum := sha256.Sum256([]byte(source(t)))
	assert.Equal(t, "1.2.3", c.Version)
	assert.Equal(t, hex.EncodeToString(sum[:]), c.Hash)
	var ids []string
	for _, o := range c.Operations {
		ids = append(ids, o.ID)
	}
	assert.Equal(t, []string{
		"createUser", "listUsers", "updateUser", "getFile", "createUsers", "createNote",
		"createShape", "sendAnything", "checkLimits", "issueToken", "importUsers",
	}, ids, "operations stand in the order of the file")
	assert.Nil(t, c.Operation("nobody"))

	write := []contract.Alternative{{Scheme: "oauth", Scopes: []string{"users:write"}}}
	assert.Equal(t, contract.Policy{
		Security:  contract.Security{Anonymous: true, Alternatives: write},
		RateLimit: &contract.RateLimit{Requests: 10, Per: time.Minute}, Idempotent: true, BodyLimit: 1024, Timeout: 5 * time.Second,
	}, c.Operation("createUser").Policy)
	assert.Equal(t, contract.Policy{
		Security: contract.Security{Alternatives: []contract.Alternative{{Scheme: "oauth", Scopes: []string{"users:read"}}}},
		Roles:    []string{"admin", "service"}, Timeout: 2 * time.Second,
		Cache: &contract.Cache{Keep: 300 * time.Second, Control: "private, no-cache"},
	}, c.Operation("listUsers").Policy)
	assert.Equal(t, contract.Policy{
		Security: contract.Security{Alternatives: write}, Owner: "user_id",
		RateLimit: &contract.RateLimit{Requests: 60, Per: time.Minute}, BodyLimit: 2 << 20, Timeout: 5 * time.Second,
	}, c.Operation("updateUser").Policy)
	assert.Equal(t, contract.Policy{
		Security: contract.Security{Anonymous: true}, Replica: true, Timeout: 5 * time.Second,
	}, c.Operation("getFile").Policy)
	assert.EqualValues(t, 512, c.Operation("importUsers").Policy.BodyLimit)

	o := c.Operation("createUser")
	assert.Equal(t, []string{"POST", "/users", "users"}, []string{o.Method, o.Path, o.Tag})
	assert.Equal(t, "createUser", o.Spec.OperationID)
}

// Each row breaks one place of the fixture.
func TestLoadRefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	rows := map[string]struct{ old, replacement, want string }{
		"an unknown key of an operation":       {"x-idempotent: true", "x-idempotant: true", "openapi.yaml:11:7: unknown key x-idempotant"},
		"an unknown key anywhere":              {"version: 1.2.3}", "version: 1.2.3, x-logo: a}", "openapi.yaml:2:40: unknown key x-logo"},
		"an unknown key in a path":             {"  /users:\n", "  /users:\n    x-path: a\n", "openapi.yaml:6:5: unknown key x-path"},
		"an unknown key in a schema":           {"minLength: 2\n", "x-min: 2\n", "unknown key x-min"},
		"a schema's key in an operation":       {"x-idempotent: true", "x-trim: false", "openapi.yaml:11:7: x-trim has no meaning here"},
		"an operation's key in a schema":       {"minLength: 2\n", "x-timeout: 2s\n", "x-timeout has no meaning here"},
		"x-rule beside a $ref":                 {"Name', x-column: users.name", "Name', x-rule: minor", "x-rule must stand in the schema itself, not beside its $ref"},
		"security that is not stated":          {"      security: [{}, {oauth: [users:write]}]\n", "", "createUser: security must be stated"},
		"two schemes at once":                  {"security: [{}, {oauth: [users:write]}]", "security: [{oauth: [], key: []}]", "must name one scheme per alternative"},
		"an owner who is no path parameter":    {"x-owner: user_id", "x-owner: id", "openapi.yaml:59:7: updateUser: x-owner must name a parameter of the path"},
		"roles that are no list":               {"x-roles: [admin, service]", "x-roles: admin", "listUsers: x-roles must be a list of roles"},
		"a scope that nobody declares":         {"x-roles: [admin]}", "x-scopes: [people:rename]}", "x-scopes must be a list of scopes that a security scheme declares"},
		"roles of a property that are no list": {"x-roles: [admin]}", "x-roles: []}", "x-roles must be a list of roles"},
		"a rate limit that is not stated":      {"      x-rate-limit: {requests: 10, per: 60s}\n", "", "createUser: x-rate-limit must be stated"},
		"a rate limit of nothing":              {"{requests: 10, per: 60s}", "{requests: 0, per: 60s}", "openapi.yaml:10:7: createUser: x-rate-limit must be stated"},
		"a rate limit in no time":              {"{requests: 10, per: 60s}", "{requests: 10, per: 60}", "createUser: x-rate-limit must be stated"},
		"a rate limit with an unknown key":     {"{requests: 10, per: 60s}", "{requests: 10, per: 60s, burst: 1}", "createUser: x-rate-limit must be stated"},
		"a cache with an unknown key":          {"{keep: 300s, ", "{kept: 300s, ", "listUsers: x-cache must be {keep: 300s"},
		"a cache of nothing":                   {`{keep: 300s, control: "private, no-cache"}`, "{}", "listUsers: x-cache must be {keep: 300s"},
		"a flag that is none":                  {"x-idempotent: true", "x-idempotent: often", "createUser: x-idempotent must be true or false"},
		"an SDK's name that is none":           {"x-idempotent: true", "x-idempotent: true\n      x-sdk-name: create many", "openapi.yaml:12:7: createUser: x-sdk-name must be a name such as createMany"},
		"a replica for a write":                {"x-idempotent: true", "x-replica: true", "openapi.yaml:11:7: createUser: x-replica must be true, on a GET of which nothing is kept"},
		"a replica for what is kept":           {"x-timeout: 2s", "x-timeout: 2s\n      x-replica: true", "listUsers: x-replica must be true, on a GET of which nothing is kept"},
		"a replica that is none":               {"x-replica: true", "x-replica: false", "getFile: x-replica must be true, on a GET"},
		"a body limit that is not stated":      {"      x-body-limit: 1KiB\n", "", "createUser: x-body-limit must be stated"},
		"a body limit of another unit":         {"x-body-limit: 1KiB", "x-body-limit: 1KB", "createUser: x-body-limit must be stated, as in 64KiB"},
		"a body limit without a body":          {"x-timeout: 2s", "x-timeout: 2s\n      x-body-limit: 1KiB", "listUsers: x-body-limit has no meaning without a request body"},
		"a time-out that is not stated":        {"      x-timeout: 2s\n", "", "listUsers: x-timeout must be stated"},
		"a time-out of nothing":                {"x-timeout: 2s", "x-timeout: 0s", "openapi.yaml:38:7: listUsers: x-timeout must be stated, as in 5s"},
		"a column without a table":             {"x-column: users.name", "x-column: name", `x-column must be "table.column"`},
		"a computed column":                    {"x-column: users.age", "x-column: users.age, x-computed: true", "x-column and x-computed exclude each other"},
		"x-computed: false":                    {"x-computed: true", "x-computed: false", "x-computed must be true"},
		"x-trim: true":                         {"x-trim: false", "x-trim: true", "x-trim must be false, on a string"},
		"an unknown rule":                      {"x-rule: minor", "x-rule: major", `unknown rule "major"`},
		"an unknown format":                    {"format: person_name", "format: email", "unknown format email"},
		"an unknown format of an integer":      {"format: int64, minimum: 1", "format: int128, minimum: 1", "unknown format int128"},
		"a format of an object":                {"Limits:\n      type: object", "Limits:\n      type: object\n      format: tag", "unknown format tag"},
		"an unknown format of a number":        {"ratio: {type: number}", "ratio: {type: number, format: half}", "unknown format half"},
		"a mark without a reason":              {"x-idempotent: true", "x-untested: ' '", "openapi.yaml:11:7: x-untested must give a reason"},
		"a mark of what tests cannot see":      {"version: 1.2.3}", "version: 1.2.3, x-untested: a}", "x-untested has no meaning here"},
		"messages that are no map":             {"{format: Name cannot contain numbers}", "Name", "x-messages must map keywords to words"},
		"a message for an unknown keyword":     {"{format: Name cannot contain numbers}", "{form: Name}", "x-messages has the unknown keyword form"},
		"a message without words":              {"{format: Name cannot contain numbers}", "{format: ' '}", "x-messages must have words for format"},
		"items of an unknown schema":           {"x-validate-items: UserCreate", "x-validate-items: Nobody", "x-validate-items must name a schema of the contract, on an array"},
		"two arrays checked by item":           {"atomic: {type: boolean, default: false}", "more: {type: array, items: {}, x-validate-items: UserCreate}", "only one array of a body can have x-validate-items"},
		"oneOf that nothing decides":           {"      discriminator: {propertyName: kind, mapping: {circle: '#/components/schemas/Circle', square: Square}}\n", "", "oneOf needs a discriminator with a mapping"},
		"an object as a parameter":             {"name: ratio, in: query, schema: {type: number", "name: ratio, in: query, schema: {type: object", "parameter ratio must have a schema that is no object"},
		"a header without a schema":            {"X-Count: {schema: {type: integer, maximum: 10}}", "X-Count: {content: {text/plain: {}}}", "header X-Count must have a schema"},
		"response headers that are no list":    {"x-response-headers: [X-Request-Id]", "x-response-headers: all", "openapi.yaml:3:1: x-response-headers must be a list of headers"},
		"an unknown response header":           {"x-response-headers: [X-Request-Id]", "x-response-headers: [X-Other]", "there is no components/headers/X-Other"},
		"a range of statuses":                  {"'204': {description: Nothing to say}", "2XX: {description: Nothing to say}", "createUser: response 2XX must be a status"},
		"a GET with a body":                    {"x-timeout: 2s", "x-timeout: 2s\n      x-body-limit: 1KiB\n      requestBody: {content: {text/csv: {}}}", "listUsers: a GET takes no body"},
		"an operation without a name":          {"      operationId: createNote\n", "", "POST /notes has no operationId"},
		"another version of OpenAPI":           {"openapi: 3.0.3", "openapi: 3.1.0", "openapi.yaml: openapi 3.1.0 is not 3.0"},
		"what is no YAML":                      {"openapi: 3.0.3", "openapi: [", "openapi.yaml:2:1: did not find expected"},
		"what OpenAPI does not allow":          {"description: Nothing to say", "descriptions: Nothing to say", "openapi.yaml: "},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := source(t)
			require.Contains(t, text, row.old, "the fixture has the place that this row breaks")
			_, err := contract.Load([]byte(strings.Replace(text, row.old, row.replacement, 1)), rules())
			require.ErrorContains(t, err, row.want)
		})
	}
}

func TestLoadTellsEverythingAtOnceInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("x-idempotent: true", "x-once: true", "x-timeout: 2s", "x-timeout: soon", "x-trim: false", "x-trim: 1").Replace(source(t))
	_, err := contract.Load([]byte(text), rules())
	require.Error(t, err)
	assert.Equal(t, lines(
		"openapi.yaml:11:7: unknown key x-once",
		"openapi.yaml:38:7: listUsers: x-timeout must be stated, as in 5s",
		"openapi.yaml:235:33: x-trim must be false, on a string",
	), err.Error())
}

func TestLoadAllowsTheKeysOfTheGenerator(t *testing.T) {
	t.Parallel()
	text := strings.Replace(source(t), "maxLength: 30,", "maxLength: 30, x-go-name: Mail, x-order: 1,", 1)
	_, err := contract.Load([]byte(text), rules())
	require.NoError(t, err)
}

func TestLoadAllowsMarksWhereTestsCanLook(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer(
		"x-idempotent: true", "x-idempotent: true\n      x-untested: a",
		"description: Nothing to say", "description: Nothing to say, x-untested: a",
		"name: ratio, in: query,", "name: ratio, in: query, x-untested: a,",
		"Name', x-column: users.name", "Name', x-column: users.name, x-untested: a",
		"minLength: 2\n", "minLength: 2\n      x-untested: a\n",
	).Replace(source(t))
	require.Equal(t, 5, min(5, strings.Count(text, "x-untested")))
	_, err := contract.Load([]byte(text), rules())
	require.NoError(t, err)
}

func TestContractsLiveSideBySide(t *testing.T) {
	t.Parallel()
	strict := rules()
	strict.Formats["person_name"] = func(string) error { return assert.AnError }
	other, err := contract.Load([]byte(source(t)), strict)
	require.NoError(t, err)
	body := `{"name":"Ann Lee","email":"a@b","age":34}`
	_, _, err = check(t, load(t), "createUser", body)
	require.NoError(t, err)
	_, err = other.Operation("createUser").CheckRequest(request("POST", "/users", jsonType, body), nil)
	assert.Equal(t, "invalid: Name cannot contain numbers\n/name: Name cannot contain numbers", render(err))
}
