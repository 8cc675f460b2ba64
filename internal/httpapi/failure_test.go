package httpapi_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestWhatGoesWrongInsideStaysInside(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	execute(t, s.DB, "DROP SCHEMA public CASCADE")
	eachOperation(t, s, http.StatusInternalServerError,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			answer := example(op).send(c, "X-Request-Id", "failing."+op.ID).Is(http.StatusInternalServerError)
			assert.Equal(t, "Something went wrong on our side", answer.JSON("detail"))
			assert.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
			assert.Empty(t, answer.ETag())
			for _, internal := range []string{"does not exist", "relation", "postgres", "SQLSTATE"} {
				assert.NotContains(t, string(answer.Body), internal)
			}
			assert.Contains(t, s.Log.String(), `"request_id":"failing.`+op.ID+`"`)
		})
	t.Cleanup(func() { assert.Contains(t, s.Log.String(), "does not exist", "the log tells what went wrong") })
}

func TestThePoolIsClosed(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	s.DB.Close()
	eachOperation(t, s, http.StatusServiceUnavailable,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			answer := example(op).send(c).Is(http.StatusServiceUnavailable)
			assert.Equal(t, "1", answer.Header.Get("Retry-After"))
		})
}

func TestTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	url := testkit.URL(t)
	s := testkit.NewServerOn(t, testkit.Open(t, url))
	s.Get("/readyz").Is(http.StatusOK)

	settings, err := pgx.ParseConfig(url)
	require.NoError(t, err)
	gone := settings.Database
	settings.Database = "postgres"
	admin, err := pgx.ConnectConfig(t.Context(), settings)
	require.NoError(t, err)
	_, err = admin.Exec(t.Context(), fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", gone))
	require.NoError(t, err)
	require.NoError(t, admin.Close(t.Context()))

	for _, path := range []string{"/users/1", "/users", "/posts", "/readyz"} {
		answer := s.Get(path).Is(http.StatusServiceUnavailable)
		assert.Equal(t, "1", answer.Header.Get("Retry-After"))
		assert.NotContains(t, string(answer.Body), gone)
	}
	s.Post("/users", person()).Is(http.StatusServiceUnavailable)
	s.Get("/healthz").Is(http.StatusOK)
}

func TestTheDatabaseIsTooSlow(t *testing.T) {
	t.Parallel()
	url := testkit.URL(t)
	s := testkit.NewServerOn(t, testkit.Open(t, url), edited(t,
		"x-timeout: 5s", "x-timeout: 250ms", "x-timeout: 10s", "x-timeout: 250ms", "x-timeout: 30s", "x-timeout: 250ms"))
	holder, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, holder.Close(t.Context())) })
	_, err = holder.Exec(t.Context(), "BEGIN; LOCK TABLE users, addresses, posts, sessions, clients IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	t.Run("while a lock is held", func(t *testing.T) {
		eachOperation(t, s, http.StatusGatewayTimeout,
			func(t *testing.T, c *testkit.Client, op *contract.Operation) {
				example(op).send(c).Is(http.StatusGatewayTimeout)
			})
	})
	_, err = holder.Exec(t.Context(), "ROLLBACK")
	require.NoError(t, err)
	patient := testkit.NewServerOn(t, testkit.Open(t, url))
	patient.Get("/users").Is(http.StatusOK)
	assert.Zero(t, count(t, patient.DB, "users"), "what timed out left nothing behind")
}

func TestABodyThatDoesNotArrive(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, edited(t, "x-timeout: 5s", "x-timeout: 150ms", "x-timeout: 10s", "x-timeout: 150ms",
		"x-timeout: 30s", "x-timeout: 150ms"))
	eachOperation(t, s, http.StatusRequestTimeout,
		func(t *testing.T, c *testkit.Client, op *contract.Operation) {
			r := example(op)
			reader, writer := io.Pipe()
			t.Cleanup(func() { assert.NoError(t, writer.Close()) })
			r.body = io.MultiReader(strings.NewReader(`{"name":`), reader)
			r.send(c).Is(http.StatusRequestTimeout)
		})
}

func TestAConnectionThatTricklesIsClosed(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, edited(t, "x-timeout: 5s", "x-timeout: 150ms"))
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, connection.Close()) })
	require.NoError(t, connection.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(connection,
		"POST /users HTTP/1.1\r\nHost: plaza\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
	require.NoError(t, err)
	answers := bufio.NewReader(connection)
	answer, err := http.ReadResponse(answers, nil)
	require.NoError(t, err)
	assert.Equal(t, http.StatusRequestTimeout, answer.StatusCode)
	_, err = io.Copy(io.Discard, answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	_, err = answers.ReadByte()
	require.ErrorIs(t, err, io.EOF, "the connection must be closed")
	assert.Zero(t, count(t, s.DB, "users"))
}

func TestAPanicIsAnsweredAsAProblem(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, func(c *httpapi.Config) { c.Users = nil })
	answer := s.Get("/users/1").Is(http.StatusInternalServerError)
	assert.NotContains(t, string(answer.Body), "nil pointer")
	assert.Contains(t, s.Log.String(), "nil pointer")
	assert.Contains(t, s.Log.String(), "users.go", "the log has the stack")
	s.Get("/healthz").Is(http.StatusOK)
}
