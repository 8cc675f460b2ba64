package app_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAServerWhoseReplicaIsDeadIsReadyAndAnswers(t *testing.T) {
	t.Parallel()
	p := start(t, app.Config{
		HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t),
		ReplicaURLs: []string{"postgres://127.0.0.1:1/nowhere"},
	})
	p.call(t, http.MethodGet, "/readyz", nil).Is(http.StatusOK)
	written := p.call(t, http.MethodPost, "/users", ann).Is(http.StatusCreated)
	assert.NotEmpty(t, written.Header.Get("X-Database-Position"))
	p.call(t, http.MethodGet, "/posts", nil).Is(http.StatusOK)
	addr := regexp.MustCompile(`metrics and profiles" address=(\S+)`).FindStringSubmatch(p.log.String())
	require.NotNil(t, addr, p.log.String())
	text := fetch(t, "http://"+addr[1]+"/metrics")
	for _, line := range []string{
		`plaza_database_connections{server="primary",state="max"} `, `plaza_database_connections{server="replica-1",state="max"} `,
		`plaza_database_acquires_total{server="replica-1"} 0`, `plaza_database_replica_reads_total 0`,
		`plaza_database_replica_fallbacks_total 2`, // the posts, and how many there are
	} {
		assert.Contains(t, text, "\n"+line)
	}
	require.NoError(t, p.stop(t))
}
