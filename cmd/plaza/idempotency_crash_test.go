package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
)

// The caller does not read the answer, and the server is killed when what it did is there to see.
func TestKilledBeforeItsAnswerIsReadARequestWithAKeyHasOneEffect(t *testing.T) {
	t.Parallel()
	directory, program := emptyDirectory(t), build(t)
	body := draft("once@example.com")
	first := startServer(t, program, directory)
	admin := first.admin(t)

	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(first.url, "http://"))
	require.NoError(t, err)
	_, err = fmt.Fprintf(conn, "POST /users HTTP/1.1\r\nHost: plaza\r\nContent-Type: application/json\r\n"+
		"Idempotency-Key: k\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		return admin.Get("/users?q=once@").Is(http.StatusOK).JSON("data", "total") == 1.0
	}, time.Minute, time.Millisecond)
	require.NoError(t, first.cmd.Process.Signal(syscall.SIGKILL))
	require.EqualError(t, first.cmd.Wait(), "signal: killed")
	require.NoError(t, conn.Close())

	second := startServer(t, program, directory)
	again := testkit.NewClient(t, second.url).Post("/users", body, "Idempotency-Key", "k").Is(http.StatusCreated)
	assert.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
	found := second.admin(t).Get("/users?q=once@").Is(http.StatusOK)
	assert.EqualValues(t, 1, found.JSON("data", "total"))
	assert.Equal(t, found.JSON("data", "items", 0), again.JSON("data"))
	second.end(t)
}
