package app_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAServerCountsInTheRedisThatItIsGiven(t *testing.T) {
	t.Parallel()
	redis := testkit.Redis(t)
	database := testkit.URL(t)
	var last *testkit.Answer
	for range 2 {
		p := start(t, app.Config{HTTPAddr: "127.0.0.1:0", DatabaseURL: database, RedisURL: redis})
		last = testkit.NewClient(t, "http://"+p.addr).Get("/posts").Is(http.StatusOK)
		require.NoError(t, p.stop(t))
	}
	assert.Contains(t, last.Header.Get("Ratelimit"), ";r=298;", "the second server knows of the first one's call")
}
