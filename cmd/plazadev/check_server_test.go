package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/check"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestCheckServerTakesItsTokenFromTheEnvironment(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, func(c *httpapi.Config) {
		c.RateLimits, c.Limiter = httpapi.RateLimitsEnforced, ratelimit.NewMemory(time.Now)
	})
	arguments := []string{"check", "--root", "../..", "server", s.URL}
	code, stdout, stderr := call(t, nil, arguments...)
	assert.Equal(t, check.ExitClean, code, stdout+stderr)
	assert.Contains(t, stdout, "✓ server")
	code, stdout, _ = call(t, []string{"PLAZA_TOKEN=old"}, arguments...)
	assert.Equal(t, check.ExitUnable, code)
	assert.Contains(t, stdout, s.URL+" does not take the token")
	code, stdout, _ = call(t, []string{"PLAZA_TOKEN=old"}, append(arguments, "--token", s.Token(t, "admin", 1<<50))...)
	assert.Equal(t, check.ExitClean, code, stdout)
}
