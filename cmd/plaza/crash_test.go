package main

import (
	"maps"
	"net/http"
	"slices"
	"strings"
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
	for name, before := range map[string]func(*testing.T, string){
		"the server":                func(*testing.T, string) {},
		"the server and PostgreSQL": killPostgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killedServer(t, program, before)
		})
	}
	t.Run("PostgreSQL, and the server serves again when it is back", func(t *testing.T) {
		t.Parallel()
		killedPostgres(t, program)
	})
}

// killedServer kills the server in mid-load, after what before does.
func killedServer(t *testing.T, program string, before func(t *testing.T, directory string)) {
	t.Helper()
	directory := emptyDirectory(t)
	first := startServer(t, program, directory)
	l := startLoad(t, first)
	l.waitFor(t, loadFirst)
	before(t, directory)
	require.NoError(t, first.cmd.Process.Signal(syscall.SIGKILL))
	require.EqualError(t, first.cmd.Wait(), "signal: killed")
	l.workers.Wait()
	assert.Len(t, l.unanswered, loadWorkers, "it went away under each of them")

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
		return l.client.Get("/readyz").Status == http.StatusOK && l.create(t, "after@example.com") == http.StatusCreated
	}, back, time.Millisecond, "PostgreSQL is back, the server is not")
	l.waitFor(t, l.count()+loadFirst)
	l.enough.Store(true)
	l.workers.Wait()
	assert.Empty(t, l.unanswered, "an outage of the database is answered")
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
	emails := []string{"held0@example.com", "held1@example.com", "held2@example.com"}
	var releases []func()
	for _, email := range emails {
		releases = append(releases, l.hold(t, email))
	}
	require.NoError(t, first.cmd.Process.Signal(syscall.SIGTERM))
	require.Eventually(t, func() bool { return strings.Contains(first.out.String(), "msg=stopping") },
		time.Minute, time.Millisecond)
	for _, release := range releases {
		release()
	}
	l.workers.Wait()
	assert.Subset(t, slices.Collect(maps.Values(l.answered)), emails, "they were in flight when the signal came")
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
