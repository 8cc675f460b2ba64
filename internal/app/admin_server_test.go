package app_test

import (
	"io"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestMetricsTellOfOperationsPoolAndRedisOnAnAddressOfTheirOwn(t *testing.T) {
	t.Parallel()
	p := start(t, app.Config{
		HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t), RedisURL: testkit.Redis(t),
		RateLimits: httpapi.RateLimitsObserved,
	})
	for range 3 {
		p.call(t, http.MethodGet, "/users/1", nil).Is(http.StatusUnauthorized)
	}
	for range 12 {
		p.call(t, http.MethodPost, "/users", "{}").Is(http.StatusUnprocessableEntity)
	}
	p.call(t, http.MethodGet, "/nowhere", nil).Is(http.StatusNotFound)
	p.call(t, http.MethodGet, "/metrics", nil).Is(http.StatusNotFound)
	base := p.admin(t)
	text := fetch(t, base+"/metrics")
	for _, line := range []string{
		`http_server_request_duration_seconds_count{operation="getUser",status="401"} 3`,
		`http_server_request_duration_seconds_count{operation="none",status="404"} 2`,
		`plaza_rate_limit_exceeded_total{operation="createUser"} 2`,
		`http_server_active_requests 0`, `plaza_rate_limit_fallbacks_total 0`, `plaza_database_connections{server="primary",state="in_use"} 0`,
		`plaza_database_connections{server="primary",state="max"} `, `plaza_database_acquires_total{server="primary"} `, `go_goroutines `,
		`go_gc_heap_live_bytes `, `plaza_database_connections_held_too_long_total 0`,
	} {
		assert.Contains(t, text, "\n"+line)
	}
	assert.Contains(t, fetch(t, base+"/debug/pprof/goroutine?debug=1"), "goroutine profile: total")
	require.NoError(t, p.stop(t))
}

// admin is where the program serves metrics and profiles.
func (p *program) admin(t *testing.T) string {
	t.Helper()
	addr := regexp.MustCompile(`"msg":"metrics and profiles","address":"([^"]+)"|metrics and profiles" address=(\S+)`).
		FindStringSubmatch(p.log.String())
	require.NotNil(t, addr, p.log.String())
	return "http://" + addr[1] + addr[2]
}

// fetch reads a page outside the contract.
func fetch(t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r) //nolint:forbidigo // it is no part of the contract
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode, "%s", text)
	return string(text)
}
