package httpapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/testkit"
)

// Every status that all operations have in common, by walking the contract. That status, headers and body are as
// declared, the client checks.

func TestTheExamplesOfTheContractAreAnswered(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Contract(t).Operations {
		t.Run(op.ID+" answers its example", func(t *testing.T) {
			t.Parallel()
			s := furnished(t)
			requireStatus(t, exampleStatus(op), example(op).send(named(t, s, op)))
		})
	}
}

// named is a client for the example of an operation: as the user with id 1 where the answer is about the caller.
func named(t *testing.T, s *testkit.Server, op *contract.Operation) *testkit.Client {
	t.Helper()
	if op.Tag == "sessions" || op.ID == "getMe" || op.ID == "getUserInfo" {
		return s.Member(t, owner)
	}
	return s.In(t)
}

func TestHeadIsGetWithoutBody(t *testing.T) {
	t.Parallel()
	instant := time.Now()
	s := furnished(t, func(c *httpapi.Config) { c.Now = func() time.Time { return instant } })
	for _, op := range testkit.Contract(t).Operations {
		if op.Method != http.MethodGet {
			continue
		}
		t.Run(op.ID+" answers HEAD", func(t *testing.T) {
			t.Parallel()
			c, path := named(t, s, op), example(op).path
			get, head := c.Get(path).Is(http.StatusOK), c.Send(http.MethodHead, path, nil).Is(http.StatusOK)
			assert.Empty(t, head.Body)
			for _, name := range []string{"Content-Type", "Content-Length", "ETag", "Cache-Control"} {
				assert.Equal(t, get.Header.Get(name), head.Header.Get(name), name)
			}
		})
	}
}

func TestNotModified(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	for _, op := range testkit.Contract(t).Operations {
		if !declares(op, http.StatusNotModified) {
			continue
		}
		t.Run(op.ID+" answers 304", func(t *testing.T) {
			t.Parallel()
			c := named(t, s, op)
			tag := example(op).send(c).Is(http.StatusOK).ETag()
			assert.Equal(t, tag, example(op).send(c, "If-None-Match", tag).Is(http.StatusNotModified).ETag())
			example(op).send(c, "If-None-Match", `"1-0000000000000000"`).Is(http.StatusOK)
		})
	}
}

func TestNotAcceptable(t *testing.T) {
	t.Parallel()
	eachOperation(t, testkit.NewServer(t), http.StatusNotAcceptable,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			example(op).send(c, "Accept", "image/png, application/*;q=0, text/*;q=0").Is(http.StatusNotAcceptable)
		})
}

func TestHeaderFieldsTooLarge(t *testing.T) {
	t.Parallel()
	eachOperation(t, testkit.NewServer(t), http.StatusRequestHeaderFieldsTooLarge,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			example(op).send(c, "X-Padding", strings.Repeat("x", 33<<10)).Is(http.StatusRequestHeaderFieldsTooLarge)
		})
}

func TestMalformedQuery(t *testing.T) {
	t.Parallel()
	eachOperation(t, testkit.NewServer(t), http.StatusBadRequest,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			r := example(op)
			r.path += "?x=%zz"
			r.send(c).Is(http.StatusBadRequest)
		})
}

func TestUnknownQueryParameter(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	eachOperation(t, s, http.StatusUnprocessableEntity,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			r := example(op)
			r.path += "?unknown=1"
			assert.Contains(t, r.send(c).Is(http.StatusUnprocessableEntity).Faults(),
				"query unknown: is not a known parameter")
		})
}

// signsInHere are those of which nothing is missing but where another server signs people in.
var signsInHere = map[string]bool{"listClients": true, "createClient": true, "listSessions": true}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Contract(t).Operations {
		if !declares(op, http.StatusNotFound) || op.Tag == "docs" || signsInHere[op.ID] {
			continue
		}
		t.Run(op.ID+" answers 404", func(t *testing.T) {
			t.Parallel()
			s := testkit.NewServer(t)
			example(op).send(s.Client).Is(http.StatusNotFound)
			u := testkit.User(t, s.DB)
			testkit.Address(t, s.DB, u.ID)
			testkit.Post(t, s.DB, u.ID)
			execute(t, s.DB, "UPDATE users SET deleted_at = now()")
			if op.ID != "restoreUser" {
				example(op).send(s.Client).Is(http.StatusNotFound)
			}
		})
	}
}

func TestBodiesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	eachOperation(t, s, http.StatusUnsupportedMediaType,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			example(op).send(c, "Content-Type", "text/plain").Is(http.StatusUnsupportedMediaType)
			example(op).send(c, "Content-Type", "application/json; charset=latin1").Is(http.StatusUnsupportedMediaType)
			example(op).send(c, "Content-Encoding", "gzip").Is(http.StatusUnsupportedMediaType)
		})
	eachOperation(t, s, http.StatusRequestEntityTooLarge,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			r := example(op)
			large := strings.Repeat(" ", int(op.Policy.BodyLimit)+1)
			r.body = large
			r.send(c).Is(http.StatusRequestEntityTooLarge)
			r.body = io.MultiReader(strings.NewReader(large), strings.NewReader(large)) // of unknown length
			r.send(c).Is(http.StatusRequestEntityTooLarge)
		})
}

func TestMissingPrecondition(t *testing.T) {
	t.Parallel()
	eachOperation(t, testkit.NewServer(t), http.StatusPreconditionRequired,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			assert.Contains(t, example(op).send(c, "If-Match", "").Is(http.StatusPreconditionRequired).Faults(),
				"header If-Match: is required")
		})
}

func TestEveryBodyIsRequired(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	eachOperation(t, s, http.StatusUnsupportedMediaType,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			r := example(op)
			r.body = nil
			r.send(c).Is(http.StatusBadRequest)
			r.body = "null"
			r.send(c).Is(http.StatusUnprocessableEntity)
		})
	require.Zero(t, count(t, s.DB, "users"))
}
