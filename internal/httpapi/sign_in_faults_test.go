package httpapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/testkit"
)

// The statuses of OAuth's endpoints and pages, by walking the contract, as in conformance_test.go and failure_test.go.
// That the error has the form of the operation, the client checks.

// eachOfSignIn runs a subtest for every operation of OAuth and its pages that declares a status, all at once.
func eachOfSignIn(t *testing.T, s *testkit.Server, status int, try func(c *testkit.Client, op *contract.Operation) *testkit.Answer) {
	t.Helper()
	tried := 0
	for _, op := range testkit.Contract(t).Operations {
		if !declares(op, status) || op.Tag != "oauth" && op.Tag != "pages" {
			continue
		}
		tried++
		t.Run(op.ID+" answers "+http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			answer := try(s.In(t), op).Is(status)
			for _, internal := range []string{"does not exist", "relation", "SQLSTATE"} {
				assert.NotContains(t, string(answer.Body), internal)
			}
		})
	}
	require.NotZero(t, tried)
}

// asking is the example of an operation, so that it needs the database: somebody has been signed in, and a client asks.
func asking(op *contract.Operation) request {
	r := example(op)
	r.headers = append(r.headers, "Cookie", "plaza-session="+strings.Repeat("A", 43))
	switch op.ID {
	case "exchangeToken", "revokeToken", "introspectToken":
		r.headers = append(r.headers, "Authorization", basic("example", "secret"))
	case "endSession":
		r.path = op.Path + "?client_id=example"
	case "signOut":
		r.body = "client_id=example&redirect=&state="
	}
	return r
}

func TestSignInWithWhatIsTooLargeOrMalformed(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	eachOfSignIn(t, s, http.StatusRequestHeaderFieldsTooLarge,
		func(c *testkit.Client, op *contract.Operation) *testkit.Answer {
			return example(op).send(c, "X-Padding", strings.Repeat("x", 33<<10))
		})
	eachOfSignIn(t, s, http.StatusBadRequest, func(c *testkit.Client, op *contract.Operation) *testkit.Answer {
		r := example(op)
		r.path, _, _ = strings.Cut(r.path, "?")
		r.path += "?x=%zz"
		return r.send(c)
	})
}

func TestSignInWithABodyThatDoesNotArrive(t *testing.T) {
	t.Parallel()
	s := furnished(t, edited(t, "x-timeout: 5s", "x-timeout: 150ms", "x-timeout: 10s", "x-timeout: 150ms"))
	eachOfSignIn(t, s, http.StatusRequestTimeout, func(c *testkit.Client, op *contract.Operation) *testkit.Answer {
		r := example(op)
		reader, writer := io.Pipe()
		t.Cleanup(func() { assert.NoError(t, writer.Close()) })
		r.body = io.MultiReader(strings.NewReader("request="), reader)
		return r.send(c)
	})
}

func TestSignInOnABrokenDatabase(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	execute(t, s.DB, "DROP SCHEMA public CASCADE")
	eachOfSignIn(t, s, http.StatusInternalServerError, func(c *testkit.Client, op *contract.Operation) *testkit.Answer {
		return asking(op).send(c)
	})
	t.Cleanup(func() { assert.Contains(t, s.Log.String(), "does not exist", "the log tells what went wrong") })
}

func TestSignInOnAClosedPool(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	s.DB.Close()
	eachOfSignIn(t, s, http.StatusServiceUnavailable, func(c *testkit.Client, op *contract.Operation) *testkit.Answer {
		return asking(op).send(c)
	})
}

func TestSignInOnADatabaseThatIsTooSlow(t *testing.T) {
	t.Parallel()
	url := testkit.URL(t)
	s := testkit.NewServerOn(t, testkit.Open(t, url), edited(t, "x-timeout: 5s", "x-timeout: 250ms", "x-timeout: 10s", "x-timeout: 250ms"))
	unlock := locked(t, url)
	t.Run("while a lock is held", func(t *testing.T) {
		eachOfSignIn(t, s, http.StatusGatewayTimeout, func(c *testkit.Client, op *contract.Operation) *testkit.Answer {
			return asking(op).send(c)
		})
	})
	unlock()
}
