package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
)

const (
	loadWorkers = 8
	// loadFirst is how many writes are answered before something happens to the server.
	loadFirst = 200
	// back is how long the server may take to serve again once PostgreSQL does.
	back = 5 * time.Second
)

func TestKilledUnderLoadKeepsEveryAnsweredWrite(t *testing.T) {
	t.Parallel()
	program := build(t)
	t.Run("the server", func(t *testing.T) {
		t.Parallel()
		killedServer(t, program, func(string) {})
	})
	t.Run("the server and PostgreSQL", func(t *testing.T) {
		t.Parallel()
		killedServer(t, program, func(directory string) { killPostgres(t, directory) })
	})
	t.Run("PostgreSQL, and the server serves again when it is back", func(t *testing.T) {
		t.Parallel()
		killedPostgres(t, program)
	})
}

// killedServer kills the server, and what else goes down with it, in mid-load.
func killedServer(t *testing.T, program string, andElse func(directory string)) {
	t.Helper()
	directory := emptyDirectory(t)
	first := startServer(t, program, directory)
	l := startLoad(t, first)
	l.waitFor(t, loadFirst)
	require.NoError(t, first.cmd.Process.Signal(syscall.SIGKILL))
	andElse(directory)
	require.EqualError(t, first.cmd.Wait(), "signal: killed")
	l.workers.Wait()
	assert.Len(t, l.unanswered, loadWorkers, "it went away under each of them")
	assert.Empty(t, l.refused)

	second := startServer(t, program, directory)
	l.requireKept(t, second)
	second.end(t)
}

func killedPostgres(t *testing.T, program string) {
	t.Helper()
	directory := emptyDirectory(t)
	s := startServer(t, program, directory)
	l := startLoad(t, s)
	l.waitFor(t, loadFirst)
	killPostgres(t, directory)
	require.Eventually(t, func() bool { return strings.Contains(s.out.String(), "PostgreSQL runs again") },
		time.Minute, time.Millisecond)
	require.Eventually(t, func() bool {
		return l.ready(t) && l.create(t, "after@example.com") == http.StatusCreated
	}, back, time.Millisecond, "PostgreSQL is back, the server is not")
	l.waitFor(t, l.count()+loadFirst)
	close(l.done)
	l.workers.Wait()
	assert.Empty(t, l.unanswered, "an outage of the database is answered")
	t.Logf("during the outage: %v", l.refused)
	for status := range l.refused {
		assert.Contains(t, []int{http.StatusServiceUnavailable, http.StatusGatewayTimeout}, status)
	}
	l.requireKept(t, s)
	s.end(t)
}

func TestStoppedUnderLoadAnswersWhatIsInFlight(t *testing.T) {
	t.Parallel()
	directory := emptyDirectory(t)
	program := build(t)
	first := startServer(t, program, directory)
	l := startLoad(t, first)
	l.waitFor(t, loadFirst)
	var held [loadWorkers]*heldRequest
	for i := range held {
		held[i] = hold(t, first, fmt.Sprintf("held%d@example.com", i))
	}
	require.NoError(t, first.cmd.Process.Signal(syscall.SIGTERM))
	l.workers.Wait() // they end when they are refused
	for _, h := range held {
		h.finish(t, l)
	}
	require.NoError(t, first.cmd.Wait(), "it exits with 0")
	assert.NotContains(t, first.out.String(), "cut off")
	assert.Empty(t, l.refused)

	second := startServer(t, program, directory)
	l.requireKept(t, second)
	client := testkit.NewClient(t, second.url)
	for _, email := range l.unanswered {
		assert.Equal(t, http.StatusCreated, client.Post("/users", draft(email)).Status,
			"%s was created and its request not answered", email)
	}
	second.end(t)
}

// load is many clients that create users until the server goes away or done is closed.
type load struct {
	client  *testkit.Client
	done    chan struct{}
	workers sync.WaitGroup

	mu         sync.Mutex
	answered   map[int64]string // the e-mail address of each user whose creation was answered, by id
	unanswered []string         // the others' e-mail addresses
	refused    map[int]int      // how often each other status came
}

func startLoad(t *testing.T, s *server) *load {
	t.Helper()
	l := &load{
		client: testkit.NewClient(t, s.url), done: make(chan struct{}), answered: map[int64]string{}, refused: map[int]int{},
	}
	for worker := range loadWorkers {
		l.workers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-l.done:
					return
				default:
				}
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

// create returns the status of the answer, or 0 where there was none. Each request has a connection of its own:
// a server that stops may close one that is kept alive just when the next request is on its way.
func (l *load) create(t *testing.T, email string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.client.URL+"/users", strings.NewReader(draft(email)))
	if !assert.NoError(t, err) {
		return 0
	}
	r.Close = true
	r.Header.Set("Content-Type", "application/json")
	answer, err := l.client.Try(r)
	if err != nil {
		answer = &testkit.Answer{}
	}
	l.note(t, email, answer)
	return answer.Status
}

func (l *load) note(t *testing.T, email string, answer *testkit.Answer) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	switch answer.Status {
	case 0:
		l.unanswered = append(l.unanswered, email)
	case http.StatusCreated:
		l.answered[answer.ID()] = email
	case http.StatusServiceUnavailable:
		assert.NotEmpty(t, answer.Header.Get("Retry-After"))
		fallthrough
	default:
		l.refused[answer.Status]++
	}
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

// requireKept reads every answered write from a server. The load has ended.
func (l *load) requireKept(t *testing.T, s *server) {
	t.Helper()
	require.GreaterOrEqual(t, len(l.answered), loadFirst)
	client := testkit.NewClient(t, s.url)
	for id, email := range l.answered {
		user := client.Get(fmt.Sprintf("/users/%d", id)).Is(http.StatusOK)
		require.Equal(t, email, user.JSON("email"))
	}
	t.Logf("%d answered, %d unanswered, refused: %v", len(l.answered), len(l.unanswered), l.refused)
}

// heldRequest is one that the server works on and that is short of its body.
type heldRequest struct {
	email   string
	request *http.Request
	conn    net.Conn
	reader  *bufio.Reader
}

func hold(t *testing.T, s *server, email string) *heldRequest {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/users", http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	_, err = fmt.Fprintf(conn, "POST /users HTTP/1.1\r\nHost: plaza\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(draft(email)))
	require.NoError(t, err)
	h := &heldRequest{email: email, request: request, conn: conn, reader: bufio.NewReader(conn)}
	for _, want := range []string{"HTTP/1.1 100 Continue\r\n", "\r\n"} {
		line, err := h.reader.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, want, line)
	}
	return h
}

// finish sends the body, and notes the answer as one of the load's.
func (h *heldRequest) finish(t *testing.T, l *load) {
	t.Helper()
	_, err := io.WriteString(h.conn, draft(h.email))
	require.NoError(t, err)
	response, err := http.ReadResponse(h.reader, h.request)
	require.NoError(t, err, "it was in flight when the signal came")
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	l.client.Check(h.request, response, content)
	require.Equal(t, http.StatusCreated, response.StatusCode, string(content))
	var user struct{ Data struct{ ID int64 } }
	require.NoError(t, json.Unmarshal(content, &user))
	l.answered[user.Data.ID] = h.email
}

// ready tells whether the server says that it is.
func (l *load) ready(t *testing.T) bool {
	t.Helper()
	return l.client.Get("/readyz").Status == http.StatusOK
}

// killPostgres kills the postmaster of a directory.
func killPostgres(t *testing.T, directory string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(directory, "postgres", "data", "postmaster.pid"))
	require.NoError(t, err)
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
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
