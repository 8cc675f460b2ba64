package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/contract"
	examples "github.com/plaza-api/plaza/internal/example"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

// object is a JSON object.
type object = map[string]any

var signedUp atomic.Int64 // makes each e-mail address different

// person is the body of a sign-up, with an e-mail address of its own; fields win over the usual ones.
func person(fields ...object) object {
	body := object{
		"name": "Ann Lee", "email": fmt.Sprintf("ann.%d@example.com", signedUp.Add(1)), "age": 34,
	}
	for _, f := range fields {
		maps.Copy(body, f)
	}
	return body
}

// home is the body of an address; fields win over the usual ones.
func home(fields ...object) object {
	body := object{"street": "24 Sussex Drive", "city": "Ottawa", "country": "CA", "postal_code": "K1M 1M4"}
	for _, f := range fields {
		maps.Copy(body, f)
	}
	return body
}

// count returns how many rows a table has, the hidden ones included.
func count(t *testing.T, database *postgres.DB, table string) int {
	t.Helper()
	var rows int
	err := database.Conn(t.Context()).QueryRow(t.Context(), "SELECT count(*) FROM "+pgx.Identifier{table}.Sanitize()).Scan(&rows)
	require.NoError(t, err)
	return rows
}

// execute runs a statement on a server's database.
func execute(t *testing.T, database *postgres.DB, statement string) {
	t.Helper()
	_, err := database.Conn(t.Context()).Exec(t.Context(), statement)
	require.NoError(t, err)
}

// edited makes a server follow a contract in which texts are replaced, old and new in turns.
func edited(t *testing.T, replacements ...string) func(*httpapi.Config) {
	t.Helper()
	for i := 0; i < len(replacements); i += 2 {
		require.Contains(t, string(contractfile.YAML), replacements[i])
	}
	source := strings.NewReplacer(replacements...).Replace(string(contractfile.YAML))
	c, err := contract.Load([]byte(source), httpapi.Rules())
	require.NoError(t, err)
	return func(config *httpapi.Config) { config.Contract = c }
}

// request is how to call an operation.
type request struct {
	method, path string
	body         any
	headers      []string
}

var served = sync.OnceValues(func() (*contract.Contract, error) {
	return contract.Load(contractfile.YAML, httpapi.Rules())
})

// example makes a request of an operation from the contract's examples. It names the users, addresses and posts
// with id 1.
func example(op *contract.Operation) request {
	c, err := served()
	if err != nil {
		panic(err) // no server started
	}
	sent, err := examples.Request(context.Background(), c, op, "http://server", nil)
	if err != nil {
		panic(err) // the test that asks each operation for its example has shown it
	}
	r := request{method: sent.Method, path: sent.URL.RequestURI()}
	for name := range sent.Header {
		r.headers = append(r.headers, name, sent.Header.Get(name))
	}
	text, err := io.ReadAll(sent.Body)
	if err != nil {
		panic(err)
	}
	if len(text) > 0 && json.Unmarshal(text, &r.body) != nil {
		r.body = string(text)
	}
	return r
}

// exampleSession is the session that the contract's examples name.
const exampleSession = "0197c0de-7c1e-4b6a-9f5e-3d2a1b0c9d8e"

// furnish makes what the examples of the contract name: the users 1 and 2, of whom the first has an address, a post
// and a session, and the client `example`, which has a secret.
func furnish(t *testing.T, database *postgres.DB) {
	t.Helper()
	u := testkit.User(t, database)
	require.EqualValues(t, owner, u.ID)
	testkit.Address(t, database, u.ID)
	testkit.Post(t, database, u.ID)
	require.EqualValues(t, another, testkit.User(t, database).ID)
	execute(t, database, "INSERT INTO sessions (id, user_id, token_hash, user_agent, address, expires_at) VALUES ('"+exampleSession+
		"', 1, sha256(''), '', '', now() + interval '1 day')")
	execute(t, database, "INSERT INTO clients (id, name, kind, secret_hash, redirect_uris, scopes) VALUES "+
		"('example', 'Example', 'confidential', sha256('secret'), '{http://127.0.0.1/callback}', '{openid,users:read}')")
}

// exampleStatus is what the example of an operation gets from who may call it: a 2xx (success), unless it shows a
// code or a secret that is none.
func exampleStatus(op *contract.Operation) int {
	switch op.ID {
	case "exchangeToken", "revokeToken", "introspectToken":
		return http.StatusUnauthorized
	case "verifyEmail":
		return http.StatusUnprocessableEntity
	default:
		return success
	}
}

// send sends a request.
func (r request) send(c *testkit.Client, headers ...string) *testkit.Answer {
	return c.Send(r.method, r.path, r.body, append(r.headers, headers...)...)
}

// declares tells whether an operation may answer with a status.
func declares(op *contract.Operation, status int) bool {
	return op.Spec.Responses.Status(status) != nil
}

// eachOperation runs a subtest for every operation that declares a status, all at once.
func eachOperation(
	t *testing.T, s *testkit.Server, status int, try func(t *testing.T, c *testkit.Client, op *contract.Operation),
) {
	t.Helper()
	tried := 0
	for _, op := range testkit.Contract(t).Operations {
		if !declares(op, status) || op.Tag == "oauth" || op.Tag == "pages" { // these have tests and error formats of their own
			continue
		}
		tried++
		t.Run(op.ID+" answers "+http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			try(t, s.In(t), op)
		})
	}
	require.NotZero(t, tried)
}

// waitForLock waits until so many wait for a lock on a database.
func waitForLock(t *testing.T, database *postgres.DB, many int) {
	t.Helper()
	const waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
	require.Eventually(t, func() bool { // in no transaction, which would see one moment only
		var held int
		return database.Conn(t.Context()).QueryRow(t.Context(), waiting).Scan(&held) == nil && held == many
	}, 10*time.Second, time.Millisecond)
}
