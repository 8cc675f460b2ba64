package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
)

// load is many clients that create users until the server goes away or it is enough.
type load struct {
	client  *testkit.Client
	enough  atomic.Bool
	workers sync.WaitGroup

	mu         sync.Mutex
	answered   map[int64]string // the e-mail address of each user whose creation was answered, by id
	unanswered []string         // the others' e-mail addresses
	refused    map[int]int      // how often each other status came
}

func startLoad(t *testing.T, s *server) *load {
	t.Helper()
	l := &load{client: testkit.NewClient(t, s.url), answered: map[int64]string{}, refused: map[int]int{}}
	for worker := range loadWorkers {
		l.workers.Go(func() {
			for i := 0; !l.enough.Load(); i++ {
				if l.create(t, fmt.Sprintf("load%dn%d@example.com", worker, i)) == 0 {
					return
				}
			}
		})
	}
	return l
}

func draft(email string) string {
	return fmt.Sprintf(`{"name": "ann lee", "email": %q, "age": 34}`, email)
}

func (l *load) create(t *testing.T, email string) int {
	t.Helper()
	return l.send(t.Context(), t, email, strings.NewReader(draft(email)))
}

// send returns the status of the answer, or 0 where there was none. Each request has a connection of its own:
// a server that stops may close one that is kept alive just when the next request is on its way.
func (l *load) send(ctx context.Context, t *testing.T, email string, body io.Reader) int {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.client.URL+"/users", body)
	if err != nil {
		t.Error(err)
		return 0
	}
	r.Close = true
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Expect", "100-continue")
	answer, err := l.client.Try(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err != nil:
		l.unanswered = append(l.unanswered, email)
		return 0
	case answer.Status == http.StatusCreated:
		l.answered[answer.ID()] = email
	default:
		l.refused[answer.Status]++
		assert.Equal(t, answer.Status == http.StatusServiceUnavailable, answer.Header.Get("Retry-After") != "")
	}
	return answer.Status
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.answered)
}

// waitFor waits until so many writes are answered.
func (l *load) waitFor(t *testing.T, writes int) {
	t.Helper()
	require.Eventually(t, func() bool { return l.count() >= writes }, time.Minute, time.Millisecond)
}

// requireKept reads every answered write from a server, once the load has ended. What was refused may be tried again.
func (l *load) requireKept(t *testing.T, s *server) {
	t.Helper()
	assert.Subset(t, []int{http.StatusServiceUnavailable, http.StatusGatewayTimeout}, slices.Collect(maps.Keys(l.refused)))
	client := s.admin(t)
	for id, email := range l.answered {
		user := client.Get(fmt.Sprintf("/users/%d", id)).Is(http.StatusOK)
		require.Equal(t, email, user.JSON("email"))
	}
}

// hold sends a request up to its body, and returns how to send that when the server has begun to work on it.
func (l *load) hold(t *testing.T, email string) (release func()) {
	t.Helper()
	body, rest := io.Pipe()
	begun, ended := make(chan struct{}), make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(begun) }})
	l.workers.Go(func() {
		defer close(ended)
		l.send(ctx, t, email, body)
	})
	select {
	case <-begun:
	case <-ended:
		require.Fail(t, "it was answered without its body")
	}
	return func() {
		_, err := io.WriteString(rest, draft(email))
		require.NoError(t, err)
		require.NoError(t, rest.Close())
	}
}

// killPostgres kills the postmaster of a directory.
func killPostgres(t *testing.T, directory string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(directory, "postgres", "data", "postmaster.pid"))
	require.NoError(t, err)
	var pid int
	_, err = fmt.Sscan(string(text), &pid)
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
}

// emptyDirectory is for the data of a server. Where the test fails it stops the PostgreSQL that is left there.
func emptyDirectory(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	t.Cleanup(func() {
		if t.Failed() {
			call(t, []string{"PLAZA_DATA_DIR=" + directory}, "migrate", "status")
		}
	})
	return directory
}

// end stops the server in order, and its PostgreSQL with it.
func (s *server) end(t *testing.T) {
	t.Helper()
	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, s.cmd.Wait(), "it exits with 0")
	require.Contains(t, s.out.String(), "PostgreSQL stopped")
}
